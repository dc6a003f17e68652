import time

import pytest

from evals.bench import Took, tell, took


def test_the_bound_is_one_and_a_half_embeddings_and_ten_milliseconds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    embedded = [Took(8, 6)] * 3
    assert tell(embedded, [Took(22, 99), Took(22, 99), Took(900, 99)]) == 0
    assert tell(embedded, [Took(22.1, 1)] * 3) == 1
    assert "at most  22.0" in capsys.readouterr().out


def test_waiting_takes_time_but_no_processor() -> None:
    spent = took(lambda: time.sleep(0.05))
    assert spent.clock >= 50 > spent.processor
