"""The whole way with a language model that follows a script: what it costs, its limit, two judges, and refitting."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

from assistant.access import Person
from assistant.config import Settings
from assistant.judge import refit
from assistant.judge.promise import LANGUAGE_MODEL, OTHER_FRAMEWORK
from assistant.models import Criterion, EvidenceKind, Framework, Requirement, Site, Status
from assistant.report import build
from assistant.service import ModelCost, Service

DAM = "In March 2026 the independent reviewer inspected the North tailings dam, and all five findings were closed."
WATER = "The site withdrew 4.1 million cubic metres of fresh water in 2025, measured by calibrated meters every month."
TEXT = f"Tailings report 2026 of Cerro Ejemplo\n\n{DAM}\n\nThe canteen serves soup on Mondays.\n\n{WATER}\n"
_PRACTICE: dict[str, Any] = {
    "kinds": (EvidenceKind.RECORD, EvidenceKind.PERFORMANCE),
    "commitment_alone": False,
}
FRAMEWORK = Framework(
    id="small",
    version="1",
    criteria=(
        Criterion(
            id="1",
            title="Practice",
            requirements=(
                Requirement(id="1.a", text="Forced labour is never used and recruitment fees are repaid."),
                Requirement(
                    id="1.b",
                    text="An independent reviewer inspects the tailings dam.",
                    **_PRACTICE,
                ),
                Requirement(
                    id="1.c",
                    text="Fresh water withdrawal is measured and reported.",
                    **_PRACTICE,
                ),
                Requirement(id="1.d", text="Indigenous peoples give their free, prior and informed consent."),
            ),
        ),
    ),
)
pytestmark = pytest.mark.slow
Script = Callable[[str], dict[str, Any]]


class Model(GenericFakeChatModel):
    """Answers by a function of the task, with the token counts of a server."""

    messages: Iterator[AIMessage | str] = Field(default_factory=lambda: iter(()))
    script: Script
    asked: list[str] = Field(default_factory=list)

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        task = str(messages[1].content)
        self.asked.append(task)
        call = {"name": "Answer", "args": self.script(task), "id": "1"}
        counted = {"input_tokens": 1000, "output_tokens": 50, "total_tokens": 1050}
        message = AIMessage("", tool_calls=[call], usage_metadata=counted)  # type: ignore[arg-type]
        return ChatResult(generations=[ChatGeneration(message=message)])

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        return self.bind()


def seeing(task: str) -> dict[str, Any]:
    """Finds the sentence on the dam for the dam, and nothing for all else."""
    if "inspects the tailings dam" not in task:
        return {"verdict": "absent", "quotes": [], "missing": ""}
    number = next(
        int(n) for n, text in re.findall(r'^\{"passage": (\d+),(.*)$', task, re.MULTILINE) if DAM[:40] in text
    )
    return {"verdict": "supported", "quotes": [{"passage": number, "quote": DAM, "kind": "record"}], "missing": ""}


def blind(task: str) -> dict[str, Any]:
    return {"verdict": "unsure", "quotes": [], "missing": ""}


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple[Service, Model]]]:
    """Opens one workspace with the document, under the settings given."""
    services: list[Service] = []
    catalogue = tmp_path / "small.json"
    catalogue.write_text(FRAMEWORK.model_dump_json(), encoding="utf-8")

    def open_(script: Script = seeing, **settings: Any) -> tuple[Service, Model]:
        model = Model(script=script)
        monkeypatch.setattr("assistant.judge.llm.judge.open_chat_model", lambda *args, **kwargs: model)
        given: dict[str, Any] = {"judge": "openai:test", "today": "2026-11-22", **settings}
        chosen = Settings(workspace=tmp_path / "workspace", **given)
        parts: dict[str, Any] = {"settings": chosen, "person": Person(name="Ana Ruiz")}
        if services:
            service = Service.open(tmp_path / "workspace", **parts)
        else:
            service = Service.create(tmp_path / "workspace", Site(name="Cerro Ejemplo"), str(catalogue), **parts)
            (tmp_path / "report.txt").write_text(TEXT, encoding="utf-8")
            list(service.add([tmp_path / "report.txt"]))
        services.append(service)
        return service, model

    yield open_
    for service in services:
        service.close()


Opened = Callable[..., tuple[Service, Model]]


def statuses(service: Service) -> dict[str, Status]:
    return {view.requirement.id: view.finding.status for view in service.findings()}


def test_cost_is_known_before_and_after_and_a_second_run_is_free(opened: Opened) -> None:
    service, model = opened(judge_price_in=2.0, judge_price_out=10.0)
    expected = service.estimate()
    assert expected is not None
    assert model.asked == []
    assert (expected.calls, expected.cached, expected.limit) == (4, 0, 2_000_000)
    assert expected.price == pytest.approx((expected.tokens_in * 2 + expected.tokens_out * 10) / 1e6)
    assert expected.most is not None
    assert expected.most.calls == 8
    assert expected.most.tokens_in > 2 * expected.tokens_in

    summary = service.match()
    used = ModelCost(
        model="openai:test", calls=4, cached=0, tokens_in=4000, tokens_out=200, price=0.01, limit=2_000_000
    )
    assert summary.cost == used == service.status().cost
    assert used.after == "openai:test was asked 4 times: 4,000 tokens in and 200 out, price 0.01."
    assert (summary.stopped, summary.unasked, summary.disputed) == ("", 0, ())
    assert service.verify().problems == ()

    again = service.estimate()
    assert again is not None
    assert (again.calls, again.cached, again.tokens) == (0, 4, 0)
    second = service.match()
    assert second.cost is not None
    assert (second.cost.calls, second.cost.cached, second.run.digest) == (0, 4, summary.run.digest)
    assert len(model.asked) == 4


def test_a_finding_leads_to_the_exact_prompt_and_answer(opened: Opened) -> None:
    service, model = opened()
    service.match()
    view = next(view for view in service.findings() if view.requirement.id == "1.b")
    prompt, answer = (json.loads(service.store.blobs.get(sha256)) for sha256 in view.finding.exchange)
    assert prompt["messages"][1][1] in model.asked
    assert answer["answer"]["quotes"][0]["quote"] == DAM
    assert set(service.latest_run().prompts) == {"judge-system", "judge-task", "judge-repair"}  # type: ignore[union-attr]


@pytest.mark.parametrize("second_opinion", [False, True])
def test_no_bound_is_claimed_for_gaps_that_a_language_model_called(second_opinion: bool, opened: Opened) -> None:
    service, _ = opened(second_opinion=second_opinion)
    service.match()
    assert service.status().promise == build(service).promise == LANGUAGE_MODEL
    plain, _ = opened(judge="extractive")
    plain.match()
    # The test's own criteria ask what the built-in ones ask; the bound that was measured with those is none here.
    assert build(plain).promise == plain.status().promise == OTHER_FRAMEWORK
    assert plain.estimate() is None


def test_beyond_the_limit_the_judge_without_a_language_model_goes_on_and_it_is_said(opened: Opened) -> None:
    plain, _ = opened(judge="extractive")
    plain.match()
    without = statuses(plain)
    limited, model = opened(judge_limit_tokens=1)
    expected = limited.estimate()
    assert expected is not None
    assert "more than the limit of 1 tokens (judge_limit_tokens)" in expected.before
    summary = limited.match()
    assert model.asked == []
    assert statuses(limited) == without
    assert summary.unasked == 4
    assert summary.stopped == "The limit of 1 tokens for this run (judge_limit_tokens) is reached."
    for view in limited.findings():
        assert view.finding.notes[0] == f"{summary.stopped} It was judged without the language model."
    assert any("4 of 4 requirements" in problem for problem in limited.status().problems)


def test_two_judges_that_disagree_send_a_person_there_first(opened: Opened) -> None:
    plain, _ = opened(judge="extractive")
    plain.match()
    sure = [name for name, status in statuses(plain).items() if status is not Status.NEEDS_PERSON]
    assert sure
    service, _ = opened(blind, second_opinion=True)
    summary = service.match()
    assert set(sure) <= set(summary.disputed)
    assert {statuses(service)[name] for name in summary.disputed} == {Status.NEEDS_PERSON}
    assert service.status().disputed == summary.disputed
    # What a person has decided is no longer waiting.
    name = summary.disputed[0]
    service.decide("gap", name, name, "confirmed")
    assert service.status().disputed == summary.disputed[1:]


def test_enough_decisions_fit_the_thresholds_again_and_every_face_says_so(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refit, "LEAST_DECIDED", 3)
    monkeypatch.setattr(refit, "LEAST_EACH", 1)
    service, _ = opened(judge="extractive")
    first = service.match()
    assert "refit_scale" not in first.run.settings
    for view in service.findings():
        name = view.requirement.id
        if view.evidence and name in ("1.b", "1.c"):
            service.decide("evidence", view.evidence[0].evidence.key, name, "confirmed")
        elif view.finding.gap is not None:
            service.decide("gap", name, name, "confirmed")
    decisions = len(service.decisions())
    assert decisions >= 3

    second = service.match()
    assert "re-fitted from" in second.run.promise
    assert f"re-fitted from {second.run.settings['refit_decisions']} decisions in this workspace" in second.run.promise
    assert service.status().promise == second.run.promise == build(service).promise
    assert second.run.models["evidence"].startswith(first.run.models["evidence"] + "+")
    order = {Status.SUPPORTED: 3, Status.PARTLY: 2}
    for view in service.findings():
        before = next(f for f in service.store.runs.findings(first.run.id) if f.requirement_id == view.requirement.id)
        assert order.get(view.finding.status, 1) <= order.get(before.status, 1)
    third = service.match()
    assert (third.run.digest, third.run.settings) == (second.run.digest, second.run.settings)
    assert service.verify().problems == ()

    off, _ = opened(judge="extractive", refit=False, learn_queries=False)
    assert off.match().run.digest == first.run.digest
