"""What a language model's word is worth beside the evidence model: it decides where that is unsure, and only there.

The evidence model never reads instructions. Where it calls a requirement supported or a gap by its own thresholds
(`Case.called`) and the language model says the opposite, a person decides: a sure error of the one is not corrected by
the word of the other alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.judge.conclusion import kind_suffices
from assistant.judge.opposites import opposite_opinions
from assistant.judge.protocol import Case, Opinion, Proposal
from assistant.models import EvidenceKind, Stance

VERDICT_ODDS = 4.0
"""By how much a language model's yes multiplies the odds, and its no divides them: an even chance becomes four in five.
A cautious belief, not a measurement: no model fit to judge runs where Assay is built."""
EVIDENCE_MODEL = "evidence model"
"""Name of the score part that keeps the evidence model's own probability of the quote."""

OPPOSITE = "The language model says {said}, the evidence model {called}: a person decides."


@dataclass(frozen=True, slots=True)
class Guard:
    """Bounds in [0, 1] for quotes, and the rule for verdicts.

    `quote_floor`: a verdict needs one quote that is at least this probable; `elsewhere`: the probability of a quote the
    evidence model does not propose at all.
    """

    quote_floor: float = 0.08
    elsewhere: float = 0.02

    def weigh(self, proposals: Sequence[Proposal], case: Case, *, stands: bool = True) -> tuple[Proposal, ...]:
        """The model's quotes with their strength, which is the evidence model's at the same place, shifted.

        It rises where both read the words the same way, falls where they take opposite sides, and stays where the
        evidence model hardly sees evidence. A kind the model claims counts only where it closes nothing that the
        classifier's kind would leave open. Where the verdict the quotes were given for does not stand (`stands`), they
        are quotes and no more: strength and stance are the evidence model's own.
        """
        return tuple(self._weigh(proposal, case, stands) for proposal in proposals)

    def _weigh(self, proposal: Proposal, case: Case, stands: bool) -> Proposal:
        span = max(
            (span for span in case.spans if overlap(span, proposal)), key=lambda span: span.strength, default=None
        )
        own = span.strength if span else self.elsewhere
        strength, stance = own, proposal.stance
        if not stands:
            stance = span.stance if span else stance
        elif span and span.stance is not proposal.stance:
            strength = shifted(own, 1 / VERDICT_ODDS)
        elif own >= self.quote_floor:
            strength = shifted(own, VERDICT_ODDS)
        return replace(
            proposal,
            strength=strength,
            stance=stance,
            kind=_kind(proposal, span, case),
            score_parts={**proposal.score_parts, EVIDENCE_MODEL: own},
        )

    def lower(self, opinion: Opinion, proposals: Sequence[Proposal], case: Case) -> tuple[Opinion, str]:
        """The opinion that may stand, and the note that says why it was lowered ("" when it was not)."""
        if opinion is Opinion.UNSURE:
            return opinion, ""
        if opposite_opinions(case.called, opinion):
            return Opinion.UNSURE, OPPOSITE.format(said=opinion, called=case.called)
        if case.called is Opinion.SUPPORTED and any(proposal.stance is Stance.CONTRADICTS for proposal in proposals):
            # Whatever its verdict: its reading of one quote could make the rules call a contradiction.
            return Opinion.UNSURE, OPPOSITE.format(said=Opinion.CONTRADICTED, called=case.called)
        if opinion is Opinion.ABSENT:
            return opinion, ""
        stance = Stance.CONTRADICTS if opinion is Opinion.CONTRADICTED else Stance.SUPPORTS
        speaking = [proposal for proposal in proposals if proposal.stance is stance]
        seen = "a contradiction" if opinion is Opinion.CONTRADICTED else "support"
        if not speaking:
            return Opinion.UNSURE, f"The language model sees {seen} but gives no quote for it that can be verified."
        if max(map(_own, speaking)) < self.quote_floor:
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
