"""`python -m bot`: chat in the terminal, or JSON lines in and out."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.guard import assess
from bot.settings import BotSettings, SettingsError, load_settings
from bot.types import Answer, Assessment, Conversation, Turn
from bot.wire import guard_record, reply_record

Group = TypeVar("Group", bound=BaseModel)
Replies = Callable[[tuple[str, ...]], list[dict[str, Any]]]


class Line(BaseModel):
    """One line of input."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str | int
    turns: tuple[str, ...] = Field(min_length=1, max_length=50, strict=False)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit status 0, or 2 where settings or index cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        settings = _settings(options)
        if options.rules_only:
            return _jsonl(
                lambda turns: _guard_replies(turns, partial(assess, clinic=settings.clinic))
            )
        # torch and Chroma take seconds to import, which --rules-only and --help should not.
        from bot.build import IngestFailed, build_bot, build_guard, ensure_index
        from ingest.embed import embeddings
        from ingest.errors import IngestError
        from ingest.index import current
    except SettingsError as error:
        return _fail(error)
    try:
        if options.guard_only:
            guard = build_guard(settings, embeddings(settings.index))
            return _jsonl(lambda turns: _guard_replies(turns, guard))
        if current(settings.index.index) is None:
            ensure_index(settings)
        bot = build_bot(settings)
    except (IngestFailed, IngestError, SettingsError) as error:
        return _fail(error)
    if options.jsonl:
        return _jsonl(lambda turns: [reply_record(a) for a in _answers(bot.stream, turns)])
    return _chat(bot.stream)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    parser.add_argument("--jsonl", action="store_true", help="read and write JSON lines")
    parser.add_argument("--guard-only", action="store_true", help="levels and flags alone")
    parser.add_argument(
        "--rules-only", action="store_true", help="the same by the guard's rules, without its net"
    )
    parser.add_argument("--index", type=Path, help="folder of the index (default: var/index)")
    parser.add_argument("--settings", type=Path, help="TOML file with the settings")
    parser.add_argument("--model", help="chat model that writes, as provider:model")
    parser.add_argument("--base-url", help="its server, where it is not the provider's own")
    return parser


def _settings(options: argparse.Namespace) -> BotSettings:
    settings = load_settings(options.settings)
    index = {"index": options.index}
    chat = {"model": options.model, "base_url": options.base_url}
    return settings.model_copy(
        update={"index": _with(settings.index, index), "chat": _with(settings.chat, chat)}
    )


def _with(group: Group, options: Mapping[str, object]) -> Group:
    """A group of the settings with the options that were given."""
    given = {name: value for name, value in options.items() if value is not None}
    return group.model_copy(update=given)


def _fail(error: Exception) -> int:
    print(error, file=sys.stderr)
    return 2


def _jsonl(replies: Replies) -> int:
    """Answer each line of standard input; a bad line gets an error and the rest goes on."""
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(_record(line, replies), ensure_ascii=False), flush=True)
    return 0


def _record(line: str, replies: Replies) -> dict[str, Any]:
    identity: Any = None
    try:
        values = json.loads(line)
        identity = values.get("id") if isinstance(values, dict) else None
        parsed = Line.model_validate(values)
        return {"id": parsed.id, "replies": replies(parsed.turns)}
    except ValidationError as error:
        what = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return {"id": identity, "error": f"The line is not usable: {what}"}
    except json.JSONDecodeError as error:
        return {"id": identity, "error": f"The line is not JSON: {error}"}
    except Exception as error:  # noqa: BLE001 - one line's failure must not stop the others
        return {"id": identity, "error": f"{type(error).__name__}: {error}"}


def _guard_replies(
    turns: tuple[str, ...], guard: Callable[[tuple[str, ...]], Assessment]
) -> list[dict[str, Any]]:
    return [guard_record(guard(turns[: i + 1])) for i in range(len(turns))]


def _answers(
    stream: Callable[[Conversation], Iterable[Any]], turns: Iterable[str]
) -> Iterator[Answer]:
    """One answer for each turn, with the replies before it as history."""
    history: tuple[Turn, ...] = ()
    for message in turns:
        *_, answer = stream(Conversation((*history, Turn(message))))
        history = (*history, Turn(message, answer))
        yield answer


def _chat(stream: Callable[[Conversation], Iterable[Any]]) -> int:
    print("Ask about runner's knee (an empty line ends). Education, not medical advice.\n")
    history: tuple[Turn, ...] = ()
    while message := _ask():
        *_, answer = stream(Conversation((*history, Turn(message))))
        history = (*history, Turn(message, answer))
        print("\n" + _readable(message, answer) + "\n")
    return 0


def _ask() -> str:
    try:
        return input("> ").strip()
    except (EOFError, KeyboardInterrupt):
        return ""


def _readable(message: str, answer: Answer) -> str:
    searched = answer.standalone
    lines = [f"(searched for: {searched})"] if searched and searched != message else []
    lines.append(answer.text)
    lines += [f"  [{s.n}] {s.title} — {s.section}" for s in answer.sources]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
