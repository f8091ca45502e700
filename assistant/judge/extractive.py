"""The judge without a language model: the evidence model's probabilities and thresholds fitted for a promise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.judge.evidence_model import EvidenceModel
from assistant.judge.protocol import Case, Judgement, Opinion, Proposal
from assistant.models import Stance

MIN_STRENGTH = 0.05
"""Quotes below this probability are not worth a person's look and are not proposed."""
KEPT = 60
"""Proposals kept a case; the pages show fewer."""


class ExtractiveJudge:
    """Says supported, absent or unsure from the calibrated prior; its proposals are the evidence model's quotes.

    Support must be more probable than a gap by the documents alone that hold a strong quote: what others say near the
    subject raises the prior, and could be there for that.
    """

    def __init__(self, model: EvidenceModel) -> None:
        self._model = model
        self.name = f"extractive@{model.version}"

    def judge(self, cases: Sequence[Case]) -> Iterator[Judgement]:
        """One judgement a case, in order."""
        for case in cases:
            proposals = _kept(case.spans)
            if case.prior < self._model.gap_below or not case.spans:
                opinion = Opinion.ABSENT
            elif case.prior >= self._model.supported_from and case.carried >= self._model.gap_below and proposals:
                opinion = Opinion.SUPPORTED
            else:
                opinion = Opinion.UNSURE
            yield Judgement(opinion, case.prior, proposals)


def _kept(spans: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """What is worth proposing, in its order; of too much, what speaks against and the strongest of the rest."""
    worth = [span for span in spans if span.strength >= MIN_STRENGTH]
    first = sorted(range(len(worth)), key=lambda i: (worth[i].stance is Stance.SUPPORTS, -worth[i].strength))[:KEPT]
    return tuple(worth[place] for place in sorted(first))
