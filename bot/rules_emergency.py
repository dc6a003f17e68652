"""Red flags for which an ambulance is called."""

from bot.rule import Rule

EMERGENCY: tuple[Rule, ...] = (
    Rule(
        id="chest_pain",
        level="emergency",
        looks_for="Pain, tightness or pressure in the chest",
        patterns=("<chest> & <hurt>",),
        source="NHS, Chest pain; NHS, Pulmonary embolism",
        now="Call emergency services now.",
        avoid="Do not exercise and do not drive yourself.",
        yes=("my chest hurts since the run",),
        no=("chest day tomorrow, can i do legs after",),
    ),
)
