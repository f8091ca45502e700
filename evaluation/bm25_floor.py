"""The floor under every engine: BM25 over windows of 120 words, with the engine's interface.

It repeats the protocol of the published baselines (windows that follow each other without overlap, k1 1.5, b 0.75,
words weighted by all windows of the set, the windows of one document ranked), so that the same metrics code can be
checked against figures made by another program, and an engine can be compared with what plain words give.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN
from numpy.typing import NDArray

from assistant.models import Criterion, Evidence, EvidenceKind, Finding, Framework, Requirement, Site, Status
from assistant.progress import Progress
from evaluation.reading import language_of
from ingestion.models import DocumentRead

WINDOW_WORDS = 120
QUOTE_CHARACTERS = 600
DEPTH = 100
GAP_SHARE = 0.2
"""Share of the query's highest possible score under which the floor calls a gap; between this and twice it, it
abstains. Not tuned: a floor has no claim on gaps."""

BM25_K1 = 1.5
BM25_B = 0.75

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_TOKEN = re.compile(r"\w+")
_STEMMER = Stemmer.Stemmer("english")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of about 120 words of one page with its score for a query."""

    sha256: str
    document: str
    page: int
    start: int
    end: int
    text: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class FloorResult:
    """Finding and rankings for one requirement."""

    finding: Finding
    quotes: tuple[Evidence, ...]
    passages: tuple[Window, ...]


class _Index:
    """All windows of some documents with their words. Text in the query's language is stemmed, other text is not."""

    def __init__(self, documents: Sequence[DocumentRead], query_language: str) -> None:
        self.windows: list[Window] = []
        self.rows: dict[str, list[int]] = {}
        self.stemmed: dict[str, bool] = {}
        words: list[list[str]] = []
        for document in documents:
            own = windows_of(document)
            self.rows[document.sha256] = list(range(len(self.windows), len(self.windows) + len(own)))
            self.windows += own
            stem = self.stemmed[document.sha256] = language_of(document) == query_language
            words += [tokens(window.text, stem) for window in own]
        self._vocabulary: dict[str, int] = {}
        ids = [[self._vocabulary.setdefault(word, len(self._vocabulary)) for word in text] for text in words]
        holding = Counter(word for text in words for word in set(text))
        total = len(words)
        self._rarity = {word: log(1 + (total - count + 0.5) / (count + 0.5)) for word, count in holding.items()}
        self._bm25 = bm25s.BM25(k1=BM25_K1, b=BM25_B)
        if self._vocabulary:
            self._bm25.index((ids, dict(self._vocabulary)), show_progress=False)

    def scores(self, query: Sequence[str]) -> NDArray[np.float32]:
        """One score a window; a word that stands twice in the query counts twice."""
        known = [self._vocabulary[word] for word in query if word in self._vocabulary]
        if not known:
            return np.zeros(len(self.windows), dtype=np.float32)
        return np.asarray(self._bm25.get_scores_from_ids(known), dtype=np.float32)

    def highest(self, query: Sequence[str]) -> float:
        """What a window could score at most: the sum of the words' idf."""
        return sum(self._rarity.get(word, 0.0) for word in query) or 1.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """An index and the documents in it that are searched."""

    index: _Index
    documents: tuple[str, ...]


class Bm25Floor:
    """BM25 as an engine. `background` documents, when given, weigh the words (the whole set, as in the baselines)."""

    name = "bm25-floor"
    promise = "None: a floor to compare with."

    def __init__(
        self, background: Sequence[DocumentRead] = (), definition: bool = False, query_language: str = "en"
    ) -> None:
        self.models = {"words": "bm25s"}
        self._definition = definition
        self._language = query_language
        self._background = _Index(background, query_language) if background else None

    def prepare(self, documents: Sequence[DocumentRead], progress: Progress | None = None) -> Prepared:
        """The index, and the rows of it that belong to these documents."""
        index = self._background
        if index is None or any(document.sha256 not in index.rows for document in documents):
            index = _Index(documents, self._language)
        return Prepared(index, tuple(document.sha256 for document in documents))

    def match_detailed(
        self,
        prepared: Prepared,
        framework: Framework,
        site: Site,
        *,
        today: date,
        only: Collection[str] | None = None,
        progress: Progress | None = None,
    ) -> Iterator[FloorResult]:
        """Windows ranked by BM25; the finding's strength is the best score as a share of the highest possible one."""
        for criterion in framework.criteria:
            for requirement in criterion.requirements:
                if only is None or requirement.id in only:
                    yield self._match(prepared, criterion, requirement)

    def _match(self, prepared: Prepared, criterion: Criterion, requirement: Requirement) -> FloorResult:
        text = f"{requirement.text} {requirement.definition}" if self._definition else requirement.text
        index = prepared.index
        rows = [row for sha256 in prepared.documents for row in index.rows[sha256]]
        forms = {index.stemmed[sha256] for sha256 in prepared.documents}
        query = [word for stem in sorted(forms) for word in tokens(text, stem)]
        scores = index.scores(query)[rows]
        highest = index.highest(query)
        best = np.argsort(-scores, kind="stable")[:DEPTH]
        ranked = [replace(index.windows[rows[place]], score=float(scores[place])) for place in best]
        quotes = tuple(_quote(window, requirement.id, window.score / highest) for window in ranked)
        share = quotes[0].strength if quotes else 0.0
        finding = Finding(
            requirement_id=requirement.id,
            criterion_id=criterion.id,
            status=_status(share),
            strength=share,
            evidence=quotes[:1],
            judge=self.name,
        )
        return FloorResult(finding, quotes, tuple(ranked))


def tokens(text: str, stem: bool) -> list[str]:
    """Index words: NFKC, lower case, English stop words dropped; Chinese and Japanese as pairs of characters."""
    result: list[str] = []
    for word in _TOKEN.findall(unicodedata.normalize("NFKC", text).lower()):
        runs = _CJK.findall(word)
        for run in runs:
            result += [run[at : at + 2] for at in range(max(1, len(run) - 1))]
        if not runs and word not in STOPWORDS_EN:
            result.append(_STEMMER.stemWord(word) if stem else word)
    return result


def _status(share: float) -> Status:
    if share >= 2 * GAP_SHARE:
        return Status.SUPPORTED
    return Status.NEEDS_PERSON if share >= GAP_SHARE else Status.GAP


def windows_of(document: DocumentRead) -> list[Window]:
    """Windows of 120 words that follow each other without overlap; two Chinese or Japanese characters are a word."""
    windows = []
    for page in document.pages:
        count, start, end = 0.0, -1, 0
        for match in _WORD.finditer(page.text):
            start = match.start() if start < 0 else start
            end = match.end()
            count += 0.5 if len(match.group()) == 1 and ord(match.group()) >= 0x3040 else 1.0
            if count >= WINDOW_WORDS:
                windows.append(Window(document.sha256, document.name, page.number, start, end, page.text[start:end]))
                count, start = 0.0, -1
        if start >= 0:
            windows.append(Window(document.sha256, document.name, page.number, start, end, page.text[start:end]))
    return windows


def _quote(window: Window, requirement_id: str, share: float) -> Evidence:
    quote = window.text[:QUOTE_CHARACTERS]
    return Evidence(
        requirement_id=requirement_id,
        sha256=window.sha256,
        document=window.document,
        page=window.page,
        start=window.start,
        end=window.start + len(quote),
        quote=quote,
        kind=EvidenceKind.RECORD,
        strength=min(1.0, max(0.0, share)),
        score_parts={"bm25": round(share, 6)},
    )


def open_floor(cache: Path) -> Bm25Floor:
    """The floor as an engine factory; it keeps nothing in the cache."""
    return Bm25Floor()
