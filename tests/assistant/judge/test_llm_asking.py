"""What asking a language model costs, how many questions are under way, and when the asking stops."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from assistant.config import Settings
from assistant.errors import ModelError
from assistant.judge.evidence_model import load_evidence_model
from assistant.judge.extractive import ExtractiveJudge
from assistant.judge.llm import LLMJudge, llm_judge
from assistant.judge.protocol import Judgement, Opinion, Usage


def only(judge: LLMJudge, *cases: Any) -> Judgement:
    [judgement] = judge.judge(cases)
    return judgement


def test_the_estimate_counts_what_is_not_kept_yet(kit: Any) -> None:
    cases = [kit.make_case(topic) for topic in ("tailings", "grievance", "water")]
    judge = kit.llm("honest")
    only(judge, cases[0])
    estimate = judge.estimate([*cases, kit.make_case(passages=())])
    assert (estimate.calls, estimate.cached, estimate.tokens_out) == (2, 1, 800)
    assert 1_500 < estimate.tokens_in < 4_000
    assert estimate.cost(2.0, 10.0) == pytest.approx((estimate.tokens_in * 2 + 800 * 10) / 1e6)
    most = estimate.most
    assert (most.calls, most.cached, most.tokens_out) == (4, 1, 1600)
    assert most.tokens_in == 2 * estimate.tokens_in + 2 * (400 + 150)
    assert str(estimate).startswith(f"About 2 calls with {estimate.tokens_in:,} tokens in and 800 out")


def test_after_the_limit_of_tokens_the_rest_is_unsure(kit: Any) -> None:
    model = kit.scripted(lambda messages: kit.answering("absent", usage=(4_000, 100)))
    judge = kit.llm(model, limit_tokens=9_000, parallel=1)
    cases = [kit.make_case(topic, prior=0.2) for topic in ("tailings", "grievance", "water")]
    first, second, third = judge.judge(cases)
    assert [first.opinion, second.opinion, third.opinion] == [Opinion.ABSENT, Opinion.ABSENT, Opinion.UNSURE]
    assert third.notes == (
        "The limit of 9,000 tokens for this run (judge_limit_tokens) is reached. The language model was not asked.",
    )
    assert third.strength == 0.2
    assert judge.usage == Usage(2, 0, 8_000, 200)
    assert len(model.seen) == 2


def test_after_the_limit_the_judge_without_a_language_model_goes_on(kit: Any) -> None:
    model = kit.scripted(lambda messages: kit.answering("absent", usage=(4_000, 100)))
    extractive = ExtractiveJudge(load_evidence_model())
    judge = kit.llm(model, limit_tokens=4_500, parallel=1, fallback=extractive)
    cases = [kit.make_case("tailings", prior=0.2), kit.make_case("grievance", prior=0.97, strength=0.9)]
    first, second = judge.judge(cases)
    [alone] = extractive.judge(cases[1:])
    assert first.opinion is Opinion.ABSENT
    assert alone.opinion is Opinion.SUPPORTED
    assert (second.opinion, second.strength, second.proposals) == (alone.opinion, alone.strength, alone.proposals)
    assert second.notes == (
        "The limit of 4,500 tokens for this run (judge_limit_tokens) is reached. "
        "It was judged without the language model.",
    )
    assert second.exchange == ()
    assert judge.stopped.startswith("The limit of 4,500 tokens")
    assert judge.name != kit.llm(model).name


def test_a_repair_that_the_limit_forbids_is_judged_without_the_language_model(kit: Any) -> None:
    model = kit.scripted(lambda messages: kit.answering("supported", kit.quoted(1, "Stands nowhere at all, ever.")))
    case = kit.make_case("water", prior=0.01)
    # Enough for the first round as it is estimated, and for nothing more.
    expected = kit.llm(model).estimate([case])
    limit = expected.tokens_in + expected.tokens_out
    judge = kit.llm(model, limit_tokens=limit, fallback=ExtractiveJudge(load_evidence_model()))
    judgement = only(judge, case)
    assert judgement.opinion is Opinion.ABSENT
    assert judgement.notes[0].endswith("It was judged without the language model.")
    assert len(judgement.exchange) == 2
    assert judgement.usage.calls == 1


def test_a_repair_that_never_comes_leaves_no_verdict(kit: Any) -> None:
    def script(messages: Any) -> AIMessage:
        if len(messages) > 2:
            raise ConnectionError("hung up")
        return kit.answering(
            "supported", kit.quoted(1, kit.TAILINGS), kit.quoted(1, "Words that stand nowhere at all.")
        )

    judgement = only(kit.llm(script), kit.make_case())
    assert judgement.opinion is Opinion.UNSURE
    assert [proposal.quote for proposal in judgement.proposals] == [kit.TAILINGS]
    assert "The language model did not repair its answer." in judgement.notes


def test_one_failure_is_one_unsure_case(kit: Any) -> None:
    def script(messages: Any) -> AIMessage:
        if "practice on grievance" in messages[1].content:
            raise ConnectionError("no route to host, api_key=sk-1234567890")
        return kit.honest(messages)

    one, two, three = kit.llm(script).judge([kit.make_case(t) for t in ("tailings", "grievance", "water")])
    assert [one.opinion, two.opinion, three.opinion] == [Opinion.SUPPORTED, Opinion.UNSURE, Opinion.SUPPORTED]
    assert two.notes == ("The language model gave no answer (ConnectionError: no route to host, api_key=…).",)
    assert [proposal.quote for proposal in two.proposals] == [kit.GRIEVANCE]


def test_three_failures_in_a_row_stop_the_asking(kit: Any) -> None:
    model = kit.scripted("raising")
    judge = kit.llm(model, parallel=1)
    judgements = list(judge.judge([kit.make_case() for _ in range(5)]))
    assert len(model.seen) == 3
    assert [judgement.opinion for judgement in judgements] == [Opinion.UNSURE] * 5
    assert judgements[4].notes == (
        "The model server failed 3 times in a row (ConnectionError). The language model was not asked.",
    )


def test_failures_that_are_not_in_a_row_do_not_stop_it(kit: Any) -> None:
    def script(messages: Any) -> AIMessage:
        return kit.raising(messages) if len(model.seen) % 3 else kit.honest(messages)

    model = kit.scripted(script)
    topics = ["tailings", "grievance", "water"]
    cases = [kit.make_case(topics[i % 3], prior=0.54 + i / 100, today=kit.date(2026, 1, i + 1)) for i in range(9)]
    judgements = list(kit.llm(model, parallel=1).judge(cases))
    assert len(model.seen) == 9
    assert [j.opinion for j in judgements].count(Opinion.SUPPORTED) == 3


@pytest.mark.parametrize("parallel", [1, 3, 6])
def test_as_many_questions_are_under_way_as_the_setting_says(
    parallel: int, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer comes before so many have been asked, and never are more than that under way."""
    together, lock = threading.Barrier(parallel, timeout=20), threading.Lock()
    under_way: list[int] = []
    active = 0

    def script(messages: Any) -> AIMessage:
        nonlocal active
        with lock:
            active += 1
            under_way.append(active)
        together.wait()
        with lock:
            active -= 1
        together.wait()
        return kit.honest(messages)

    monkeypatch.setattr("assistant.judge.llm.judge.open_chat_model", lambda *args: kit.scripted(script))
    judge = llm_judge(Settings(judge="test:scripted", judge_parallel=parallel))
    topics = ["tailings", "grievance", "water"]
    cases = [kit.make_case(topics[i % 3], today=kit.date(2026, 1, i + 1)) for i in range(2 * parallel)]
    judgements = list(judge.judge(cases))
    assert [judgement.opinion for judgement in judgements] == [Opinion.SUPPORTED] * len(cases)
    for at, judgement in enumerate(judgements):
        assert judgement.proposals[0].quote in kit.TOPICS[topics[at % 3]]
    assert max(under_way) == parallel


def test_a_model_without_structured_answers_is_refused() -> None:
    from langchain_core.language_models.fake_chat_models import FakeListChatModel

    with pytest.raises(ModelError, match="The model fake:list does not give structured answers"):
        LLMJudge(FakeListChatModel(responses=["x"]), model_name="fake:list")
