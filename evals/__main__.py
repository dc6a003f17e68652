"""`python -m evals`: is the bot any good, and did an edit make it better or worse?"""

import argparse
import importlib
import sys
from typing import Protocol, cast

COMMANDS = {
    "run": "ask the bot every case, score it, quote every failure, write a run file",
    "report": "one HTML page about a run: scores, plots, filters, links into the articles",
    "compare": "two runs case by case: improved, regressed or no real difference, and why",
    "gate": "exit status 1 where a score is below its threshold",
    "gaps": "what visitors asked and the bot could not answer",
    "new": "draft a case from the bot's present answer",
    "corpus": "check the articles themselves",
    "guard": "sensitivity and specificity of the red-flag guard",
    "net": "train the guard's second net",
    "answers": "answer quality on the golden questions",
    "typos": "what misspelt questions cost, with and without the repair of spelling",
    "synonyms": "whether each row of the table of lay words does good",
    "verdicts": "whether the first line under yes-or-no questions is right",
    "visitors": "many visitors at one moment: errors, mixed-up answers, time to the first words",
    "bench": "the time of a full answer beside that of one bare query embedding",
    "pairs": "how often the check of a statement against its source is wrong",
    "train": "learn from example questions where to look and when to refuse",
}
"""Sub-command to what it does.

`evals/<name>.py` offers `add_arguments(parser)` and `main(options) -> exit status`."""

MODULES = {"corpus": "content"}
"""Commands whose module is named otherwise."""


class Command(Protocol):
    """What a module behind a sub-command offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's options."""

    def main(self, options: argparse.Namespace) -> int:
        """Run it; the exit status."""


def main(arguments: list[str] | None = None) -> int:
    """Run one sub-command; its exit status, or 2 where it could not start."""
    given = sys.argv[1:] if arguments is None else arguments
    if not given or given[0] not in COMMANDS:
        return _overview(given)
    # Only the command asked for is imported: some load torch, which takes seconds.
    module = importlib.import_module(f"evals.{MODULES.get(given[0], given[0])}")
    command = cast(Command, module)
    parser = argparse.ArgumentParser(prog=f"python -m evals {given[0]}", description=module.__doc__)
    command.add_arguments(parser)
    return command.main(parser.parse_args(given[1:]))


def _overview(given: list[str]) -> int:
    asked = not given or given[0] in ("-h", "--help")
    out = sys.stdout if asked else sys.stderr
    if not asked:
        print(f"There is no command '{given[0]}'. These there are:", file=out)
    print("python -m evals COMMAND (add --help to any)\n", file=out)
    for name, purpose in COMMANDS.items():
        print(f"  {name:<8} {purpose}", file=out)
    return 0 if asked else 2


if __name__ == "__main__":
    sys.exit(main())
