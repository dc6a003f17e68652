"""The tab Gaps: what visitors asked in vain, what they thought of answers, and a step for each."""

from collections import Counter
from collections.abc import Sequence

from bot.gaplog import Gap
from bot.web.markup import plain
from evals.desk.kit import OWN, PROBLEMS, Desk, good, problem
from evals.gaps import Group, add_case, add_todo, as_case, as_refusal, group, read_log
from evals.record import newest_results
from evals.texts import normal

OFF = (
    "No questions are kept. Where the clinic sets `gaps = true` under [log] in the settings, "
    "refused questions and thumbs-down are, redacted, and stand here."
)
NONE = "Nothing has been asked in vain since logging was switched on."
STATES = {"open": "kd-dropped", "failing": "kd-dropped", "closed": "kd-shown"}


def groups(desk: Desk) -> tuple[Group, ...]:
    """The gaps grouped by meaning, with their state in the last runs.

    Raises:
        GapsError, RunError: The log or the last run cannot be read.
    """
    results = newest_results(desk.places.runs)
    return group(read_log(desk.places.log), desk.subject.embed, results)


def shown(desk: Desk) -> tuple[str, list[str]]:
    """The gaps as HTML, and the questions that stand for them."""
    if not desk.places.log.exists():
        keeps = desk.subject.settings.log.gaps
        return good(NONE) if keeps else problem(OFF.replace("`", "")), []
    try:
        found, gaps = groups(desk), read_log(desk.places.log)
    except PROBLEMS as error:
        return problem(error), []
    count = sum(item.state != "closed" for item in found)
    head = f"<p>{count} of {len(found)} gaps are open, most asked first.</p>"
    return head + "".join(_drawn(item, gaps) for item in found), [g.question for g in found]


def _drawn(item: Group, gaps: Sequence[Gap]) -> str:
    why = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in item.why.items())
    also = "".join(f"<li>“{plain(question)}”</li>" for question in item.questions[1:])
    said = "".join(f"<li>{plain(line)}</li>" for line in _feedback(item, gaps))
    return (
        f'<details class="kd-gap"><summary><span class="kd-badge {STATES[item.state]}">'
        f"{item.state}</span> <b>{item.count}×</b> “{plain(item.question)}” "
        f'<span class="kd-quiet">{plain(why)} · last {plain(item.last)}</span></summary>'
        + (f"<p>Also asked as</p><ul>{also}</ul>" if also else "")
        + (f"<p>Reasons</p><ul>{said}</ul>" if said else "")
        + "</details>"
    )


def _feedback(item: Group, gaps: Sequence[Gap]) -> list[str]:
    """Why visitors put their thumbs down, each reason with how often."""
    own = Counter(
        gap.reason
        for gap in gaps
        if gap.reason and normal(gap.searched or gap.question) in item.questions
    )
    return [f"{reason} ({count}×)" for reason, count in own.most_common()]


def step(desk: Desk, what: str, question: str | None) -> str:
    """Make the gap of this question a case, a rightly refused one or a to-do; what was done."""
    try:
        chosen = next((item for item in groups(desk) if item.question == question), None)
        if chosen is None:
            return problem("Choose a question first.")
        if what == "todo":
            add_todo(desk.places.todo, chosen)
            return good(f"Put on {desk.places.todo.name}.")
        case = as_refusal(chosen) if what == "refuse" else as_case(chosen, desk.subject.bot)
        add_case(desk.places.cases / OWN, case)
    except PROBLEMS as error:
        return problem(str(error).replace("Use --todo.", "Put it on the list of what to write."))
    return good(f"Put into {OWN} as '{case.id}'. Correct it under Cases.")
