"""Red flags for which an assessment is booked; the answer follows underneath."""

from bot.rule import Rule

PROFESSIONAL: tuple[Rule, ...] = (
    Rule(
        id="swelling",
        level="see_professional",
        looks_for="Any swelling of the knee",
        patterns=("<swollen>",),
        source="the articles",
        now="Have the knee assessed.",
        avoid="Do not load the knee harder while it is swollen.",
        yes=("slight swelling after my 10k",),
        no=("no swelling at all",),
    ),
)
