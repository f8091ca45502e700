"""What is measured about one unit of text as evidence for one requirement; every column has a name.

All similarities are cosines. "Share" columns are the idf mass of the query's words that stand in the text, from 0 to 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from assistant.judge.cues import CUE_CAP, CUE_NAMES, Cues
from assistant.judge.similarities import Near, Similarities
from assistant.retrieve.prepared import Prepared
from assistant.retrieve.queries import RequirementQuery

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
    if not len(rows):
        return np.zeros((0, len(FEATURES)), dtype=np.float32)
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
    documents = prepared.unit_document[inside]
    for sha256, said in zip(query.confirmed_in, query.words_learned, strict=True):
        elsewhere = documents != prepared.numbers.get(sha256, -1)
        found = np.where(elsewhere, _share(prepared, words, surf.idf, said), np.float32(0))
        shares["probe"] = np.maximum(shares["probe"], found)
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
