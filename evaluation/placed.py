"""Documents with their gold quotes, and proposals and passages placed in them as one ranking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.models import Evidence
from evaluation.engines import MatchResult, RankedPassage
from evaluation.letters import DocumentLetters, Flags, GoldQuote, find_matrix, letters_of
from evaluation.reading import language_of
from evaluation.rows import Rows
from evaluation.sets import Label
from ingestion.models import DocumentRead

LONGEST_QUOTE = 600
"""Characters of the longest proposal that may find a gold quote (the protocol of the evaluation sets)."""

REPEATED_SHARE = 0.5
"""A proposal of which an earlier one of the same document holds this share of letters says nothing new."""


_BLOCK = re.compile(r"\S.*?(?=\n[^\S\n]*\n|\Z)", re.DOTALL)


class JudgedDocument:
    """A document as read, its letters, its paragraphs (what stands between blank lines), and its gold quotes."""

    def __init__(self, name: str, read: DocumentRead, labels: Iterable[Label]) -> None:
        self.name = name
        self.sha256 = read.sha256
        self.language = language_of(read)
        self.letters = DocumentLetters(read.pages)
        self.page_texts = {page.number: page.text for page in read.pages}
        self.passages = [self.letters.span(p.page, p.start, p.end) for p in read.passages]
        self.paragraphs = [
            self.letters.span(page.number, block.start(), block.end())
            for page in read.pages
            for block in _BLOCK.finditer(page.text)
        ]
        self.golds: dict[str, list[Gold]] = {}
        for label in labels:
            grades = label.grades or (1.0,) * len(label.quotes)
            kinds = label.kinds or ("",) * len(label.quotes)
            self.golds.setdefault(label.requirement, []).extend(
                Gold(name, quote, grade, kind, GoldQuote(quote, self.letters))
                for quote, grade, kind in zip(label.quotes, grades, kinds, strict=True)
            )

    def span(self, evidence: Evidence) -> tuple[int, int] | None:
        """Where the proposal stands; nothing when its words do not stand at its offsets."""
        first, last = self.letters.span(evidence.page, evidence.start, evidence.end)
        stands = first < last and self.letters.stream[first:last] == letters_of(evidence.quote)
        return (first, last) if stands else None


@dataclass(frozen=True, slots=True)
class Gold:
    """One gold quote with its label's grade and kind, placed in its document."""

    document: str
    quote: str
    grade: float
    kind: str
    placed: GoldQuote


@dataclass(frozen=True, slots=True)
class Item:
    """A ranked proposal or passage with its place in the letters of its document."""

    document: str
    span: tuple[int, int]
    evidence: Evidence | None = None


def quote_items(results: Sequence[MatchResult], pool: Sequence[JudgedDocument], rows: Rows) -> list[Item]:
    """The proposals as one ranking: several requirements are merged by strength, repeated words are left out."""
    ranked = [evidence for result in results for evidence in result.quotes]
    if len(results) > 1:
        ranked.sort(key=lambda evidence: -evidence.strength)
    by_sha = {document.sha256: document for document in pool}
    items: list[Item] = []
    taken: dict[str, list[tuple[int, int]]] = {}
    for evidence in ranked:
        document = by_sha.get(evidence.sha256)
        if document is None:
            continue
        span = document.span(evidence)
        if span is None:
            rows.misplaced += 1
            span = (0, 0)
        elif len(evidence.quote) > LONGEST_QUOTE:
            rows.overlong += 1
            span = (0, 0)
        earlier = taken.setdefault(document.name, [])
        if any(_shared(span, other) >= REPEATED_SHARE * (span[1] - span[0]) for other in earlier if span[1] > span[0]):
            continue
        earlier.append(span)
        items.append(Item(document.name, span, evidence))
    return items


def passage_items(results: Sequence[MatchResult], pool: Sequence[JudgedDocument]) -> list[Item]:
    """The passages as one ranking: several requirements are merged by score, each passage stands once."""
    ranked: list[RankedPassage] = [passage for result in results for passage in result.passages]
    if len(results) > 1:
        ranked.sort(key=lambda passage: -passage.score)
    by_sha = {document.sha256: document for document in pool}
    items: dict[tuple[str, tuple[int, int]], Item] = {}
    for passage in ranked:
        document = by_sha.get(passage.sha256)
        if document is not None:
            span = document.letters.span(passage.page, passage.start, passage.end)
            items.setdefault((document.name, span), Item(document.name, span))
    return list(items.values())


def paragraph_items(items: Sequence[Item], document: JudgedDocument) -> list[Item]:
    """The paragraphs of one document ranked by the best proposal in each; paragraphs without any are left out.

    A proposal belongs to the paragraph that holds most of it.
    """
    spans = np.array(document.paragraphs, dtype=np.int64).reshape(-1, 2)
    ranked: dict[int, Item] = {}
    for item in items:
        shared = np.minimum(spans[:, 1], item.span[1]) - np.maximum(spans[:, 0], item.span[0])
        if item.document == document.name and len(shared) and shared.max() > 0:
            best = int(shared.argmax())
            ranked.setdefault(best, Item(document.name, document.paragraphs[best]))
    return list(ranked.values())


def finds_of(items: Sequence[Item], documents: dict[str, JudgedDocument], target: str) -> tuple[Flags, list[Gold]]:
    """Which item finds which gold quote of the target, and those gold quotes."""
    golds = [gold for document in documents.values() for gold in document.golds.get(target, ())]
    return find(items, golds), golds


def find(items: Sequence[Item], golds: Sequence[Gold]) -> Flags:
    """Which item finds which gold quote, shape (items, golds); only items of the quote's own document can."""
    finds = np.zeros((len(items), len(golds)), dtype=np.bool_)
    for name in {gold.document for gold in golds}:
        rows = [index for index, item in enumerate(items) if item.document == name]
        columns = [index for index, gold in enumerate(golds) if gold.document == name]
        if rows:
            spans = [items[index].span for index in rows]
            finds[np.ix_(rows, columns)] = find_matrix(spans, [golds[index].placed for index in columns])
    return finds


def _shared(span: tuple[int, int], other: tuple[int, int]) -> int:
    return min(span[1], other[1]) - max(span[0], other[0])
