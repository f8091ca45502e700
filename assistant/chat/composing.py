"""Answers written by a language model from numbered passages, sentence by sentence, each checked before it is shown.

What the model writes is a claim. A sentence without a citation, or one its passages do not bear out, is no part of the
answer. Passages are shown to the model as data, without what a suspicion covers.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import prompts
from assistant.chat.documents import checked_citation
from assistant.chat.models import AnswerSentence, Citation
from assistant.chat.support import supports
from assistant.errors import ModelError
from assistant.index.embedders import Embedder
from assistant.judge.llm.data import data_block, plain
from assistant.judge.llm.redaction import clean_name, redact
from assistant.retrieve import Prepared
from assistant.retrieve.prepared import PassageRef

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

PASSAGES = 10
MOST_SENTENCES = 6
PROMPT = "chat-answer"
_LONGEST = 600
SCHEMA: dict[str, Any] = {
    "title": "CitedAnswer",
    "description": "An answer in short sentences, each with the numbers of the passages that say it.",
    "type": "object",
    "properties": {
        "found": {"type": "boolean", "description": "Whether the passages answer the question."},
        "sentences": {
            "type": "array",
            "description": "At most six sentences; none when found is false.",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "One short sentence that says one thing."},
                    "passages": {
                        "type": "array",
                        "items": {"type": "integer"},
                        "description": "Numbers of the passages that state it.",
                    },
                },
                "required": ["text", "passages"],
            },
        },
    },
    "required": ["found", "sentences"],
}


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered passage the model may cite: its text as the model sees it, and how a place in it is cited."""

    text: str
    label: str
    passage: PassageRef | None = None
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A sentence of the model that is not shown as part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """The end of the model's answer; `found` is what the model says, before anything is checked."""

    found: bool


def document_sources(prepared: Prepared, passages: Sequence[PassageRef]) -> list[Source]:
    """Passages of the documents as the model may see them."""
    suspicions = {document.sha256: document.suspicions for document in prepared.documents}
    shown = [(passage, redact(passage, suspicions)) for passage in passages[:PASSAGES]]
    return [
        Source(text=text, label=f"{clean_name(passage, suspicions)}, page {passage.page}", passage=passage)
        for passage, text in shown
        if any(char.isalnum() for char in text)
    ]


def said_sources(sentences: Sequence[AnswerSentence]) -> list[Source]:
    """Sentences of the catalogue as passages: each keeps its own citation."""
    return [
        Source(text=sentence.text, label=sentence.citations[0].label, citation=sentence.citations[0])
        for sentence in sentences
    ]


def write(
    model: BaseChatModel,
    question: str,
    history: str,
    sources: Sequence[Source],
    prepared: Prepared | None,
    embedder: Embedder,
    method: str,
) -> Iterator[AnswerSentence | Refused | Written]:
    """The model's sentences as they come, checked; last `Written`. Raises `ModelError` when the model fails."""
    block = data_block(
        [
            {"passage": number, "place": source.label, "text": source.text}
            for number, source in enumerate(sources, start=1)
        ],
        about=question,
    )
    prompt = prompts.load(PROMPT).render(question=question, history=history or "none", passages=block.text)
    done = 0
    last: dict[str, Any] = {}
    try:
        answering = model.with_structured_output(SCHEMA, method=method)
        stream = answering.stream(prompt)
        # Who reads an answer may stop in the middle: the connection is closed then, not when it is next thought of.
        with closing(cast("Generator[Any]", stream)) as pieces:
            for piece in pieces:
                last = piece if isinstance(piece, dict) else last
                claims = _claims(last)
                # The last claim may still be growing: it is looked at when another follows or the answer ends.
                for claim in claims[done:-1]:
                    yield _checked(claim, sources, prepared, embedder)
                done = max(done, len(claims) - 1)
        if not last:
            # A model that does not stream its tool calls gives nothing above; asked for the whole, it answers.
            whole = answering.invoke(prompt)
            last = whole if isinstance(whole, dict) else {}
    except Exception as error:  # any of a provider's own errors; the answer falls back to the documents' own words
        raise ModelError(
            f"The language model did not answer ({type(error).__name__}: {_first_line(error)})."
        ) from error
    for claim in _claims(last)[done:MOST_SENTENCES]:
        yield _checked(claim, sources, prepared, embedder)
    yield Written(found=bool(last.get("found")))


def _claims(answer: dict[str, Any]) -> list[dict[str, Any]]:
    claims = answer.get("sentences")
    return [claim for claim in claims if isinstance(claim, dict)][:MOST_SENTENCES] if isinstance(claims, list) else []


def _checked(
    claim: dict[str, Any], sources: Sequence[Source], prepared: Prepared | None, embedder: Embedder
) -> AnswerSentence | Refused:
    text = plain(str(claim.get("text", "")), _LONGEST)
    numbers = claim.get("passages")
    citations = []
    for number in dict.fromkeys(numbers if isinstance(numbers, list) else []):
        if type(number) is int and 1 <= number <= len(sources):
            citation = _borne_out(text, sources[number - 1], prepared, embedder)
            if citation is not None:
                citations.append(citation)
    return AnswerSentence(text=text, citations=tuple(citations)) if citations else Refused(text)


def _borne_out(text: str, source: Source, prepared: Prepared | None, embedder: Embedder) -> Citation | None:
    support = supports(text, source.text, embedder)
    if support is None:
        return None
    if source.passage is None or prepared is None:
        return source.citation
    passage = source.passage
    document = next(document for document in prepared.documents if document.sha256 == passage.sha256)
    page = next(page for page in document.pages if page.number == passage.page)
    quote = source.text[support.start : support.end]
    return checked_citation(
        document.sha256, document.name, page.number, page.label, page.text, quote, passage.start + support.start
    )


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), "no message")[:200]
