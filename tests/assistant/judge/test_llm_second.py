"""Two judges: agreement keeps the weaker, disagreement goes to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from assistant.judge.llm import SecondOpinion
from assistant.judge.protocol import Case, Judgement, Opinion, Proposal, Usage


class Fixed:
    def __init__(self, name: str, judgement: Judgement) -> None:
        self.name = name
        self._judgement = judgement

    def judge(self, cases: Sequence[Case]) -> Iterator[Judgement]:
        yield from [self._judgement] * len(cases)


def compare(one: Judgement, other: Judgement, kit: Any) -> Judgement:
    [judgement] = SecondOpinion(Fixed("first", one), Fixed("second", other)).judge([kit.make_case()])
    return judgement


def test_agreement_keeps_the_lower_strength(kit: Any) -> None:
    shared, weaker = Proposal("a", 1, "The same words.", 0.9), Proposal("a", 1, "the same words", 0.4)
    own = Proposal("a", 2, "Other words.", 0.7)
    one = Judgement(Opinion.SUPPORTED, 0.9, (shared,), "", ("n",), ("p1",), Usage(1, 0, 10, 2))
    other = Judgement(Opinion.SUPPORTED, 0.6, (own, weaker), "more", ("n", "m"), ("p2",), Usage(2, 1, 5, 1))
    assert compare(one, other, kit) == Judgement(
        Opinion.SUPPORTED, 0.6, (own, weaker), "more", ("n", "m"), ("p1", "p2"), Usage(3, 1, 15, 3)
    )


@pytest.mark.parametrize("other", [opinion for opinion in Opinion if opinion is not Opinion.SUPPORTED])
def test_disagreement_names_both_verdicts(other: Opinion, kit: Any) -> None:
    judgement = compare(Judgement(Opinion.SUPPORTED, 0.9), Judgement(other, 0.3), kit)
    assert judgement.opinion is Opinion.UNSURE
    assert judgement.strength == 0.3
    assert judgement.notes == (f"Two judges disagree: first says supported, second says {other}.",)


def test_its_name_has_both_names(kit: Any) -> None:
    assert SecondOpinion(Fixed("first", Judgement(Opinion.UNSURE, 0)), kit.llm("honest")).name.startswith(
        "first + llm "
    )
