"""How the engine ranks passages for a requirement."""

import numpy as np
import pytest

from assistant.engine import DEPTH, _Look, _rank_passages, _rank_spans
from assistant.judge.spans import Span
from tests.assistant.retrieve.fakes import pages, prepared


def look(probabilities: list[float], fused: list[float]) -> _Look:
    """One unit in each passage, with the unit's probability and the passage's fused score."""
    every = np.arange(len(fused))
    none = np.zeros((len(fused), 0), dtype=np.float32)
    return _Look(
        0, every, np.asarray(fused), every, {}, none, np.zeros(len(fused)), every[:0], [],
        probabilities=np.asarray(probabilities, dtype=np.float32),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("probabilities", "fused", "order"),
    [
        ([0.2, 0.9, 0.5], [0.1, 0.1, 0.1], [1, 2, 0]),
        ([0.02, 0.02, 0.02], [0.1, 0.3, 0.2], [1, 2, 0]),
        ([0.95, 0.02, 0.01], [0.06, 0.1, 0.01], [0, 1, 2]),
        ([0.03, 0.02, 0.0], [0.02, 0.01, 0.1], [0, 2, 1]),
    ],
    ids=["as near: the likelier", "as likely: the nearer", "a sure one stays first", "nearness lifts an unlikely one"],
)
def test_passages_rank_by_probability_and_by_nearness(
    probabilities: list[float], fused: list[float], order: list[int]
) -> None:
    site = prepared(pages("One is here.", "Two is here.", "Three is here."))
    ranked = _rank_passages(site, look(probabilities, fused))
    assert [passage.page - 1 for passage in ranked] == order
    assert [passage.score for passage in ranked] == pytest.approx([probabilities[i] for i in order])


@pytest.mark.parametrize(
    ("probabilities", "fused", "order"),
    [
        ([0.2, 0.9, 0.5], [0.1, 0.1, 0.1], [1, 2, 0]),
        ([0.02, 0.02, 0.02], [0.1, 0.3, 0.2], [1, 2, 0]),
        ([0.05, 0.16, 0.01], [0.1, 0.05, 0.1], [1, 0, 2]),
        ([0.14, 0.16, 0.01], [0.1, 0.05, 0.1], [0, 1, 2]),
    ],
    ids=["as near: the likelier", "as likely: the nearer", "nearness does not lift a weak one", "a like one it does"],
)
def test_quotes_rank_by_probability_and_less_by_nearness(
    probabilities: list[float], fused: list[float], order: list[int]
) -> None:
    site = prepared(pages("One is here.", "Two is here.", "Three is here."))
    spans = [Span(unit, unit, unit, strength, unit, unit) for unit, strength in enumerate(probabilities)]
    ranked = _rank_spans(site, look(probabilities, fused), spans)
    assert [span.best for span in ranked] == order
    assert _rank_spans(site, look(probabilities, fused), []) == []


def test_a_ranking_has_an_end() -> None:
    site = prepared(pages(*(f"Number {number} is here." for number in range(DEPTH + 5))))
    assert len(_rank_passages(site, look([0.5] * (DEPTH + 5), [0.0] * (DEPTH + 5)))) == DEPTH
