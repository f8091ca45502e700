"""The order of passages and of quotes."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.judge.ranking import rank_passages, rank_quotes
from assistant.judge.spans import Span
from tests.assistant.retrieve.fakes import pages, prepared


def ranked(probabilities: list[float], fused: list[float]) -> tuple[list[int], list[int]]:
    """Passages of one unit each, by number: as passages are ordered, and as quotes of them are."""
    site = prepared(pages(*(f"Number {number} is here." for number in range(len(fused)))))
    every, scores = np.arange(len(fused)), np.asarray(fused)
    found = rank_passages(site, every, scores, every, np.asarray(probabilities, dtype=np.float32), 60)
    assert [passage.score for passage in found] == pytest.approx([probabilities[p.page - 1] for p in found])
    spans = [Span(unit, unit, unit, strength, unit, unit) for unit, strength in enumerate(probabilities)]
    quotes = rank_quotes(site, every, scores, spans)
    return [passage.page - 1 for passage in found], [span.best for span in quotes]


@pytest.mark.parametrize(
    ("probabilities", "fused", "passages", "quotes"),
    [
        ([0.2, 0.9, 0.5], [0.1, 0.1, 0.1], [1, 2, 0], [1, 2, 0]),
        ([0.02, 0.02, 0.02], [0.1, 0.3, 0.2], [1, 2, 0], [1, 2, 0]),
        ([0.95, 0.02, 0.01], [0.06, 0.1, 0.01], [0, 1, 2], [0, 1, 2]),
        ([0.03, 0.02, 0.0], [0.02, 0.01, 0.1], [0, 2, 1], [0, 1, 2]),
        ([0.05, 0.16, 0.01], [0.1, 0.05, 0.1], [0, 1, 2], [1, 0, 2]),
        ([0.14, 0.16, 0.01], [0.1, 0.05, 0.1], [0, 1, 2], [0, 1, 2]),
        ([0.5, 0.5], [0.1, 0.1], [0, 1], [0, 1]),
    ],
    ids=[
        "as near: the likelier", "as likely: the nearer", "a sure one stays first",
        "nearness lifts an unlikely passage, not an unlikely quote", "a quote keeps a lead that a passage loses",
        "nearness parts quotes that are nearly as likely", "ties go by position",
    ],
)  # fmt: skip
def test_probability_and_nearness_order_passages_and_quotes(
    probabilities: list[float], fused: list[float], passages: list[int], quotes: list[int]
) -> None:
    assert ranked(probabilities, fused) == (passages, quotes)


def test_a_ranking_of_passages_has_an_end() -> None:
    site = prepared(pages(*(f"Number {number} is here." for number in range(9))))
    every = np.arange(9)
    found = rank_passages(site, every, np.zeros(9), every, np.full(9, 0.5, dtype=np.float32), 4)
    assert [passage.page for passage in found] == [1, 2, 3, 4]


def test_nothing_found_gives_empty_rankings() -> None:
    site, none = prepared(pages("One is here.")), np.zeros(0, dtype=np.int64)
    assert rank_passages(site, none, np.zeros(0), none, np.zeros(0, dtype=np.float32), 4) == ()
    assert rank_quotes(site, none, np.zeros(0), []) == []
