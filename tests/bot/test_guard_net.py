"""The second net: it adds, it never removes, and it stands without the embedding."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot import attention
from bot.attention import Attention, load_attention
from bot.guard import assess
from bot.net import Net, lexical_features, load_net, parts
from bot.reading.match import shipped
from bot.redflags.table import BY_ID
from bot.vectors import minilm
from evals.guard import read
from evals.guard_score import Figures, Result, figures, suppressed

GOLDEN = Path(__file__).parents[2] / "evals" / "golden"
UNTOUCHED = range(12, 27)
"""Held-out sets by which nothing was chosen, not even by their sums; pairs that differed were read
after they had been measured (docs/guard.md)."""


def test_words_under_a_denial_are_other_features() -> None:
    denied = lexical_features([shipped().read("no swelling")])
    said = lexical_features([shipped().read("some swelling")])
    assert "w:swell-" in denied
    assert "w:swell" in said
    assert "w:swell" not in denied


def test_one_sign_is_enough_for_a_head() -> None:
    quiet = dict.fromkeys(BY_ID, -9.0)
    one = quiet | {"fever": 4.0}
    assert parts("serious", 0.0, one, {})["flags"] == pytest.approx(4.0, abs=0.01)
    assert parts("serious", 0.0, quiet | {"swelling": 4.0}, {})["flags"] < -5
    assert parts("any", 0.0, quiet | {"swelling": 4.0}, {})["flags"] > 3


def test_attention_looks_where_it_asks() -> None:
    """One inner number, one flag: the piece that is asked for decides, whatever stands beside."""
    one = np.ones((1, 1, 1), np.float32)
    zero = np.zeros((1, 1), np.float32)
    attention = Attention(
        ("fever",),
        one,
        zero,
        50 * one,
        one,
        zero,
        np.ones((1, 1, 2), np.float32),
        np.zeros((1, 2), np.float32),
    )
    pieces = np.array([[[0.0], [3.0], [0.0]]], np.float32)
    assert attention.read(pieces)["fever"] == pytest.approx(3.0, abs=0.02)
    assert attention.read(pieces)["any"] == pytest.approx(1.0, abs=0.02)


def test_weights_survive_their_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped_weights = load_attention()
    file = tmp_path / "weights.txt"
    file.write_text(attention.render(shipped_weights), encoding="ascii")
    monkeypatch.setattr(attention, "WEIGHTS", file)
    again = attention.load_attention.__wrapped__()
    assert again.flags == shipped_weights.flags
    assert np.allclose(again.inner, shipped_weights.inner, rtol=1e-6)


def test_a_failing_embedding_leaves_the_words(caplog: pytest.LogCaptureFixture) -> None:
    def broken(texts: list[str]) -> list[dict[str, float]]:
        raise OSError("no model")

    message = "something hard and white is poking out through her lower leg"
    assert assess([message], net=load_net(broken)).level == assess([message], net=load_net()).level
    assert "goes on without it" in caplog.text


def test_the_net_only_adds() -> None:
    net = load_net()
    for line in (GOLDEN / "guard-dev.jsonl").read_text(encoding="utf-8").splitlines()[::6]:
        turns = json.loads(line)["turns"]
        alone = {f.id for f in assess(turns).findings}
        assert alone <= {f.id for f in assess(turns, net=net).findings}


HOT = "my knee is hot"
ASLEEP = "slept like i was unconscious after the race, how many rest days"


def harmless(texts: list[str]) -> list[dict[str, float]]:
    """What attention sees where it sees nothing."""
    return [dict.fromkeys([*BY_ID, "serious", "any"], -20.0)] * len(texts)


def test_a_hint_counts_where_the_words_lean_the_same_way() -> None:
    assert not shipped().find([shipped().read(HOT)])
    assert [m.rule.id for m in shipped().find_hints([shipped().read(HOT)])] == ["hot_or_red"]
    assert [f.id for f in assess([HOT]).findings] == ["hot_or_red"]


def test_a_hint_that_neither_words_nor_net_share_is_nothing() -> None:
    assert shipped().find_hints([shipped().read(ASLEEP)])
    for net in (None, load_net(harmless)):
        made = assess([ASLEEP], net=net)
        assert (made.level, made.action) == ("none", "none")


def test_a_sentence_that_stands_out_counts_whatever_is_asked_beside_it() -> None:
    fainted = "I've just fainted on a run."
    asked = f"{fainted} Do I need breakfast before a gentle 10k, and is a mild kneecap ache ok?"

    def drowned(texts: list[str]) -> list[dict[str, float]]:
        """What attention sees in the sentence, and hardly in the whole."""
        return [
            dict.fromkeys([*BY_ID, "serious", "any"], 9.0 if text == fainted else -3.0)
            for text in texts
        ]

    assert [m.sentence for m in shipped().find_hints([shipped().read(asked)])] == [fainted]
    assert assess([asked], net=load_net(drowned)).level == "emergency"
    assert assess([asked], net=load_net(harmless)).level == "none"


def test_what_the_words_lean_to_counts_whatever_attention_sees() -> None:
    assert assess([HOT], net=load_net(harmless)).level == "urgent"


def test_a_sign_under_a_question_is_a_hint_and_a_denied_one_is_none() -> None:
    asked = "why would a knee lock? "
    assert not shipped().find_any([shipped().read(asked)])
    assert [m.rule.id for m in shipped().find_hints([shipped().read(asked)])] == ["mechanical"]
    assert assess([asked], net=load_net()).level == "none"
    assert not shipped().find_hints([shipped().read("my knee is not hot")])


def measured(name: str, net: Net | None) -> list[Result]:
    results = []
    for case in read(GOLDEN / name):
        made = assess(case.turns, net=net)
        flags = tuple(f.id for f in made.findings)
        gone = suppressed(case.turns, case.flags, flags)
        own = replace(case, pair=case.pair and f"{name} {case.pair}")
        results.append(Result(own, made.level, flags, made.action, gone))
    return results


def untouched(net: Net | None) -> Figures:
    return figures([case for n in UNTOUCHED for case in measured(f"guard-held{n}.jsonl", net)])


def test_each_conversation_for_measuring_only_says_so() -> None:
    for path in GOLDEN.glob("guard-*.jsonl"):
        for case in read(path):
            assert ("held_out" in case.tags) == path.name.startswith("guard-held")


def test_the_rules_alone_hold_their_figures_on_messages_nobody_tuned_to() -> None:
    made = untouched(None)
    assert (made.serious.share or 0) >= 0.90
    assert (made.specificity.share or 0) >= 0.98
    assert (made.pairs.share or 0) >= 0.93


def test_rules_and_words_hold_their_figures_without_the_model() -> None:
    made = untouched(load_net())
    assert (made.serious.share or 0) >= 0.98
    assert (made.specificity.share or 0) >= 0.96
    assert (made.pairs.share or 0) >= 0.97


def test_the_whole_guard_meets_its_goals_on_messages_nobody_tuned_to() -> None:
    made = untouched(load_net(minilm().signs))
    assert (made.serious.share or 0) >= 0.99
    assert (made.levels["see_professional"].share or 0) >= 0.95
    assert (made.specificity.share or 0) >= 0.97
    assert (made.suppression.share or 0) <= 0.004
    assert made.pairs.share == 1.0
