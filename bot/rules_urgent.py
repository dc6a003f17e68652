"""Red flags that need medical care today."""

from bot.rule import Rule

URGENT: tuple[Rule, ...] = (
    Rule(
        id="hot_or_red",
        level="urgent",
        looks_for="A hot or red knee",
        patterns=("<knee> & <hot>",),
        source="BestBETs 1135; the articles",
        now="Get medical care today.",
        avoid="Do not exercise, massage or heat the knee.",
        yes=("my knee is hot and red",),
        no=("so hot out this week",),
    ),
)
