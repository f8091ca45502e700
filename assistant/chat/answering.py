"""A question in, an answer out: understood, answered from catalogue, documents or record, or written by a model.

With a language model the same sources are read, and a sentence it writes is shown only when its citation bears it out;
counts and decisions are always told by the record itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import ValidationError

from assistant.chat import composing
from assistant.chat.corpus import prepared_documents
from assistant.chat.documents import NOT_FOUND, answer_from_documents, remember
from assistant.chat.guidance import answer_from_catalogue
from assistant.chat.models import Answer, AnswerSentence, Memory, Topic
from assistant.chat.records import answer_from_record
from assistant.chat.understanding import Question, understand
from assistant.errors import ModelError, SettingsError
from assistant.index.embedders import Embedder, open_embedder
from assistant.retrieve import Prepared, search

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.service import Service

EXTRACTIVE = "extractive"
NO_QUESTION = "There is no question; ask about a criterion, your documents, or the state of the review."
LONGEST_QUESTION = 2_000
_TURNS = 3


def answer(service: Service, question: str, conversation: str | Memory = "default") -> Answer:
    """The answer to a question in a conversation, given by its name or by what it remembers.

    Example: `answer(service, "What does criterion 31 expect from a smelter?").sentences[0].citations[0].label`
    """
    last: Answer | None = None
    for piece in stream(service, question, conversation):
        if isinstance(piece, Answer):
            last = piece
    assert last is not None  # stream always ends with the answer
    return last


def stream(
    service: Service, question: str, conversation: str | Memory = "default"
) -> Iterator[AnswerSentence | Answer]:
    """The sentences of the answer as they are ready; the last item is the whole `Answer`."""
    memory = conversation if isinstance(conversation, Memory) else remembered(service, conversation)
    text = " ".join(question.split())[:LONGEST_QUESTION]
    if not any(char.isalnum() for char in text):
        yield Answer(
            question=text, topic=memory.topic or Topic.DOCUMENTS, found=False, notes=(NO_QUESTION,), memory=memory
        )
        return
    embedder = open_embedder(service.settings.sentence_embedding)
    documents = [(view.sha256, view.name) for view in service.documents()]
    asked = understand(text, service.framework(), memory, embedder, documents)
    told = _extractive(service, asked)
    if not told.found and asked.second is not None:
        other = asked.model_copy(update={"topic": asked.second})
        tried = _extractive(service, other)
        asked, told = (other, tried) if tried.found else (asked, told)
    told = told.model_copy(update={"question": text})
    if asked.topic is Topic.REVIEW or service.settings.judge == EXTRACTIVE or asked.skip:
        yield from told.sentences
        yield told
        return
    yield from _written(service, asked, told, embedder, _history(service, conversation))


def remembered(service: Service, conversation: str) -> Memory:
    """What the last answer of a stored conversation left to remember."""
    for message in reversed(service.messages(conversation)):
        if message.role == "assistant":
            try:
                return Memory.model_validate(message.value.get("memory") or {})
            except ValidationError:  # written by another version: the conversation begins anew
                return Memory()
    return Memory()


def _extractive(service: Service, asked: Question) -> Answer:
    if asked.topic is Topic.GUIDANCE:
        return answer_from_catalogue(service, asked)
    if asked.topic is Topic.REVIEW:
        return answer_from_record(service, asked)
    return answer_from_documents(service, asked)


def _written(
    service: Service, asked: Question, told: Answer, embedder: Embedder, history: str
) -> Iterator[AnswerSentence | Answer]:
    """The answer a language model writes from the same sources; the extractive one when it cannot, or nothing holds."""
    prepared: Prepared | None = None
    if asked.topic is Topic.DOCUMENTS:
        prepared = prepared_documents(service)
        hits = search(prepared, asked.text, composing.PASSAGES)
        sources = composing.document_sources(prepared, [hit.passage for hit in hits])
    else:
        sources = composing.said_sources(told.sentences)
    if not sources:
        yield told
        return
    sentences: list[AnswerSentence] = []
    unverified: list[str] = []
    found = True
    settings = service.settings
    try:
        model = _open(service)
        for piece in composing.write(model, asked.text, history, sources, prepared, embedder, settings.judge_method):
            if isinstance(piece, AnswerSentence):
                sentences.append(piece)
                yield piece
            elif isinstance(piece, composing.Refused):
                unverified.append(piece.text)
            else:
                found = piece.found
    except (ModelError, SettingsError) as error:
        if not sentences:
            yield from told.sentences
            yield told.model_copy(update={"notes": (*told.notes, f"{error} These are the sources' own words.")})
            return
        found = True
    update = {"writer": settings.judge, "unverified": tuple(text for text in unverified if text)}
    if sentences:
        memory = told.memory if asked.topic is Topic.GUIDANCE else remember(asked, tuple(sentences), 0)
        notes = told.notes if asked.topic is Topic.GUIDANCE else ()
        changed = {"found": True, "sentences": tuple(sentences), "nearest": (), "notes": notes, "memory": memory}
        yield told.model_copy(update={**update, **changed})
    elif found:
        note = "Nothing the language model wrote could be verified; these are the sources' own words."
        yield from told.sentences
        yield told.model_copy(update={**update, "notes": (*told.notes, note)})
    else:
        nearest = told.nearest or tuple(citation for sentence in told.sentences for citation in sentence.citations)
        changed = {"found": False, "sentences": (), "nearest": nearest[:3], "notes": (NOT_FOUND,)}
        yield told.model_copy(update={**update, **(changed if asked.topic is Topic.DOCUMENTS else {})})


def _open(service: Service) -> BaseChatModel:
    from assistant.models_chat import open_chat_model

    settings = service.settings
    return open_chat_model(settings.judge, settings.judge_base_url, settings.judge_api_key)


def _history(service: Service, conversation: str | Memory) -> str:
    """The last questions of the conversation: answers quote documents and stay out of what a model is told."""
    if isinstance(conversation, Memory):
        return conversation.question
    asked = [
        str(message.value.get("text", "")) for message in service.messages(conversation) if message.role == "person"
    ]
    return "\n".join(text[:300] for text in asked[-_TURNS:])
