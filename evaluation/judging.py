"""Compare what an engine proposed with the labels of a set, pair by pair.

Scope document: each document is a site, so a label is one finding. Scope collection: all documents are one site; a
ranking belongs to a criterion (or requirement) and a label is judged on what was proposed from its document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.judge.conclusion import NEAR
from assistant.models import Evidence, EvidenceKind, Stance, Status
from assistant.quotes import verify
from assistant.readiness import roll_up_counts
from evaluation.engines import MatchResult, Thresholds
from evaluation.letters import Flags, letters_of
from evaluation.placed import Gold, Item, JudgedDocument, find, finds_of, paragraph_items, passage_items, quote_items
from evaluation.rankings import first_ranks, score_ranking
from evaluation.rows import (
    CALLED_ABSTAINED,
    CALLED_CONTRADICTED,
    CALLED_EVIDENCE,
    CALLED_GAP,
    CALLED_NOT_APPLICABLE,
    GoldResult,
    PairRow,
    ProposalRow,
    RankRow,
    Rows,
)
from evaluation.sets import WHOLE_COLLECTION, EvaluationSet, Label
from ingestion.models import DocumentRead

TOP_KEPT = 5
"""Proposals kept with each row for reading failures."""

Identity = tuple[str, str, str]

_KINDS = frozenset(kind.value for kind in EvidenceKind)

_CALLED: dict[Status, str] = {
    Status.SUPPORTED: CALLED_EVIDENCE,
    Status.PARTLY: CALLED_EVIDENCE,
    Status.NEEDS_PERSON: CALLED_ABSTAINED,
    Status.GAP: CALLED_GAP,
    Status.CONTRADICTED: CALLED_CONTRADICTED,
    Status.NOT_APPLICABLE: CALLED_NOT_APPLICABLE,
}


def judge_document(eval_set: EvaluationSet, name: str, read: DocumentRead, matched: Sequence[MatchResult]) -> Rows:
    """Rows of one document that is a site of its own."""
    labels = eval_set.labels_of(name)
    document = JudgedDocument(name, read, labels)
    rows = Rows()
    _verify_shown(matched, {document.sha256: document}, rows)
    by_id = {result.finding.requirement_id: result for result in matched}
    for label in labels:
        results = [by_id[target] for target in eval_set.targets[label.requirement] if target in by_id]
        items = quote_items(results, [document], rows)
        finds, golds = finds_of(items, {name: document}, label.requirement)
        ranking = None
        if golds:
            ranking = _rank_row(name, document.name, label.requirement, document.language, items, finds, golds,
                                passage_items(results, [document]), [document])  # fmt: skip
            rows.rankings.append(ranking)
            rows.language_rankings.append(ranking)
        status = roll_up_counts(Counter(result.finding.status for result in results))
        top = ranking.top if ranking else _top(items, finds)
        rows.pairs.append(
            PairRow(
                unit=name,
                document=name,
                requirement=label.requirement,
                language=document.language,
                verdict=label.verdict,
                called=_CALLED[status],
                status=status.value,
                strength=max((result.finding.strength for result in results), default=0.0),
                here=any(map(_speaks, _shown(results))),
                queries=_queries(results),
                top=top,
            )
        )
        rows.proposals += _proposals(name, label.requirement, items, finds, _shown_keys(results))
    return rows


def judge_collection(
    eval_set: EvaluationSet,
    reads: dict[str, DocumentRead],
    matched: Sequence[MatchResult],
    thresholds: Thresholds,
) -> Rows:
    """Rows of a set whose documents are one site."""
    documents = {name: JudgedDocument(name, read, eval_set.labels_of(name)) for name, read in reads.items()}
    by_sha = {document.sha256: document for document in documents.values()}
    rows = Rows()
    _verify_shown(matched, by_sha, rows)
    by_id = {result.finding.requirement_id: result for result in matched}
    whole = eval_set.judges_whole_collection
    labels: dict[str, list[Label]] = {}
    for label in eval_set.labels:
        labels.setdefault(label.requirement, []).append(label)
    for target, its_labels in labels.items():
        unit = eval_set.groups[target]
        results = [by_id[requirement] for requirement in eval_set.targets[target] if requirement in by_id]
        # A pair that is absent says nothing, unless the labels speak of the whole collection.
        judged = {label.document for label in its_labels} - {WHOLE_COLLECTION}
        pool = list(documents.values()) if whole else [documents[name] for name in sorted(judged)]
        items = quote_items(results, pool, rows)
        passages = passage_items(results, pool)
        finds, golds = finds_of(items, documents, target)
        if golds:
            holders = [documents[name] for name in sorted({gold.document for gold in golds})]
            rows.rankings.append(_rank_row(unit, "", target, "", items, finds, golds, passages, holders))
            rows.language_rankings += _by_language(unit, target, items, passages, holders, documents)
        rows.proposals += _proposals(unit, target, items, finds, _shown_keys(results))
        if whole:
            rows.pairs.append(_whole_pair(unit, target, its_labels, results, _top(items, finds)))
        else:
            rows.pairs += _collection_pairs(unit, target, its_labels, results, items, finds, documents, thresholds)
    return rows


def _verify_shown(matched: Sequence[MatchResult], by_sha: dict[str, JudgedDocument], rows: Rows) -> None:
    for result in matched:
        rows.failed += result.finding.quotes_failed
        for evidence in result.finding.evidence:
            document = by_sha.get(evidence.sha256)
            rows.shown += 1
            rows.verified += document is not None and verify(evidence, document.page_texts.get(evidence.page, ""))


def _rank_row(
    unit: str,
    document: str,
    target: str,
    language: str,
    items: Sequence[Item],
    finds: Flags,
    golds: Sequence[Gold],
    passages: Sequence[Item],
    holders: Sequence[JudgedDocument],
) -> RankRow:
    grades = [gold.grade for gold in golds]
    pool = find([Item(holder.name, span) for holder in holders for span in holder.passages], golds)
    passage_finds = find(passages, golds)
    quote_ranks, passage_ranks = first_ranks(finds), first_ranks(passage_finds)
    results = []
    for index, gold in enumerate(golds):
        rank = _rank(quote_ranks[index])
        finder = items[rank - 1].evidence if rank else None
        results.append(
            GoldResult(
                document=gold.document,
                quote=gold.quote,
                grade=gold.grade,
                kind=gold.kind if gold.kind in _KINDS else "",
                located=gold.placed.located,
                reachable=bool(pool[:, index].any()),
                quote_rank=rank,
                passage_rank=_rank(passage_ranks[index]),
                found_kind=finder.kind.value if finder else "",
            )
        )
    return RankRow(
        unit=unit,
        document=document,
        requirement=target,
        language=language,
        quotes=score_ranking(finds, grades),
        passages=score_ranking(passage_finds, grades, pool),
        golds=tuple(results),
        top=_top(items, finds),
        paragraphs=_paragraph_scores(items, golds, holders[0]) if document else {},
    )


def _paragraph_scores(items: Sequence[Item], golds: Sequence[Gold], document: JudgedDocument) -> dict[str, float]:
    """Scores of the paragraphs of one document; nothing where a single paragraph leaves nothing to rank."""
    if len(document.paragraphs) < 2:
        return {}
    pool = find([Item(document.name, span) for span in document.paragraphs], golds)
    return score_ranking(find(paragraph_items(items, document), golds), [gold.grade for gold in golds], pool)


def _by_language(
    unit: str,
    target: str,
    items: Sequence[Item],
    passages: Sequence[Item],
    holders: Sequence[JudgedDocument],
    documents: dict[str, JudgedDocument],
) -> list[RankRow]:
    """The ranking of a collection as if it held the documents of one language only, for each language with evidence."""
    rows = []
    for language in sorted({holder.language for holder in holders}):
        names = {name for name, document in documents.items() if document.language == language}
        chosen = [item for item in items if item.document in names]
        finds, golds = finds_of(chosen, {name: documents[name] for name in documents if name in names}, target)
        windows = [item for item in passages if item.document in names]
        inside = [holder for holder in holders if holder.language == language]
        rows.append(_rank_row(unit, "", target, language, chosen, finds, golds, windows, inside))
    return rows


def _collection_pairs(
    unit: str,
    target: str,
    labels: Sequence[Label],
    results: Sequence[MatchResult],
    items: Sequence[Item],
    finds: Flags,
    documents: dict[str, JudgedDocument],
    thresholds: Thresholds,
) -> list[PairRow]:
    """One row for each judged document of a target, called by the strongest proposal that comes from it."""
    proposed = [evidence for result in results for evidence in (*result.quotes, *result.finding.evidence)]
    strongest: dict[str, float] = {}
    for evidence in proposed:
        if evidence.stance is Stance.SUPPORTS:
            strongest[evidence.sha256] = max(strongest.get(evidence.sha256, 0.0), evidence.strength)
    shown = _shown(results)
    speaking_for = {evidence.sha256 for evidence in shown if _speaks(evidence)}
    against = {evidence.sha256 for evidence in shown if evidence.stance is Stance.CONTRADICTS}
    status = roll_up_counts(Counter(result.finding.status for result in results))
    rows = []
    for label in labels:
        document = documents[label.document]
        strength = strongest.get(document.sha256, 0.0)
        if document.sha256 in against:
            called = CALLED_CONTRADICTED
        elif strength < thresholds.person:
            called = CALLED_GAP
        else:
            called = CALLED_ABSTAINED if strength < thresholds.found else CALLED_EVIDENCE
        own = [index for index, item in enumerate(items) if item.document == label.document]
        rows.append(
            PairRow(
                unit=unit,
                document=label.document,
                requirement=target,
                language=document.language,
                verdict=label.verdict,
                called=called,
                status=status.value,
                strength=strength,
                here=document.sha256 in speaking_for,
                queries=_queries(results),
                top=_top([items[index] for index in own], finds[own]),
            )
        )
    return rows


def _whole_pair(
    unit: str, target: str, labels: Sequence[Label], results: Sequence[MatchResult], top: tuple[dict[str, Any], ...]
) -> PairRow:
    """One row for a requirement judged over the whole collection: a gap where a label `*` says so."""
    verdicts = {label.verdict for label in labels}
    status = roll_up_counts(Counter(result.finding.status for result in results))
    return PairRow(
        unit=unit,
        document=WHOLE_COLLECTION,
        requirement=target,
        language="",
        verdict=next(verdict for verdict in ("contradicted", "evidence", "gap") if verdict in verdicts),
        called=_CALLED[status],
        status=status.value,
        strength=max((result.finding.strength for result in results), default=0.0),
        here=any(map(_speaks, _shown(results))),
        queries=_queries(results),
        top=top,
    )


def _proposals(unit: str, target: str, items: Sequence[Item], finds: Flags, shown: set[Identity]) -> list[ProposalRow]:
    relevant = _relevant(finds)
    return [
        ProposalRow(unit, item.evidence.strength, relevant[index], _identity(item.evidence) in shown, target)
        for index, item in enumerate(items)
        if item.evidence is not None
    ]


def _identity(evidence: Evidence) -> Identity:
    """What `Evidence.key` is made of: as telling, and many times cheaper for thousands of proposals."""
    return evidence.requirement_id, evidence.sha256, letters_of(evidence.quote)


def _shown_keys(results: Sequence[MatchResult]) -> set[Identity]:
    return {_identity(evidence) for evidence in _shown(results)}


def _queries(results: Sequence[MatchResult]) -> tuple[str, ...]:
    """All that was searched for, terms in other languages with the rest."""
    searches = [result.finding.search for result in results if result.finding.search is not None]
    return tuple(dict.fromkeys(query for search in searches for query in search.queries))


def _shown(results: Sequence[MatchResult]) -> list[Evidence]:
    return [evidence for result in results for evidence in result.finding.evidence]


def _speaks(evidence: Evidence) -> bool:
    """Whether a shown quote says that there is evidence in its document: more than a faint one that supports."""
    return evidence.stance is Stance.SUPPORTS and evidence.strength >= NEAR


def _top(items: Sequence[Item], finds: Flags) -> tuple[dict[str, Any], ...]:
    kept = []
    relevant = _relevant(finds)
    for index, item in enumerate(items[:TOP_KEPT]):
        if item.evidence is not None:
            piece = item.evidence
            kept.append(
                {
                    "requirement": piece.requirement_id,
                    "document": item.document,
                    "page": piece.page,
                    "quote": piece.quote,
                    "kind": piece.kind.value,
                    "stance": piece.stance.value,
                    "strength": round(piece.strength, 4),
                    "caveats": [caveat.value for caveat in piece.caveats],
                    "closes": piece.closes,
                    "score_parts": {name: round(value, 4) for name, value in piece.score_parts.items()},
                    "finds_gold": relevant[index],
                }
            )
    return tuple(kept)


def _relevant(finds: Flags) -> list[bool]:
    return [bool(row.any()) for row in finds]


def _rank(rank: float) -> int | None:
    return None if np.isinf(rank) else int(rank)
