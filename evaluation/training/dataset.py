"""Labelled rows for the evidence model: (requirement, unit) pairs, and whether a gold quote covers the unit.

One `Group` is one judged (site, requirement): for a set of scope `document` the site is the document; for a collection
it is all documents, and only units of documents judged for the requirement are rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.cache import cache_folder
from assistant.index.embedders import open_embedder
from assistant.index.vectors import FileVectors
from assistant.judge.features import Surface, features
from assistant.judge.interaction import with_neighbours
from assistant.judge.reading import as_read, in_context, spoken
from assistant.judge.similarities import Similarities
from assistant.models import Framework
from assistant.quotes import locate_all
from assistant.retrieve import Prepared, RequirementQuery, build_queries, prepare
from assistant.retrieve.search import candidates, passage_scores
from evaluation.sets import EvaluationSet, Label, load_set
from ingestion.models import DocumentRead

COVER = 0.5
"""A unit is positive when a gold quote covers half of it, or it covers half of a gold quote."""


FOLDS = 3
COPIES = 3
"""Models of each learnt part that are trained with other draws and averaged: one alone depends on luck."""
SEED = 20261122


def fold(document: str) -> int:
    """The cross-validation fold of a document: the same in every set and on every machine."""
    return int(hashlib.sha256(document.encode()).hexdigest(), 16) % FOLDS


@dataclass
class Group:
    """The rows of one judged pair: features (n, F), labels (n,) 1/0, vectors with neighbours (n, 2d), the verdict.

    `folds` is the cross-validation fold of each row's document; `texts` are the rows' words in context, `read` and
    `query` what the cross-encoder reads; `units` are the rows' numbers among the site's units.
    """

    set_name: str
    site: str
    requirement: str
    verdict: str
    features: NDArray[np.float32]
    labels: NDArray[np.int8]
    against: NDArray[np.int8]
    inputs: NDArray[np.float16]
    query_vector: NDArray[np.float16]
    folds: NDArray[np.int8]
    texts: list[str]
    query: str
    units: NDArray[np.int64]
    read: list[str]


def read_set(folder: Path) -> tuple[EvaluationSet, dict[str, DocumentRead]]:
    """The set and its documents, read as the product reads them (cached by content)."""
    from evaluation.reading import read_documents

    eval_set = load_set(folder)
    return eval_set, read_documents(eval_set.documents, cache_folder("evaluation")).documents


def prepare_site(documents: list[DocumentRead]) -> Prepared:
    """The documents prepared with the default embedders and the vectors that evaluations keep."""
    sentence, passage = open_embedder("use-multilingual"), open_embedder("minilm")
    folder = cache_folder("evaluation") / "vectors"
    return prepare(
        documents,
        sentence_embedder=sentence,
        passage_embedder=passage,
        sentence_store=FileVectors(folder / "sentences" / str(sentence.dimension), sentence.dimension),
        passage_store=FileVectors(folder / "passages" / str(passage.dimension), passage.dimension),
    )


def groups(eval_set: EvaluationSet, documents: dict[str, DocumentRead]) -> Iterator[Group]:
    """All judged groups of a set."""
    if eval_set.options.scope == "collection":
        yield from _site_groups(eval_set, "*", list(documents.values()), list(eval_set.labels))
        return
    for name, document in documents.items():
        labels = [label for label in eval_set.labels if label.document == name]
        if labels:
            yield from _site_groups(eval_set, name, [document], labels)


SUBSETS_A_FOLD = 10
SUBSET_SIZES = (3, 6, 10, 15, 20)


DISTRACTORS = (0, 6, 0, 12)
"""Documents of other sets that are added to every site in turn: real sites are large, and most of them is beside the
point of any one requirement."""


def subset_groups(
    eval_set: EvaluationSet, documents: dict[str, DocumentRead], distractors: Sequence[DocumentRead] = ()
) -> Iterator[Group]:
    """Judged pairs of small sites drawn from a collection: what a whole site with or without evidence looks like.

    A site is a random part of one fold's documents. A requirement has evidence there when a document's quote is
    labelled for it, and is a gap when all its documents are labelled a gap for its criterion; else it is left out.
    """
    rng = np.random.default_rng(SEED)
    verdicts = {(label.document, label.requirement): label for label in eval_set.labels}
    for number in range(FOLDS):
        pool = sorted(name for name in documents if fold(name) == number)
        for turn in range(SUBSETS_A_FOLD):
            size = min(len(pool), SUBSET_SIZES[turn % len(SUBSET_SIZES)])
            chosen = [str(name) for name in rng.choice(pool, size, replace=False)]
            wanted: dict[str, str] = {}
            for target, ids in eval_set.targets.items():
                found = [verdicts.get((name, target)) for name in chosen]
                if all(label is not None and label.verdict == "gap" for label in found):
                    wanted |= dict.fromkeys(ids, "gap")
                    continue
                named = {
                    i for label in found if label and label.verdict == "evidence" for e in label.elements for i in e
                }
                wanted |= dict.fromkeys(named & set(ids), "evidence")
            site = f"{eval_set.name}:{number}.{turn}"
            read = [documents[name] for name in chosen]
            count = min(len(distractors), DISTRACTORS[turn % len(DISTRACTORS)])
            read += [distractors[i] for i in rng.choice(len(distractors), count, replace=False)] if count else []
            yield from _verdict_groups(eval_set, site, read, wanted, number)


def _verdict_groups(
    eval_set: EvaluationSet, site: str, documents: list[DocumentRead], wanted: dict[str, str], number: int
) -> Iterator[Group]:
    """Groups that carry a verdict for the site as a whole and no labels of units."""
    prepared = prepare_site(documents)
    if not prepared.units:
        return
    queries = build_queries(
        eval_set.framework, prepared.languages, prepared.sentence_embedder, prepared.passage_embedder
    )
    sims, surf = Similarities(prepared, queries), Surface(prepared)
    every = np.arange(len(prepared.units))
    inputs = with_neighbours(prepared.unit_vectors, prepared.unit_document, every).astype(np.float16)
    contexts = [in_context(prepared, number) for number in range(len(prepared.units))]
    read = [as_read(prepared, number) for number in range(len(prepared.units))]
    for index, query in enumerate(queries):
        verdict = wanted.get(query.requirement.id)
        if verdict is None:
            continue
        rows, by_passage = _rows(prepared, query, index, sims)
        none = np.zeros(len(rows), dtype=np.float32)
        yield Group(
            set_name=f"{eval_set.name}:sites",
            site=site,
            requirement=query.requirement.id,
            verdict=verdict,
            features=features(prepared, query, index, rows, sims, surf, sims.near(index, rows), by_passage, none),
            labels=none.astype(np.int8),
            against=none.astype(np.int8),
            inputs=inputs[rows],
            query_vector=query.text.astype(np.float16),
            folds=np.full(len(rows), number, dtype=np.int8),
            texts=[contexts[row] for row in rows],
            query=spoken(query.title, query.requirement),
            units=rows,
            read=[read[row] for row in rows],
        )


def _site_groups(
    eval_set: EvaluationSet, site: str, documents: list[DocumentRead], labels: list[Label]
) -> Iterator[Group]:
    prepared = prepare_site(documents)
    if not prepared.units:
        return
    languages = prepared.languages
    queries = build_queries(eval_set.framework, languages, prepared.sentence_embedder, prepared.passage_embedder)
    sims, surf = Similarities(prepared, queries), Surface(prepared)
    every = np.arange(len(prepared.units))
    inputs = with_neighbours(prepared.unit_vectors, prepared.unit_document, every).astype(np.float16)
    contexts = [in_context(prepared, number) for number in range(len(prepared.units))]
    read = [as_read(prepared, number) for number in range(len(prepared.units))]
    fold_of = np.asarray([fold(document.name) for document in documents], dtype=np.int8)
    position = {query.requirement.id: i for i, query in enumerate(queries)}
    by_target: dict[str, list[Label]] = {}
    for label in labels:
        by_target.setdefault(label.requirement, []).append(label)
    for target, judged in by_target.items():
        positive, against, known = _marks(prepared, judged)
        ids = eval_set.targets[target]
        for requirement_id in ids:
            index = position[requirement_id]
            query = queries[index]
            rows, by_passage = _rows(prepared, query, index, sims)
            rows = rows[known[rows]]
            if not len(rows):
                continue
            pos = positive.get(requirement_id, positive.get("", np.zeros(len(prepared.units), dtype=np.int8)))
            if len(ids) > 1:
                # A quote labelled for the criterion says nothing against its other requirements: leave those units out.
                any_pos = np.maximum.reduce([*positive.values(), np.zeros(len(prepared.units), dtype=np.int8)])
                rows = rows[~((any_pos[rows] > 0) & (pos[rows] == 0))]
            verdict = judged[0].verdict if len(judged) == 1 else ("evidence" if pos[rows].any() else "unknown")
            yield Group(
                set_name=eval_set.name,
                site=site,
                requirement=requirement_id,
                verdict=verdict,
                features=features(
                    prepared,
                    query,
                    index,
                    rows,
                    sims,
                    surf,
                    sims.near(index, rows),
                    by_passage,
                    np.zeros(len(rows), dtype=np.float32),
                ),
                labels=pos[rows],
                against=against[rows],
                inputs=inputs[rows],
                query_vector=query.text.astype(np.float16),
                folds=fold_of[prepared.unit_document[rows]],
                texts=[contexts[row] for row in rows],
                query=spoken(query.title, query.requirement),
                units=rows,
                read=[read[row] for row in rows],
            )


def _rows(
    prepared: Prepared, query: RequirementQuery, index: int, sims: Similarities
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    own = sims.of(index)
    by_passage = passage_scores(prepared, query, np.maximum(own.passage, own.passage_probe))
    return candidates(prepared, query, own.best.astype(np.float32), by_passage), by_passage


def _marks(
    prepared: Prepared, labels: list[Label]
) -> tuple[dict[str, NDArray[np.int8]], NDArray[np.int8], NDArray[np.bool_]]:
    """Positive units by requirement ("" for all), units of contradicting quotes, and which units were judged at all."""
    n = len(prepared.units)
    positive: dict[str, NDArray[np.int8]] = {}
    against = np.zeros(n, dtype=np.int8)
    judged = {label.document for label in labels}
    known = np.asarray([prepared.documents[d].name in judged for d in prepared.unit_document], dtype=bool)
    by_page: dict[tuple[int, int], list[int]] = {}
    for i, unit in enumerate(prepared.units):
        by_page.setdefault((unit.document, unit.page), []).append(i)
    for label in labels:
        for number, quote in enumerate(label.quotes):
            wanted = label.elements[number] if label.elements and number < len(label.elements) else ("",)
            negative = label.verdict == "contradicted" and (not label.kinds or label.kinds[number] == "negative")
            for (d, page), unit_ids in by_page.items():
                if prepared.documents[d].name != label.document:
                    continue
                text = next(p.text for p in prepared.documents[d].pages if p.number == page)
                for start, end in locate_all(quote, text):
                    for i in unit_ids:
                        unit = prepared.units[i]
                        shared = min(end, unit.end) - max(start, unit.start)
                        if shared > COVER * min(unit.end - unit.start, end - start):
                            for name in wanted:
                                marks = positive.setdefault(name, np.zeros(n, dtype=np.int8))
                                marks[i] = 1
                            if negative:
                                against[i] = 1
    return positive, against, known


ALWAYS = -1
"""Fold of rows that belong to no document and may train every model."""
PHRASE_NEGATIVES = 80


def catalogue_groups(framework: Framework) -> list[Group]:
    """What the catalogue itself teaches: a requirement's own phrases and terms against those of the others.

    The phrases are ours (what a document would say, in nine languages). Half of the negatives share the criterion.
    """
    embedder = open_embedder("use-multilingual")
    rng = np.random.default_rng(SEED)
    texts: list[str] = []
    owner: list[int] = []
    criteria: list[str] = []
    requirements = [(c, r) for c in framework.criteria for r in c.requirements]
    for number, (criterion, requirement) in enumerate(requirements):
        own = [*requirement.probes, *(term for terms in requirement.terms.values() for term in terms)]
        texts += own
        owner += [number] * len(own)
        criteria += [criterion.id] * len(own)
    vectors = embedder.embed(texts)
    statements = embedder.embed([requirement.text for _, requirement in requirements])
    owners, groups_of = np.asarray(owner), np.asarray(criteria)
    found: list[Group] = []
    for number, (criterion, requirement) in enumerate(requirements):
        own_rows = np.flatnonzero(owners == number)
        siblings = np.flatnonzero((groups_of == criterion.id) & (owners != number))
        others = np.flatnonzero(groups_of != criterion.id)
        half = PHRASE_NEGATIVES // 2
        chosen = np.concatenate(
            [own_rows, rng.permutation(siblings)[:half], rng.choice(others, PHRASE_NEGATIVES - half, replace=False)]
        )
        labels = (owners[chosen] == number).astype(np.int8)
        found.append(
            Group(
                set_name=f"{framework.id}:phrases",
                site=framework.id,
                requirement=requirement.id,
                verdict="phrases",
                features=np.zeros((0, 0), dtype=np.float32),
                labels=labels,
                against=np.zeros(len(labels), dtype=np.int8),
                inputs=np.hstack([vectors[chosen], vectors[chosen]]).astype(np.float16),
                query_vector=statements[number].astype(np.float16),
                folds=np.full(len(labels), ALWAYS, dtype=np.int8),
                texts=(own_texts := [texts[row] for row in chosen]),
                query=spoken(criterion.title, requirement),
                units=np.arange(len(labels), dtype=np.int64),
                read=own_texts,
            )
        )
    return found
