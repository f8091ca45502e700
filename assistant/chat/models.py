"""What is asked and answered: topics, citations that open at their place, answers, and what is remembered."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from assistant.models import Frozen


class Topic(StrEnum):
    """What a question is about: the criteria, the documents, or the state of the review."""

    GUIDANCE = "guidance"
    DOCUMENTS = "documents"
    REVIEW = "review"


class Citation(Frozen):
    """Where a sentence of an answer comes from.

    `document`: `quote` stands in page `page` of `sha256` at `[start, end)`. `catalogue`: `quote` stands in the
    framework's text of the criterion or requirement named, or of the framework itself where none is. `review`: the
    record named by the ids that are set; `quote` repeats its words.
    """

    kind: Literal["document", "catalogue", "review"]
    label: str
    sha256: str = ""
    page: int = 0
    start: int = 0
    end: int = 0
    quote: str = ""
    requirement_id: str = ""
    criterion_id: str = ""
    run_id: int | None = None
    decision_id: int | None = None
    rating_id: int | None = None


class AnswerSentence(Frozen):
    """One sentence with at least one citation."""

    text: str
    citations: tuple[Citation, ...]


class Memory(Frozen):
    """What "it", "there" and "more" mean in the next question of a conversation."""

    topic: Topic | None = None
    question: str = ""
    intent: str = ""
    criterion_id: str = ""
    requirement_id: str = ""
    sha256: str = ""
    shown: int = 0
    """How many sentences of the answer to `question` were shown already."""


class Answer(Frozen):
    """The answer to one question.

    When `found` is false there are no sentences and `nearest` says what comes closest. `unverified` are sentences of a
    language model that its citations do not bear out: they are no part of the answer. `memory` is for what comes next.
    """

    question: str
    topic: Topic
    found: bool
    sentences: tuple[AnswerSentence, ...] = ()
    nearest: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    writer: str = "extractive"
    memory: Memory = Memory()
