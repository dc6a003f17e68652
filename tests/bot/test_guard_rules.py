"""The table of red flags: its own examples, its page, and what a clinic may change."""

import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.guard import assess
from bot.net import load_net
from bot.reading.concepts import lexicon_entries
from bot.reading.match import shipped
from bot.redflags.clinic import rules_for
from bot.redflags.page import page
from bot.redflags.raised import OwnRule, RaisedLevel
from bot.redflags.rule import parts
from bot.redflags.table import BY_ID, RULES, version
from bot.settings import ClinicSettings
from bot.types import LEVELS
from tests.bot.signs import signs

PAGE = Path(__file__).parents[2] / "docs" / "red-flags.md"


def found(message: str, clinic: ClinicSettings | None = None) -> set[str]:
    return signs(message, clinic=clinic or ClinicSettings())


@pytest.mark.parametrize(("flag", "example"), [(r.id, e) for r in RULES for e in r.yes])
def test_a_rule_fires_on_its_own_examples(flag: str, example: str) -> None:
    assert flag in {finding.id for finding in assess([example]).findings}


@pytest.mark.parametrize(("flag", "example"), [(r.id, e) for r in RULES for e in r.no])
def test_a_rule_does_not_fire_on_its_counterexamples(flag: str, example: str) -> None:
    assert flag not in found(example)


def test_no_message_of_the_sets_is_copied_from_the_rules_examples() -> None:
    examples = {plainly(example) for rule in RULES for example in (*rule.yes, *rule.no)}
    messages = {
        plainly(turn)
        for path in PAGE.parents[1].glob("evals/golden/guard-*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        for turn in json.loads(line)["turns"]
    }
    assert examples.isdisjoint(messages)


def plainly(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


OBLIQUE = [
    ("long_lasting", "third month of a sore kneecap, are clams any good"),
    ("long_lasting", "knee's been tetchy since i was at uni, i left in spring"),
    ("long_lasting", "the ache began seven weeks ago"),
    ("cannot_bear_weight", "it hurts too much to stand on"),
    ("locked_knee", "could not get the leg straight after the lunge"),
    ("not_improving", "ten sessions of physio and the pain hasn't budged"),
    ("getting_worse", "each ride it bites a bit sooner"),
    ("getting_worse", "soreness went from 3 to 6 this month"),
    ("night_pain", "knee has me up at 2 and again at 4, no position helps"),
    ("mechanical", "it hangs up halfway, then a clunk and it frees itself"),
    ("mechanical", "knee went from under me at the kerb twice this week"),
    ("trouble_moving", "i come downstairs on my bum because of the knee"),
    ("swelling", "the dimples beside my kneecap have filled in"),
    ("bone_stress", "one coin sized spot on my shin bone, stabs when i hop"),
    ("open_fracture", "the end of the shin has come out through his leggings"),
    ("bleeding", "sliced my knee on a tin, third towel and still dripping on the floor"),
    ("collapse", "next thing i knew i was face down on the towpath"),
    ("chest_pain", "squeezing across the front and down my left arm since the step ups"),
    ("breathless", "gulping for air just sat on the bed, calf is tight too"),
    ("self_harm", "without running there is no point in me waking up"),
    ("self_harm", "saved up my tablets and wrote letters to the kids"),
    ("self_harm", "after a bad physio session i scratch my arms, it calms me down"),
    ("self_harm", "she has cuts on her thigh that she did herself"),
    ("self_harm", "can tape hide the razor lines on my wrist?"),
    ("cold_foot", "knocked my knee in a tackle and the foot has gone the colour of putty"),
    ("nerve", "since the weekend my foot just hangs and i can't cock my toes up"),
    ("child_limp", "our lad is six, hopping on one leg and he's boiling hot"),
    ("major_injury", "came off a ladder, bruise from the thigh to the ankle"),
    ("fever", "shaking under three blankets all night and the knee is sore"),
]
HARMLESS = [
    "my shin sleeve came out of the wash bigger",
    "i can see my kneecap move when i squat",
    "each session i add a bit more weight, fine for the knee?",
    "knee pain is down from 6 to 3 after four sessions",
    "week 5 of my half marathon block, which shoes",
    "i woke up early and ran before work, knees fine",
    "an irritated fat pad, how do i tape it",
    "my shin has a small bruise from the coffee table",
    "i cut myself shaving my legs, does the tape still hold?",
    "cut lines into the tape so it goes round my thigh, right?",
    "broke my knee sleeve yesterday, which size next",
    "the calf machine at my gym is broken",
]


@pytest.mark.parametrize(("flag", "message"), OBLIQUE)
def test_a_sign_is_found_where_it_is_described_and_not_named(flag: str, message: str) -> None:
    assert flag in found(message)


@pytest.mark.parametrize("message", HARMLESS)
def test_words_of_a_sign_without_the_sign_are_no_finding(message: str) -> None:
    assert found(message) == set()


@pytest.mark.parametrize("thing", ["my cleats", "the mirror in our gym", "my phone tripod"])
def test_a_thing_at_an_odd_angle_is_a_hint_at_most(thing: str) -> None:
    assert assess([f"{thing}, its at a weird angle, does my squat look ok?"]).level == "none"


TERMS = [
    ("breathless", "patient reports dyspnoea since this morning"),
    ("cold_foot", "left knee dislocation at judo today, absent pedal pulse"),
    ("severe_swelling", "acute haemarthrosis of the right knee after a tackle yesterday"),
    ("saddle_numbness", "my husband has perineal numbness since the race"),
    ("nerve", "2 days of dorsiflexion weakness in my left leg"),
    ("severe_swelling", "MRI shows a tense haemarthrosis of my left knee"),
    ("stroke", "patient has dysarthria since this morning, denies chest pain"),
    ("breathless", "dyspnoea since this morning, what do i do"),
]


@pytest.mark.parametrize(("flag", "message"), TERMS)
def test_a_sign_is_found_in_a_physicians_terms(flag: str, message: str) -> None:
    assert flag in found(message)


@pytest.mark.parametrize(
    "message",
    [
        "haemarthrosis meaning",
        "no dyspnoea, no haemoptysis, five days of ache",
        "what is a positive patellar tap?",
        "explain saddle anaesthesia for our newsletter",
    ],
)
def test_a_physicians_terms_that_nobody_has_are_no_finding(message: str) -> None:
    assert found(message) == set()


@pytest.mark.parametrize(
    ("message", "level"),
    [
        ("someone help im suicidal", "emergency"),
        ("so many runners are suicidal including me", "emergency"),
        ("what if i killed myself instead of doing more rehab", "emergency"),
        ("suicide looks like the only answer left", "emergency"),
        ("suicide sprints at training, how many", "none"),
        ("do runners who can't train have a higher risk of suicide?", "none"),
        ("what does this bot do when a person types that they are suicidal", "none"),
    ],
)
def test_a_persons_own_suicidal_thoughts_count_and_suicide_as_a_topic_does_not(
    message: str, level: str
) -> None:
    assert assess([message]).level == level


HALF_MET = [
    ("something snapped in my knee on the squash court", "swell"),
    ("my right calf is tender", "calf"),
    ("i have a temperature of 38.4", "knee"),
    ("my knee looks angry", "hot"),
    ("my knee got stuck", "straighten"),
    ("knee puffed up after i fell on the ice", "very swollen"),
    ("came off my bike and the knee is really painful", "four steps"),
    ("landed on my heel, the first aider is sure something there is fractured", "four steps"),
]


@pytest.mark.parametrize(("message", "word"), HALF_MET)
def test_a_half_met_rule_asks_the_one_thing_that_is_missing(message: str, word: str) -> None:
    assessment = assess([message])
    assert assessment.action == "ask"
    assert word in (assessment.question or "")


def test_every_rule_says_what_it_looks_for_what_to_do_and_why() -> None:
    assert len(BY_ID) == len(RULES)
    for rule in RULES:
        assert all((rule.looks_for, rule.now, rule.avoid, rule.source, rule.yes, rule.no)), rule.id


def test_what_clears_a_question_is_a_concept_of_the_lexicon() -> None:
    concepts = {concept for concept, _, _ in lexicon_entries()}
    assert {rule.half.cleared for rule in RULES if rule.half} <= concepts | {""}


def test_the_page_for_the_clinician_is_in_step_with_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "Run `python -m bot.redflags.page > docs/red-flags.md`."
    )


def test_a_changed_table_has_another_version() -> None:
    assert version(RULES) == version(RULES)
    assert version(RULES[1:]) != version(RULES)


def test_a_clinic_may_raise_a_level() -> None:
    clinic = ClinicSettings(raised=(RaisedLevel(flag="swelling", level="urgent"),))
    assessment = assess(["slight swelling after my 10k"], clinic, load_net())
    assert (assessment.level, assessment.action) == ("urgent", "stop")


@pytest.mark.parametrize(("flag", "level"), [("chest_pain", "urgent"), ("fever", "urgent")])
def test_a_clinic_cannot_lower_or_repeat_a_level(flag: str, level: str) -> None:
    with pytest.raises(ValidationError, match="can only be raised"):
        RaisedLevel.model_validate({"flag": flag, "level": level})


def test_the_higher_of_two_raised_levels_counts() -> None:
    raised = [{"flag": "swelling", "level": level} for level in ("emergency", "urgent")]
    clinic = ClinicSettings.model_validate({"raised": raised})
    assert {rule.id: rule.level for rule in rules_for(clinic)}["swelling"] == "emergency"


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
    made = parts("<knee> & <hot> + <red> && fever ! bath")
    assert [(p.scope, p.source) for p in made] == [
        ("sentence", "<knee>"),
        ("sentence", "<hot>"),
        ("one sentence", "<red>"),
        ("message", "fever"),
        ("without", "bath"),
    ]


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("my knee locks on the stairs", True),
        ("any tips for my knee? my suitcase locks with a key", False),
    ],
)
def test_a_plus_joins_within_one_sentence_only(message: str, found: bool) -> None:
    assert ("mechanical" in signs(message)) is found


def test_a_clinicians_days_weeks_and_months_are_a_time_and_a_date_is_none() -> None:
    def hinted(text: str) -> set[str]:
        return {match.rule.id for match in shipped().find_hints([shipped().read(text)])}

    assert "long_lasting" in hinted("ant knee pain 4/12, worse on stairs")
    assert "long_lasting" in hinted("knee pain for 10/52")
    assert "long_lasting" not in hinted("knee pain 3/7")
    assert "long_lasting" not in hinted("my race is on 4/12, knee pain since saturday")
