import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.settings import BotSettings, Limits
from bot.web.site import site
from evals.visitors import Heard, both, tell
from tests.web.fakes import FakeBot
from tests.web.hosting import served


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    limits = Limits(per_address=10_000, per_site=10_000)
    with served(site(FakeBot(), BotSettings(limits=limits))) as address:
        yield address


def test_fifty_visitors_at_one_moment_get_what_each_gets_alone(url: str) -> None:
    # In a thread of its own: a browser test may have left its event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        alone, crowd = thread.submit(lambda: asyncio.run(both(url, 50))).result()
    heard = [answer for visit in crowd for answer in visit]
    assert len(heard) == 100
    assert not [answer.error for answer in heard if answer.error]
    assert [[a.words for a in visit] for visit in crowd] == [
        [a.words for a in visit] for visit in alone
    ]
    assert len({answer.words for answer in heard}) == 100, "a mix-up would not be seen"


def test_an_answer_that_went_to_somebody_else_is_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    visits = [[Heard({"text": text, "standalone": text}, 0.1, 0.2)] for text in ("one", "two")]
    assert tell(visits, visits) == 0
    assert tell(visits, visits[::-1]) == 1
    assert "asked alone: 2" in capsys.readouterr().out


def test_an_error_is_shown_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    good = [[Heard({"text": "one"}, 0.1, 0.2)]]
    bad = [[Heard({}, error="503 busy")]]
    assert tell([*good, *good], [*good, *bad]) == 1
    assert "503 busy" in capsys.readouterr().out
