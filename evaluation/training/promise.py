"""Thresholds for three answers with a bound: of the requirements called a gap, at most a stated share has evidence.

The bound is measured on predictions by models that never saw the document in question. Pairs that hang on one document
or ask for one criterion hang together, so that a bound which takes each for itself (Clopper and Pearson's) is too
narrow: documents and criteria are drawn again as wholes, both at once (Owen 2007, the pigeonhole bootstrap; Field and
Welsh 2007), and the wider of the bounds is the one that counts.

Thresholds are tested in an order that is fixed before the answers are looked at, until the first that fails: then the
chance that any that was kept breaks the promise is no more than that of one test (fixed-sequence testing, Maurer et al.
1995), and among the kept ones the best may be chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.judge.promise import CONFIDENCE, FEWEST, WRONG_GAPS_AT_MOST, WRONG_SUPPORT_AT_MOST, upper_bound

FEWEST_SUPPORTED = 50
"""Pairs above a threshold of support; too few lie there to bound the share of wrong ones, so it is held as observed."""
FIRST_SHARE = 0.1
"""Share of the pairs that the first tested threshold calls, or more: of fewer a bound is wide whatever the answers are,
and the tests would end there."""
_STEP = 0.01
_AS_GOOD = 0.01
"""Balanced accuracies this near are the same: of equal thresholds the one that leaves least to a person is taken."""
_DRAWS = 1_000
_SEED = 20261127
BOUND = (
    "Thresholds are tested in a fixed order until the first that fails; one passes when Clopper and Pearson's upper "
    "limit (1934) and the limit when whole documents and whole criteria are drawn again, both at once, keep the bound."
)
"""How the promise came about, for the card of the weights."""
Members = Sequence[str | tuple[str, ...]]
"""For each pair the name of what it hangs on, or several names that share it."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A requirement is a gap below `gap_below` and supported from `supported_from`; `sentence` says what that means.

    `wrong_gaps` is the limit at this very threshold, which no sentence states: only the promised share was tested.
    """

    gap_below: float
    supported_from: float
    wrong_gaps: float
    sentence: str


def fit_promise(
    predicted: NDArray[np.float64],
    present: NDArray[np.int8],
    names: Sequence[str],
    own: str = "",
    clusters: Sequence[Members] = (),
    wrong_gaps: float = WRONG_GAPS_AT_MOST,
    wrong_support: float = WRONG_SUPPORT_AT_MOST,
) -> Promise:
    """The thresholds that tell gaps from evidence best, among those that keep the bound on wrong gaps.

    Best is the highest balanced accuracy, averaged over the sets so that none dominates; of thresholds that are as good
    the highest is taken. The bound is kept on the set `own`: sites judged by the product's own catalogue, which is what
    a user has (on all pairs where it is not there). Each of `clusters` names what every pair hangs together with (its
    documents, its criterion). Where no threshold keeps the bound, no gap is called without a person. Supported is what
    lies above the lowest threshold from which the observed share of wrong ones is small enough.
    """
    sets = np.asarray(names)
    mine = sets == own if own in names else np.ones(len(sets), dtype=bool)
    steps = np.round(np.arange(_STEP, 1.0, _STEP), 2)
    where_mine = [int(number) for number in np.flatnonzero(mine)]
    drawn = cluster_draws([[members[number] for number in where_mine] for members in clusters]) if clusters else None
    kept: list[tuple[float, float, int, float]] = []
    for threshold in steps:
        below = predicted[mine] < threshold
        if below.sum() < max(FEWEST, FIRST_SHARE * mine.sum()):
            continue
        wrong = below & (present[mine] == 1)
        limit = upper_bound(int(wrong.sum()), int(below.sum()))
        limit = max(limit, drawn(wrong, below)) if drawn else limit
        if limit > wrong_gaps:
            break
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
        f"Gaps here are wrong at most {wrong_gaps:.0%} of the time (95 % confidence), measured on {called:,} "
        f"gaps of {where} by models that had not seen the documents."
        if as_good
        else f"No gap is called here without a person: on {where} none could be called and few enough be wrong."
    )
    return Promise(gap_below, supported_from, bound, sentence)


def cluster_draws(clusters: Sequence[Members]) -> Callable[[NDArray[np.bool_], NDArray[np.bool_]], float]:
    """A bound for pairs of these clusters: (wrong, called) to the share's upper limit at `CONFIDENCE`.

    The members of each cluster are drawn with replacement as wholes, all clusters at once, the same draws for every
    threshold: a pair weighs the product of how often its members were drawn (their mean, where it hangs on several of
    one cluster). Draws that call nothing say nothing.
    """
    rng = np.random.default_rng(_SEED)
    weights = np.ones((_DRAWS, len(clusters[0])), dtype=np.float32)
    for members in clusters:
        each = [(one,) if isinstance(one, str) else one for one in members]
        number = {name: index for index, name in enumerate(sorted({name for names in each for name in names}))}
        counts = rng.multinomial(len(number), np.full(len(number), 1 / len(number)), _DRAWS).astype(np.float32)
        for pair, names in enumerate(each):
            weights[:, pair] *= counts[:, [number[name] for name in names]].mean(axis=1)

    def bound(wrong: NDArray[np.bool_], called: NDArray[np.bool_]) -> float:
        wrong_drawn, called_drawn = weights[:, wrong].sum(axis=1), weights[:, called].sum(axis=1)
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
