"""The guard: a language model's verdict stands only where the evidence model does not call the opposite."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from assistant.judge.evidence_model import EvidenceModel, load_evidence_model
from assistant.judge.extractive import called
from assistant.judge.llm import Guard
from assistant.judge.llm.guard import shifted
from assistant.judge.protocol import Opinion, Proposal
from assistant.judge.refit import Refit
from assistant.models import EvidenceKind, Stance

UNSEEN = "The language model sees support that the evidence model does not."
UNQUOTED = "The language model sees a contradiction but gives no quote for it that can be verified."
SUPPORTED, PARTLY, ABSENT, CONTRADICTED, UNSURE = Opinion
MODEL = load_evidence_model()


def opposite(said: Opinion, called: Opinion) -> str:
    return f"The language model says {said}, the evidence model {called}: a person decides."


def test_shifting_odds() -> None:
    assert [round(shifted(p, 4.0), 3) for p in (0.0, 0.2, 0.5, 1.0)] == [0.0, 0.5, 0.8, 1.0]
    assert shifted(shifted(0.3, 4.0), 0.25) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("said", "called", "strength", "expected", "note"),
    [
        # Where the evidence model is unsure, the language model decides.
        (SUPPORTED, UNSURE, 0.5, SUPPORTED, ""),
        (PARTLY, UNSURE, 0.5, PARTLY, ""),
        (ABSENT, UNSURE, 0.5, ABSENT, ""),
        (SUPPORTED, UNSURE, 0.05, UNSURE, UNSEEN),
        (PARTLY, UNSURE, 0.05, UNSURE, UNSEEN),
        (CONTRADICTED, UNSURE, 0.5, UNSURE, UNQUOTED),
        # Where both say the same, it stands; partly met is less than supported, and no opposite of it.
        (SUPPORTED, SUPPORTED, 0.5, SUPPORTED, ""),
        (PARTLY, SUPPORTED, 0.5, PARTLY, ""),
        (ABSENT, ABSENT, 0.5, ABSENT, ""),
        # Where it says the opposite, a person decides.
        (ABSENT, SUPPORTED, 0.5, UNSURE, opposite(ABSENT, SUPPORTED)),
        (CONTRADICTED, SUPPORTED, 0.5, UNSURE, opposite(CONTRADICTED, SUPPORTED)),
        (SUPPORTED, ABSENT, 0.5, UNSURE, opposite(SUPPORTED, ABSENT)),
        (PARTLY, ABSENT, 0.5, UNSURE, opposite(PARTLY, ABSENT)),
        (CONTRADICTED, ABSENT, 0.5, UNSURE, opposite(CONTRADICTED, ABSENT)),
        *((UNSURE, called, 0.5, UNSURE, "") for called in (SUPPORTED, ABSENT, UNSURE)),
    ],
)
def test_lowering(said: Opinion, called: Opinion, strength: float, expected: Opinion, note: str, kit: Any) -> None:
    case = kit.make_case(called=called, strength=strength)
    page, start = kit.place(kit.TAILINGS)
    weighed = Guard().weigh([Proposal(kit.SHA, page, kit.TAILINGS, 0.0, start)], case)
    assert Guard().lower(said, weighed, case) == (expected, note)


def _refitted() -> EvidenceModel:
    return Refit(2.0, -0.7, 0.2, 0.9, 60, "Refitted.").apply(MODEL)


@pytest.mark.parametrize("model", [MODEL, MODEL.elsewhere, _refitted()], ids=["shipped", "elsewhere", "refitted"])
def test_its_thresholds_are_those_of_the_evidence_model_in_use(model: EvidenceModel, kit: Any) -> None:
    """Just inside each threshold a person decides on the opposite, between them the language model does."""
    gap, supported = np.nextafter(model.gap_below, 0.0), model.supported_from
    between = (model.gap_below, np.nextafter(model.supported_from, 0.0))
    assert gap < between[0] < between[1] < supported
    quote = kit.span(kit.TAILINGS, 0.5)

    def said(opinion: Opinion, prior: float) -> Opinion:
        case = kit.make_case(prior=prior, called=called(model, prior, prior, (quote,)))
        return Guard().lower(opinion, Guard().weigh([quote], case), case)[0]

    assert [said(SUPPORTED, prior) for prior in (gap, *between, supported)] == [UNSURE, *[SUPPORTED] * 3]
    assert [said(ABSENT, prior) for prior in (gap, *between, supported)] == [*[ABSENT] * 3, UNSURE]


def test_a_quote_against_it_is_the_opposite_of_support_whatever_the_verdict(kit: Any) -> None:
    page, start = kit.place(kit.TAILINGS)
    case = kit.make_case(called=SUPPORTED, strength=0.95)
    against = Proposal(kit.SHA, page, kit.TAILINGS, 0.0, start, stance=Stance.CONTRADICTS)
    weighed = Guard().weigh([against, kit.span(kit.WATER, 0.5)], case)
    assert Guard().lower(SUPPORTED, weighed, case) == (UNSURE, opposite(CONTRADICTED, SUPPORTED))


def test_quotes_of_a_verdict_that_does_not_stand_are_quotes_and_no_more(kit: Any) -> None:
    page, start = kit.place(kit.TAILINGS)
    against = Proposal(kit.SHA, page, kit.TAILINGS, 0.0, start, stance=Stance.CONTRADICTS)
    for case in (kit.make_case(strength=0.95), kit.make_case(strength=0.2)):
        [weighed] = Guard().weigh([against], case, stands=False)
        assert (weighed.strength, weighed.stance) == (case.spans[0].strength, Stance.SUPPORTS)


@pytest.mark.parametrize("verdict", ["absent", "contradicted", "unsure", "supported"])
def test_no_verdict_makes_a_contradiction_of_what_the_evidence_model_supports(verdict: str, kit: Any) -> None:
    quote = kit.quoted(1, kit.TAILINGS, stance="contradicts")
    case = kit.make_case(prior=0.97, strength=0.97)
    [judgement] = kit.llm(lambda messages: kit.answering(verdict, quote)).judge([case])
    assert (judgement.opinion, judgement.strength) == (UNSURE, 0.97)
    assert [(p.strength, p.stance) for p in judgement.proposals] == [(0.97, Stance.SUPPORTS)]


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
