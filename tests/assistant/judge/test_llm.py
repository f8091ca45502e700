"""The LLM judge: what it shows a model, what it accepts from it, and what it stores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

import prompts
from assistant.judge.llm import FileExchanges, Guard, LLMJudge, MemoryExchanges
from assistant.judge.llm.guard import VERDICT_ODDS, shifted
from assistant.judge.protocol import Judgement, Opinion, Proposal, Usage
from assistant.models import EvidenceKind, Stance
from assistant.models_chat import open_chat_model
from ingestion.models import Suspicion


def only(judge: LLMJudge, *cases: Any) -> Judgement:
    [judgement] = judge.judge(cases)
    return judgement


def suspicion(kit: Any, text: str, kind: str = "instruction") -> dict[str, tuple[Suspicion, ...]]:
    page, start = kit.place(text)
    found = Suspicion(
        kind=kind, message="Speaks to a machine.", quote=text, page=page, start=start, end=start + len(text)
    )
    return {kit.SHA: (found,)}


def test_a_supported_requirement(kit: Any) -> None:
    judgement = only(kit.llm("honest"), kit.make_case("tailings", prior=0.6, strength=0.5))
    page, start = kit.place(kit.TAILINGS)
    quote = Proposal(
        kit.SHA, page, kit.TAILINGS, 0.8, start, EvidenceKind.RECORD, Stance.SUPPORTS, "", {"evidence model": 0.5}
    )
    assert judgement.opinion is Opinion.SUPPORTED
    assert judgement.strength == pytest.approx(shifted(0.6, VERDICT_ODDS))
    assert judgement.proposals == (quote,)
    assert judgement.notes == ()
    assert len(judgement.exchange) == 2


def test_the_model_reads_the_requirement_and_numbered_passages(kit: Any) -> None:
    model = kit.scripted("honest")
    only(kit.llm(model), kit.make_case("grievance"))
    [[system, task]] = model.seen
    assert system.content == prompts.load("judge-system").text
    assert "Show practice on grievance." in task.content
    assert "Today is 2026-11-22." in task.content
    assert "Kinds of evidence it needs: record (a commitment alone is not enough)" in task.content
    assert [record["passage"] for record in kit.records([system, task])] == [1, 2, 3, 4]
    assert kit.records([system, task])[1] == {
        "passage": 2,
        "document": "report.txt",
        "page": 1,
        "heading": "Report",
        "text": kit.GRIEVANCE,
    }


def test_suspicious_text_is_not_shown_and_cannot_be_quoted(kit: Any) -> None:
    model = kit.scripted("obeying")
    judgement = only(kit.llm(model, suspicions=suspicion(kit, kit.COMMAND)), kit.make_case("water", prior=0.2))
    assert kit.COMMAND not in model.seen[0][1].content
    assert "soup on Mondays" in model.seen[0][1].content
    assert judgement.opinion is Opinion.ABSENT

    parrot = kit.scripted(lambda messages: kit.answering("supported", kit.quoted(4, kit.COMMAND)))
    judgement = only(kit.llm(parrot, suspicions=suspicion(kit, kit.COMMAND)), kit.make_case("water", spans=()))
    assert judgement.opinion is Opinion.UNSURE
    assert judgement.proposals == ()


def test_a_suspicious_name_is_not_shown(kit: Any) -> None:
    named = Suspicion(kind="instruction", message="The file's name speaks to a machine.", quote="Report.txt")
    model = kit.scripted("honest")
    only(kit.llm(model, suspicions={kit.SHA: (named,)}), kit.make_case("grievance"))
    assert {record["document"] for record in kit.records(model.seen[0])} == {"document aaaaaa"}


def test_a_quote_cannot_bridge_withheld_text(kit: Any) -> None:
    middle = "A second sentence about nothing much follows here."
    page = kit.PAGES[1].replace("\n\n", " ")
    whole = kit.PassageRef(kit.SHA, "report.txt", 1, 0, len(page), page)
    bridge = kit.scripted(
        lambda messages: kit.answering("supported", kit.quoted(1, "closed all five findings. The grievance register"))
    )
    judge = kit.llm(bridge, suspicions=suspicion(kit, middle))
    judgement = only(judge, kit.make_case("tailings", passages=(whole,), spans=()))
    assert judgement.proposals == ()
    assert "1 of 1 quotes of the language model could not be verified and were dropped." in judgement.notes


def test_suspicious_spans_of_the_evidence_model_are_left_out(kit: Any) -> None:
    case = kit.make_case("tailings", spans=(kit.span(kit.COMMAND, 0.9), kit.span(kit.WATER, 0.4)))
    judgement = only(kit.llm("raising", suspicions=suspicion(kit, kit.COMMAND)), case)
    assert [proposal.quote for proposal in judgement.proposals] == [kit.WATER]


def test_a_failed_quote_gets_one_repair_round(kit: Any) -> None:
    def script(messages: Any) -> AIMessage:
        if len(messages) == 2:
            return kit.liar(messages)
        return kit.honest(messages)

    model = kit.scripted(script)
    judgement = only(kit.llm(model), kit.make_case())
    assert [message.type for message in model.seen[1]] == ["system", "human", "ai", "human"]
    assert "does not stand in passage 1" in model.seen[1][3].content
    assert "certified as perfectly safe" in model.seen[1][2].content
    assert judgement.opinion is Opinion.SUPPORTED
    assert judgement.usage.calls == 2
    assert len(judgement.exchange) == 4


def test_a_repair_is_tried_once_and_the_quotes_counted(kit: Any) -> None:
    model = kit.scripted("liar")
    judgement = only(kit.llm(model), kit.make_case(spans=()))
    assert len(model.seen) == 2
    assert judgement.opinion is Opinion.UNSURE
    assert judgement.notes == (
        "1 of 1 quotes of the language model could not be verified and were dropped.",
        "The language model did not repair its answer.",
    )


def test_invented_quotes_beside_a_real_one_leave_no_verdict(kit: Any) -> None:
    invented = [kit.quoted(1, f"Report number {number} found the dam to be perfectly safe.") for number in range(3)]
    model = kit.scripted(lambda messages: kit.answering("supported", kit.quoted(1, kit.TAILINGS), *invented))
    judgement = only(kit.llm(model), kit.make_case())
    page, start = kit.place(kit.TAILINGS)
    assert len(model.seen) == 2
    assert judgement.opinion is Opinion.UNSURE
    assert judgement.strength == 0.6
    # The quote that stands is shown as a quote: no stronger than the evidence model finds it.
    assert judgement.proposals == (
        Proposal(kit.SHA, page, kit.TAILINGS, 0.5, start, score_parts={"evidence model": 0.5}),
    )
    assert judgement.notes == (
        "3 of 4 quotes of the language model could not be verified and were dropped.",
        "The language model did not repair its answer.",
    )


def test_nothing_is_absent_on_the_word_of_a_model_that_invents_quotes(kit: Any) -> None:
    invented = kit.quoted(1, "The auditor found no records of any inspection.")
    model = kit.scripted(lambda messages: kit.answering("absent", invented, missing="All of it."))
    judgement = only(kit.llm(model), kit.make_case())
    assert len(model.seen) == 2
    assert (judgement.opinion, judgement.strength, judgement.missing) == (Opinion.UNSURE, 0.6, "")
    assert [(proposal.quote, proposal.strength) for proposal in judgement.proposals] == [(kit.TAILINGS, 0.5)]
    assert judgement.notes == (
        "1 of 1 quotes of the language model could not be verified and were dropped.",
        "The language model did not repair its answer.",
    )


def test_an_answer_that_was_mended_keeps_its_verdict(kit: Any) -> None:
    def script(messages: Any) -> AIMessage:
        real, invented = kit.quoted(1, kit.TAILINGS), kit.quoted(1, "Words that stand nowhere at all.")
        return kit.answering("supported", real, *([invented] if len(messages) == 2 else []))

    judgement = only(kit.llm(script), kit.make_case())
    assert (judgement.opinion, judgement.notes) == (Opinion.SUPPORTED, ())


def test_a_wrong_structure_is_named_in_the_repair(kit: Any) -> None:
    model = kit.scripted("wrong schema")
    judgement = only(kit.llm(model), kit.make_case())
    assert "verdict: Input should be 'supported', 'partly'" in model.seen[1][3].content
    assert judgement.opinion is Opinion.UNSURE
    assert "could not be used (verdict: Input should be" in judgement.notes[0]


def test_verified_quotes_survive_a_repair_that_failed_but_the_verdict_does_not(kit: Any) -> None:
    def script(messages: Any) -> AIMessage:
        if len(messages) > 2:
            return AIMessage("no idea")
        return kit.answering(
            "supported", kit.quoted(1, kit.TAILINGS), kit.quoted(1, "Words that stand nowhere at all.")
        )

    judgement = only(kit.llm(script), kit.make_case())
    assert judgement.opinion is Opinion.UNSURE
    assert [proposal.quote for proposal in judgement.proposals] == [kit.TAILINGS]
    assert "1 of 2 quotes of the language model could not be verified and were dropped." in judgement.notes
    assert "The language model did not repair its answer." in judgement.notes


@pytest.mark.parametrize(
    ("quote", "problem"),
    [
        ("the site", "too short to show anything"),
        ("…", "too short to show anything"),
        ("x" * 601, "longer than 600 characters"),
        ("", "too short to show anything"),
    ],
)
def test_quotes_that_show_nothing_are_refused(quote: str, problem: str, kit: Any) -> None:
    model = kit.scripted(lambda messages: kit.answering("supported", kit.quoted(1, quote)))
    judgement = only(kit.llm(model), kit.make_case(spans=()))
    assert problem in model.seen[1][3].content
    assert judgement.proposals == ()


def test_a_short_chinese_quote_is_enough(kit: Any) -> None:
    text = "尾矿库每月检查一次。"
    passage = kit.PassageRef(kit.SHA, "报告.txt", 1, 0, len(text), text, (), "zh")
    model = kit.scripted(lambda messages: kit.answering("supported", kit.quoted(1, text)))
    judgement = only(kit.llm(model), kit.make_case(passages=(passage,), spans=(Proposal(kit.SHA, 1, text, 0.5),)))
    assert [proposal.quote for proposal in judgement.proposals] == [text]


def test_offsets_are_into_the_page_and_the_page_has_the_last_word(kit: Any) -> None:
    shouted = kit.GRIEVANCE.upper().replace(" ", "  ").rstrip(".")
    model = kit.scripted(lambda messages: kit.answering("supported", kit.quoted(2, shouted)))
    [proposal] = only(kit.llm(model), kit.make_case("grievance")).proposals
    assert (proposal.page, proposal.start) == kit.place(kit.GRIEVANCE)
    assert proposal.quote == kit.GRIEVANCE


def test_what_the_model_writes_is_made_plain(kit: Any) -> None:
    dirty = 'See <a href="x">[here](https://evil.example/x)</a>\u202e\n\n**now** ' + "w" * 900
    script = lambda messages: kit.answering(  # noqa: E731
        "partly", kit.quoted(1, kit.TAILINGS, reason=dirty), missing=dirty
    )
    judgement = only(kit.llm(script), kit.make_case())
    for text, limit in ((judgement.missing, 400), (judgement.proposals[0].reason, 300)):
        assert len(text) <= limit
        assert not set("<>[]*\u202e\n") & set(text)
        assert "https" not in text


def test_the_evidence_models_other_quotes_follow_weaker_where_they_were_read_and_passed_over(kit: Any) -> None:
    elsewhere = Proposal("b" * 64, 1, "A quote of a passage that was not shown.", 0.3)
    case = kit.make_case("tailings", spans=(kit.span(kit.TAILINGS, 0.5), kit.span(kit.WATER, 0.4), elsewhere))
    judgement = only(kit.llm("honest"), case)
    assert [(p.quote, round(p.strength, 3)) for p in judgement.proposals] == [
        (kit.TAILINGS, 0.8),
        (elsewhere.quote, 0.3),
        (kit.WATER, round(shifted(0.4, 1 / VERDICT_ODDS), 3)),
    ]


def test_the_passages_of_the_best_spans_are_shown_first_and_the_budget_is_kept(kit: Any) -> None:
    text = "Sentence of a long passage with tailings. " * 40
    many = tuple(kit.PassageRef(kit.SHA, "long.txt", number, 0, len(text), text) for number in range(1, 41))
    best = Proposal(kit.SHA, 40, "Sentence of a long passage with tailings.", 0.9)
    model = kit.scripted("honest")
    only(kit.llm(model), kit.make_case(passages=many, spans=(best,)))
    shown = kit.records(model.seen[0])
    assert [record["passage"] for record in shown] == [1, 2, 3, 4, 5, 6, 7, 8, 40]
    assert sum(len(record["text"]) for record in shown) == 14_000


# --- the record ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["memory", "files"])
def test_exact_prompts_and_answers_are_kept_and_not_asked_twice(kind: str, kit: Any, tmp_path: Path) -> None:
    store = MemoryExchanges() if kind == "memory" else FileExchanges(tmp_path)
    model = kit.scripted(lambda messages: kit.answering("absent", missing="All of it.", usage=(1200, 40)))
    first = only(kit.llm(model, store=store), kit.make_case("water", prior=0.2))
    second = only(kit.llm(model, store=store), kit.make_case("water", prior=0.2))
    assert len(model.seen) == 1
    assert (first.usage, second.usage) == (Usage(1, 0, 1200, 40), Usage(0, 1, 0, 0))
    assert (first.opinion, first.missing, first.exchange) == (second.opinion, second.missing, second.exchange)
    prompt, answer = (json.loads(store.get(sha256)) for sha256 in first.exchange)
    assert prompt["model"] == "test:scripted"
    assert prompt["messages"][1][1] == model.seen[0][1].content
    assert answer["answer"] == {"verdict": "absent", "quotes": [], "missing": "All of it."}
    assert answer["usage"] == {"input_tokens": 1200, "output_tokens": 40}


def test_another_model_or_prompt_is_asked_anew(kit: Any) -> None:
    store = MemoryExchanges()
    model = kit.scripted("honest")
    only(kit.llm(model, store=store), kit.make_case())
    only(LLMJudge(model, model_name="test:other", store=store), kit.make_case())
    only(kit.llm(model, store=store, suspicions=suspicion(kit, kit.COMMAND)), kit.make_case())
    assert len(model.seen) == 3


@pytest.mark.parametrize(
    ("base_url", "changes"),
    [
        ("http://127.0.0.1:9/v2", {}),
        ("http://127.0.0.1:9/v1", {"temperature": 0.5}),
        ("http://127.0.0.1:9/v1", {"max_tokens": 160}),
    ],
    ids=["server", "temperature", "tokens"],
)
def test_another_server_temperature_or_limit_shares_no_answer(base_url: str, changes: Any, kit: Any) -> None:
    def judge(base_url: str, key: str, changes: Any) -> LLMJudge:
        model = open_chat_model("openai:x", base_url, key, probe=False).model_copy(update=changes)
        return LLMJudge(model, model_name="openai:x")

    first = judge("http://127.0.0.1:9/v1", "sk-one-secret", {})
    same, other = judge("http://127.0.0.1:9/v1", "sk-two-secret", {}), judge(base_url, "sk-one-secret", changes)
    messages = (("user", "Which?"),)
    request = first._asker.prompt_text(messages)
    assert "secret" not in request
    assert (same._asker.prompt_text(messages), same.name) == (request, first.name)
    assert other._asker.prompt_text(messages) != request
    assert other.name != first.name


def test_a_lone_surrogate_in_an_answer_can_be_kept(kit: Any, tmp_path: Path) -> None:
    model = kit.scripted(lambda messages: kit.answering("absent", missing="half \ud83d a face"))
    judgement = only(kit.llm(model, store=FileExchanges(tmp_path)), kit.make_case("water", prior=0.2))
    assert judgement.opinion is Opinion.ABSENT
    assert judgement.missing == "half a face"


def test_the_name_changes_with_model_method_and_guard(kit: Any) -> None:
    model = kit.scripted("honest")
    names = {
        LLMJudge(model, model_name="a").name,
        LLMJudge(model, model_name="a", guard=Guard(quote_floor=0.2)).name,
        LLMJudge(model, model_name="b").name,
        LLMJudge(model, model_name="a", method="json_schema").name,
    }
    assert len(names) == 4
    assert LLMJudge(model, model_name="a").prompts == {
        prompt: prompts.load(prompt).sha256 for prompt in ("judge-system", "judge-task", "judge-repair")
    }
