"""Questions on the documents, answered with their own sentences: the most likely ones, or "not in your documents"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.chat.corpus import lexicon, prepared_documents
from assistant.chat.lexicon import Lexicon
from assistant.chat.models import Answer, AnswerSentence, Citation, Memory, Topic
from assistant.chat.scoring import Candidate, rank
from assistant.chat.understanding import Question
from assistant.chat.vocabulary import first_match, matches, vocabulary
from assistant.index.embedders import open_embedder
from assistant.judge.llm.redaction import is_covered
from assistant.models import letters_and_digits
from assistant.quotes import locate
from assistant.retrieve import Prepared
from assistant.retrieve.prepared import MAX_QUOTE

if TYPE_CHECKING:
    from assistant.service import Service

MOST_SENTENCES = 4
NEAREST = 3
FOUND_FROM = 0.25
"""Probability from which the best sentence counts as an answer (dev half of evaluation/chat_questions.jsonl): what is
absent must not be answered, so it lies above all absent ones there and costs two answers across languages."""
CALLED_FROM = 0.4
"""How well a sentence in another language must hold what the subject is called there to be shown with the others."""
BESIDE = 0.5
"""A further sentence is shown when it is at least this share as likely as the best one."""
NOT_FOUND = "Not in your documents."
NO_DOCUMENTS = "There are no documents in this workspace yet; add some, then ask again."
_SCRAP_WORDS = 4
_FULL_LINE = 40
"""Characters of a line that may have been wrapped; a shorter one that ends nothing is a label."""
_TABLE = 0.2
"""Share of digits from which a line is a row of a table."""


def answer_from_documents(service: Service, question: Question) -> Answer:
    """One to four sentences of the documents with their places, or what comes nearest when none of them answers."""
    prepared = prepared_documents(service)
    if not prepared.units:
        return Answer(
            question=question.text,
            topic=Topic.DOCUMENTS,
            found=False,
            notes=(NO_DOCUMENTS,),
            memory=remember(question, (), 0),
        )
    embedder = open_embedder(service.settings.sentence_embedding)
    ranked = likely(prepared, question, lexicon(service.framework(), embedder))
    best = ranked[0].probability if ranked else 0.0
    good = [item for item in ranked if item.probability >= max(FOUND_FROM, BESIDE * best)]
    if good and matches(vocabulary().where, question.text):
        good = [*good[: MOST_SENTENCES - 1], *elsewhere(prepared, ranked, good), *good[MOST_SENTENCES - 1 :]]
    shown = good[question.skip : question.skip + MOST_SENTENCES]
    said = [sentence for item in shown if (sentence := _sentence(prepared, item.unit)) is not None]
    if ranked and not question.skip:
        said = [*dated(prepared, question.text, ranked), *said][:MOST_SENTENCES]
    sentences = tuple({sentence.text: sentence for sentence in said}.values())
    nearest = tuple(c for item in ranked[:NEAREST] if (c := cite(prepared, item.unit)) is not None)
    notes: tuple[str, ...] = ()
    if not sentences:
        notes = ("There is nothing more on this in your documents.",) if question.skip else (NOT_FOUND,)
    elif len(good) > question.skip + len(shown):
        notes = (f"{len(good) - question.skip - len(shown)} more sentences answer this: ask for more.",)
    return Answer(
        question=question.text,
        topic=Topic.DOCUMENTS,
        found=bool(sentences),
        sentences=sentences,
        nearest=() if sentences else nearest,
        notes=notes,
        memory=remember(question, sentences, question.skip + len(shown)),
    )


def likely(prepared: Prepared, question: Question, across: Lexicon | None = None) -> list[Candidate]:
    """Candidate sentences, the likeliest first: no scraps, no repetitions, nothing a suspicion covers.

    A question that follows another is searched in the document spoken of first, when there is one.
    """
    suspicions = {document.sha256: document.suspicions for document in prepared.documents}
    kept: list[Candidate] = []
    seen: set[str] = set()
    for item in rank(prepared, question.text, across):
        unit = prepared.units[item.unit]
        words = letters_and_digits(unit.text)
        sha256 = prepared.documents[unit.document].sha256
        if words in seen or len(prepared.unit_words[item.unit]) < _SCRAP_WORDS:
            continue
        if is_covered(sha256, unit.page, unit.start, unit.end, suspicions):
            continue
        seen.add(words)
        kept.append(item)
    if question.names.sha256:
        own = [i for i in kept if prepared.documents[prepared.units[i.unit].document].sha256 == question.names.sha256]
        if own and own[0].probability >= FOUND_FROM:
            return own
    return kept


def elsewhere(prepared: Prepared, ranked: list[Candidate], good: list[Candidate]) -> list[Candidate]:
    """The place in a language that is not among the answers which best holds what is asked for, by its words there."""
    spoken = {prepared.units[item.unit].language for item in good}
    others = [
        item for item in ranked if prepared.units[item.unit].language not in spoken and item.called >= CALLED_FROM
    ]
    return sorted(others, key=lambda item: (-item.called, -item.probability))[:1]


def cite(prepared: Prepared, index: int) -> Citation | None:
    """The citation of the whole sentence a unit belongs to, checked against its page; `None` when it fails."""
    first, last = whole_sentence(prepared, index)
    unit = prepared.units[first]
    document = prepared.documents[unit.document]
    page = next(page for page in document.pages if page.number == unit.page)
    quote = page.text[unit.start : prepared.units[last].end]
    return checked_citation(document.sha256, document.name, page.number, page.label, page.text, quote, unit.start)


def whole_sentence(prepared: Prepared, index: int) -> tuple[int, int]:
    """The first and last unit of the sentence a unit is part of: narrow columns and tables break sentences apart."""

    def breaks(before: int, after: int) -> bool:
        one, other = prepared.units[before], prepared.units[after]
        heading = " ".join(one.text.split()) in prepared.passages[one.passage].heading
        ends = one.text.rstrip().endswith((".", "!", "?", ":", ";", "。", "；")) or "|" in one.text + other.text
        figures = sum(char.isdigit() for char in one.text)
        goes_on = other.text[:1].islower() or (len(one.text) >= _FULL_LINE and figures < _TABLE * len(one.text))
        return one.passage != other.passage or heading or ends or not goes_on or other.end - one.start > MAX_QUOTE

    first = last = index
    if first > 0 and not breaks(first - 1, first):
        first -= 1
    if last + 1 < len(prepared.units) and not breaks(last, last + 1):
        last += 1
    return first, last


def dated(prepared: Prepared, question: str, ranked: list[Candidate]) -> list[AnswerSentence]:
    """When something ends or is due, in the document's own words, if that is what is asked."""
    asked = first_match(vocabulary().facts, question)
    best = ranked[0]
    if not asked or best.probability < FOUND_FROM:
        return []
    document = prepared.documents[prepared.units[best.unit].document]
    pages = {page.number: page for page in document.pages}
    said = []
    for fact in document.facts:
        page = pages.get(fact.page)
        if fact.name.value != asked or not fact.quote or page is None:
            continue
        near = fact.start
        citation = checked_citation(
            document.sha256, document.name, page.number, page.label, page.text, fact.quote, near
        )
        if citation is not None:
            said.append(AnswerSentence(text=" ".join(fact.quote.split()), citations=(citation,)))
    return said[:1]


def checked_citation(
    sha256: str, name: str, number: int, label: str, page_text: str, quote: str, near: int
) -> Citation | None:
    """A citation of words that stand in the page, with their offsets there; `None` when they do not."""
    place = locate(quote, page_text, near)
    if place is None:
        return None
    start, end = place
    where = f"{name}, page {number}" + (f" ({label})" if label and label != str(number) else "")
    return Citation(
        kind="document", label=where, sha256=sha256, page=number, start=start, end=end, quote=page_text[start:end]
    )


def remember(question: Question, sentences: tuple[AnswerSentence, ...], shown: int) -> Memory:
    """What the next question may refer to after a question on the documents."""
    cited = [citation.sha256 for sentence in sentences for citation in sentence.citations if citation.sha256]
    return Memory(
        topic=Topic.DOCUMENTS,
        question=question.text,
        criterion_id=question.names.criteria[0] if question.names.criteria else "",
        requirement_id=question.names.requirement_id,
        sha256=cited[0] if cited else question.names.sha256,
        shown=shown,
    )


def _sentence(prepared: Prepared, index: int) -> AnswerSentence | None:
    citation = cite(prepared, index)
    if citation is None:
        return None
    return AnswerSentence(text=" ".join(citation.quote.split()), citations=(citation,))
