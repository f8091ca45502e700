"""How near requirements and units are: cosines, measured a few requirements and some thousand units at a time."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.index.embedders import Vectors
from assistant.retrieve.prepared import Prepared
from assistant.retrieve.queries import RequirementQuery

Real = TypeVar("Real", np.float16, np.float32)
_BLOCK = 20_000
_TOGETHER = 32
"""Requirements whose cosines are held at a time."""
DEFINITION = np.float32(0.9)
"""Weight of the definition against the statement in what is nearest."""


@dataclass(frozen=True)
class Cosines:
    """Cosines of one requirement with all of a site.

    `best`, (N,): with the units, the highest of statement, phrases, confirmed quotes, terms and nine tenths of the
    definition, at least zero where there are no terms. `passage`, (P,): its statement with the passages;
    `passage_probe`: the highest of its phrases and confirmed quotes, or the statement's where it has no phrases.
    """

    best: NDArray[np.float16]
    passage: NDArray[np.float32]
    passage_probe: NDArray[np.float32]


@dataclass(frozen=True)
class Near:
    """Cosines of one requirement with some units, by what of it is nearest, in half precision.

    What a requirement does not have is zero; its definition and phrases fall back on the statement. Confirmed quotes
    count as phrases, in all documents but their own.
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
        self._document = prepared.passage_document
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

    def with_queries(self, queries: Sequence[RequirementQuery]) -> Similarities:
        """The same for queries of the same requirements that hold confirmed quotes as well."""
        other = copy.copy(self)
        other._queries, other._batch = queries, {}
        return other

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
        documents = self._document[self._prepared.unit_passage[units]]

        def best(group: Vectors, otherwise: NDArray[np.float16]) -> NDArray[np.float16]:
            return (vectors @ group.T).max(axis=1).astype(np.float16) if len(group) else otherwise

        return Near(
            text=text,
            definition=best(query.definition[None, :], text) if query.definition is not None else text,
            probe=self._with_learned(best(query.probes, text), query, query.learned, vectors, documents),
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
            documents = self._document[self._prepared.unit_passage[block]]
            for row, query in enumerate(queries):
                best[row, block] = self._with_learned(best[row, block], query, query.learned, vectors, documents)
        sizes = [1 + len(query.passage_probes) for query in queries]
        asked = np.concatenate([np.vstack([query.passage[None, :], query.passage_probes]) for query in queries])
        near = asked @ self._prepared.passage_vectors.T
        measured: dict[int, Cosines] = {}
        for row, (index, query, size, end) in enumerate(zip(indexes, queries, sizes, np.cumsum(sizes), strict=True)):
            statement, probes = near[end - size], near[end - size + 1 : end]
            probe = probes.max(axis=0) if size > 1 else statement
            passages, documents = self._prepared.passage_vectors, self._document
            measured[index] = Cosines(
                best=best[row],
                passage=statement,
                passage_probe=self._with_learned(probe, query, query.passage_learned, passages, documents),
            )
        return measured

    def _with_learned(
        self,
        otherwise: NDArray[Real],
        query: RequirementQuery,
        learned: Vectors,
        vectors: Vectors,
        documents: NDArray[np.int32],
    ) -> NDArray[Real]:
        """The higher of `otherwise` and of the cosines of confirmed quotes with vectors of other documents."""
        if not len(learned):
            return otherwise
        cosines = learned @ vectors.T
        for row, sha256 in enumerate(query.confirmed_in):
            cosines[row, documents == self._prepared.numbers.get(sha256, -1)] = -1.0
        higher: NDArray[Real] = np.maximum(otherwise, cosines.max(axis=0).astype(otherwise.dtype))
        return higher


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
