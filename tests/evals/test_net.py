"""What the net learns is what the bot then reads."""

import random

import numpy as np
import torch
from numpy.typing import NDArray

from bot.attention import Attention, joined
from bot.redflags.table import BY_ID
from bot.vectors import bare, reader
from evals import attention
from evals.attention import Lesson

TEXTS = ["my knee is hot and red", "how long do I hold the stretch?", "his chest is tight"] * 3


def lesson() -> Lesson:
    pieces = [read.pieces for read in bare().read(TEXTS)]
    flags, kinds = [(), (), ("chest_pain",)] * 3, ["flag", "past", "flag"] * 3
    return Lesson(pieces, [2, 0, 3] * 3, flags, kinds, [*BY_ID], frozenset())


def learnt(seed: int) -> tuple[attention._Module, Attention]:
    """A reader that has learnt something or other, in both its forms."""
    torch.manual_seed(seed)
    module = attention._Module(lesson()).eval()
    for name, value in module.named_parameters():
        if name.endswith("up"):
            torch.nn.init.normal_(value, std=0.02)
    return module, attention._folded(module, tuple(BY_ID))


def read(own: Attention) -> NDArray[np.float64]:
    return np.array([list(sign.values()) for sign in reader(bare(), own)(TEXTS)])


def test_signs_are_those_of_what_was_learnt() -> None:
    module, own = learnt(1)
    with torch.no_grad():
        wanted = torch.cat(module(*attention._padded(lesson().pieces))[:2], 1).numpy()
    found = read(own)
    assert np.abs(found - wanted).max() < 1e-3
    assert np.abs(found[0] - found[1]).max() > 1e-2


def test_readers_together_give_their_mean() -> None:
    one, two = (learnt(seed)[1] for seed in (1, 2))
    assert np.abs(read(one) - read(two)).max() > 1e-2
    assert np.abs(read(joined([one, two])) - (read(one) + read(two)) / 2).max() < 1e-4


def test_joined_messages_are_one_text_between_one_start_and_one_end() -> None:
    pieces = lesson().pieces
    made = attention._joined(pieces, 0, 2, random.Random(0))
    ends = {pieces[0][0].tobytes(): pieces[2], pieces[2][0].tobytes(): pieces[0]}
    assert len(made) == len(pieces[0]) + len(pieces[2]) - 2
    assert np.array_equal(made[-1], ends[made[0].tobytes()][-1])
    assert attention._joined(pieces, 1, 1, random.Random(0)) is pieces[1]


def test_learning_twice_gives_the_same_numbers() -> None:
    one, two = attention.train(lesson(), 0), attention.train(lesson(), 0)
    assert np.array_equal(one.inner, two.inner)
    assert all(np.array_equal(value, two.added[name]) for name, value in one.added.items())
    assert not np.array_equal(one.added["6.outer.up"], np.zeros_like(one.added["6.outer.up"]))
