"""From the rows of a set to its figures, in the form of the evaluation result (see `evaluation/README.md`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from assistant.models import Status
from evaluation.metrics import Floats, Resampler, figure, figures, reliability
from evaluation.rankings import RANKING_METRICS
from evaluation.rows import CALLED_ABSTAINED, CALLED_CONTRADICTED, CALLED_GAP, PairRow, ProposalRow, RankRow
from evaluation.runner import Cost, SetRun
from evaluation.sets import WHOLE_COLLECTION

ENGLISH = "en"
GAP_METRICS = ("precision", "recall", "f1", "balanced_accuracy", "auroc", "abstained", "false_gap_rate")


def summarise(run: SetRun) -> dict[str, Any]:
    """The block of one set: each figure with its 95 % interval, counts beside them as plain numbers."""
    rows = run.rows
    block = {
        "scope": run.scope,
        "evidence": evidence_block(rows.rankings, "quotes"),
        "evidence_passages": evidence_block(rows.rankings, "passages"),
        "evidence_paragraphs": evidence_block([row for row in rows.rankings if row.paragraphs], "paragraphs"),
        "gap": gap_block(rows.pairs),
        "contradicted": contradicted_block(rows.pairs),
        "kinds": kinds_block(rows.rankings),
        "quotes": {
            "shown": rows.shown,
            "verified": rows.verified,
            "failed_before_showing": rows.failed,
            "ranked_but_misplaced": rows.misplaced,
            "ranked_but_too_long": rows.overlong,
        },
        "calibration": calibration_block(rows.proposals, rows.pairs),
        "by_language": by_language(rows.language_rankings, rows.pairs),
        "by_requirement": by_requirement(rows.rankings, rows.pairs),
        "cost": cost_block(run.cost),
    }
    by_site = [row for row in rows.pairs if run.scope == "document" or row.document == WHOLE_COLLECTION]
    if by_site:  # a status is a site's: it says nothing of one document among several
        block["supported"] = supported_block(by_site)
    if run.scope == "collection":
        block["pairs"] = pairs_block(rows.pairs)
    return block


def evidence_block(rows: Sequence[RankRow], which: str) -> dict[str, Any]:
    """Ranking scores (`which` is quotes, passages or paragraphs), averaged over the judged pairs that have evidence."""
    sample = Resampler([row.unit for row in rows])
    table = {name: sample.mean([getattr(row, which)[name] for row in rows]) for name in RANKING_METRICS}
    golds = [gold for row in rows for gold in row.golds]
    block: dict[str, Any] = figures(table)
    block["pairs"] = len(rows)
    block["gold_quotes"] = len(golds)
    if which != "paragraphs":
        ranks = [gold.quote_rank if which == "quotes" else gold.passage_rank for gold in golds]
        block["found"] = sum(rank is not None for rank in ranks)
    block["not_located"] = sum(not gold.located for gold in golds)
    if which == "passages":
        reach = [float(np.mean([gold.reachable for gold in row.golds])) for row in rows]
        block["reach"] = figure(sample.mean(reach))
    return block


def gap_block(rows: Sequence[PairRow]) -> dict[str, Any]:
    """Gaps called against gaps labelled. Abstained pairs are not called gaps, and are counted beside."""
    sample = Resampler([row.unit for row in rows])
    actual = np.array([row.verdict == CALLED_GAP for row in rows], dtype=bool)
    called = np.array([row.called == CALLED_GAP for row in rows], dtype=bool)
    abstained = np.array([row.called == CALLED_ABSTAINED for row in rows], dtype=float)
    block: dict[str, Any] = figures(
        {
            **sample.binary(actual, called),
            "auroc": sample.auroc(actual, [1 - row.strength for row in rows]),
            "abstained": sample.mean(abstained),
            "false_gap_rate": sample.mean(np.where(actual, np.nan, called)),
            "abstained_on_gaps": sample.mean(np.where(actual, abstained, np.nan)),
            "abstained_on_evidence": sample.mean(np.where(actual, np.nan, abstained)),
        }
    )
    block["pairs"] = len(rows)
    block["gold_gaps"] = int(actual.sum())
    block["called"] = _counts(row.called for row in rows)
    return block


def supported_block(rows: Sequence[PairRow]) -> dict[str, Any]:
    """Requirements called supported against those labelled so, and every status by label.

    `false_rate` is the share of the others that are called supported: the worst that a reader of findings can meet.
    """
    sample = Resampler([row.unit for row in rows])
    actual = np.array([row.verdict == "evidence" for row in rows], dtype=bool)
    called = np.array([row.status == Status.SUPPORTED.value for row in rows], dtype=bool)
    scores = sample.binary(actual, called)
    block: dict[str, Any] = figures(
        {
            "precision": scores["precision"],
            "recall": scores["recall"],
            "false_rate": sample.mean(np.where(actual, np.nan, called)),
        }
    )
    block["pairs"] = len(rows)
    block["statuses"] = {
        verdict: _counts(row.status for row in rows if row.verdict == verdict)
        for verdict in sorted({row.verdict for row in rows})
    }
    return block


def contradicted_block(rows: Sequence[PairRow]) -> dict[str, Any]:
    """Contradictions called against contradictions labelled."""
    scores = Resampler([row.unit for row in rows]).binary(
        [row.verdict == CALLED_CONTRADICTED for row in rows], [row.called == CALLED_CONTRADICTED for row in rows]
    )
    block: dict[str, Any] = figures({name: scores[name] for name in ("precision", "recall", "f1")})
    block["gold"] = sum(row.verdict == CALLED_CONTRADICTED for row in rows)
    return block


def pairs_block(rows: Sequence[PairRow]) -> dict[str, Any]:
    """In a collection: is evidence shown from this document where the label says that it holds some?"""
    scores = Resampler([row.unit for row in rows]).binary(
        [row.verdict == "evidence" for row in rows], [row.here for row in rows]
    )
    block: dict[str, Any] = figures(scores)
    block["pairs"] = len(rows)
    return block


def kinds_block(rows: Sequence[RankRow]) -> dict[str, Any]:
    """Kind of the first proposal that finds a gold quote, against the quote's kind, where it has one and is found."""
    matched = [(row.unit, gold.kind, gold.found_kind) for row in rows for gold in row.golds if gold.kind]
    found = [entry for entry in matched if entry[2]]
    sample = Resampler([unit for unit, _, _ in found])
    right = [float(actual == called) for _, actual, called in found]
    confusion: dict[str, dict[str, int]] = {}
    for _, actual, called in found:
        line = confusion.setdefault(actual, {})
        line[called] = line.get(called, 0) + 1
    macro = sample.macro_f1([actual for _, actual, _ in found], [called for _, _, called in found])
    return {
        "macro_f1": figure(macro),
        "accuracy": figure(sample.mean(right)),
        "matched": len(found),
        "of": len(matched),
        "confusion": confusion,
    }


def calibration_block(proposals: Sequence[ProposalRow], pairs: Sequence[PairRow]) -> dict[str, Any]:
    """Stated strength against what the labels say: of the shown proposals (`ece`), of all ranked ones, of findings."""
    shown = [row for row in proposals if row.shown]
    block: dict[str, Any] = {}
    for name, chosen in (("ece", shown), ("ece_ranked", list(proposals))):
        sample = Resampler([row.unit for row in chosen])
        strengths, relevant = [row.strength for row in chosen], [row.relevant for row in chosen]
        block[name] = figure(sample.calibration_error(strengths, relevant))
        block[name.replace("ece", "reliability")] = reliability(strengths, relevant)
    sample = Resampler([row.unit for row in pairs])
    strengths, real = [row.strength for row in pairs], [row.verdict != CALLED_GAP for row in pairs]
    block["ece_finding"] = figure(sample.calibration_error(strengths, real))
    block["reliability_finding"] = reliability(strengths, real)
    return block


def by_language(rankings: Sequence[RankRow], pairs: Sequence[PairRow]) -> dict[str, Any]:
    """Evidence and gaps for each document language; a collection is ranked as if it held that language only."""
    languages = sorted(({row.language for row in rankings} | {row.language for row in pairs}) - {""})
    blocks = {}
    for language in languages:
        block = _small_block(
            [row for row in rankings if row.language == language], [row for row in pairs if row.language == language]
        )
        if language != ENGLISH:
            block["against_english"] = {"recall@20": figure(_against_english(rankings, language))}
        blocks[language] = block
    return blocks


def _against_english(rankings: Sequence[RankRow], language: str) -> Floats:
    """Recall@20 of gold quotes in this language minus that of the English ones, resampled together."""
    sample = Resampler([row.unit for row in rankings])
    recalls = [
        sample.mean([row.quotes["recall@20"] if row.language == one else np.nan for row in rankings])
        for one in (language, ENGLISH)
    ]
    return recalls[0] - recalls[1]


def by_requirement(rankings: Sequence[RankRow], pairs: Sequence[PairRow]) -> dict[str, Any]:
    """Evidence and gaps for each requirement (or criterion) that labels speak of."""
    ranked: dict[str, list[RankRow]] = {}
    judged: dict[str, list[PairRow]] = {}
    for ranking in rankings:
        ranked.setdefault(ranking.requirement, []).append(ranking)
    for pair in pairs:
        judged.setdefault(pair.requirement, []).append(pair)
    names = sorted({*ranked, *judged})
    return {name: _small_block(ranked.get(name, []), judged.get(name, [])) for name in names}


def cost_block(cost: Cost) -> dict[str, Any]:
    """Time, memory and amounts; `seconds` counts reading as it took when it was done and matching as it took now."""
    seconds = cost.reading_seconds + cost.matching_seconds
    return {
        "documents": cost.documents,
        "pages": cost.pages,
        "passages": cost.passages,
        "seconds": round(seconds, 2),
        "pages_per_second": round(cost.pages / seconds, 2) if seconds else None,
        "peak_mb": round(cost.peak_mb, 1),
        "reading_seconds": round(cost.reading_seconds, 2),
        "matching_seconds": round(cost.matching_seconds, 2),
        "read_from_cache": cost.from_cache,
        "unreadable": cost.unreadable,
    }


def _small_block(rankings: Sequence[RankRow], pairs: Sequence[PairRow]) -> dict[str, Any]:
    block: dict[str, Any] = {"pairs": len(pairs)}
    if rankings:
        block["evidence"] = evidence_block(rankings, "quotes")
        block["evidence_passages"] = evidence_block(rankings, "passages")
    if pairs:
        block["gap"] = gap_block(pairs)
    return block


def _counts(names: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for name in sorted(names):
        counted[name] = counted.get(name, 0) + 1
    return counted
