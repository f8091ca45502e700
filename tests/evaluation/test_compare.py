import numpy as np
import pytest

from assistant.errors import EvaluationError
from evaluation.compare import compare_rows


def rows(values: list[float], metric: str = "evidence.map") -> list[dict]:
    return [
        {"set": "s", "row": "ranking", "unit": f"d{i // 2}", "document": f"d{i // 2}", "requirement": f"r{i}",
         "scores": {metric: value}}
        for i, value in enumerate(values)
    ]  # fmt: skip


def test_clear_gain_is_significant() -> None:
    chance = np.random.default_rng(3)
    old = chance.random(60) * 0.4
    new = old + 0.2 + chance.random(60) * 0.1
    (row,) = compare_rows(rows(old.tolist()), rows(new.tolist()))
    assert row.difference == pytest.approx(0.25, abs=0.02)
    assert row.low is not None
    assert row.low > 0.2
    assert row.p == pytest.approx(1 / 2001, abs=1e-4)


def test_no_difference_has_p_one() -> None:
    (row,) = compare_rows(rows([0.5] * 10), rows([0.5] * 10))
    assert (row.difference, row.low, row.high, row.p) == (0.0, 0.0, 0.0, 1.0)


def test_noise_is_not_significant() -> None:
    chance = np.random.default_rng(4)
    old = chance.random(60)
    (row,) = compare_rows(rows(old.tolist()), rows((old + chance.normal(0, 0.2, 60)).tolist()))
    assert row.p > 0.05


def test_units_are_flipped_together() -> None:
    # two documents only: flipping them gives four sums, so p cannot fall under one half however large the gain is
    old = [{**row, "unit": "ab"[index % 2]} for index, row in enumerate(rows([0.0] * 20))]
    new = [{**row, "scores": {"evidence.map": 1.0}} for row in old]
    assert compare_rows(old, new)[0].p == pytest.approx(0.5, abs=0.05)


def test_nothing_shared_is_an_error() -> None:
    with pytest.raises(EvaluationError, match="share no judged pair"):
        compare_rows(rows([1.0]), rows([1.0], "gap.accuracy"))
