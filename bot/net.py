"""The semantic second net: reads the whole message and can add a finding or a question.

Two heads, "serious" (urgent or emergency) and "any" (some red flag), each the sum of three parts:
logistic regression over the words of the message and what context marks; the same for each flag,
of which the strongest count; and what attention reads in the word pieces of the embedding model
(`bot.attention`). Trained by `python -m evals net`; the weights are text (`bot.net_weights`).
Without the model it stands on the first two. It never removes a finding.
"""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Literal

from bot.net_weights import HEADS, Features, Head, Model, Weights, load_model
from bot.reading.match import Reading
from bot.redflags.table import BY_ID

Signs = Mapping[str, float]
Read = Callable[[list[str]], Sequence[Signs]]
SERIOUS = frozenset(i for i, rule in BY_ID.items() if rule.level in {"urgent", "emergency"})
BLOCK_NORM = 2.0
LONGEST_QUOTE = 160
LIKELY = -3.0
"""Least log-odds of the flag itself that a rule's hint needs beside it; by cross-validation over
writers it costs nothing with the net, and the rules alone lose a third of their false alarms."""
ALONE, WHOLE = 5.0, -4.0
"""Least log-odds of the sentence of a rule's hint, read by itself, and of the whole message beside
it, where the sentence stands out. Chosen by the sums of sets that the net had not learnt from."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caught:
    """What the net makes of a message; `sure` decides between a finding and a question."""

    flag: str
    sure: Literal["very", "fairly"]
    quote: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the net caught, and the flags that the message leans to: enough beside a rule's hint.

    It leans by the words alone or with what attention sees, so that no hint counts for rules alone
    that does not count with the net.
    """

    caught: Caught | None = None
    leans: frozenset[str] = frozenset()

    @property
    def very_sure(self) -> bool:
        """Whether what was caught is a finding by itself."""
        return self.caught is not None and self.caught.sure == "very"

    def __or__(self, other: "Opinion") -> "Opinion":
        """Both: the surer catch, the first if they are alike, and all that either leans to."""
        surer = other if other.very_sure and not self.very_sure else self
        return Opinion(surer.caught or other.caught, self.leans | other.leans)


@dataclass(frozen=True)
class Net:
    """The model; `read` gives the signs that attention sees in texts, empty where it cannot.

    `looks_back` is off where messages stand by themselves.
    """

    model: Model
    read: Read | None = None
    looks_back: bool = True

    def judge(self, newest: Reading, before: Sequence[Reading]) -> Opinion:
        """What the newest message, alone or after the one before, reads like."""
        contexts: list[tuple[Reading, ...]] = [(newest,)]
        if before and self.looks_back:
            contexts.append((before[-1], newest))
        opinions = map(self._judge, contexts, self._signs(contexts))
        return reduce(Opinion.__or__, opinions)

    def stands_out(self, flag: str, sentence: Reading, message: Reading) -> bool:
        """Whether a sentence by itself reads like the flag: what is asked beside it may drown it.

        Never without the model.
        """
        contexts = [(sentence,), (message,)]
        for context, signs, least in zip(
            contexts, self._signs(contexts), (ALONE, WHOLE), strict=True
        ):
            words, flags = self._heard(context)
            if not signs or self._scores(self.model.seen, words, flags, signs)[_head(flag)] < least:
                return False
        return True

    def _heard(self, readings: Sequence[Reading]) -> tuple[dict[Head, float], dict[str, float]]:
        """What the words say, by head and by flag."""
        features = lexical_features(readings)
        words = {head: self.model.words[head].score(features) for head in HEADS}
        return words, self.model.flags.score(features)

    def _judge(self, readings: Sequence[Reading], signs: Signs) -> Opinion:
        words, flags = self._heard(readings)
        by_words = self._scores(self.model.unseen, words, flags, {})
        scores = self._scores(self.model.seen, words, flags, signs) if signs else by_words
        sums = self.model.seen if signs else self.model.unseen
        leans = _leans(self.model.unseen, by_words, flags) | _leans(sums, scores, signs)
        for sure in ("very", "fairly"):
            for head in HEADS:
                if scores[head] >= getattr(sums[head], sure):
                    flag = _named(flags, signs, head)
                    quote = telling(readings[-1], self.model.words[head])
                    return Opinion(Caught(flag, sure, quote), leans)
        return Opinion(None, leans)

    @staticmethod
    def _scores(
        sums: Mapping[Head, Weights],
        words: Mapping[Head, float],
        flags: Mapping[str, float],
        signs: Signs,
    ) -> dict[Head, float]:
        return {h: sums[h].score(parts(h, words[h], flags, signs)) for h in HEADS}

    def _signs(self, contexts: Sequence[Sequence[Reading]]) -> Sequence[Signs]:
        """What attention sees in each; nothing where there is no model, or none in time."""
        if self.read is not None:
            try:
                return self.read(["\n".join(r.text for r in readings) for readings in contexts])
            except Exception:  # noqa: BLE001 - fail closed, whatever it is
                _LOG.exception("The embedding failed; the net goes on without it.")
        return [{}] * len(contexts)


def _leans(
    sums: Mapping[Head, Weights], scores: Mapping[Head, float], flags: Signs
) -> frozenset[str]:
    """The likely flags among those to whose head the message leans."""
    heads = {flag: _head(flag) for flag, odds in flags.items() if flag in BY_ID and odds >= LIKELY}
    return frozenset(flag for flag, head in heads.items() if scores[head] >= sums[head].leans)


def _head(flag: str) -> Head:
    return "serious" if flag in SERIOUS else "any"


def parts(head: Head, words: float, flags: Mapping[str, float], signs: Signs) -> Features:
    """The parts of a head's score: a flag of the head's own, whichever, is enough for it."""
    found = {"words": words, "flags": _some(flags, head)}
    return found | {"attention": _some(signs, head) + signs[head]} if signs else found


def _some(flags: Mapping[str, float], head: Head) -> float:
    """The log-odds of each of the head's flags in one: the logarithm of their summed odds."""
    own = [odds for flag, odds in flags.items() if flag in SERIOUS or _minor(flag, head)]
    most = max(own)
    return most + math.log(sum(math.exp(odds - most) for odds in own))


def _minor(flag: str, head: Head) -> bool:
    return head == "any" and flag in BY_ID


def _named(flags: Mapping[str, float], signs: Signs, head: Head) -> str:
    """The flag that fits best; among the serious ones where the message is serious."""
    allowed = sorted(flag for flag in flags if (flag in SERIOUS) == (head == "serious"))
    return max(allowed, key=lambda flag: flags[flag] + signs.get(flag, 0.0))


def lexical_features(readings: Sequence[Reading]) -> Features:
    """Words and pairs of words, with "-" where context cancels them, and the kinds of context.

    What the rules make of the message is left out: they fit the messages the net learns from too
    well, and the net would trust them more than they deserve on anybody else's.
    """
    words: set[str] = set()
    for reading in readings:
        marked = reading.marks
        stems = [f"{w.stem}-" if at in marked else w.stem for at, w in enumerate(reading.words)]
        words.update(f"w:{stem}" for stem in stems)
        words.update(f"w:{a}_{b}" for a, b in pairwise(stems))
    kinds = {f"k:{mark.kind}" for r in readings for marks in r.marks.values() for mark in marks}
    return _normed(words) | _normed(kinds)


def _normed(names: set[str]) -> Features:
    value = BLOCK_NORM / math.sqrt(len(names)) if names else 0.0
    return dict.fromkeys(sorted(names), value)


def telling(reading: Reading, weights: Weights) -> str:
    """The sentence of the message that weighs most, at most 160 characters of it."""
    sums: dict[int, float] = {}
    for word in reading.words:
        gain = weights.by_feature.get(f"w:{word.stem}", 0.0)
        sums[word.sentence] = sums.get(word.sentence, 0.0) + gain
    if not sums:
        return reading.text[:LONGEST_QUOTE]
    best = max(sums, key=lambda sentence: sums[sentence])
    chosen = [word for word in reading.words if word.sentence == best]
    start = chosen[0].start
    end = max(w.end for w in chosen if w.end - start <= LONGEST_QUOTE or w is chosen[0])
    return reading.text[start:end]


def load_net(read: Read | None = None, *, looks_back: bool = True) -> Net:
    """The shipped net; `read` is what attention sees in texts (`bot.vectors.Shared.signs`)."""
    return Net(load_model(), read, looks_back)
