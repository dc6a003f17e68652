"""What the net learns is what the bot then reads."""

import numpy as np
import torch

from bot.redflags.table import BY_ID
from bot.vectors import bare, reader
from evals import attention
from evals.attention import Lesson

TEXTS = ["my knee is hot and red", "how long do I hold the stretch?", "his chest is tight"] * 3


def test_signs_are_those_of_what_was_learnt() -> None:
    pieces = [read.pieces for read in bare().read(TEXTS)]
    lesson = Lesson(pieces, [2, 0, 3] * 3, [(), (), ("chest_pain",)] * 3, [*BY_ID], frozenset())
    torch.manual_seed(1)
    module = attention._Module(lesson).eval()
    for name, value in module.named_parameters():
        if name.endswith("up"):
            torch.nn.init.normal_(value, std=0.02)
    with torch.no_grad():
        wanted = torch.cat(module(*attention._padded(pieces)), 1).numpy()
    signs = reader(bare(), attention._folded(module, tuple(lesson.names)))(TEXTS)
    found = np.array([list(sign.values()) for sign in signs])
    assert np.abs(found - wanted).max() < 1e-3
    assert np.abs(found[0] - found[1]).max() > 1e-2


def test_learning_twice_gives_the_same_numbers() -> None:
    pieces = [read.pieces for read in bare().read(TEXTS)]
    lesson = Lesson(pieces, [2, 0, 3] * 3, [(), (), ("chest_pain",)] * 3, [*BY_ID], frozenset())
    one, two = attention.train(lesson), attention.train(lesson)
    assert np.array_equal(one.inner, two.inner)
    assert all(np.array_equal(value, two.added[name]) for name, value in one.added.items())
    assert not np.array_equal(one.added["6.outer.up"], np.zeros_like(one.added["6.outer.up"]))
