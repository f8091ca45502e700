"""Two results against each other on the same pairs: mean difference, its 95 % interval, and a permutation test.

Rows of one document (criterion in a collection) are resampled and flipped together, because they resemble each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import EvaluationError
from evaluation.metrics import RESAMPLES, SEED, Resampler, figure
from evaluation.result import read_rows

FLIPS = 2000
"""Random sign flips of the permutation test: p values down to 0.0005."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`after` minus `before` for one metric of one set; `p` is two-sided under "no difference"."""

    set: str
    metric: str
    pairs: int
    before: float
    after: float
    difference: float
    low: float | None
    high: float | None
    p: float


def compare(before: Path, after: Path) -> list[Difference]:
    """All metrics that both results have rows for. Raises `EvaluationError` when they share no pair."""
    return compare_rows(read_rows(before), read_rows(after))


def compare_rows(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> list[Difference]:
    """As `compare`, from the rows themselves."""
    old = {_key(row): row for row in before}
    shared: dict[tuple[str, str], list[tuple[str, float, float]]] = {}
    for row in after:
        partner = old.get(_key(row))
        if partner is None:
            continue
        for metric, value in row["scores"].items():
            if metric in partner["scores"]:
                entry = (row["unit"], float(partner["scores"][metric]), float(value))
                shared.setdefault((row["set"], metric), []).append(entry)
    if not shared:
        raise EvaluationError("The two results share no judged pair: compare results on the same sets.")
    return [_difference(name, metric, entries) for (name, metric), entries in shared.items()]


def _difference(name: str, metric: str, entries: Sequence[tuple[str, float, float]]) -> Difference:
    units = [unit for unit, _, _ in entries]
    deltas = np.array([new - old for _, old, new in entries])
    interval = figure(Resampler(units, RESAMPLES).mean(deltas))
    return Difference(
        set=name,
        metric=metric,
        pairs=len(entries),
        before=round(float(np.mean([old for _, old, _ in entries])), 4),
        after=round(float(np.mean([new for _, _, new in entries])), 4),
        difference=round(float(deltas.mean()), 4),
        low=interval["low"],
        high=interval["high"],
        p=_permutation(units, deltas),
    )


def _permutation(units: Sequence[str], deltas: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    names = sorted(set(units))
    if len(names) == 1:  # one document: its pairs are all there is to flip
        sums: np.ndarray[Any, Any] = deltas
    else:
        position = {unit: index for index, unit in enumerate(names)}
        sums = np.bincount([position[unit] for unit in units], weights=deltas, minlength=len(names))
    signs = np.random.default_rng(SEED).choice((-1.0, 1.0), size=(FLIPS, len(sums)))
    seen = abs(sums.sum())
    # The small slack keeps equal sums equal after floating-point addition in another order.
    as_large = int((np.abs(signs @ sums) >= seen - 1e-12).sum())
    return round((as_large + 1) / (FLIPS + 1), 4)


def _key(row: dict[str, Any]) -> tuple[str, str, str, str]:
    return row["set"], row["row"], row["document"], row["requirement"]
