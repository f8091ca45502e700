"""A language model that says the same to everything, on the whole sample site: no status turns into its opposite."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from assistant.access import Person
from assistant.config import load_settings
from assistant.models import Finding, Status
from assistant.service import Service
from tests.conftest import Demonstration

pytestmark = [pytest.mark.slow, pytest.mark.ocr, pytest.mark.timeout(3600), pytest.mark.xdist_group("sample site")]

FOUND = frozenset({Status.SUPPORTED, Status.PARTLY})
Answers = Callable[[str], dict[str, Any]]


def yes(task: str) -> dict[str, Any]:
    """Everything is supported, by the first words that are shown."""
    first = json.loads(re.findall(r'^\{"passage": .*\}$', task, re.MULTILINE)[0])
    quote = {"passage": first["passage"], "quote": first["text"][:500].partition(" […] ")[0], "kind": "record"}
    return {"verdict": "supported", "quotes": [quote], "missing": ""}


def no(task: str) -> dict[str, Any]:
    """Everything is absent."""
    return {"verdict": "absent", "quotes": [], "missing": "All of it."}


class Sayer(BaseChatModel):
    """Gives the same verdict on every task."""

    says: Answers

    @property
    def _llm_type(self) -> str:
        return "sayer"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        return self.bind()

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        call = {"name": "Answer", "args": self.says(str(messages[1].content)), "id": "1"}
        return ChatResult(generations=[ChatGeneration(message=AIMessage("", tool_calls=[call]))])


Findings = dict[str, Finding]


def matched(folder: Path, patch: pytest.MonkeyPatch, says: Answers) -> Findings:
    """The findings of the workspace matched again with that model; every quote in them stands on its page."""
    patch.setattr("assistant.judge.llm.judge.open_chat_model", lambda *args, **kwargs: Sayer(says=says))
    settings = load_settings(folder, judge=f"openai:{says.__name__}")
    service = Service.open(folder, settings=settings, person=Person(name="Ana Ruiz"))
    try:
        service.match()
        assert service.verify().problems == ()
        return {view.requirement.id: view.finding for view in service.findings()}
    finally:
        service.close()


@pytest.fixture(scope="module")
def outcomes(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Findings]:
    """The findings without a language model, and with each of the two."""
    folder = demonstration.copied(tmp_path_factory.mktemp("sayers") / "workspace")
    alone = Service.open(folder, settings=load_settings(folder), person=Person(name="Ana Ruiz"))
    found = {"alone": {view.requirement.id: view.finding for view in alone.findings()}}
    alone.close()
    with pytest.MonkeyPatch.context() as patch:
        for says in (yes, no):
            found[says.__name__] = matched(folder, patch, says)
    return found


def moved(outcomes: dict[str, Findings], name: str, before: frozenset[Status], after: frozenset[Status]) -> list[str]:
    alone, other = outcomes["alone"], outcomes[name]
    assert alone.keys() == other.keys()
    return [one for one, finding in alone.items() if finding.status in before and other[one].status in after]


def test_each_status_is_there_to_be_turned_and_both_models_are_heard(outcomes: dict[str, Findings]) -> None:
    statuses = [finding.status for finding in outcomes["alone"].values()]
    assert min(statuses.count(status) for status in (Status.SUPPORTED, Status.GAP)) >= 20
    # Where the evidence model is unsure they decide, and where it is sure they send a person.
    assert moved(outcomes, "yes", frozenset({Status.NEEDS_PERSON}), FOUND)
    assert moved(outcomes, "no", frozenset({Status.NEEDS_PERSON}), frozenset({Status.GAP}))
    assert moved(outcomes, "no", FOUND, frozenset({Status.NEEDS_PERSON}))


@pytest.mark.parametrize("name", ["yes", "no"])
def test_no_gap_becomes_anything_found_and_nothing_found_a_gap(name: str, outcomes: dict[str, Findings]) -> None:
    assert moved(outcomes, name, frozenset({Status.GAP}), FOUND | {Status.CONTRADICTED}) == []
    assert moved(outcomes, name, FOUND, frozenset({Status.GAP})) == []
    assert moved(outcomes, name, frozenset({Status.NOT_APPLICABLE}), frozenset(Status) - {Status.NOT_APPLICABLE}) == []


@pytest.mark.parametrize("name", ["yes", "no"])
def test_where_a_person_decides_instead_the_note_names_both(name: str, outcomes: dict[str, Findings]) -> None:
    said = {"yes": "supported", "no": "absent"}[name]
    for requirement_id in moved(outcomes, name, frozenset({Status.GAP, *FOUND}), frozenset({Status.NEEDS_PERSON})):
        notes = outcomes[name][requirement_id].notes
        assert any(
            re.fullmatch(
                rf"The language model says {said}, the evidence model (?:supported|absent): a person decides\."
                r"|By the language model this would be [\w ]+, by the evidence model [\w ]+: a person decides\."
                r"|The language model sees support that the evidence model does not\.",
                note,
            )
            for note in notes
        ), (requirement_id, notes)
