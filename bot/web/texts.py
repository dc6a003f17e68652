"""The fixed words of the page, in one place, so that a clinician can read and change them."""

from bot.settings import BotSettings
from bot.web.kept import DAYS

NOTICE = "Education, not medical advice."
LIMITS = "It does not replace a physio or a doctor."
INTRODUCTION = (
    "Every answer is made of statements from published articles. The number after a statement "
    "opens the article at that sentence."
)
PLACEHOLDER = "Ask about runner's knee"
WAITING = "Looking in the articles"
STILL_ANSWERING = (
    "The last answer is still coming in, so this was not sent. Please send it in a moment."
)
GONE = "The articles have changed since this was answered. Ask again to read what they say now."
CHECKED = "Checked for warning signs first, by red-flag rules"
STOPPED = "You stopped this answer here."

KINDS = {
    "clinician": "A clinician’s advice",
    "clinic": "A clinic’s advice",
    "coach": "A coach’s advice",
    "compilation": "Compiled from other sources",
}

REASONS = {
    "other": "It answers something else",
    "unclear": "It is hard to understand",
    "wrong": "I think it is wrong",
    "missing": "Something is missing",
}
"""Why an answer did not help; the keys are what is kept, where anything is kept."""


def privacy(settings: BotSettings) -> str:
    """What becomes of a visitor's questions, unless the clinic says it in words of its own."""
    name, days = settings.clinic.name, settings.log.days
    if settings.clinic.privacy is not None:
        return settings.clinic.privacy
    kept = (
        f"Questions that find no answer, or an answer you mark as not helpful, are kept by {name} "
        f"for {days} days, without names and numbers, to improve the answers."
        if settings.log.gaps
        else f"Your questions are answered on {name}’s own server, which writes none of them down."
    )
    return (
        f"{kept} The server has the conversation in its memory while this page is open and for up "
        f"to an hour after. This browser keeps a copy for up to {DAYS} days, or until you choose "
        "“New conversation”. No cookies, no other company."
    )


def failed(settings: BotSettings) -> str:
    """What a visitor reads when the bot broke: what to do next, and where to get help meanwhile."""
    phone = settings.clinic.phone
    clinic = f" You can also call {settings.clinic.name} on {phone}." if phone else ""
    return (
        "Sorry, something went wrong on our side and there is no answer to this message. "
        "Please send it again in a moment. Don't wait for this page if you are worried: a hot, red "
        "or badly swollen knee, a fever, or a leg that cannot bear weight needs medical care "
        f"today; chest pain or trouble breathing is an emergency, call {emergency(settings)}."
        f"{clinic}"
    )


def too_long(length: int, settings: BotSettings) -> str:
    """Why a message was not sent; it stays in the box."""
    return (
        f"Your message has {length:,} characters and the limit is "
        f"{settings.limits.message_characters:,}. It was not "
        "sent and is still in the box: please shorten it and send it again. "
        f"{in_an_emergency(settings)}"
    )


def too_many(settings: BotSettings) -> str:
    """Why a conversation cannot go on; nothing of it is lost."""
    return (
        f"This conversation has reached its {settings.limits.messages} messages. Your message was "
        "not sent and is still in the box: choose “New conversation” to go on. "
        f"{in_an_emergency(settings)}"
    )


def in_an_emergency(settings: BotSettings) -> str:
    """What stands under every reason why a message was not sent."""
    return f"In an emergency don't write, call {emergency(settings)}."


def emergency(settings: BotSettings) -> str:
    """The emergency number where the clinic's visitors are."""
    return settings.clinic.emergency_number
