"""Answer quality on the golden questions: the goals, each with its figure and its count."""

import argparse
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.build import IndexedBot, build_bot
from bot.settings import BotSettings
from bot.types import Answer, Assessment, Conversation, Turn
from evals import metrics
from evals.cases import Case, load_cases
from evals.texts import stated

GOLDEN = Path(__file__).parent / "golden"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case, what came of it and, for a dialogue, of its gold standalone form."""

    case: Case
    answer: Answer
    gold: Answer | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A row of the table: which outcomes count, and whether one is good."""

    name: str
    wanted: str
    counts: Callable[[Outcome], bool]
    good: Callable[[Outcome], bool]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "--cases", type=Path, nargs="+", default=sorted(GOLDEN.glob("answers-*.yaml"))
    )
    parser.add_argument("--index", type=Path, help="an index to take as it is")
    parser.add_argument("--failures", action="store_true", help="also print each failed case")
    parser.add_argument("--unguarded", action="store_true", help="leave the red-flag guard out")


def main(options: argparse.Namespace) -> int:
    """Ask every case and print a table for each file."""
    bot = build_bot(with_index(BotSettings(), options.index))
    if options.unguarded:
        bot = unguarded(bot)
    for path in options.cases:
        outcomes = [ask(bot, case) for case in load_cases([path])]
        sys.stdout.write(f"{path.name}: {len(outcomes)} cases\n{table(outcomes)}\n\n")
        if options.failures:
            sys.stdout.write("\n".join(failures(outcomes)) + "\n")
    return 0


def with_index(settings: BotSettings, index: Path | None) -> BotSettings:
    """The settings with another index, where one is given."""
    if index is None:
        return settings
    return settings.model_copy(update={"index": settings.index.model_copy(update={"index": index})})


def unguarded(bot: IndexedBot) -> IndexedBot:
    """The bot without its guard, to measure answers alone."""

    def harmless(*_: object) -> Assessment:
        return Assessment()

    return replace(bot, _parts=replace(bot._parts, guard=harmless, guard_meant=harmless))


def ask(bot: IndexedBot, case: Case) -> Outcome:
    """Go through the case's conversation, and ask its gold form in a conversation of its own."""
    gold = converse(bot, (case.standalone,)) if case.standalone else None
    return Outcome(case, converse(bot, case.turns), gold)


def converse(bot: IndexedBot, messages: Sequence[str]) -> Answer:
    """The answer to the last message, the earlier ones answered before it."""
    history: tuple[Turn, ...] = ()
    for message in messages:
        *_, last = bot.stream(Conversation((*history, Turn(message))))
        assert isinstance(last, Answer)  # the bot's promise: the last event is the answer
        answer = last
        history = (*history, Turn(message, answer))
    return answer


def _said(answer: Answer) -> str:
    return " ".join(statement.text for statement in answer.statements)


def _answerable(outcome: Outcome) -> bool:
    return outcome.case.kind == "answerable" and not outcome.case.refused


def _follows(outcome: Outcome) -> bool:
    return outcome.case.kind == "follow-up" and not outcome.case.refused


def _cites(outcome: Outcome) -> bool:
    return any(source.article in outcome.case.articles for source in outcome.answer.sources)


def _facts(answer: Answer, facts: Sequence[Sequence[str]]) -> bool:
    return answer.kind != "refusal" and all(stated(_said(answer), group) for group in facts)


def _supported(outcome: Outcome) -> bool:
    quotes = {source.n: source.quote for source in outcome.answer.sources}
    return all(any(s.text in quotes[n] for n in s.cites) for s in outcome.answer.statements)


GOALS = (
    Goal("answered", "98 %", _answerable, lambda o: o.answer.kind != "refusal"),
    Goal("right article cited", "98 %", _answerable, _cites),
    Goal("needed facts stated", "95 %", _answerable, lambda o: _facts(o.answer, o.case.facts)),
    Goal(
        "first fact in the first statement",
        "",
        _answerable,
        lambda o: stated(" ".join(s.text for s in o.answer.statements[:1]), o.case.facts[0]),
    ),
    Goal("refused", "97 %", lambda o: o.case.refused, lambda o: o.answer.kind != "answer"),
    Goal("follow-up: facts", "gold - 2", _follows, lambda o: _facts(o.answer, o.case.facts)),
    Goal(
        "follow-up: facts of the gold form",
        "",
        _follows,
        lambda o: o.gold is not None and _facts(o.gold, o.case.facts),
    ),
    Goal("statements in their source", "100 %", lambda o: bool(o.answer.statements), _supported),
)


def table(outcomes: Sequence[Outcome]) -> str:
    """One line a goal: share, count, goal; then length, reading grade and time."""
    lines = [line(goal, outcomes) for goal in GOALS]
    shown = [o.answer for o in outcomes if o.answer.kind == "answer"]
    lines += [
        _median("words", "at most 90", (len(a.text.split()) for a in shown)),
        _median("statements", "2-6", (len(a.statements) for a in shown)),
        _median("reading grade", "at most 8", (metrics.reading_grade(_said(a)) for a in shown)),
        _median("milliseconds", "", (a.ms.get("total") for a in shown)),
    ]
    return "\n".join(lines)


def line(goal: Goal, outcomes: Sequence[Outcome]) -> str:
    """A goal with its share and count."""
    counted = [goal.good(outcome) for outcome in outcomes if goal.counts(outcome)]
    share = f"{100 * sum(counted) / len(counted):5.1f} %" if counted else "      -"
    return f"  {goal.name:<36}{share} {sum(counted):>4}/{len(counted):<4} {goal.wanted}"


def _median(name: str, wanted: str, values: Iterable[float | None]) -> str:
    known = [value for value in values if value is not None]
    middle = f"{statistics.median(known):5.1f}" if known else "    -"
    return f"  median {name:<29}{middle}   n = {len(known):<4} {wanted}"


def failures(outcomes: Sequence[Outcome]) -> list[str]:
    """Each failed goal of each case, with what was asked and said."""
    return [
        f"{goal.name}: {o.case.id} {' / '.join(o.case.turns)} | {o.answer.standalone}\n"
        f"    wanted {o.case.articles} {[list(g[:4]) for g in o.case.facts]}\n"
        f"    got {o.answer.kind}: {(_said(o.answer) or o.answer.text)[:420]}"
        for goal in GOALS
        if goal.wanted
        for o in outcomes
        if goal.counts(o) and not goal.good(o)
    ]
