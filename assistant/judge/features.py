"""What is measured about one unit of text as evidence for one requirement; every column has a name.

All similarities are cosines. "Share" columns are the idf mass of the query's words that stand in the text, from 0 to 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.judge.cues import CUE_NAMES, Cues
from assistant.retrieve.prepared import Prepared
from assistant.retrieve.queries import RequirementQuery

_BLOCK = 20_000
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
class Similarities:
    """Cosines of all requirements with all units, computed once a run.

    `text`, `best`: (R, N) half precision; `definition`, `probe`, `term` likewise where the framework has them.
    """

    text: NDArray[np.float16]
    definition: NDArray[np.float16]
    probe: NDArray[np.float16]
    term: NDArray[np.float16]
    best: NDArray[np.float16]
    against: NDArray[np.float16]
    topic: NDArray[np.float16]
    topic_over: NDArray[np.float16]
    top: NDArray[np.float16]
    second: NDArray[np.float16]
    winner: NDArray[np.int32]
    mean: NDArray[np.float16]
    heading: NDArray[np.float16]
    title: NDArray[np.float16]


@dataclass(frozen=True)
class Surface:
    """What does not depend on the requirement: columns from `length` to the cues, shape (N, S)."""

    columns: NDArray[np.float32]
    idf: NDArray[np.float32]


def surface(prepared: Prepared) -> Surface:
    """The surface columns of all units, and the idf of the vocabulary."""
    per_document: dict[int, int] = {}
    totals = np.bincount(prepared.unit_document, minlength=len(prepared.documents)) if prepared.units else np.zeros(0)
    by_text: dict[tuple[str, int], tuple[list[float], list[float]]] = {}
    rows: list[list[float]] = []
    for unit, words in zip(prepared.units, prepared.unit_words, strict=True):
        order = per_document.get(unit.document, 0)
        per_document[unit.document] = order + 1
        # Large sites repeat themselves: what hangs on the words alone is counted once.
        known = by_text.get((unit.text, len(words)))
        if known is None:
            known = by_text[unit.text, len(words)] = _by_words(unit.text, len(words))
        rows.append(
            [
                *known[0],
                order / max(1, totals[unit.document]),
                float(np.log1p(len(prepared.units))),
                float(unit.language not in ("en", "")),
                *known[1],
            ]
        )
    columns = np.asarray(rows, dtype=np.float32).reshape(len(rows), 8 + len(CUE_NAMES))
    frequency = np.asarray(prepared.unit_matrix.sum(axis=0)).ravel()
    idf = np.log((len(prepared.units) + 1.0) / (frequency + 0.5)).astype(np.float32)
    return Surface(columns, np.maximum(idf, 0.1))


def _by_words(text: str, words: int) -> tuple[list[float], list[float]]:
    """The surface columns that hang on a text alone: those before its place, and its cues."""
    letters = sum(char.isalpha() for char in text) or 1
    return [
        float(np.log1p(words)),
        sum(char.isdigit() for char in text) / len(text),
        sum(char.isupper() for char in text) / letters,
        float(text.rstrip().endswith((".", "。", ";", "；", ":"))),
        float(bool(_CONTENTS_LINE.search(text)) and words < 14),
    ], [min(count, 4.0) for count in Cues.of(text).vector()]


def similarities(prepared: Prepared, queries: Sequence[RequirementQuery]) -> Similarities:
    """All cosines between the requirements' queries and the units, in blocks so that memory stays flat."""
    n, r = len(prepared.units), len(queries)
    shape = (r, n)
    out = {
        name: np.zeros(shape, dtype=np.float16) for name in ("text", "definition", "probe", "term", "best", "against")
    }
    texts = np.stack([query.text for query in queries])
    stacked, slices = _stack(queries)
    for start in range(0, n, _BLOCK):
        block = slice(start, min(n, start + _BLOCK))
        vectors = prepared.unit_vectors[block].astype(np.float32)
        out["text"][:, block] = texts @ vectors.T
        extra = stacked @ vectors.T if len(stacked) else np.zeros((0, len(vectors)), dtype=np.float32)
        for row, groups in enumerate(slices):
            for name in ("definition", "probe", "term", "against"):
                part = groups[name]
                if part.stop > part.start:
                    out[name][row, block] = extra[part].max(axis=0)
                elif name in ("definition", "probe"):
                    out[name][row, block] = out["text"][row, block]
    out["best"] = np.maximum.reduce([out["text"], out["probe"], out["term"], (out["definition"] * np.float16(0.9))])
    winner = out["text"].argmax(axis=0).astype(np.int32) if n else np.zeros(0, dtype=np.int32)
    top = out["text"].max(axis=0) if n else np.zeros(0, dtype=np.float16)
    second, mean = np.zeros(n, dtype=np.float16), np.zeros(n, dtype=np.float16)
    for start in range(0, n, _BLOCK):
        block = slice(start, min(n, start + _BLOCK))
        mean[block] = out["text"][:, block].astype(np.float32).mean(axis=0)
        if r > 1:
            second[block] = np.partition(out["text"][:, block], -2, axis=0)[-2]
    heading, title = _context(prepared, texts)
    topic, topic_over = _topics(prepared, queries)
    return Similarities(
        **out,
        topic=topic,
        topic_over=topic_over,
        top=top,
        second=second,
        winner=winner,
        mean=mean,
        heading=heading,
        title=title,
    )


def _topics(prepared: Prepared, queries: Sequence[RequirementQuery]) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """Cosines of the criteria's titles with the units, and their lead over the other criteria's: (R, N) each."""
    ids = list(dict.fromkeys(query.criterion_id for query in queries))
    owner = np.asarray([ids.index(query.criterion_id) for query in queries], dtype=np.int64)
    vectors = np.stack([next(query.topic for query in queries if query.criterion_id == name) for name in ids])
    n = len(prepared.units)
    cosines = np.zeros((len(ids), n), dtype=np.float16)
    for start in range(0, n, _BLOCK):
        block = slice(start, min(n, start + _BLOCK))
        cosines[:, block] = vectors @ prepared.unit_vectors[block].astype(np.float32).T
    lead = np.zeros_like(cosines)
    if len(ids) > 1 and n:
        top, second = np.sort(cosines, axis=0)[-1], np.sort(cosines, axis=0)[-2]
        lead = np.where(cosines == top, cosines - second, cosines - top).astype(np.float16)
    return cosines[owner], lead[owner]


def _stack(queries: Sequence[RequirementQuery]) -> tuple[NDArray[np.float32], list[dict[str, slice]]]:
    parts: list[NDArray[np.float32]] = []
    slices: list[dict[str, slice]] = []
    at = 0
    for query in queries:
        groups = {
            "definition": query.definition[None, :] if query.definition is not None else query.probes[:0],
            "probe": query.probes,
            "term": np.concatenate(list(query.terms.values())) if query.terms else query.probes[:0],
            "against": query.against,
        }
        place: dict[str, slice] = {}
        for name, group in groups.items():
            place[name] = slice(at, at + len(group))
            if len(group):
                parts.append(group)
                at += len(group)
        slices.append(place)
    return (np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)), slices


def _context(prepared: Prepared, texts: NDArray[np.float32]) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """Cosines of the requirements with each passage's last heading and each document's title, per passage: (R, P)."""
    shape = (len(texts), len(prepared.passages))
    heading, title = np.zeros(shape, dtype=np.float16), np.zeros(shape, dtype=np.float16)
    headings = [passage.heading[-1] if passage.heading else "" for passage in prepared.passages]
    titles = [
        next((fact.value for fact in document.facts if fact.name == "title"), document.name)
        for document in prepared.documents
    ]
    unique = [text for text in dict.fromkeys((*headings, *titles)) if text]
    if not unique or not prepared.passages:
        return heading, title
    cosines = (texts @ prepared.sentence_embedder.embed(unique).T).astype(np.float16)
    column = {text: i for i, text in enumerate(unique)}
    for i, text in enumerate(headings):
        if text:
            heading[:, i] = cosines[:, column[text]]
        title[:, i] = cosines[:, column[titles[prepared.passage_document[i]]]]
    return heading, title


def features(
    prepared: Prepared,
    query: RequirementQuery,
    index: int,
    rows: NDArray[np.int64],
    sims: Similarities,
    surf: Surface,
    by_passage: NDArray[np.float64],
    interaction: NDArray[np.float32],
) -> NDArray[np.float32]:
    """The feature rows of the units `rows` for requirement number `index`, shape (len(rows), len(FEATURES)).

    `interaction` holds the interaction model's score of each of the rows.
    """
    n = len(prepared.units)
    best = sims.best[index].astype(np.float32)
    text = sims.text[index].astype(np.float32)
    passage = prepared.unit_passage
    same_before = np.zeros(n, dtype=np.float32)
    same_after = np.zeros(n, dtype=np.float32)
    same = passage[1:] == passage[:-1]
    same_before[1:] = np.where(same, best[:-1], 0.0)
    same_after[:-1] = np.where(same, best[1:], 0.0)
    counts = np.maximum(np.bincount(passage, minlength=len(prepared.passages)), 1)
    passage_best = _best_in_passage(prepared, best)
    passage_mean = np.bincount(passage, weights=best, minlength=len(prepared.passages)) / counts
    ranks = np.empty(n, dtype=np.float32)
    ranks[np.argsort(-best, kind="stable")] = np.arange(n, dtype=np.float32)
    passage_sim = prepared.passage_vectors @ query.passage
    probe_sim = (
        (prepared.passage_vectors @ query.passage_probes.T).max(axis=1) if len(query.passage_probes) else passage_sim
    )
    passage_ranks = np.empty(len(prepared.passages), dtype=np.float32)
    passage_ranks[np.argsort(-by_passage, kind="stable")] = np.arange(len(prepared.passages), dtype=np.float32)
    competitor = np.where(sims.winner == index, sims.second, sims.top).astype(np.float32)
    before, after = np.maximum(rows - 1, 0), np.minimum(rows + 1, n - 1)
    before = np.where(passage[before] == passage[rows], before, rows)
    after = np.where(passage[after] == passage[rows], after, rows)
    window = (
        prepared.unit_vectors[before].astype(np.float32)
        + prepared.unit_vectors[rows].astype(np.float32)
        + prepared.unit_vectors[after].astype(np.float32)
    )
    window /= np.maximum(np.linalg.norm(window, axis=1, keepdims=True), 1e-6)
    shares = {
        name: _share(prepared, surf, words)
        for name, words in (
            ("topic", query.words_topic),
            ("text", query.words_text),
            ("definition", query.words_definition),
            ("probe", query.words_probes),
            ("term", tuple(word for words in query.words_terms.values() for word in words)),
        )
    }
    all_words = (*query.words_text, *query.words_definition)
    share_all = _share(prepared, surf, all_words)
    share_passage = np.bincount(passage, weights=share_all, minlength=len(prepared.passages))
    p = passage[rows]
    columns = [
        text[rows],
        sims.definition[index][rows],
        sims.probe[index][rows],
        sims.term[index][rows],
        best[rows],
        window @ query.text,
        text[rows] - competitor[rows],
        text[rows] - sims.mean[rows].astype(np.float32),
        (best[rows] - best.mean()) / (best.std() + 1e-3),
        np.log1p(ranks[rows]),
        same_before[rows],
        same_after[rows],
        passage_best[p],
        passage_mean[p],
        passage_sim[p],
        probe_sim[p],
        (passage_sim[p] - passage_sim.mean()) / (passage_sim.std() + 1e-3),
        np.log1p(passage_ranks[p]),
        shares["text"][rows],
        shares["definition"][rows],
        shares["probe"][rows],
        shares["term"][rows],
        np.maximum.reduce([share_all[before], share_all[rows], share_all[after]]),
        share_passage[p],
        sims.heading[index][p],
        sims.title[index][p],
        sims.against[index][rows],
        sims.topic[index][rows],
        _best_in_passage(prepared, sims.topic[index])[p],
        sims.topic_over[index][rows],
        _best_in_passage(prepared, shares["topic"])[p],
    ]
    named = np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)
    return np.hstack([named, surf.columns[rows], interaction[:, None].astype(np.float32)])


def _best_in_passage(prepared: Prepared, values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """The highest of the units' values in each passage, shape (P,)."""
    best = np.full(len(prepared.passages), -1.0, dtype=np.float32)
    np.maximum.at(best, prepared.unit_passage, values.astype(np.float32))
    return best


def _share(prepared: Prepared, surf: Surface, words: Sequence[str]) -> NDArray[np.float32]:
    known = [prepared.vocabulary[word] for word in dict.fromkeys(words) if word in prepared.vocabulary]
    total = float(surf.idf[known].sum()) + float(surf.idf.max(initial=0.1)) * (len(set(words)) - len(known))
    if not known or not total:
        return np.zeros(len(prepared.units), dtype=np.float32)
    weights = np.zeros(prepared.unit_matrix.shape[1], dtype=np.float32)
    weights[known] = surf.idf[known] / total
    return np.asarray(prepared.unit_matrix @ weights, dtype=np.float32)
