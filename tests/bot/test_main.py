"""`python -m bot`: the JSON lines that other programs rely on."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bot.fakes import write_corpus

ROOT = Path(__file__).parents[2]


def run(lines: list[str], *arguments: str) -> tuple[list[dict[str, Any]], str]:
    """Output records and standard error of one run."""
    command = [sys.executable, "-m", "bot", "--jsonl", *arguments]
    done = subprocess.run(
        command, input="\n".join(lines), capture_output=True, text=True, cwd=ROOT, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("main")
    corpus = write_corpus(folder / "corpus")
    settings = folder / "kneewise.toml"
    settings.write_text(f"[index]\ncorpus = '{corpus}'\nindex = '{folder / 'index'}'\n", "utf-8")
    lines = [
        json.dumps(
            {"id": "a", "turns": ["How do I do the calf stretch?", "how long should I hold it?"]}
        ),
        "not json",
        json.dumps({"id": "b", "turns": []}),
        json.dumps({"id": "c"}),
        json.dumps(
            {"id": 4, "turns": ["my knee is hot, red and hugely swollen and I have a fever"]}
        ),
    ]
    found, progress = run(lines, "--settings", str(settings))
    assert "added: braces, stretches" in progress  # the index was missing, so it was built first
    return found


def test_there_is_one_reply_for_each_turn_with_all_public_keys(
    records: list[dict[str, Any]],
) -> None:
    assert records[0]["id"] == "a"
    assert len(records[0]["replies"]) == 2
    for reply in records[0]["replies"]:
        assert {
            "kind",
            "level",
            "flags",
            "text",
            "sentences",
            "sources",
            "standalone",
            "ms",
        } <= set(reply)
        assert set(reply["ms"]) == {"guard", "rewrite", "retrieve", "compose", "total"}


def test_a_follow_up_is_answered_with_its_history(records: list[dict[str, Any]]) -> None:
    second = records[0]["replies"][1]
    assert "calf stretch" in second["standalone"]
    assert "12 seconds" in second["text"]


def test_sources_and_sentences_are_as_documented(records: list[dict[str, Any]]) -> None:
    reply = records[0]["replies"][0]
    assert set(reply["sources"][0]) == {"n", "article", "title", "section", "quote", "start", "end"}
    numbers = {source["n"] for source in reply["sources"]}
    assert all(set(sentence["cites"]) <= numbers for sentence in reply["sentences"])
    assert all(f"[{n}]" in reply["text"] for n in numbers)


def test_bad_lines_get_an_error_and_do_not_stop_the_rest(records: list[dict[str, Any]]) -> None:
    assert [record["id"] for record in records] == ["a", None, "b", "c", 4]
    assert all("not" in records[i]["error"] for i in (1, 2, 3))
    assert "turns" in records[2]["error"]


def test_red_flags_carry_turn_and_quote(records: list[dict[str, Any]]) -> None:
    reply = records[4]["replies"][0]
    assert (reply["kind"], reply["level"]) == ("red_flag", "urgent")
    message = "my knee is hot, red and hugely swollen and I have a fever"
    assert all(flag["turn"] == 0 and flag["quote"] in message for flag in reply["flags"])


def test_guard_only_needs_no_index_and_gives_levels_and_flags_alone(tmp_path: Path) -> None:
    line = json.dumps({"id": 1, "turns": ["hi", "my chest hurts and I can't breathe"]})
    found, _ = run([line], "--guard-only", "--index", str(tmp_path / "none"))
    assert [reply["level"] for reply in found[0]["replies"]] == ["none", "emergency"]
    assert set(found[0]["replies"][1]) == {"level", "flags"}
    assert not (tmp_path / "none").exists()


def test_rules_only_loads_no_model() -> None:
    code = (
        "import sys; from bot.__main__ import main; status = main(['--jsonl', '--rules-only']);"
        "sys.exit(status or ('torch' in sys.modules))"
    )
    line = json.dumps({"id": 1, "turns": ["my chest hurts and I can't breathe"]})
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=line,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert json.loads(done.stdout)["replies"][0]["level"] == "emergency"


def test_an_unknown_setting_stops_with_its_name(tmp_path: Path) -> None:
    settings = tmp_path / "bad.toml"
    settings.write_text("[clinic]\ncolour = 'red'\n", encoding="utf-8")
    command = [sys.executable, "-m", "bot", "--jsonl", "--guard-only", "--settings", str(settings)]
    done = subprocess.run(command, input="", capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert "clinic.colour" in done.stderr
    assert "Traceback" not in done.stderr
