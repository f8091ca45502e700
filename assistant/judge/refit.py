"""Calibration and thresholds fitted again to what people decided in one workspace.

The shipped figures were measured on other collections. Once a workspace has enough decisions of its own, the
probability that a requirement has evidence is calibrated on them, drawn towards the shipped calibration, and the
thresholds of the three answers are tested on them. It only makes the tool more careful about what it calls supported;
a gap is called at a higher probability than before only where the decisions bear it out.

A pure function of the decisions: the same ones give the same values, which a run records.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.judge.evidence_model import EvidenceModel
from assistant.judge.promise import (
    CONFIDENCE,
    FEWEST,
    WRONG_GAPS_AT_MOST,
    WRONG_SUPPORT_AT_MOST,
    lower_bound,
    upper_bound,
)

LEAST_DECIDED = 40
"""Decided requirements below which nothing is fitted: two parameters from fewer are noise (Peduzzi et al. 1996 ask for
ten events a parameter), and of fewer than 20 gaps no bound can be shown with one mistake among them."""
LEAST_EACH = 10
"""Of them, at least so many with evidence and so many without: a calibration needs both sides."""
WORTH = 20
"""Decisions that the shipped calibration weighs as much as: half of the fewest that are fitted."""
_SHIFT_PRECISION = WORTH * 0.25
_SCALE_PRECISION = WORTH * 0.42
"""Information of one decision on the shift at even odds, p(1-p), and on the scale at log-odds of two, 4 p(1-p)."""
_LEAST_SCALE = 0.2
"""The order of requirements must stay: a scale of nothing would make all alike."""
_LEAST = 1e-4
_STEPS = 50
_CLOSE = 1e-10
_HALVED = 1.0 - (1.0 - CONFIDENCE) / 2
"""Two searches share the risk of being wrong (Bonferroni)."""
_SCALE, _SHIFT = "refit_scale", "refit_shift"


@dataclass(frozen=True, slots=True)
class Decided:
    """A requirement a person decided on: the shipped model's probability, and whether there is evidence."""

    prior: float
    present: bool


@dataclass(frozen=True, slots=True)
class Refit:
    """What was fitted. Thresholds are on the shipped model's scale; `calibrated` takes a probability to the new one."""

    scale: float
    shift: float
    gap_below: float
    supported_from: float
    decisions: int
    sentence: str

    def calibrated(self, prior: float) -> float:
        """The shipped model's probability as this workspace's decisions calibrate it."""
        return _sigmoid(self.scale * _logit(prior) + self.shift)

    def recorded(self) -> dict[str, str]:
        """The fitted values as a run records them; `repr` of a float gives the same float back."""
        return {
            _SCALE: repr(self.scale),
            _SHIFT: repr(self.shift),
            "refit_gap_below": repr(self.gap_below),
            "refit_supported_from": repr(self.supported_from),
            "refit_decisions": str(self.decisions),
        }

    def apply(self, model: EvidenceModel) -> EvidenceModel:
        """The model with these values in the place of its own; its version says so."""
        digest = hashlib.sha256(repr(sorted(self.recorded().items())).encode()).hexdigest()[:8]
        card = {
            **model.card,
            "gap_below": self.calibrated(self.gap_below) if self.gap_below > 0 else 0.0,
            "supported_from": self.calibrated(self.supported_from) if self.supported_from < 1 else 1.0,
            "promise": self.sentence,
        }
        return replace(
            self._recalibrated(model),
            card=card,
            version=f"{model.version}+{digest}",
            abroad=None if model.abroad is None else self._recalibrated(model.abroad),
        )

    def _recalibrated(self, model: EvidenceModel) -> EvidenceModel:
        return replace(
            model,
            prior_weights=(model.prior_weights * self.scale).astype(np.float32),
            prior_bias=model.prior_bias * self.scale + self.shift,
        )


def shipped_prior(prior: float, settings: Mapping[str, str]) -> float:
    """The shipped model's probability behind one of a run with these recorded settings."""
    if _SCALE not in settings:
        return prior
    return _sigmoid((_logit(prior) - float(settings[_SHIFT])) / float(settings[_SCALE]))


def refit(decided: Sequence[Decided], model: EvidenceModel) -> Refit | None:
    """The values for a workspace with these decisions, one a requirement; `None` while they are too few."""
    priors = np.asarray([one.prior for one in decided], dtype=np.float64)
    present = np.asarray([one.present for one in decided], dtype=np.bool_)
    if len(decided) < LEAST_DECIDED or min(present.sum(), (~present).sum()) < LEAST_EACH:
        return None
    supported_from = _supported_from(priors, present, model.supported_from)
    gap_below, sentence = _gap_below(priors, present, model.gap_below, model.supported_from, model.promise)
    scale, shift = _platt(np.asarray([_logit(prior) for prior in priors]), present)
    return Refit(scale, shift, gap_below, supported_from, len(decided), sentence)


def _platt(logits: NDArray[np.float64], present: NDArray[np.bool_]) -> tuple[float, float]:
    """Scale and shift (Platt 1999) with the most likely values, drawn towards 1 and 0; Newton's method."""
    scale, shift = 1.0, 0.0
    for _ in range(_STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(scale * logits + shift, -30, 30)))
        miss, weight = p - present, p * (1 - p)
        gradient = np.asarray([miss @ logits + _SCALE_PRECISION * (scale - 1.0), miss.sum() + _SHIFT_PRECISION * shift])
        curvature = np.asarray(
            [
                [weight @ logits**2 + _SCALE_PRECISION, weight @ logits],
                [weight @ logits, weight.sum() + _SHIFT_PRECISION],
            ]
        )
        step = np.linalg.solve(curvature, gradient)
        scale, shift = scale - float(step[0]), shift - float(step[1])
        if np.abs(step).max() < _CLOSE:
            break
    return round(max(_LEAST_SCALE, scale), 6), round(shift, 6)


def _gap_below(
    priors: NDArray[np.float64], present: NDArray[np.bool_], shipped: float, most: float, promise: str
) -> tuple[float, str]:
    """The threshold below which a requirement is a gap, and the promise in words.

    Thresholds are tested in an order fixed before looking at the answers, until the first that fails: then the chance
    that the one kept breaks its bound is no more than that of one test (fixed-sequence testing, Maurer et al. 1995).
    One search begins at the shipped threshold and goes up, the other at the surest half of the gaps and goes up to it.
    """
    wide = [shipped, *sorted({t for t in (*priors.tolist(), most) if shipped < t <= most})]
    kept = _last_that_holds(priors, present, wide)
    if kept is None:
        below = np.sort(priors[priors < shipped])
        start = max(FEWEST, -(-len(below) // 2))
        kept = _last_that_holds(priors, present, sorted(set(below[start:].tolist())))
    number = len(priors)
    fitted = f"re-fitted from {number:,} decisions in this workspace"
    if kept is not None:
        wrong, total = _below(priors, present, kept)
        return kept, (
            f"Gaps here are wrong at most {WRONG_GAPS_AT_MOST:.0%} of the time ({CONFIDENCE * 100:.0f} % confidence), "
            f"{fitted}: of {total:,} gaps a person looked at, {wrong:,} had evidence after all."
        )
    wrong, total = _below(priors, present, shipped)
    seen = f"of {total:,} gaps a person looked at, {wrong:,} had evidence after all"
    if total and lower_bound(wrong, total) > WRONG_GAPS_AT_MOST:
        return 0.0, f"No gap is called here without a person, {fitted}: {seen}."
    return shipped, f"{promise} Calibration {fitted}, which are too few to bound its own gaps: {seen}."


def _last_that_holds(
    priors: NDArray[np.float64], present: NDArray[np.bool_], thresholds: Sequence[float]
) -> float | None:
    kept: float | None = None
    for threshold in thresholds:
        wrong, total = _below(priors, present, threshold)
        if total < FEWEST or upper_bound(wrong, total, _HALVED) > WRONG_GAPS_AT_MOST:
            break
        kept = threshold
    return kept


def _below(priors: NDArray[np.float64], present: NDArray[np.bool_], threshold: float) -> tuple[int, int]:
    below = priors < threshold
    return int(present[below].sum()), int(below.sum())


def _supported_from(priors: NDArray[np.float64], present: NDArray[np.bool_], shipped: float) -> float:
    """The shipped threshold, or a higher one where the decisions refute it; 1 when none of them bears one out."""

    def above(threshold: float) -> tuple[int, int]:
        chosen = priors >= threshold
        return int((~present[chosen]).sum()), int(chosen.sum())

    wrong, total = above(shipped)
    if not total or lower_bound(wrong, total) <= WRONG_SUPPORT_AT_MOST:
        return shipped
    kept = 1.0
    for threshold in sorted({p for p in priors.tolist() if p > shipped}, reverse=True):
        wrong, total = above(threshold)
        if total < FEWEST:
            continue
        if upper_bound(wrong, total) > WRONG_SUPPORT_AT_MOST:
            break
        kept = threshold
    return kept


def _logit(probability: float) -> float:
    clipped = min(max(probability, _LEAST), 1.0 - _LEAST)
    return float(np.log(clipped / (1.0 - clipped)))


def _sigmoid(value: float) -> float:
    return float(1.0 / (1.0 + np.exp(-np.clip(value, -30.0, 30.0))))
