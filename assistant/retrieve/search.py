"""Words and vectors fused: candidates for a requirement, and free questions.

Fusion is reciprocal rank fusion (Cormack, Clarke and Büttcher 2009, k = 60).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
        order = np.argsort(-scores, kind="stable")
        ranks = np.empty(len(scores), dtype=np.float64)
        ranks[order] = np.arange(1, len(scores) + 1)
        total += np.where(scores > 0, weight / (RRF_K + ranks), 0.0)
    return total


def passage_scores(prepared: Prepared, query: RequirementQuery) -> NDArray[np.float64]:
    """Fused score of each passage for a requirement, shape (P,)."""
    bm25 = prepared.word_index.scores
    rankings = [bm25(query.words_text), bm25((*query.words_text, *query.words_definition))]
    weights = [1.0, 1.0]
    if query.words_probes:
        rankings.append(bm25(query.words_probes))
        weights.append(1.0)
    for words in query.words_terms.values():
        scores = bm25(words)
        if scores.any():
            rankings.append(scores)
            weights.append(1.0)
    semantic = prepared.passage_vectors @ query.passage
    if len(query.passage_probes):
        semantic = np.maximum(semantic, (prepared.passage_vectors @ query.passage_probes.T).max(axis=1))
    rankings.append(semantic.astype(np.float32))
    weights.append(1.0)
    return fuse(rankings, weights)


def candidates(
    prepared: Prepared, query: RequirementQuery, unit_similarity: NDArray[np.float32], by_passage: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Indexes of the units worth judging: all of a small site, else the best by sentence vector, words and passage."""
    if len(prepared.units) <= CANDIDATE_UNITS:
        return np.arange(len(prepared.units), dtype=np.int64)
    top_passages = np.argsort(-by_passage, kind="stable")[:CANDIDATE_PASSAGES]
    in_passages = np.isin(prepared.unit_passage, top_passages)
    chosen = np.flatnonzero(in_passages)
    half = CANDIDATE_UNITS // 2
    by_vector = np.argpartition(-unit_similarity, half)[:half]
    by_words = np.argsort(-prepared.unit_index.scores((*query.words_text, *query.words_probes)), kind="stable")[:half]
    return np.unique(np.concatenate([chosen, by_vector, by_words])).astype(np.int64)


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
