"""Figures with 95 % bootstrap intervals, all resamples computed at once.

Rows belong to units (documents; criteria in a collection) and units are resampled with replacement, because rows of
one document resemble each other. Every metric here is a function of weighted sums over units, so one matrix product
gives all resamples: row 0 of each result is the point estimate, the others are the resamples. An undefined value
(nothing to divide by) is NaN here and null in JSON. Percentile intervals: Efron & Tibshirani 1993, chapter 13.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

RESAMPLES = 1000
"""Enough for two stable digits of a 95 % percentile interval (Efron & Tibshirani 1993, 1,000 to 2,000)."""

SEED = 20261122
"""One seed for all intervals: the same rows give the same interval."""

ECE_BINS = 10
"""Equal-width bins of [0, 1], the usual choice since Guo et al. 2017."""

Floats = npt.NDArray[np.float64]
Figure = dict[str, float | None]


class Weighing:
    """Metrics of rows under several weightings of the units that the rows belong to.

    `unit` is the number of each row's unit; `weights` has a line for each weighting and a column for each unit, and its
    first line gives the point estimate. Every metric is of shape (weightings,).
    """

    def __init__(self, unit: npt.NDArray[np.int64], weights: Floats) -> None:
        self._unit, self._weights = unit, weights
        self._count = weights.shape[1]

    def sums(self, values: npt.ArrayLike) -> Floats:
        """Sums of the rows' values (shape rows x columns) in each resample: shape (1 + resamples) x columns."""
        table = np.asarray(values, dtype=np.float64)
        table = table[:, None] if table.ndim == 1 else table
        per_unit = np.zeros((self._count, table.shape[1]))
        np.add.at(per_unit, self._unit, table)
        totals: Floats = self._weights @ per_unit
        return totals

    def mean(self, values: npt.ArrayLike) -> Floats:
        """Mean over rows; rows whose value is NaN do not count."""
        column = np.asarray(values, dtype=np.float64)
        known = ~np.isnan(column)
        sums = self.sums(np.stack([np.where(known, column, 0.0), known], axis=1))
        return ratio(sums[:, 0], sums[:, 1])

    def binary(self, actual: npt.ArrayLike, called: npt.ArrayLike) -> dict[str, Floats]:
        """Precision, recall, F1 and balanced accuracy of a yes/no call."""
        truth, call = np.asarray(actual, dtype=bool), np.asarray(called, dtype=bool)
        cells = np.stack([truth & call, ~truth & call, truth & ~call, ~truth & ~call], axis=1)
        hits, wrong, missed, right = self.sums(cells).T
        recall = ratio(hits, hits + missed)
        some = hits + missed > 0  # without a single yes, precision and F1 would only repeat that fact
        return {
            "precision": np.where(some, ratio(hits, hits + wrong), np.nan),
            "recall": recall,
            "f1": np.where(some, ratio(2 * hits, 2 * hits + wrong + missed), np.nan),
            "balanced_accuracy": (recall + ratio(right, right + wrong)) / 2,
        }

    def auroc(self, actual: npt.ArrayLike, scores: npt.ArrayLike) -> Floats:
        """Chance that a random yes scores above a random no; ties count half."""
        truth, score = np.asarray(actual, dtype=bool), np.asarray(scores, dtype=np.float64)
        if len(truth) == 0:
            return np.full(len(self._weights), np.nan)
        order = np.argsort(score, kind="stable")
        weights = self._weights[:, self._unit[order]]
        ordered = score[order]
        starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        yes = np.add.reduceat(weights * truth[order], starts, axis=1)
        no = np.add.reduceat(weights * ~truth[order], starts, axis=1)
        below = np.cumsum(no, axis=1) - no
        return ratio((yes * (below + no / 2)).sum(axis=1), yes.sum(axis=1) * no.sum(axis=1))

    def macro_f1(self, actual: Sequence[str], called: Sequence[str]) -> Floats:
        """Mean F1 over the classes that occur in `actual`; in a resample, over those that occur there."""
        if not actual:
            return np.full(len(self._weights), np.nan)
        truth, call = np.asarray(actual), np.asarray(called)
        scores = []
        for name in sorted(set(actual)):
            cells = np.stack([(truth == name) & (call == name), truth == name, call == name], axis=1)
            hits, real, claimed = self.sums(cells).T
            scores.append(np.where(real > 0, ratio(2 * hits, real + claimed), np.nan))
        return _nanmean(np.stack(scores))

    def calibration_error(self, strengths: npt.ArrayLike, right: npt.ArrayLike) -> Floats:
        """Expected calibration error: mean distance of stated strength and observed share over equal-width bins."""
        stated, observed = np.asarray(strengths, dtype=np.float64), np.asarray(right, dtype=np.float64)
        bins = bin_of(stated)
        one_hot = np.eye(ECE_BINS)[bins]
        count = self.sums(one_hot)
        distance = np.abs(self.sums(one_hot * stated[:, None]) - self.sums(one_hot * observed[:, None]))
        return ratio(distance.sum(axis=1), count.sum(axis=1))


class Resampler(Weighing):
    """Resamples of the units that some rows belong to.

    >>> Resampler(["a", "a", "b"], resamples=0).mean([1.0, 0.0, 0.5]).tolist()
    [0.5]
    """

    def __init__(self, units: Sequence[str], resamples: int = RESAMPLES, seed: int = SEED) -> None:
        unit, count = numbered(units)
        super().__init__(unit, drawn(count, resamples, seed))


def numbered(units: Sequence[str]) -> tuple[npt.NDArray[np.int64], int]:
    """The number of each row's unit, and how many units there are; in a single document each row is one."""
    names = sorted(set(units))
    if len(names) == 1:
        # A single document: its rows are all there is to resample.
        return np.arange(len(units), dtype=np.int64), len(units)
    position = {name: index for index, name in enumerate(names)}
    return np.array([position[unit] for unit in units], dtype=np.int64), len(names)


def drawn(count: int, resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """How often each of `count` units is drawn: once in line 0, with replacement in the others."""
    resamples = resamples if count > 1 else 0  # one row alone has no spread to estimate
    weights = np.ones((1 + resamples, count))
    if resamples:
        draws = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=resamples)
        weights[1:] = draws
    return weights


def reliability(strengths: npt.ArrayLike, right: npt.ArrayLike) -> list[dict[str, float]]:
    """The reliability curve: for each bin that is not empty its range, count, mean strength and observed share."""
    stated, observed = np.asarray(strengths, dtype=np.float64), np.asarray(right, dtype=np.float64)
    bins = bin_of(stated)
    rows = []
    for index in sorted(set(bins.tolist())):
        inside = bins == index
        rows.append(
            {
                "from": index / ECE_BINS,
                "to": (index + 1) / ECE_BINS,
                "count": int(inside.sum()),
                "strength": round(float(stated[inside].mean()), 4),
                "observed": round(float(observed[inside].mean()), 4),
            }
        )
    return rows


def bin_of(strengths: Floats) -> npt.NDArray[np.int64]:
    """The reliability bin of each strength; 1.0 falls in the last one."""
    bins: npt.NDArray[np.int64] = np.minimum((strengths * ECE_BINS).astype(np.int64), ECE_BINS - 1)
    return bins


def ratio(above: npt.ArrayLike, below: npt.ArrayLike) -> Floats:
    """Quotient that is NaN where there is nothing to divide by."""
    top, bottom = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    quotient: Floats = np.divide(top, bottom, out=np.full(np.broadcast(top, bottom).shape, np.nan), where=bottom != 0)
    return quotient


def figure(values: Floats, digits: int = 4) -> Figure:
    """`{"value", "low", "high"}` from a point estimate and its resamples; null where undefined."""
    value = _number(values[0], digits)
    known = values[1:][~np.isnan(values[1:])]
    if value is None or len(known) == 0:
        return {"value": value, "low": None, "high": None}
    low, high = np.percentile(known, [2.5, 97.5])
    return {"value": value, "low": _number(low, digits), "high": _number(high, digits)}


def figures(block: dict[str, Floats]) -> dict[str, Any]:
    """A block of metrics as JSON figures."""
    return {name: figure(values) for name, values in block.items()}


def _nanmean(table: Floats) -> Floats:
    known = ~np.isnan(table)
    return ratio(np.where(known, table, 0.0).sum(axis=0), known.sum(axis=0))


def _number(value: float, digits: int) -> float | None:
    return None if math.isnan(value) else round(float(value), digits)
