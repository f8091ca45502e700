"""The order of passages and of quotes: how probable each is, and how near its passage is to the requirement.

Probabilities alone rank what a model never saw the like of below plain words, so the logarithm of the fused score joins
the log-odds. For quotes it weighs less: a weak quote whose passage shares the requirement's words would stand before
stronger ones in other languages, which share none (docs/method.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.judge.spans import Span
from assistant.retrieve.prepared import PassageRef, Prepared

NEAR_PASSAGES, NEAR_QUOTES = 2.0, 1.0
"""Weights of the fused score's logarithm beside the log-odds."""
_ODDS_FLOOR, _NEAR_FLOOR = 1e-3, 1e-2


def rank_passages(
    prepared: Prepared,
    passages: NDArray[np.int64],
    fused: NDArray[np.float64],
    rows: NDArray[np.int64],
    probabilities: NDArray[np.float32],
    depth: int,
) -> tuple[PassageRef, ...]:
    """At most `depth` passages, best first; the score of each is the probability of its best unit.

    `passages` are their numbers, ascending, with fused scores `fused`; `rows` are the units that were judged, each of
    one of these passages, with their `probabilities`.
    """
    best = np.zeros(len(passages), dtype=np.float64)
    np.maximum.at(best, np.searchsorted(passages, prepared.unit_passage[rows]), probabilities)
    order = _order(best, _near(fused, fused), NEAR_PASSAGES)[:depth]
    return tuple(replace(prepared.passages[passages[i]], score=float(best[i])) for i in order)


def rank_quotes(
    prepared: Prepared, passages: NDArray[np.int64], fused: NDArray[np.float64], spans: Sequence[Span]
) -> list[Span]:
    """The quotes, best first; `passages` and `fused` as for `rank_passages`, every quote's passage among them."""
    probabilities = np.asarray([span.strength for span in spans], dtype=np.float64)
    homes = prepared.unit_passage[np.asarray([span.best for span in spans], dtype=np.int64)]
    near = _near(fused[np.searchsorted(passages, homes)], fused)
    return [spans[place] for place in _order(probabilities, near, NEAR_QUOTES)]


def _near(scores: NDArray[np.float64], fused: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logarithm of these scores as shares of the highest fused one."""
    return np.asarray(np.log(scores / max(fused.max(initial=0.0), 1e-9) + _NEAR_FLOOR))


def _order(probabilities: NDArray[np.float64], near: NDArray[np.float64], weight: float) -> NDArray[np.int64]:
    """Places by log-odds and `weight` times nearness, best first."""
    odds = np.log((probabilities + _ODDS_FLOOR) / (1 - probabilities + _ODDS_FLOOR))
    return np.argsort(-(odds + weight * near), kind="stable").astype(np.int64)
