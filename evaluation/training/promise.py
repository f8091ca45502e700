"""Thresholds for three answers with a bound: of the requirements called a gap, at most a stated share has evidence.

The bound is measured on predictions by models that never saw the document in question. Pairs of one site or of one
criterion hang together, so that a bound which takes each for itself (Clopper and Pearson's) is too narrow: sites and
criteria are drawn again as wholes (Field and Welsh 2007), and the widest of the bounds is the one that is stated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.judge.promise import CONFIDENCE, FEWEST, WRONG_GAPS_AT_MOST, WRONG_SUPPORT_AT_MOST, upper_bound

FEWEST_SUPPORTED = 50
"""Pairs above a threshold of support; too few lie there to bound the share of wrong ones, so it is held as observed."""
_STEP = 0.01
_AS_GOOD = 0.01
"""Balanced accuracies this near are the same: of equal thresholds the one that leaves least to a person is taken."""
_DRAWS = 1_000
_SEED = 20261127


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
    clusters: Sequence[Sequence[str]] = (),
    wrong_gaps: float = WRONG_GAPS_AT_MOST,
    wrong_support: float = WRONG_SUPPORT_AT_MOST,
) -> Promise:
    """The thresholds that tell gaps from evidence best, among those that keep the bound on wrong gaps.

    Best is the highest balanced accuracy, averaged over the sets so that none dominates; of thresholds that are as good
    the highest is taken. The bound is kept on the set `own`: sites judged by the product's own catalogue, which is what
    a user has (on all pairs where it is not there). Each of `clusters` names what every pair hangs together with (its
    site, its criterion). Where no threshold keeps the bound, no gap is called without a person. Supported is what lies
    above the lowest threshold from which the observed share of wrong ones is small enough.
    """
    sets = np.asarray(names)
    mine = sets == own if own in names else np.ones(len(sets), dtype=bool)
    steps = np.round(np.arange(_STEP, 1.0, _STEP), 2)
    draws = [cluster_draws(np.asarray(labels)[mine]) for labels in clusters]
    kept: list[tuple[float, float, int, float]] = []
    for threshold in steps:
        below = predicted[mine] < threshold
        if below.sum() < FEWEST:
            continue
        wrong = below & (present[mine] == 1)
        limit = max([upper_bound(int(wrong.sum()), int(below.sum())), *(draw(wrong, below) for draw in draws)])
        if limit <= wrong_gaps:
            accuracy = _balanced_accuracy(predicted < threshold, present, sets)
            kept.append((float(threshold), limit, int(below.sum()), accuracy))
    best = max((accuracy for *_, accuracy in kept), default=0.0)
    as_good = [row[:3] for row in kept if row[3] >= best - _AS_GOOD]
    gap_below, bound, called = as_good[-1] if as_good else (0.0, 0.0, 0)
    supported_from = 1.0
    for threshold in steps[::-1]:
        above = mine & (predicted >= threshold)
        if above.sum() >= FEWEST_SUPPORTED and (present[above] == 0).mean() <= wrong_support:
            supported_from = float(threshold)
    supported_from = max(supported_from, gap_below)
    where = "sites drawn from public texts of copper producers" if own in names else "labelled collections"
    sentence = (
        f"Gaps here are wrong at most {math.ceil(100 * bound)}% of the time (95 % confidence), measured on {called:,} "
        f"gaps of {where} by models that had not seen the documents."
        if as_good
        else f"No gap is called here without a person: on {where} none could be called and few enough be wrong."
    )
    return Promise(gap_below, supported_from, bound, sentence)


def cluster_draws(labels: NDArray[np.str_]) -> Callable[[NDArray[np.bool_], NDArray[np.bool_]], float]:
    """A bound for pairs of these clusters: (wrong, called) to the share's upper limit at `CONFIDENCE`.

    Whole clusters are drawn with replacement, the same draws for every threshold; draws that call nothing say nothing.
    """
    found, numbers = np.unique(labels, return_inverse=True)
    drawn = np.random.default_rng(_SEED).integers(0, len(found), (_DRAWS, len(found)))

    def bound(wrong: NDArray[np.bool_], called: NDArray[np.bool_]) -> float:
        parts = (np.bincount(numbers[which], minlength=len(found))[drawn].sum(axis=1) for which in (wrong, called))
        wrong_drawn, called_drawn = parts
        some = called_drawn > 0
        return float(np.quantile(wrong_drawn[some] / called_drawn[some], CONFIDENCE)) if some.any() else 1.0

    return bound


def _balanced_accuracy(called: NDArray[np.bool_], present: NDArray[np.int8], sets: NDArray[np.str_]) -> float:
    """Mean over the sets of the mean of both rates of being right."""
    values = []
    for name in np.unique(sets):
        here = sets == name
        gaps, others = here & (present == 0), here & (present == 1)
        if gaps.any() and others.any():
            values.append((called[gaps].mean() + (~called[others]).mean()) / 2)
    return float(np.mean(values)) if values else 0.0
