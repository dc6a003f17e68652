"""The table of red flags: its own examples, its page, and what a clinic may change."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.guard import assess
from bot.redflags.clinic import rules_for
from bot.redflags.page import page
from bot.redflags.raised import OwnRule, RaisedLevel
from bot.redflags.rule import parts
from bot.redflags.table import BY_ID, RULES, version
from bot.settings import ClinicSettings
from bot.types import LEVELS

PAGE = Path(__file__).parents[2] / "docs" / "red-flags.md"


def found(message: str, clinic: ClinicSettings | None = None) -> set[str]:
    return {f.id for f in assess([message], clinic or ClinicSettings()).findings}


@pytest.mark.parametrize(("flag", "example"), [(r.id, e) for r in RULES for e in r.yes])
def test_a_rule_fires_on_its_own_examples(flag: str, example: str) -> None:
    assert flag in found(example)


@pytest.mark.parametrize(("flag", "example"), [(r.id, e) for r in RULES for e in r.no])
def test_a_rule_does_not_fire_on_its_counterexamples(flag: str, example: str) -> None:
    assert flag not in found(example)


def test_every_rule_says_what_it_looks_for_what_to_do_and_why() -> None:
    assert len(BY_ID) == len(RULES)
    for rule in RULES:
        assert all((rule.looks_for, rule.now, rule.avoid, rule.source, rule.yes, rule.no)), rule.id


def test_the_page_for_the_clinician_is_in_step_with_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "Run `python -m bot.redflags.page > docs/red-flags.md`."
    )


def test_a_changed_table_has_another_version() -> None:
    assert version(RULES) == version(RULES)
    assert version(RULES[1:]) != version(RULES)


def test_a_clinic_may_raise_a_level() -> None:
    clinic = ClinicSettings(raised=(RaisedLevel(flag="swelling", level="urgent"),))
    assessment = assess(["slight swelling after my 10k"], clinic)
    assert (assessment.level, assessment.action) == ("urgent", "stop")


@pytest.mark.parametrize(("flag", "level"), [("chest_pain", "urgent"), ("fever", "urgent")])
def test_a_clinic_cannot_lower_or_repeat_a_level(flag: str, level: str) -> None:
    with pytest.raises(ValidationError, match="can only be raised"):
        RaisedLevel.model_validate({"flag": flag, "level": level})


def test_a_clinic_may_add_a_rule_and_takes_none_away() -> None:
    own = OwnRule(
        id="clinic_tattoo", level="urgent", looks_for="A fresh tattoo", phrases=("fresh tattoo",)
    )
    clinic = ClinicSettings(rules=(own,))
    assert "clinic_tattoo" in found("i got a fresh tattoo on the knee", clinic)
    levels = {rule.id: rule.level for rule in rules_for(clinic)}
    assert all(LEVELS.index(levels[r.id]) >= LEVELS.index(r.level) for r in RULES)


def test_a_clinics_rule_cannot_take_a_shipped_name() -> None:
    with pytest.raises(ValidationError):
        OwnRule.model_validate(
            {"id": "fever", "level": "urgent", "looks_for": "x", "phrases": ["abc"]}
        )


def test_a_pattern_is_read_part_by_part() -> None:
    made = parts("<knee> & <hot> && fever ! bath")
    assert [(p.scope, p.source) for p in made] == [
        ("sentence", "<knee>"),
        ("sentence", "<hot>"),
        ("message", "fever"),
        ("without", "bath"),
    ]
