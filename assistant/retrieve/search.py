"""Words and vectors fused: candidates for a requirement, and free questions.

Fusion is reciprocal rank fusion (Cormack, Clarke and Büttcher 2009, k = 60).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.index.words import tokens
from assistant.retrieve.prepared import PassageRef, Prepared
from assistant.retrieve.queries import RequirementQuery

RRF_K = 60
CANDIDATE_UNITS = 400
CANDIDATE_PASSAGES = 60
"""Enough that no gold quote of the dev sets is lost (see docs/method.md); beyond them nothing is judged."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a free question."""

    passage: PassageRef
    score: float


def fuse(rankings: Sequence[NDArray[np.float32]], weights: Sequence[float]) -> NDArray[np.float64]:
    """Reciprocal rank fusion of score arrays of equal length; a score of zero or less earns nothing."""
    total = np.zeros(len(rankings[0]), dtype=np.float64)
    for scores, weight in zip(rankings, weights, strict=True):
        order = _descending(scores)
        total[order] += weight / (RRF_K + np.arange(1, len(order) + 1))
    return total


def _descending(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Places of the scores above zero, highest first, equal ones in order.

    The bits of such numbers, read as whole ones, have the numbers' order; with the place behind them no two are equal,
    and numpy sorts whole numbers several times as fast.
    """
    found = np.flatnonzero(scores > 0)
    bits = np.ascontiguousarray(scores[found], dtype=np.float32).view(np.uint32)
    keys = (~bits).astype(np.uint64) << np.uint64(32) | found.astype(np.uint64)
    keys.sort()
    return (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)


def passage_scores(prepared: Prepared, query: RequirementQuery, cosines: NDArray[np.float32]) -> NDArray[np.float64]:
    """Fused score of each passage for a requirement by its words and by these cosines, shape (P,)."""
    bm25 = prepared.word_index.scores
    rankings = [bm25(query.words_text), bm25((*query.words_text, *query.words_definition))]
    weights = [1.0, 1.0]
    if query.words_probes or query.confirmed:
        rankings.append(by_phrases(prepared, query, bm25, prepared.passage_document))
        weights.append(1.0)
    for words in query.words_terms.values():
        scores = bm25(words)
        if scores.any():
            rankings.append(scores)
            weights.append(1.0)
    rankings.append(cosines)
    weights.append(1.0)
    return fuse(rankings, weights)


def by_phrases(
    prepared: Prepared,
    query: RequirementQuery,
    score: Callable[[tuple[str, ...]], NDArray[np.float32]],
    documents: NDArray[np.integer[Any]],
) -> NDArray[np.float32]:
    """What `score` makes of texts by the words of a requirement's phrases and of its confirmed quotes.

    `documents` are those of the texts; in those that confirmed quotes are from the phrases alone count.
    """
    if not query.confirmed:
        return score(query.words_probes)
    found = score(query.words_phrases)
    own = np.isin(documents, [prepared.numbers.get(sha256, -1) for sha256 in query.confirmed_in])
    if own.any():
        found[own] = score(query.words_probes)[own]
    return found


def candidates(
    prepared: Prepared, query: RequirementQuery, unit_similarity: NDArray[np.float32], by_passage: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Indexes of the units worth judging: all of a small site, else the best by sentence vector, words and passage."""
    if len(prepared.units) <= CANDIDATE_UNITS:
        return np.arange(len(prepared.units), dtype=np.int64)
    wanted = np.zeros(len(prepared.passages), dtype=bool)
    wanted[highest(by_passage, CANDIDATE_PASSAGES)] = True
    chosen = np.flatnonzero(wanted[prepared.unit_passage])
    half = CANDIDATE_UNITS // 2
    by_vector = highest(unit_similarity, half)
    words = prepared.unit_index.scores
    scored = by_phrases(prepared, query, lambda asked: words((*query.words_text, *asked)), prepared.unit_document)
    by_words = highest(scored, half)
    return np.unique(np.concatenate([chosen, by_vector, by_words])).astype(np.int64)


def highest(scores: NDArray[np.floating[Any]], count: int) -> NDArray[np.int64]:
    """Places of the `count` highest scores, in order of place; of equal ones the first."""
    if count >= len(scores):
        return np.arange(len(scores), dtype=np.int64)
    least = np.partition(scores, len(scores) - count)[len(scores) - count]
    above = np.flatnonzero(scores > least)
    return np.union1d(above, np.flatnonzero(scores == least)[: count - len(above)]).astype(np.int64)


def search(prepared: Prepared, question: str, k: int = 10, languages: Sequence[str] = ()) -> list[Hit]:
    """The `k` passages nearest to a free question in any language, best first.

    `languages` restricts the words' stemming to these; by default the languages of the documents are used.
    """
    if not prepared.passages or not question.strip():
        return []
    rankings: list[NDArray[np.float32]] = []
    for language in dict.fromkeys(("en", *(languages or prepared.languages))):
        scores = prepared.word_index.scores(tokens(question, language))
        if scores.any():
            rankings.append(scores)
    rankings = [np.maximum.reduce(rankings)] if rankings else []
    unit_scores = prepared.unit_vectors @ prepared.sentence_embedder.embed([question])[0].astype(np.float16)
    best_unit = np.full(len(prepared.passages), -1.0, dtype=np.float32)
    np.maximum.at(best_unit, prepared.unit_passage, unit_scores.astype(np.float32))
    rankings.append(best_unit)
    rankings.append((prepared.passage_vectors @ prepared.passage_embedder.embed([question])[0]).astype(np.float32))
    fused = fuse(rankings, [1.0] * len(rankings))
    order = np.argsort(-fused, kind="stable")[:k]
    return [Hit(prepared.passages[i], float(fused[i])) for i in order]
