"""The guard: a language model's verdict stands only where the evidence model does not find it far from likely."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assistant.judge.llm import Guard
from assistant.judge.llm.guard import shifted
from assistant.judge.protocol import Opinion, Proposal
from assistant.models import EvidenceKind, Stance

UNSEEN = "The language model sees support that the evidence model does not."


def test_shifting_odds() -> None:
    assert [round(shifted(p, 4.0), 3) for p in (0.0, 0.2, 0.5, 1.0)] == [0.0, 0.5, 0.8, 1.0]
    assert shifted(shifted(0.3, 4.0), 0.25) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("verdict", "prior", "strength", "expected", "note"),
    [
        ("supported", 0.6, 0.5, Opinion.SUPPORTED, ""),
        ("supported", 0.6, 0.05, Opinion.UNSURE, UNSEEN),
        ("supported", 0.05, 0.5, Opinion.UNSURE, UNSEEN),
        ("partly", 0.6, 0.5, Opinion.PARTLY, ""),
        ("partly", 0.6, 0.05, Opinion.UNSURE, UNSEEN),
        ("absent", 0.79, 0.5, Opinion.ABSENT, ""),
        ("absent", 0.9, 0.5, Opinion.UNSURE, "The language model sees no support where the evidence model does."),
        ("unsure", 0.9, 0.5, Opinion.UNSURE, ""),
        (
            "contradicted", 0.6, 0.5, Opinion.UNSURE,
            "The language model sees a contradiction but gives no quote for it that can be verified.",
        ),
    ],
)  # fmt: skip
def test_lowering(verdict: str, prior: float, strength: float, expected: Opinion, note: str, kit: Any) -> None:
    case = kit.make_case(prior=prior, strength=strength)
    page, start = kit.place(kit.TAILINGS)
    weighed = Guard().weigh([Proposal(kit.SHA, page, kit.TAILINGS, 0.0, start)], case)
    assert Guard().lower(Opinion(verdict), weighed, case) == (expected, note)


def test_a_low_quote_is_not_raised_and_one_elsewhere_gets_the_floor(kit: Any) -> None:
    page, start = kit.place(kit.TAILINGS)
    quote = Proposal(kit.SHA, page, kit.TAILINGS, 0.0, start)
    assert [p.strength for p in Guard().weigh([quote], kit.make_case(strength=0.05))] == [0.05]
    assert [p.strength for p in Guard().weigh([quote], kit.make_case(spans=()))] == [0.02]
    assert [p.strength for p in Guard().weigh([quote], kit.make_case(strength=0.2))] == [pytest.approx(0.5)]


def test_part_of_a_span_has_its_strength_and_another_page_has_not(kit: Any) -> None:
    page, start = kit.place(kit.TAILINGS)
    part = Proposal(kit.SHA, page, kit.TAILINGS[20:60], 0.0, start + 20)
    other = Proposal(kit.SHA, page + 1, kit.TAILINGS[20:60], 0.0, start + 20)
    weighed = Guard().weigh([part, other], kit.make_case(strength=0.5))
    assert [round(p.strength, 2) for p in weighed] == [0.8, 0.02]


def test_words_that_are_only_context_of_a_span_have_not_its_strength(kit: Any) -> None:
    page, start = kit.place(kit.TAILINGS)
    case = kit.make_case(strength=0.5)
    around = [replace(span, judged=(start + 40, start + len(kit.TAILINGS))) for span in case.spans]
    context = Proposal(kit.SHA, page, kit.TAILINGS[:30], 0.0, start)
    judged = Proposal(kit.SHA, page, kit.TAILINGS[30:60], 0.0, start + 30)
    weighed = Guard().weigh([context, judged], replace(case, spans=tuple(around)))
    assert [round(p.strength, 2) for p in weighed] == [0.02, 0.8]


def test_the_opposite_stance_makes_a_quote_weaker(kit: Any) -> None:
    page, start = kit.place(kit.TAILINGS)
    against = Proposal(kit.SHA, page, kit.TAILINGS, 0.0, start, stance=Stance.CONTRADICTS)
    case = kit.make_case(strength=0.5)
    [weighed] = Guard().weigh([against], case)
    assert weighed.strength == pytest.approx(0.2)
    assert Guard().lower(Opinion.CONTRADICTED, [weighed], case) == (Opinion.CONTRADICTED, "")
    assert Guard().lower(Opinion.SUPPORTED, [weighed], case)[0] is Opinion.UNSURE


@pytest.mark.parametrize(
    ("classified", "claimed", "expected"),
    [
        (EvidenceKind.COMMITMENT, EvidenceKind.RECORD, None),
        (EvidenceKind.PROCEDURE, EvidenceKind.PERFORMANCE, None),
        (EvidenceKind.RECORD, EvidenceKind.COMMITMENT, EvidenceKind.COMMITMENT),
        (EvidenceKind.RECORD, EvidenceKind.PERFORMANCE, EvidenceKind.PERFORMANCE),
        (EvidenceKind.COMMITMENT, EvidenceKind.PROCEDURE, EvidenceKind.PROCEDURE),
        (None, EvidenceKind.RECORD, EvidenceKind.RECORD),
        (EvidenceKind.COMMITMENT, None, None),
    ],
)
def test_a_claimed_kind_closes_nothing_that_the_classifier_leaves_open(
    classified: EvidenceKind | None, claimed: EvidenceKind | None, expected: EvidenceKind | None, kit: Any
) -> None:
    """The requirement of the case needs a record."""
    page, start = kit.place(kit.TAILINGS)
    span = replace(kit.span(kit.TAILINGS, 0.5), classified=classified)
    [weighed] = Guard().weigh(
        [Proposal(kit.SHA, page, kit.TAILINGS, 0.0, start, kind=claimed)], kit.make_case(spans=(span,))
    )
    assert weighed.kind is expected
