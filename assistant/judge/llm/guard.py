"""What a language model's word is worth beside the evidence model: it may shift a probability, not overturn it.

The evidence model never reads instructions, so where the two are far apart, a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.judge.conclusion import kind_suffices
from assistant.judge.protocol import Case, Opinion, Proposal
from assistant.models import EvidenceKind, Stance

VERDICT_ODDS = 4.0
"""By how much a language model's yes multiplies the odds, and its no divides them: an even chance becomes four in five.
A cautious belief, not a measurement: no model fit to judge runs where Assay is built."""
EVIDENCE_MODEL = "evidence model"
"""Name of the score part that keeps the evidence model's own probability of the quote."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Bounds in [0, 1] of what the evidence model must not contradict.

    `quote_floor`: a verdict needs one quote that is at least this probable; `elsewhere`: the probability of a quote the
    evidence model does not propose at all; `prior_low`: below it nothing counts as found; `prior_high`: from it on
    nothing counts as absent.
    """

    quote_floor: float = 0.08
    elsewhere: float = 0.02
    prior_low: float = 0.10
    prior_high: float = 0.80

    def weigh(self, proposals: Sequence[Proposal], case: Case) -> tuple[Proposal, ...]:
        """The model's quotes with their strength, which is the evidence model's at the same place, shifted.

        It rises where both read the words the same way, falls where they take opposite sides, and stays where the
        evidence model hardly sees evidence. A kind the model claims counts only where it closes nothing that the
        classifier's kind would leave open.
        """
        return tuple(self._weigh(proposal, case) for proposal in proposals)

    def _weigh(self, proposal: Proposal, case: Case) -> Proposal:
        span = max(
            (span for span in case.spans if overlap(span, proposal)), key=lambda span: span.strength, default=None
        )
        own = span.strength if span else self.elsewhere
        strength = own
        if span and span.stance is not proposal.stance:
            strength = shifted(own, 1 / VERDICT_ODDS)
        elif own >= self.quote_floor:
            strength = shifted(own, VERDICT_ODDS)
        return replace(
            proposal,
            strength=strength,
            kind=_kind(proposal, span, case),
            score_parts={**proposal.score_parts, EVIDENCE_MODEL: own},
        )

    def lower(self, opinion: Opinion, proposals: Sequence[Proposal], case: Case) -> tuple[Opinion, str]:
        """The opinion that may stand, and the note that says why it was lowered ("" when it was not)."""
        if opinion is Opinion.UNSURE:
            return opinion, ""
        if opinion is Opinion.ABSENT:
            if case.prior >= self.prior_high:
                return Opinion.UNSURE, "The language model sees no support where the evidence model does."
            return opinion, ""
        stance = Stance.CONTRADICTS if opinion is Opinion.CONTRADICTED else Stance.SUPPORTS
        speaking = [proposal for proposal in proposals if proposal.stance is stance]
        seen = "a contradiction" if opinion is Opinion.CONTRADICTED else "support"
        if not speaking:
            return Opinion.UNSURE, f"The language model sees {seen} but gives no quote for it that can be verified."
        if case.prior < self.prior_low or max(map(_own, speaking)) < self.quote_floor:
            return Opinion.UNSURE, f"The language model sees {seen} that the evidence model does not."
        return opinion, ""


def _kind(proposal: Proposal, span: Proposal | None, case: Case) -> EvidenceKind | None:
    classified = span.classified if span else None
    if proposal.kind is None or classified is None or kind_suffices(case.requirement, classified):
        return proposal.kind
    return None if kind_suffices(case.requirement, proposal.kind) else proposal.kind


def overlap(one: Proposal, other: Proposal) -> bool:
    """Whether what was judged of two quotes shares characters of a page."""
    (first, end), (other_first, other_end) = one.extent, other.extent
    return (one.sha256, one.page) == (other.sha256, other.page) and first < other_end and other_first < end


def _own(proposal: Proposal) -> float:
    return proposal.score_parts.get(EVIDENCE_MODEL, 0.0)


def shifted(probability: float, odds: float) -> float:
    """The probability whose odds are `odds` times those of `probability`."""
    return odds * probability / (odds * probability + 1.0 - probability)
