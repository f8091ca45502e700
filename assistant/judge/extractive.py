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


def called(model: EvidenceModel, prior: float, carried: float, spans: Sequence[Proposal]) -> Opinion:
    """What the evidence model calls a requirement by its own thresholds: supported, absent, or unsure between them.

    Support must be more probable than a gap by the documents alone that hold a strong quote (`carried`): what others
    say near the subject raises the prior, and could be there for that.
    """
    if prior < model.gap_below or not spans:
        return Opinion.ABSENT
    if prior >= model.supported_from and carried >= model.gap_below and _kept(spans):
        return Opinion.SUPPORTED
    return Opinion.UNSURE


class ExtractiveJudge:
    """Says what the evidence model calls a requirement by its thresholds; its proposals are the model's quotes."""

    def __init__(self, model: EvidenceModel) -> None:
        self._model = model
        self.name = f"extractive@{model.version}"

    def judge(self, cases: Sequence[Case]) -> Iterator[Judgement]:
        """One judgement a case, in order."""
        for case in cases:
            opinion = called(self._model, case.prior, case.carried, case.spans)
            yield Judgement(opinion, case.prior, _kept(case.spans))


def _kept(spans: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """What is worth proposing, in its order; of too much, what speaks against and the strongest of the rest."""
    worth = [span for span in spans if span.strength >= MIN_STRENGTH]
    first = sorted(range(len(worth)), key=lambda i: (worth[i].stance is Stance.SUPPORTS, -worth[i].strength))[:KEPT]
    return tuple(worth[place] for place in sorted(first))
