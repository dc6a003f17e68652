"""The second net: it adds, it never removes, and it stands without the embedding."""

import json
from pathlib import Path

import pytest

from bot.guard import assess
from bot.net import embedding_features, lexical_features, load_net
from bot.reading.match import shipped
from evals.guard import read
from evals.guard_score import Result, figures

GOLDEN = Path(__file__).parents[2] / "evals" / "golden"


def test_words_under_a_denial_are_other_features() -> None:
    denied = lexical_features([shipped().read("no swelling")])
    said = lexical_features([shipped().read("some swelling")])
    assert "w:swell-" in denied
    assert "w:swell" in said
    assert "w:swell" not in denied


def test_an_embedding_becomes_features_of_one_length() -> None:
    made = embedding_features([3.0, 4.0])
    assert made == pytest.approx({"e:0": 0.6, "e:1": 0.8})


def test_a_failing_embedding_leaves_the_words(caplog: pytest.LogCaptureFixture) -> None:
    def broken(texts: list[str]) -> list[list[float]]:
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


def measured(name: str, *, with_net: bool) -> list[Result]:
    net = load_net() if with_net else None
    results = []
    for case in read(GOLDEN / name):
        made = assess(case.turns, net=net)
        flags = tuple(f.id for f in made.findings)
        results.append(Result(case, made.level, flags, made.action, (0, 0)))
    return results


def test_the_rules_alone_hold_their_figures_on_messages_nobody_tuned_to() -> None:
    made = figures(measured("guard-held.jsonl", with_net=False))
    assert (made.serious.share or 0) >= 0.86
    assert (made.specificity.share or 0) >= 0.88
    assert made.pairs.share == 1.0


def test_rules_and_net_hold_their_figures_on_messages_nobody_tuned_to() -> None:
    made = figures(measured("guard-held.jsonl", with_net=True))
    assert (made.serious.share or 0) >= 0.94
    assert (made.specificity.share or 0) >= 0.86
