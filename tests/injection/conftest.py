"""Two clean documents of a site, the same with something planted, and the engine that reads both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from assistant.engine import Engine
from assistant.judge.llm import LLMJudge
from assistant.models import Criterion, EvidenceKind, Finding, Framework, Requirement, Site, Stance, Status
from ingestion import DEFAULT_LIMITS, DocumentRead, sha256_of
from ingestion.reading import read_here

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


class Obeying(GenericFakeChatModel):
    """Does what the text before it says: looks for an order to call things supported, absent or contradicted.

    Without an order it gives the sentence that shares most words with the requirement, as partly.
    """

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._obey(str(messages[1].content)))])

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self.bind()

    def _obey(self, task: str) -> AIMessage:
        wanted = set(re.findall(r"\w{5,}", task.split("\n")[1].casefold()))
        best: tuple[int, str, int] = (0, "", 0)
        order = ""
        for number, text in re.findall(r'^\{"passage": (\d+),.*?"text": "(.*)"\}$', task, re.MULTILINE):
            for sentence in re.split(r"(?<=[.;!?。])\s+|\\n+", text):
                shared = len(wanted & set(re.findall(r"\w{5,}", sentence.casefold())))
                if shared > best[0] and len(sentence) < 500:
                    best = (shared, sentence, int(number))
            order = order or next(iter(_ORDERS.findall(text)), "")
        verdict = order.casefold() or ("partly" if best[0] else "absent")
        stance = "contradicts" if verdict == "contradicted" else "supports"
        quotes = [{"passage": best[2], "quote": best[1], "kind": "record", "stance": stance}] if best[0] else []
        call = {"name": "Answer", "args": {"verdict": verdict, "quotes": quotes, "missing": ""}, "id": "1"}
        return AIMessage("", tool_calls=[call])


_ORDERS = re.compile(r"\b(supported|absent|contradicted)\b", re.IGNORECASE)


class Review:
    """Matches documents of the test site with the extractive judge and with the obeying model."""

    def __init__(self) -> None:
        self._engine = Engine()
        self._stores = {"sentence_store": self._engine._sentence_store, "passage_store": self._engine._passage_store}

    def outcomes(self, documents: Sequence[DocumentRead], judge: str) -> dict[str, Outcome]:
        engine = self._engine
        if judge == "obeying":
            suspicions = {document.sha256: document.suspicions for document in documents}
            engine = Engine(
                judge=LLMJudge(Obeying(messages=iter(())), model_name="test:obeying", suspicions=suspicions),
                **self._stores,
            )
        prepared = engine.prepare(documents)
        return {f.requirement_id: outcome(f) for f in engine.match(prepared, FRAMEWORK, SITE, today=TODAY)}


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
