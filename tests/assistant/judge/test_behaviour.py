"""What every judge must do, whatever model is behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.judge.evidence_model import load_evidence_model
from assistant.judge.extractive import ExtractiveJudge
from assistant.judge.llm import SecondOpinion
from assistant.judge.protocol import Judge, Judgement, Opinion
from assistant.models import Stance
from assistant.quotes import locate

LLM = (
    "honest", "liar", "obeying", "garbage", "wrong schema", "raising", "no quotes", "wrong passage", "no such passage",
    "everything", "contradicting",
)  # fmt: skip
NONSENSE = ("garbage", "wrong schema", "raising")
Make = Callable[[], Judge]


@pytest.fixture(params=["extractive", *LLM, *(f"extractive + {name}" for name in ("honest", "liar", "raising"))])
def make(request: pytest.FixtureRequest, kit: Any) -> Make:
    """Makes the same judge anew each time."""

    def build(name: str) -> Judge:
        if name == "extractive":
            return ExtractiveJudge(load_evidence_model())
        if name.startswith("extractive + "):
            return SecondOpinion(build("extractive"), build(name.removeprefix("extractive + ")))
        return kit.llm(name)

    return lambda: build(request.param)


@pytest.fixture
def cases(kit: Any) -> list[Any]:
    priors = {"tailings": 0.9, "grievance": 0.6, "water": 0.02}
    found = [kit.make_case(topic, prior=prior) for topic, prior in priors.items()]
    nothing = kit.make_case("weather", prior=0.01)
    return [*found, nothing, *reversed(found)]


def judge(make: Make, cases: list[Any]) -> list[Judgement]:
    return list(make().judge(cases))


def test_one_judgement_a_case_in_order(make: Make, cases: list[Any]) -> None:
    together = judge(make, cases)
    alone = [judge(make, [case])[0] for case in cases]
    kept = [(j.opinion, j.strength, j.proposals, j.missing) for j in together]
    assert len(together) == len(cases)
    assert kept == [(j.opinion, j.strength, j.proposals, j.missing) for j in alone]


def test_the_same_cases_give_the_same_judgements(make: Make, cases: list[Any]) -> None:
    assert judge(make, cases) == judge(make, cases)
    assert make().name == make().name != ""


def test_every_quote_stands_on_its_page(make: Make, cases: list[Any], kit: Any) -> None:
    for judgement in judge(make, cases):
        for proposal in judgement.proposals:
            page = kit.PAGES[proposal.page]
            place = locate(proposal.quote, page, proposal.start)
            assert place is not None
            assert abs(place[0] - proposal.start) <= 1
            assert page[proposal.start : proposal.start + len(proposal.quote)] == proposal.quote
            assert 0 < len(proposal.quote) <= 600
            assert 0 <= proposal.strength <= 1


def test_no_verdict_without_a_quote_for_it(make: Make, cases: list[Any]) -> None:
    for judgement in judge(make, cases):
        stances = {proposal.stance for proposal in judgement.proposals}
        if judgement.opinion in (Opinion.SUPPORTED, Opinion.PARTLY):
            assert Stance.SUPPORTS in stances
        if judgement.opinion is Opinion.CONTRADICTED:
            assert Stance.CONTRADICTS in stances


def test_strengths_are_probabilities(make: Make, cases: list[Any]) -> None:
    assert all(0 <= judgement.strength <= 1 for judgement in judge(make, cases))


def test_nothing_to_read_is_never_support(make: Make, kit: Any) -> None:
    [judgement] = judge(make, [kit.make_case("tailings", passages=(), spans=(), prior=0.9)])
    assert judgement.opinion in (Opinion.ABSENT, Opinion.UNSURE)
    assert judgement.proposals == ()


def test_no_cases_no_judgements(make: Make) -> None:
    assert judge(make, []) == []


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_unsure_with_a_note(name: str, cases: list[Any], kit: Any) -> None:
    for judgement in kit.llm(name).judge(cases):
        assert judgement.opinion is Opinion.UNSURE
        assert judgement.notes != ()


@pytest.mark.parametrize("name", ["liar", "obeying", "no quotes", "wrong passage", "no such passage"])
def test_a_misleading_model_supports_nothing(name: str, cases: list[Any], kit: Any) -> None:
    opinions = {judgement.opinion for judgement in kit.llm(name).judge(cases)}
    assert opinions == {Opinion.UNSURE}
