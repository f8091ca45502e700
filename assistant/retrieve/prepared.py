"""Documents made ready for searching: passages, units (sentences or list items), their vectors and their words.

A unit is the smallest thing that can be proposed as a quote: one sentence or list item of at most 600 characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from assistant.index.embedders import Embedder, Vectors
from assistant.index.vectors import VectorStore, embed_cached
from assistant.index.words import WordIndex, tokens
from assistant.progress import Progress, silent
from ingestion.models import DocumentRead, ReadStatus

MAX_QUOTE = 600
"""Characters; longer quotes are hard to check at a glance, and the evaluation counts no longer ones."""
_MIN_LETTERS = 3


@dataclass(frozen=True, slots=True)
class PassageRef:
    """A passage with its place. `document` is the file's name; offsets are into the page's text."""

    sha256: str
    document: str
    page: int
    start: int
    end: int
    text: str
    heading: tuple[str, ...] = ()
    language: str = ""
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence or list item: index of its document and passage, page, offsets into the page's text."""

    document: int
    passage: int
    page: int
    start: int
    end: int
    text: str
    language: str


@dataclass
class Prepared:
    """What one run searches: N units and P passages of D documents.

    `unit_vectors` has shape (N, sentence dimension) in half precision, `passage_vectors` (P, passage dimension).
    """

    documents: tuple[DocumentRead, ...]
    passages: tuple[PassageRef, ...]
    passage_document: NDArray[np.int32]
    units: tuple[Unit, ...]
    unit_vectors: NDArray[np.float16]
    passage_vectors: Vectors
    sentence_embedder: Embedder
    passage_embedder: Embedder
    unit_words: list[list[str]] = field(repr=False)
    passage_words: list[list[str]] = field(repr=False)

    @cached_property
    def word_index(self) -> WordIndex:
        """BM25 over the passages, with document title and headings as context."""
        return WordIndex(self.passage_words)

    @cached_property
    def unit_index(self) -> WordIndex:
        """BM25 over the units."""
        return WordIndex(self.unit_words)

    @property
    def vocabulary(self) -> dict[str, int]:
        """Index of each word that stands in a unit."""
        return self.unit_index.vocabulary

    @cached_property
    def unit_matrix(self) -> csr_matrix:
        """Which words stand in which unit: sparse 0/1 matrix of shape (N, vocabulary)."""
        return self.unit_index.occurrences

    @cached_property
    def unit_passage(self) -> NDArray[np.int64]:
        """Passage index of each unit, shape (N,)."""
        return np.asarray([unit.passage for unit in self.units], dtype=np.int64)

    @cached_property
    def unit_document(self) -> NDArray[np.int64]:
        """Document index of each unit, shape (N,)."""
        return np.asarray([unit.document for unit in self.units], dtype=np.int64)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Index of each document by its SHA-256."""
        return {document.sha256: number for number, document in enumerate(self.documents)}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages of the units, the most frequent first."""
        names, counts = np.unique([unit.language or "en" for unit in self.units], return_counts=True)
        return tuple(str(name) for name in names[np.argsort(-counts)])

    @property
    def pages(self) -> int:
        """How many pages were read."""
        return sum(len(document.pages) for document in self.documents)

    @property
    def unread(self) -> tuple[str, ...]:
        """Names of the documents that could not be read, or not wholly."""
        bad = (ReadStatus.UNREADABLE, ReadStatus.PARTLY)
        return tuple(document.name for document in self.documents if document.status in bad)


def prepare(
    documents: Sequence[DocumentRead],
    *,
    sentence_embedder: Embedder,
    passage_embedder: Embedder,
    sentence_store: VectorStore,
    passage_store: VectorStore,
    progress: Progress = silent,
) -> Prepared:
    """Cut documents into units, index their words and embed what the stores do not hold yet."""
    passages: list[PassageRef] = []
    passage_document: list[int] = []
    units: list[Unit] = []
    unit_words: list[list[str]] = []
    passage_words: list[list[str]] = []
    for index, document in enumerate(documents):
        pages = {page.number: page.text for page in document.pages}
        title = _title(document)
        for passage in document.passages:
            text = pages[passage.page]
            language = passage.language or "en"
            spans = passage.sentences or ((passage.start, passage.end),)
            words: list[str] = []
            for start, end in spans:
                for a, b in _pieces(text, start, end):
                    piece = text[a:b]
                    # Words that were set aside as suspicious are blank in the passage: what holds any is no unit.
                    set_aside = passage.text[a - passage.start : b - passage.start] != piece
                    if set_aside or sum(1 for _ in islice(filter(str.isalnum, piece), _MIN_LETTERS)) < _MIN_LETTERS:
                        continue
                    units.append(Unit(index, len(passages), passage.page, a, b, piece, language))
                    unit_words.append(tokens(piece, language))
                    words.extend(unit_words[-1])
            passages.append(
                PassageRef(
                    document.sha256, document.name, passage.page, passage.start, passage.end, passage.text,
                    passage.heading, language,
                )
            )  # fmt: skip
            passage_document.append(index)
            passage_words.append(words + tokens(" ".join((*passage.heading, title)), language))
    unit_vectors = embed_cached(
        sentence_embedder, sentence_store, [unit.text for unit in units], progress, "embedding sentences"
    )
    passage_vectors = embed_cached(
        passage_embedder, passage_store, [_contextual(passage) for passage in passages], progress, "embedding passages"
    )
    return Prepared(
        documents=tuple(documents),
        passages=tuple(passages),
        passage_document=np.asarray(passage_document, dtype=np.int32),
        units=tuple(units),
        unit_vectors=unit_vectors.astype(np.float16),
        passage_vectors=passage_vectors,
        sentence_embedder=sentence_embedder,
        passage_embedder=passage_embedder,
        unit_words=unit_words,
        passage_words=passage_words,
    )


def _contextual(passage: PassageRef) -> str:
    """What is embedded for a passage: its last two headings before its text."""
    return " > ".join(passage.heading[-2:]) + "\n" + passage.text if passage.heading else passage.text


def _title(document: DocumentRead) -> str:
    return next((fact.value for fact in document.facts if fact.name == "title"), "")


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """`[start, end)` cut at clause marks or blanks into pieces of at most `MAX_QUOTE` characters."""
    pieces: list[tuple[int, int]] = []
    while end - start > MAX_QUOTE:
        window = text[start : start + MAX_QUOTE]
        cut = max(window.rfind(mark) for mark in ("; ", ";\n", ".\n", "；", "。"))
        if cut < MAX_QUOTE // 3:
            cut = max(window.rfind(mark) for mark in (", ", "\n", "，", "、", " "))
        cut = cut + 1 if cut > MAX_QUOTE // 4 else MAX_QUOTE
        pieces.append(_trim(text, start, start + cut))
        start += cut
    pieces.append(_trim(text, start, end))
    return [piece for piece in pieces if piece[1] > piece[0]]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
