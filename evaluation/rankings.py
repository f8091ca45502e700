"""Scores of one ranking against gold quotes: hit@k, recall@k, average precision, nDCG@10.

An item of a ranking is relevant when it finds at least one gold quote; its gain is the highest grade among those (1 in
sets without grades). `recall@k` counts gold quotes, the others count items.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluation.letters import Flags

HIT_DEPTHS = (1, 5)
RECALL_DEPTHS = (5, 10, 20)
NDCG_DEPTH = 10

RANKING_METRICS: tuple[str, ...] = (
    *(f"hit@{depth}" for depth in HIT_DEPTHS),
    *(f"recall@{depth}" for depth in RECALL_DEPTHS),
    "map",
    f"ndcg@{NDCG_DEPTH}",
)


def score_ranking(finds: Flags, grades: Sequence[float], pool: Flags | None = None) -> dict[str, float]:
    """Scores of one ranking. `finds` has shape (items, golds), best item first.

    `pool` (all passages, golds) gives what could have been ranked: then average precision and nDCG are measured
    against all relevant passages. Without it, as for quotes, which are not drawn from a fixed pool, each gold quote
    that no item finds counts as one relevant item that never came.
    """
    gains = _gains(finds, grades)
    relevant = gains > 0
    first_found = first_ranks(finds)
    scores = {f"hit@{depth}": float(relevant[:depth].any()) for depth in HIT_DEPTHS}
    scores |= {f"recall@{depth}": float((first_found <= depth).mean()) for depth in RECALL_DEPTHS}
    if pool is None:
        missing = np.asarray(grades, dtype=np.float64)[np.isinf(first_found)]
        possible = np.concatenate([gains[relevant], missing])
    else:
        possible = _gains(pool, grades)
        possible = possible[possible > 0]
        if len(possible) < relevant.sum():  # an engine with windows of its own can rank more than the pool holds
            possible = gains[relevant]
    places = np.flatnonzero(relevant) + 1
    precisions = np.arange(1, len(places) + 1) / places
    scores["map"] = float(precisions.sum() / len(possible)) if len(possible) else 0.0
    ideal = _discounted(np.sort(possible)[::-1])
    scores[f"ndcg@{NDCG_DEPTH}"] = _discounted(gains) / ideal if ideal else 0.0
    return scores


def first_ranks(finds: Flags) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """For each gold quote the rank (1 is best) of the first item that finds it; infinity when none does."""
    if finds.shape[0] == 0:
        return np.full(finds.shape[1], np.inf)
    return np.where(finds.any(axis=0), finds.argmax(axis=0) + 1.0, np.inf)


def _gains(finds: Flags, grades: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if finds.size == 0:
        return np.zeros(finds.shape[0])
    gains: np.ndarray[tuple[int], np.dtype[np.float64]] = (finds * np.asarray(grades, dtype=np.float64)).max(axis=1)
    return gains


def _discounted(gains: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    top = gains[:NDCG_DEPTH]
    return float((top / np.log2(np.arange(2, len(top) + 2))).sum())
