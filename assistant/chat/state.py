"""The record as one question sees it, and the words in which it is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.chat.models import AnswerSentence, Citation
from assistant.chat.understanding import Question
from assistant.errors import NotFoundError
from assistant.models import Evidence, Status
from assistant.quotes import verify
from assistant.store import StoredRun

if TYPE_CHECKING:
    from assistant.service import FindingView, Service

_QUOTED = 160
"""Characters of a quote inside a sentence; its citation has it whole."""


class State:
    """The record as one question sees it: the latest run, and the findings in the scope the question names."""

    def __init__(self, service: Service, question: Question, run: StoredRun) -> None:
        self.service = service
        self.question = question
        self.run = run
        names = question.names
        everything: Sequence[FindingView] = service.findings()
        if names.requirement_id:
            self.views = [view for view in everything if view.requirement.id == names.requirement_id]
            self.scope = f" for requirement {names.requirement_id}"
        elif names.criteria:
            self.views = [view for view in everything if view.criterion.id in names.criteria]
            self.scope = f" in criteri{'a' if len(names.criteria) > 1 else 'on'} {' and '.join(names.criteria)}"
        else:
            self.views = list(everything)
            self.scope = ""
        self.applicable = [view for view in self.views if view.finding.status is not Status.NOT_APPLICABLE]

    def say(self, text: str, view: FindingView | None = None, quote: str = "") -> AnswerSentence:
        """A sentence on the run, or on one of its findings."""
        label = f"Run {self.run.id}" + (f", requirement {view.requirement.id}" if view else "")
        requirement_id = view.requirement.id if view else self.question.names.requirement_id
        own = view.criterion.id if view else next(iter(self.question.names.criteria), "")
        citation = Citation(
            kind="review", label=label, quote=quote, run_id=self.run.id, requirement_id=requirement_id, criterion_id=own
        )
        return AnswerSentence(text=text, citations=(citation,))

    def place(self, evidence: Evidence) -> Citation | None:
        """The citation of a quote, `None` when it does not stand in the page as it is stored now."""
        try:
            text = self.service.page(evidence.sha256, evidence.page).text
        except NotFoundError:
            return None
        if not verify(evidence, text):
            return None
        return Citation(
            kind="document",
            label=f"{evidence.document}, page {evidence.page}",
            sha256=evidence.sha256,
            page=evidence.page,
            start=evidence.start,
            end=evidence.end,
            quote=evidence.quote,
            requirement_id=evidence.requirement_id,
        )


def are(things: Sequence[object]) -> str:
    """Is or are, by how many there are."""
    return "is" if len(things) == 1 else "are"


def count(number: int, noun: str) -> str:
    """A number with its noun; nothing for none."""
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def noun(things: Sequence[object]) -> str:
    """The word requirement, by how many there are."""
    return "requirement" if len(things) == 1 else "requirements"


def short(text: str) -> str:
    """A quote on one line, cut to what a sentence can hold."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _QUOTED else plain[: _QUOTED - 1].rstrip() + "…"


def sentence(text: str) -> str:
    """The text with a full stop, where it has no end of its own."""
    return text if text.rstrip().endswith((".", "!", "?", "…")) else f"{text.rstrip()}."
