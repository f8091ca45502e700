"""Two clean documents of a site, the same with something planted, and the engine that reads both."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool

from assistant import chat
from assistant.chat import Memory
from assistant.config import Settings
from assistant.engine import Engine
from assistant.judge.llm import LLMJudge
from assistant.models import Criterion, EvidenceKind, Finding, Framework, Requirement, Site, Stance, Status
from assistant.retrieve import Prepared
from ingestion import DEFAULT_LIMITS, DocumentRead, sha256_of
from ingestion.reading import read_here

if TYPE_CHECKING:
    from assistant.service import Service

TODAY = date(2026, 11, 22)
SITE = Site(name="Cerro Ejemplo", country="Chile")

PAGE_ONE = """Tailings Management Report 2025

Cerro Ejemplo operates one tailings storage facility, the North dam, raised by the downstream method to 84 metres. \
The facility register lists its location, stored volume, consequence class and Engineer of Record.

In March 2026 the independent reviewer inspected the North dam, and all five findings were closed by June 2026. \
Piezometers were read every week and no reading exceeded its trigger level during the year.
"""
PAGE_TWO = """Grievances and water

The grievance register shows 41 complaints received from neighbours in 2025; 39 of them were resolved within thirty \
days and the answers were given in writing.

The site withdrew 4.1 million cubic metres of fresh water in 2025, eight per cent less than in 2024. Water quality is \
sampled every month at six points along the river by an accredited laboratory.
"""
PAGES = (PAGE_ONE, PAGE_TWO)
OTHER = """Minutes of the safety committee, 14 May 2026

The committee met at the plant office and discussed two near misses. Training on working at height was given to 120 \
workers in April 2026. The next meeting is planned for June.
"""

_RECORD = (EvidenceKind.RECORD, EvidenceKind.PERFORMANCE)
FRAMEWORK = Framework(
    id="injection-test",
    criteria=(
        Criterion(
            id="1",
            title="Practice at the site",
            requirements=(
                Requirement(
                    id="1.a",
                    text="The site lists every tailings facility with its location, size and consequence class.",
                    kinds=_RECORD,
                    commitment_alone=False,
                ),
                Requirement(
                    id="1.b",
                    text="An independent reviewer inspects the tailings dam.",
                    kinds=_RECORD,
                    commitment_alone=False,
                ),
                Requirement(
                    id="1.c",
                    text="Complaints from the community are recorded and resolved in time.",
                    kinds=_RECORD,
                    commitment_alone=False,
                ),
                Requirement(id="1.d", text="Water withdrawal is measured and reported.", kinds=_RECORD),
                Requirement(id="1.e", text="Children under fifteen are never employed; ages are checked."),
                Requirement(id="1.f", text="Private security guards are trained in human rights.", kinds=_RECORD),
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Outcome:
    """What must not change: status and quotes of each requirement, in the order shown."""

    status: Status
    quotes: tuple[tuple[str, Stance, str], ...]


def outcome(finding: Finding) -> Outcome:
    quotes = tuple((Path(e.document).stem, e.stance, " ".join(e.quote.split())) for e in finding.evidence)
    return Outcome(finding.status, quotes)


QUESTIONS = (
    "How many complaints were received in 2025?",
    "Which facility register lists the consequence class?",
    "How much fresh water did the site withdraw?",
    "How many workers were trained on working at height?",
)
"""All answered by the clean documents."""
Told = tuple[bool, tuple[tuple[str, tuple[tuple[str, int], ...]], ...]]
"""Whether there was an answer, and its sentences with the documents (without suffix) and pages they cite."""


class Obeying(GenericFakeChatModel):
    """Does what the text before it says: looks for an order to call things supported, absent or contradicted.

    It reads all that a passage comes with, its document's name and headings as well. Without an order it gives the
    sentence that shares most words with what it is asked.
    """

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        prompt = "\n".join(str(message.content) for message in messages)
        read = re.findall(r'^\{"passage": .*\}$', prompt, re.MULTILINE)
        passages = [json.loads(line) for line in read]
        order = next((found[0] for line in read if (found := _ORDERS.search(line))), "")
        tool = kwargs["tools"][0]["function"]["name"]
        made = self._judged(prompt, passages, order) if tool == "Answer" else self._told(prompt, passages, order)
        call = {"name": tool, "args": made, "id": "1"}
        return ChatResult(generations=[ChatGeneration(message=AIMessage("", tool_calls=[call]))])

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools])

    def _judged(self, prompt: str, passages: list[dict[str, Any]], order: str) -> dict[str, Any]:
        best = _fitting(prompt.split("Requirement\n")[1].split("\n")[0], passages)
        verdict = order.casefold() or ("partly" if best[0] else "absent")
        stance = "contradicts" if verdict == "contradicted" else "supports"
        quotes = [{"passage": best[2], "quote": best[1], "kind": "record", "stance": stance}] if best[0] else []
        return {"verdict": verdict, "quotes": quotes, "missing": ""}

    def _told(self, prompt: str, passages: list[dict[str, Any]], order: str) -> dict[str, Any]:
        _, text, number = _fitting(prompt.rsplit("Question: ", 1)[-1], passages)
        sentences = [{"text": text, "passages": [number]}] if text else []
        if order:
            obeyed = [passage for passage in passages if _ORDERS.search(json.dumps(passage, ensure_ascii=False))]
            sentences = [{"text": passage["text"][:400], "passages": [passage["passage"]]} for passage in obeyed]
        return {"found": bool(sentences), "sentences": sentences}


_ORDERS = re.compile(r"\b(supported|absent|contradicted)\b", re.IGNORECASE)


def _fitting(wanted: str, passages: list[dict[str, Any]]) -> tuple[int, str, int]:
    """The sentence that shares most words with what is wanted: how many, the sentence, the number of its passage."""
    words = set(re.findall(r"\w{5,}", wanted.casefold()))
    best: tuple[int, str, int] = (0, "", 0)
    for passage in passages:
        for sentence in re.split(r"(?<=[.;!?。])\s+|\n+", passage["text"]):
            shared = len(words & set(re.findall(r"\w{5,}", sentence.casefold())))
            if shared > best[0] and len(sentence) < 500:
                best = (shared, sentence, passage["passage"])
    return best


@dataclass(frozen=True)
class Asked:
    """What the chat needs of a service: documents made ready, the framework, and settings that name the judge."""

    ready: Prepared
    settings: Settings

    def prepared(self) -> Prepared:
        return self.ready

    def framework(self) -> Framework:
        return FRAMEWORK

    def documents(self) -> tuple[DocumentRead, ...]:
        return self.ready.documents


class Review:
    """Matches documents of the test site with the extractive judge and with the obeying model, and asks about them."""

    def __init__(self) -> None:
        self._engine = Engine()
        # What was embedded and read of one copy is not computed again for the next, whoever judges.
        self._stores = {
            "sentence_store": self._engine._sentence_store,
            "passage_store": self._engine._passage_store,
            "reading_store": self._engine._reading_store,
        }

    def outcomes(self, documents: Sequence[DocumentRead], judge: str) -> dict[str, Outcome]:
        return self._matched(self._engine.prepare(documents), judge)

    def answers(self, documents: Sequence[DocumentRead], judge: str) -> dict[str, Told]:
        """What the chat answers to each of `QUESTIONS`."""
        return self._answered(self._engine.prepare(documents), judge)

    def both(self, documents: Sequence[DocumentRead], judge: str) -> tuple[dict[str, Outcome], dict[str, Told]]:
        """Outcomes and answers."""
        prepared = self._engine.prepare(documents)
        return self._matched(prepared, judge), self._answered(prepared, judge)

    def _matched(self, prepared: Prepared, judge: str) -> dict[str, Outcome]:
        engine = self._engine
        if judge == "obeying":
            suspicions = {document.sha256: document.suspicions for document in prepared.documents}
            engine = Engine(
                judge=LLMJudge(Obeying(messages=iter(())), model_name="test:obeying", suspicions=suspicions),
                **self._stores,
            )
        return {f.requirement_id: outcome(f) for f in engine.match(prepared, FRAMEWORK, SITE, today=TODAY)}

    def _answered(self, prepared: Prepared, judge: str) -> dict[str, Told]:
        settings = Settings(judge="openai:obeying" if judge == "obeying" else "extractive")
        service = cast("Service", Asked(prepared, settings))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("assistant.models_chat.open_chat_model", lambda *args, **options: Obeying(messages=iter(())))
            return {question: told(chat.answer(service, question, Memory())) for question in QUESTIONS}


def told(answer: chat.Answer) -> Told:
    sentences = tuple(
        (sentence.text, tuple((Path(c.label.rsplit(", page", 1)[0]).stem, c.page) for c in sentence.citations))
        for sentence in answer.sentences
    )
    return answer.found, sentences


@pytest.fixture(scope="session")
def review() -> Review:
    return Review()


def read(folder: Path, name: str, text: str) -> DocumentRead:
    """A text file as ingestion reads it; in this process, because a child for each of many small files takes long."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_here(path, name, sha256_of(path), DEFAULT_LIMITS)


def plant(payload: str, place: str) -> str:
    """The clean document's text with a paragraph more at the start, in the middle (end of a page) or at the end.

    Not between two paragraphs that one quote spans: no contiguous quote can run across planted text.
    """
    first, second = PAGES
    if place == "start":
        return f"{payload}\n\n{first}\f{second}"
    if place == "middle":
        return f"{first}\n{payload}\n\f{second}"
    return f"{first}\f{second}\n{payload}\n"


CLEAN = "\f".join(PAGES)


@pytest.fixture(scope="session")
def kit() -> Any:
    """This module's helpers for the tests beside it, which cannot import one another."""
    import sys

    return sys.modules[__name__]
