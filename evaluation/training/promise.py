"""Thresholds for three answers with a bound: of the requirements called a gap, at most a stated share has evidence.

The bound is that of `assistant.judge.promise`, on predictions by models that never saw the document in question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.judge.promise import FEWEST, WRONG_GAPS_AT_MOST, WRONG_SUPPORT_AT_MOST, upper_bound

_STEP = 0.01
_AS_GOOD = 0.01
"""Balanced accuracies this near are the same: of equal thresholds the one that leaves least to a person is taken."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A requirement is a gap below `gap_below` and supported from `supported_from`; `sentence` says what that means."""

    gap_below: float
    supported_from: float
    wrong_gaps: float
    sentence: str


def fit_promise(
    predicted: NDArray[np.float64],
    present: NDArray[np.int8],
    names: Sequence[str],
    own: str = "",
    wrong_gaps: float = WRONG_GAPS_AT_MOST,
    wrong_support: float = WRONG_SUPPORT_AT_MOST,
) -> Promise:
    """The thresholds that tell gaps from evidence best, among those that keep the two bounds.

    Best is the highest balanced accuracy, averaged over the sets so that none dominates; of thresholds that are as good
    the highest is taken. The bounds are kept on the set
    `own`: sites judged by the product's own catalogue, which is what a user has (on all pairs where it is not there).
    Where no threshold keeps a bound, the region is empty: everything goes to a person.
    """
    sets = np.asarray(names)
    mine = sets == own if own in names else np.ones(len(sets), dtype=bool)
    steps = np.round(np.arange(_STEP, 1.0, _STEP), 2)
    kept: list[tuple[float, float, int, float]] = []
    for threshold in steps:
        below = mine & (predicted < threshold)
        if below.sum() < FEWEST:
            continue
        limit = upper_bound(int(present[below].sum()), int(below.sum()))
        if limit <= wrong_gaps:
            accuracy = _balanced_accuracy(predicted < threshold, present, sets)
            kept.append((float(threshold), limit, int(below.sum()), accuracy))
    best = max((accuracy for *_, accuracy in kept), default=0.0)
    as_good = [row[:3] for row in kept if row[3] >= best - _AS_GOOD]
    gap_below, bound, called = as_good[-1] if as_good else (0.0, 0.0, 0)
    supported_from = 1.0
    for threshold in steps[::-1]:
        above = mine & (predicted >= threshold)
        if above.sum() < FEWEST:
            continue
        if upper_bound(int((1 - present[above]).sum()), int(above.sum())) <= wrong_support:
            supported_from = float(threshold)
    supported_from = max(supported_from, gap_below)
    where = "sites drawn from public texts of copper producers" if own in names else "labelled collections"
    sentence = (
        f"Gaps here are wrong at most {bound:.0%} of the time (95 % confidence), measured on {called:,} gaps of "
        f"{where} by models that had not seen the documents."
    )
    return Promise(gap_below, supported_from, bound, sentence)


def _balanced_accuracy(called: NDArray[np.bool_], present: NDArray[np.int8], sets: NDArray[np.str_]) -> float:
    """Mean over the sets of the mean of both rates of being right."""
    values = []
    for name in np.unique(sets):
        here = sets == name
        gaps, others = here & (present == 0), here & (present == 1)
        if gaps.any() and others.any():
            values.append((called[gaps].mean() + (~called[others]).mean()) / 2)
    return float(np.mean(values)) if values else 0.0
