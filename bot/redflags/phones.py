"""Numbers to call, by locale."""

from bot.settings import ClinicSettings, Locale
from bot.types import Level, Phone

URGENT: dict[Locale, Phone] = {
    "GB": Phone("NHS 111 (urgent medical advice, day and night)", "111"),
    "CA": Phone("Health advice line (most provinces)", "811"),
    "AU": Phone("healthdirect (nurse on call, day and night)", "1800 022 222"),
    "NZ": Phone("Healthline (free, day and night)", "0800 611 116"),
    "IN": Phone("Health advice line (many states)", "104"),
}
CRISIS: dict[Locale, Phone] = {
    "GB": Phone("Samaritans (free, day and night)", "116 123"),
    "IE": Phone("Samaritans (free, day and night)", "116 123"),
    "US": Phone("988 Suicide & Crisis Lifeline (call or text)", "988"),
    "CA": Phone("988 Suicide Crisis Helpline (call or text)", "988"),
    "AU": Phone("Lifeline (day and night)", "13 11 14"),
    "NZ": Phone("1737, need to talk? (call or text)", "1737"),
    "IN": Phone("Tele-MANAS (free, day and night)", "14416"),
    "EU": Phone("Emotional support (many countries)", "116 123"),
}


def phones(level: Level, flag: str, clinic: ClinicSettings) -> tuple[Phone, ...]:
    """Whom to call at this level, most fitting first."""
    emergency = Phone("Emergency services", clinic.emergency_number)
    own = (Phone(clinic.name, clinic.phone),) if clinic.phone else ()
    if flag == "self_harm":
        return (CRISIS[clinic.locale], emergency)
    if level == "emergency":
        return (emergency, *own)
    if level == "urgent":
        advice = URGENT.get(clinic.locale)
        return (*((advice,) if advice else ()), *own, emergency)
    return own
