"""Two judges on the same cases: where they agree the weaker counts, where they do not a person looks first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.judge.llm.asking import add
from assistant.judge.protocol import Case, Judge, Judgement, Opinion, Proposal
from assistant.models import DISAGREEMENT, letters_and_digits


class SecondOpinion:
    """A judge made of two. Disagreement is `unsure`, with a note that names both verdicts."""

    def __init__(self, first: Judge, second: Judge) -> None:
        self._first = first
        self._second = second
        self.name = f"{first.name} + {second.name}"

    def judge(self, cases: Sequence[Case]) -> Iterator[Judgement]:
        """One judgement a case, in order."""
        for one, other in zip(self._first.judge(cases), self._second.judge(cases), strict=True):
            yield self._compare(one, other)

    def _compare(self, one: Judgement, other: Judgement) -> Judgement:
        notes = (*one.notes, *other.notes)
        opinion = one.opinion
        if one.opinion is not other.opinion:
            opinion = Opinion.UNSURE
            notes = (
                f"{DISAGREEMENT} {self._first.name} says {one.opinion}, {self._second.name} says {other.opinion}.",
                *notes,
            )
        return Judgement(
            opinion,
            min(one.strength, other.strength),
            _together(one.proposals, other.proposals),
            one.missing or other.missing,
            tuple(dict.fromkeys(notes)),
            (*one.exchange, *other.exchange),
            add(one.usage, other.usage),
        )


def _together(first: Sequence[Proposal], second: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """All quotes of both, strongest first; of the same words the weaker proposal is kept."""
    kept: dict[tuple[str, int, str], Proposal] = {}
    for proposal in (*first, *second):
        key = (proposal.sha256, proposal.page, letters_and_digits(proposal.quote))
        if key not in kept or proposal.strength < kept[key].strength:
            kept[key] = proposal
    return tuple(sorted(kept.values(), key=lambda proposal: -proposal.strength))
