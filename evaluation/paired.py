"""What two results are compared by, and how one metric of the same set is compared.

A metric is a function of weighted rows (`evaluation.metrics.Weighing`), so means and ratios (F1, balanced accuracy,
area under the curve, calibration error) are treated alike: the interval draws the same documents for both results, and
the permutation test swaps the two results of whole documents (Good 2005, chapter 3), because rows of one document
resemble each other. For a mean that is the test of random sign flips.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assistant.models import Status
from evaluation.kinds import PRACTICE
from evaluation.metrics import RESAMPLES, SEED, Figure, Floats, Weighing, drawn, figure, numbered
from evaluation.rows import CALLED_CONTRADICTED, CALLED_EVIDENCE, CALLED_GAP
from evaluation.sets import WHOLE_COLLECTION

Row = dict[str, Any]
Rows = Sequence[Row]
Score = Callable[[Weighing, Rows], Floats]

SWAPS = 10_000
"""Random swaps of the permutation test: p values down to 0.0001, so that one can stay small among some hundreds."""

_CHUNK = 500
"""Swaps computed at once: they need memory for each row."""


@dataclass(frozen=True)
class Metric:
    """A metric of the result by its name there: of which rows, in which scope, what these must have."""

    name: str
    row: str
    score: Score
    needs: tuple[str, ...] = ()
    scope: str = ""
    keeps: Callable[[Row, str], bool] = field(default=lambda row, scope: True)


def _binary(actual: Callable[[Row], bool], called: Callable[[Row], bool], part: str) -> Score:
    return lambda sample, rows: sample.binary([actual(row) for row in rows], [called(row) for row in rows])[part]


def _is(name: str, value: str) -> Callable[[Row], bool]:
    return lambda row: bool(row[name] == value)


def _of_site(row: Row, scope: str) -> bool:
    """Whether the row's status is that of a whole site: it says nothing of one document among several."""
    return scope == "document" or row["document"] == WHOLE_COLLECTION


def _false_gaps(sample: Weighing, rows: Rows) -> Floats:
    return sample.mean([np.nan if row["verdict"] == CALLED_GAP else row["called"] == CALLED_GAP for row in rows])


def _gap_auroc(sample: Weighing, rows: Rows) -> Floats:
    return sample.auroc([row["verdict"] == CALLED_GAP for row in rows], [1 - row["strength"] for row in rows])


def _finding_error(sample: Weighing, rows: Rows) -> Floats:
    return sample.calibration_error([row["strength"] for row in rows], [row["verdict"] != CALLED_GAP for row in rows])


def _proposal_error(sample: Weighing, rows: Rows) -> Floats:
    return sample.calibration_error([row["strength"] for row in rows], [row["relevant"] for row in rows])


def _kind_f1(sample: Weighing, rows: Rows) -> Floats:
    return sample.macro_f1([row["kind"] for row in rows], [row["found_kind"] for row in rows])


def _practice_f1(sample: Weighing, rows: Rows) -> Floats:
    called = ["Yes" if row["strength"] >= PRACTICE else "No" for row in rows]
    return sample.macro_f1([row["verdict"] for row in rows], called)


def _practice_auroc(sample: Weighing, rows: Rows) -> Floats:
    return sample.auroc([row["verdict"] == "Yes" for row in rows], [row["strength"] for row in rows])


def _practice_error(sample: Weighing, rows: Rows) -> Floats:
    return sample.calibration_error([row["strength"] for row in rows], [row["verdict"] == "Yes" for row in rows])


_GAP, _CALLED_GAP = _is("verdict", CALLED_GAP), _is("called", CALLED_GAP)
_AGAINST, _CALLED_AGAINST = _is("verdict", CALLED_CONTRADICTED), _is("called", CALLED_CONTRADICTED)
_REAL, _SUPPORTED = _is("verdict", CALLED_EVIDENCE), _is("status", Status.SUPPORTED.value)

RATIOS: tuple[Metric, ...] = (
    *(Metric(f"gap.{part}", "pair", _binary(_GAP, _CALLED_GAP, part)) for part in ("precision", "recall", "f1")),
    Metric("gap.balanced_accuracy", "pair", _binary(_GAP, _CALLED_GAP, "balanced_accuracy")),
    Metric("gap.auroc", "pair", _gap_auroc),
    Metric("gap.false_gap_rate", "pair", _false_gaps),
    *(
        Metric(f"supported.{part}", "pair", _binary(_REAL, _SUPPORTED, part), keeps=_of_site)
        for part in ("precision", "recall")
    ),
    *(
        Metric(f"contradicted.{part}", "pair", _binary(_AGAINST, _CALLED_AGAINST, part))
        for part in ("precision", "recall", "f1")
    ),
    *(
        Metric(f"pairs.{part}", "pair", _binary(_REAL, lambda row: bool(row["here"]), part), ("here",), "collection")
        for part in ("precision", "recall", "f1")
    ),
    Metric("kinds.macro_f1", "kind", _kind_f1),
    Metric("calibration.ece", "proposal", _proposal_error),
    Metric("calibration.ece_finding", "pair", _finding_error),
    Metric("kinds.macro_f1", "passage", _practice_f1),
    Metric("kinds.auroc", "passage", _practice_auroc),
    Metric("kinds.ece", "passage", _practice_error),
)
"""The metrics that are no means of rows."""


def mean_of(name: str) -> Score:
    """The mean of a score that the rows hold."""
    return lambda sample, rows: sample.mean([row["scores"][name] for row in rows])


@dataclass(frozen=True, slots=True)
class Change:
    """A metric before and after; `interval` and two-sided `p` are of the difference."""

    before: float
    after: float
    interval: Figure
    p: float


def change(score: Score, before: Rows, after: Rows, *, aligned: bool) -> Change | None:
    """How a metric of the same pairs changed; nothing where it is undefined in one result.

    `aligned` says that both have the same rows in the same order: then the rows of a single document are swapped one by
    one, else there is nothing to swap and `p` is 1.
    """
    if not before or not after:
        return None
    names = [row["unit"] for row in before] + ([] if aligned else [row["unit"] for row in after])
    if aligned:
        old, count = numbered(names)
        new = old
    else:
        position = {name: number for number, name in enumerate(sorted(set(names)))}
        old, new = (np.asarray([position[row["unit"]] for row in rows], dtype=np.int64) for rows in (before, after))
        count = len(position)
    draws = drawn(count, RESAMPLES)
    was, now = score(Weighing(old, draws), before), score(Weighing(new, draws), after)
    if np.isnan(was[0]) or np.isnan(now[0]):
        return None
    both, units = [*before, *after], np.concatenate([old, count + new])
    seen, as_large = abs(now[0] - was[0]), 0
    for swaps in _swaps(count):
        kept = np.hstack([1 - swaps, swaps])
        other = np.hstack([swaps, 1 - swaps])
        moved = np.abs(score(Weighing(units, other), both) - score(Weighing(units, kept), both))
        # The small slack keeps equal values equal after floating-point addition in another order; what is undefined
        # when swapped says nothing against chance.
        as_large += int((np.isnan(moved) | (moved >= seen - 1e-12)).sum())
    return Change(float(was[0]), float(now[0]), figure(now - was), (as_large + 1) / (SWAPS + 1))


def _swaps(count: int) -> Iterator[Floats]:
    """Which of `count` units are swapped, `SWAPS` lines in chunks."""
    chance = np.random.default_rng(SEED)
    for _ in range(SWAPS // _CHUNK):
        yield chance.integers(0, 2, size=(_CHUNK, count)).astype(np.float64)
