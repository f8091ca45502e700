"""What is measured about one unit of text as evidence for one requirement; every column has a name.

All similarities are cosines. "Share" columns are the idf mass of the query's words that stand in the text, from 0 to 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from assistant.index.embedders import Vectors
from assistant.judge.cues import CUE_CAP, CUE_NAMES, Cues
from assistant.retrieve.prepared import Prepared
from assistant.retrieve.queries import RequirementQuery

_BLOCK = 20_000
_TOGETHER = 32
"""Requirements whose cosines are held at a time."""
DEFINITION = np.float32(0.9)
"""Weight of the definition against the statement in what is nearest."""
_BEFORE_CUES = 8
_CONTENTS_LINE = re.compile(r"(?:\.\s?){4,}\s*\d*\s*$|\s\d{1,3}\s*$")

FEATURES: tuple[str, ...] = (
    "sim_text", "sim_definition", "sim_probe", "sim_term", "sim_best", "sim_window",
    "over_competitors", "over_mean", "sim_best_z", "sim_best_rank",
    "sim_previous", "sim_next", "passage_best", "passage_mean",
    "passage_sim", "passage_sim_probe", "passage_sim_z", "passage_rank",
    "share_text", "share_definition", "share_probe", "share_term", "share_window", "share_passage",
    "heading_sim", "title_sim", "against",
    "topic_sim", "topic_passage", "topic_over", "topic_share",
    "length", "digits", "capitals", "full_stop", "contents_line", "position", "site_size", "foreign",
    *(f"cue_{name}" for name in CUE_NAMES),
    "interaction",
)  # fmt: skip
"""Column names, in order."""


@dataclass(frozen=True)
class Cosines:
    """Cosines of one requirement with all of a site.

    `best`, (N,): with the units, the highest of statement, phrases, terms and nine tenths of the definition, at least
    zero where there are no terms. `passage`, (P,): its statement with the passages; `passage_probe`: the highest of its
    phrases, or the statement's where it has none.
    """

    best: NDArray[np.float16]
    passage: NDArray[np.float32]
    passage_probe: NDArray[np.float32]


@dataclass(frozen=True)
class Near:
    """Cosines of one requirement with some units, by what of it is nearest, in half precision.

    What a requirement does not have is zero; its definition and phrases fall back on the statement.
    """

    text: NDArray[np.float16]
    definition: NDArray[np.float16]
    probe: NDArray[np.float16]
    term: NDArray[np.float16]
    against: NDArray[np.float16]


@dataclass(frozen=True)
class Context:
    """What hangs on a requirement's criterion or on the headings: few distinct texts, so all are kept.

    `topic`, `topic_over`: cosines of the C criteria's titles with the units, and their lead over the other criteria's,
    (C, N), the requirement's row in `criterion`. `texts`: cosines of the R requirements with the distinct headings and
    titles, (R, T); `heading` and `title` say which of them a passage has, (P,), the last column being none.
    """

    topic: NDArray[np.float16]
    topic_over: NDArray[np.float16]
    criterion: NDArray[np.int64]
    texts: NDArray[np.float16]
    heading: NDArray[np.int64]
    title: NDArray[np.int64]


class Similarities:
    """Cosines between a framework's requirements and a site, a few requirements at a time so that memory stays flat.

    What all requirements together say about a unit is measured at once, shape (N,) each: `top` and `second`, the two
    highest cosines of any statement, `winner`, the number of the highest, and `mean`.
    """

    def __init__(self, prepared: Prepared, queries: Sequence[RequirementQuery]) -> None:
        self._prepared = prepared
        self._queries = queries
        self._texts = np.stack([query.text for query in queries])
        self._batch: dict[int, Cosines] = {}
        n = len(prepared.units)
        self.top, self.second, self.mean = (np.zeros(n, dtype=np.float16) for _ in range(3))
        self.winner = np.zeros(n, dtype=np.int32)
        for block, vectors in _blocks(prepared):
            cosines = (self._texts @ vectors.T).astype(np.float16).astype(np.float32)
            self.mean[block] = cosines.mean(axis=0)
            self.winner[block], self.top[block], second = _two_highest(cosines)
            if len(queries) > 1:
                self.second[block] = second
        self.context = _context(prepared, queries, self._texts)

    def of(self, index: int) -> Cosines:
        """The cosines of requirement number `index`; those of its neighbours in the catalogue are measured with it."""
        if index not in self._batch:
            first = index - index % _TOGETHER
            self._batch = self._measure(range(first, min(first + _TOGETHER, len(self._queries))))
        return self._batch[index]

    def near(self, index: int, units: NDArray[np.int64]) -> Near:
        """The cosines of requirement number `index` with these units, (len(units),) each."""
        query = self._queries[index]
        vectors = self._prepared.unit_vectors[units].astype(np.float32)
        text = (vectors @ query.text).astype(np.float16)
        none = np.zeros(len(units), dtype=np.float16)

        def best(group: Vectors, otherwise: NDArray[np.float16]) -> NDArray[np.float16]:
            return (vectors @ group.T).max(axis=1).astype(np.float16) if len(group) else otherwise

        return Near(
            text=text,
            definition=best(query.definition[None, :], text) if query.definition is not None else text,
            probe=best(query.probes, text),
            term=best(_terms(query), none),
            against=best(query.against, none),
        )

    def nearness(self, units: NDArray[np.int64]) -> NDArray[np.float32]:
        """Sum of the cosines to each requirement and to its opposite, shape (R, len(units))."""
        vectors = self._prepared.unit_vectors[units].astype(np.float32)
        best = _best(self._queries, vectors).astype(np.float32)
        for row, query in enumerate(self._queries):
            if len(query.against):
                best[row] += (query.against @ vectors.T).max(axis=0).astype(np.float16)
        return best

    def _measure(self, indexes: range) -> dict[int, Cosines]:
        queries = self._queries[indexes.start : indexes.stop]
        best = np.zeros((len(queries), len(self._prepared.units)), dtype=np.float16)
        for block, vectors in _blocks(self._prepared):
            best[:, block] = _best(queries, vectors)
        sizes = [1 + len(query.passage_probes) for query in queries]
        asked = np.concatenate([np.vstack([query.passage[None, :], query.passage_probes]) for query in queries])
        near = asked @ self._prepared.passage_vectors.T
        ends = np.cumsum(sizes)
        return {
            index: Cosines(
                best=best[row],
                passage=near[end - size],
                passage_probe=near[end - size + 1 : end].max(axis=0) if size > 1 else near[end - size],
            )
            for row, (index, size, end) in enumerate(zip(indexes, sizes, ends, strict=True))
        }


def _terms(query: RequirementQuery) -> Vectors:
    return np.concatenate(list(query.terms.values())) if query.terms else query.probes[:0]


def _best(queries: Sequence[RequirementQuery], vectors: Vectors) -> NDArray[np.float16]:
    """`Cosines.best` of each requirement with each of the vectors, shape (requirements, vectors)."""
    groups: list[Vectors] = []
    for query in queries:
        definition = query.definition if query.definition is not None else query.text
        groups.append(np.vstack([query.text[None, :], query.probes, _terms(query), definition[None, :] * DEFINITION]))
    starts = np.cumsum([0, *(len(group) for group in groups[:-1])])
    best = np.maximum.reduceat(np.concatenate(groups) @ vectors.T, starts, axis=0)
    termless = np.asarray([not query.terms for query in queries])
    best[termless] = np.maximum(best[termless], 0.0)
    return np.asarray(best, dtype=np.float16)


class Surface:
    """What does not depend on the requirement: the columns from `length` to the cues, by unit, counted when asked for.

    `idf` is that of the vocabulary.
    """

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        n = len(prepared.units)
        self._columns = np.zeros((n, _BEFORE_CUES + len(CUE_NAMES)), dtype=np.float32)
        self._counted = np.zeros(n, dtype=bool)
        frequency = np.asarray(prepared.unit_matrix.sum(axis=0)).ravel()
        self.idf = np.maximum(np.log((n + 1.0) / (frequency + 0.5)).astype(np.float32), 0.1)
        totals = np.bincount(prepared.unit_document, minlength=len(prepared.documents))
        firsts = np.concatenate([[0], np.cumsum(totals)[:-1]])
        self._position = (np.arange(n) - firsts[prepared.unit_document]) / np.maximum(1, totals[prepared.unit_document])

    def rows(self, units: NDArray[np.int64]) -> NDArray[np.float32]:
        """The columns of these units, shape (len(units), S)."""
        size = float(np.log1p(len(self._counted)))
        for number in units[~self._counted[units]]:
            unit = self._prepared.units[number]
            by_words, cues = _by_words(unit.text, len(self._prepared.unit_words[number]))
            foreign = float(unit.language not in ("en", ""))
            self._columns[number] = (*by_words, self._position[number], size, foreign, *cues)
            self._counted[number] = True
        return self._columns[units]

    def cues(self, units: NDArray[np.int64]) -> NDArray[np.float32]:
        """The cues among the columns."""
        return self.rows(units)[:, _BEFORE_CUES:]


@lru_cache(maxsize=50_000)  # large sites repeat themselves: what hangs on the words alone is counted once
def _by_words(text: str, words: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The surface columns that hang on a text alone: those before its place, and its cues."""
    letters = sum(char.isalpha() for char in text) or 1
    return (
        float(np.log1p(words)),
        sum(char.isdigit() for char in text) / len(text),
        sum(char.isupper() for char in text) / letters,
        float(text.rstrip().endswith((".", "。", ";", "；", ":"))),
        float(bool(_CONTENTS_LINE.search(text)) and words < 14),
    ), tuple(min(count, CUE_CAP) for count in Cues.of(text).vector())


def _blocks(prepared: Prepared) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """The units' vectors in single precision, some thousands at a time."""
    n = len(prepared.units)
    for start in range(0, n, _BLOCK):
        block = slice(start, min(n, start + _BLOCK))
        yield block, prepared.unit_vectors[block].astype(np.float32)


def _two_highest(values: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Row of the highest value of each column, the value, and the next one (which may equal it)."""
    winner, every = values.argmax(axis=0), np.arange(values.shape[1])
    rest = values.copy()
    rest[winner, every] = -np.inf
    return winner, values[winner, every], rest.max(axis=0)


def _context(prepared: Prepared, queries: Sequence[RequirementQuery], texts: NDArray[np.float32]) -> Context:
    ids = list(dict.fromkeys(query.criterion_id for query in queries))
    vectors = np.stack([next(query.topic for query in queries if query.criterion_id == name) for name in ids])
    cosines = np.zeros((len(ids), len(prepared.units)), dtype=np.float16)
    lead = np.zeros_like(cosines)
    for block, units in _blocks(prepared):
        cosines[:, block] = vectors @ units.T
        if len(ids) > 1:
            near = cosines[:, block].astype(np.float32)
            _, top, second = _two_highest(near)
            lead[:, block] = np.where(near == top, near - second, near - top)
    headings = [passage.heading[-1] if passage.heading else "" for passage in prepared.passages]
    titles = [
        next((fact.value for fact in document.facts if fact.name == "title"), document.name)
        for document in prepared.documents
    ]
    unique = [text for text in dict.fromkeys((*headings, *titles)) if text]
    column = {text: i for i, text in enumerate(unique)}
    named = np.zeros((len(queries), len(unique) + 1), dtype=np.float16)
    if unique and prepared.passages:
        named[:, :-1] = texts @ prepared.sentence_embedder.embed(unique).T
    return Context(
        topic=cosines,
        topic_over=lead,
        criterion=np.asarray([ids.index(query.criterion_id) for query in queries], dtype=np.int64),
        texts=named,
        heading=np.asarray([column.get(text, len(unique)) for text in headings], dtype=np.int64),
        title=np.asarray([column.get(titles[d], len(unique)) for d in prepared.passage_document], dtype=np.int64),
    )


def features(
    prepared: Prepared,
    query: RequirementQuery,
    index: int,
    rows: NDArray[np.int64],
    sims: Similarities,
    surf: Surface,
    near: Near,
    by_passage: NDArray[np.float64],
    interaction: NDArray[np.float32],
) -> NDArray[np.float32]:
    """The feature rows of the units `rows` (ascending) for requirement `index`, shape (len(rows), len(FEATURES)).

    `near` are the rows' cosines and `interaction` holds the interaction model's score of each of the rows.
    """
    n = len(prepared.units)
    own, context = sims.of(index), sims.context
    best = own.best.astype(np.float32)
    text = near.text.astype(np.float32)
    passage = prepared.unit_passage
    p = passage[rows]
    # Everything below a passage is measured for the rows' own passages only; units stand in the order of passages.
    own_passages = np.unique(p)
    first, last = np.searchsorted(passage, own_passages), np.searchsorted(passage, own_passages, side="right")
    counts = last - first
    inside = np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(counts.sum())
    group = np.repeat(np.arange(len(own_passages)), counts)
    of_row = np.searchsorted(own_passages, p)

    ranks = np.empty(n, dtype=np.float32)
    ranks[_descending(own.best)] = np.arange(n, dtype=np.float32)
    passage_ranks = np.empty(len(prepared.passages), dtype=np.float32)
    passage_ranks[np.argsort(-by_passage, kind="stable")] = np.arange(len(prepared.passages), dtype=np.float32)
    competitor = np.where(sims.winner[rows] == index, sims.second[rows], sims.top[rows]).astype(np.float32)
    before, after = np.maximum(rows - 1, 0), np.minimum(rows + 1, n - 1)
    has_before, has_after = (passage[before] == p) & (rows > 0), (passage[after] == p) & (rows < n - 1)
    before, after = np.where(has_before, before, rows), np.where(has_after, after, rows)
    window = (
        prepared.unit_vectors[before].astype(np.float32)
        + prepared.unit_vectors[rows].astype(np.float32)
        + prepared.unit_vectors[after].astype(np.float32)
    )
    window /= np.maximum(np.linalg.norm(window, axis=1, keepdims=True), 1e-6)
    words = prepared.unit_matrix[inside]
    shares = {
        name: _share(prepared, words, surf.idf, asked)
        for name, asked in (
            ("topic", query.words_topic),
            ("text", query.words_text),
            ("definition", query.words_definition),
            ("probe", query.words_probes),
            ("term", tuple(word for words in query.words_terms.values() for word in words)),
            ("all", (*query.words_text, *query.words_definition)),
        )
    }
    at = np.searchsorted(inside, rows)
    at_before, at_after = np.searchsorted(inside, before), np.searchsorted(inside, after)
    share_passage = np.bincount(group, weights=shares["all"], minlength=len(own_passages))
    topic = context.topic[context.criterion[index]]
    columns = [
        text,
        near.definition,
        near.probe,
        near.term,
        best[rows],
        window @ query.text,
        text - competitor,
        text - sims.mean[rows].astype(np.float32),
        (best[rows] - best.mean()) / (best.std() + 1e-3),
        np.log1p(ranks[rows]),
        np.where(has_before, best[before], 0.0),
        np.where(has_after, best[after], 0.0),
        _best_in(best[inside], group, len(own_passages))[of_row],
        (np.bincount(group, weights=best[inside], minlength=len(own_passages)) / np.maximum(counts, 1))[of_row],
        own.passage[p],
        own.passage_probe[p],
        (own.passage[p] - own.passage.mean()) / (own.passage.std() + 1e-3),
        np.log1p(passage_ranks[p]),
        shares["text"][at],
        shares["definition"][at],
        shares["probe"][at],
        shares["term"][at],
        np.maximum.reduce([shares["all"][at_before], shares["all"][at], shares["all"][at_after]]),
        share_passage[of_row],
        context.texts[index][context.heading[p]],
        context.texts[index][context.title[p]],
        near.against,
        topic[rows],
        _best_in(topic[inside], group, len(own_passages))[of_row],
        context.topic_over[context.criterion[index]][rows],
        _best_in(shares["topic"], group, len(own_passages))[of_row],
    ]
    named = np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)
    return np.hstack([named, surf.rows(rows), interaction[:, None].astype(np.float32)])


def _descending(values: NDArray[np.float16]) -> NDArray[np.int64]:
    """Places of the values, highest first, equal ones in order.

    Half-precision numbers are ordered by their bits (sign and magnitude), which numpy sorts by counting.
    """
    bits = (values + np.float16(0)).view(np.uint16)  # no negative zero
    return np.argsort(np.where(bits >> 15, bits, 0x7FFF - bits).astype(np.uint16), kind="stable")


def _best_in(values: NDArray[np.floating[Any]], group: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    """The highest of the values in each of `count` groups, -1 at least."""
    best = np.full(count, -1.0, dtype=np.float32)
    np.maximum.at(best, group, values.astype(np.float32))
    return best


def _share(
    prepared: Prepared, matrix: csr_matrix, idf: NDArray[np.float32], words: Sequence[str]
) -> NDArray[np.float32]:
    """The share of the words' idf that stands in each unit of `matrix`, a part of the site's unit matrix."""
    known = [prepared.vocabulary[word] for word in dict.fromkeys(words) if word in prepared.vocabulary]
    total = float(idf[known].sum()) + float(idf.max(initial=0.1)) * (len(set(words)) - len(known))
    if not known or not total:
        return np.zeros(matrix.shape[0], dtype=np.float32)
    weights = np.zeros(matrix.shape[1], dtype=np.float32)
    weights[known] = idf[known] / total
    return np.asarray(matrix @ weights, dtype=np.float32)
