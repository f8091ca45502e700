"""The documents and the criteria made ready for questions, kept while they do not change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.chat.lexicon import Lexicon
from assistant.index.embedders import Embedder
from assistant.index.vectors import MemoryVectors
from assistant.models import Criterion, Framework, Requirement
from assistant.retrieve import Prepared, prepare
from ingestion.models import DocumentRead, Page, Passage, ReadStatus
from ingestion.sentences import sentences

if TYPE_CHECKING:
    from assistant.service import Service


def prepared_documents(service: Service) -> Prepared:
    """The documents of the workspace as the engine searches them; prepared anew only when they have changed."""
    prepared: Prepared = service.prepared()
    return prepared


@dataclass(frozen=True)
class PreparedCatalogue:
    """A framework as documents: one a criterion, named by its id; its own text is page 1, then one page a requirement.

    `requirements` gives the requirement id by criterion id and page; page 1 has none.
    """

    prepared: Prepared
    requirements: dict[tuple[str, int], str]

    def place(self, unit: int) -> tuple[str, str]:
        """Criterion and requirement id (empty for the criterion's own text) of a unit."""
        found = self.prepared.units[unit]
        criterion_id = self.prepared.documents[found.document].name
        return criterion_id, self.requirements.get((criterion_id, found.page), "")


class _Key:
    """A framework and an embedder as a key of the cache: a framework is large, its digest is not."""

    def __init__(self, framework: Framework, embedder: Embedder) -> None:
        self.framework = framework
        self.embedder = embedder
        self._key = (framework.digest(), embedder.name)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._key == other._key


def prepared_catalogue(framework: Framework, embedder: Embedder) -> PreparedCatalogue:
    """The framework ready to be searched; sentence embeddings serve for its passages too (a thousand a second)."""
    return _catalogue(_Key(framework, embedder))


def lexicon(framework: Framework, embedder: Embedder) -> Lexicon:
    """The framework's words across languages."""
    return _lexicon(_Key(framework, embedder))


@lru_cache(maxsize=4)
def _lexicon(key: _Key) -> Lexicon:
    return Lexicon(key.framework, key.embedder)


@lru_cache(maxsize=4)
def _catalogue(key: _Key) -> PreparedCatalogue:
    documents: list[DocumentRead] = []
    requirements: dict[tuple[str, int], str] = {}
    for criterion in key.framework.criteria:
        texts = [criterion_text(criterion), *(requirement_text(requirement) for requirement in criterion.requirements)]
        requirements |= {(criterion.id, page): item.id for page, item in enumerate(criterion.requirements, start=2)}
        documents.append(_document(criterion, texts, key.framework.language))
    store = MemoryVectors()
    prepared = prepare(
        documents,
        sentence_embedder=key.embedder,
        passage_embedder=key.embedder,
        sentence_store=store,
        passage_store=MemoryVectors(),
    )
    return PreparedCatalogue(prepared, requirements)


def criterion_text(criterion: Criterion) -> str:
    """What the catalogue says of a criterion itself, one paragraph a field."""
    parts = (criterion.title, criterion.asks, criterion.guidance, criterion.not_applicable_when)
    return "\n\n".join(part for part in parts if part)


def requirement_text(requirement: Requirement) -> str:
    """What the catalogue says of a requirement, one paragraph a field."""
    parts = (requirement.text, requirement.definition, ", ".join(requirement.evidence_examples))
    return "\n\n".join(part for part in parts if part)


def _document(criterion: Criterion, texts: list[str], language: str) -> DocumentRead:
    names: list[dict[str, tuple[str, ...]]] = [{code: (title,) for code, title in criterion.titles.items()}]
    names += [dict(requirement.terms) for requirement in criterion.requirements]
    pages: list[Page] = []
    passages: list[Passage] = []
    for number, (text, terms) in enumerate(zip(texts, names, strict=True), start=1):
        lines = {code: ", ".join(phrases) for code, phrases in terms.items() if phrases}
        whole = "\n\n".join((text, *lines.values()))
        pages.append(Page(number=number, text=whole))
        at = 0
        for code, own in ((language, text), *lines.items()):
            spans = tuple((at + start, at + end) for start, end in sentences(own, code))
            passages.append(
                Passage(
                    page=number,
                    start=at,
                    end=at + len(own),
                    text=own,
                    heading=(criterion.titles.get(code, criterion.title),),
                    language=code,
                    sentences=spans or ((at, at + len(own)),),
                )
            )
            at += len(own) + 2
    return DocumentRead(
        sha256=hashlib.sha256("\f".join(page.text for page in pages).encode()).hexdigest(),
        name=criterion.id,
        media_type="text/plain",
        size=sum(len(page.text) for page in pages),
        status=ReadStatus.READ,
        pages=tuple(pages),
        passages=tuple(passages),
    )
