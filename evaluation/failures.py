"""The worst cases of a set, to be read by a person: Markdown to look through, JSON lines to work with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationError
from evaluation.kinds import PRACTICE, LabelledPassage
from evaluation.rows import PairRow, RankRow, Rows
from evaluation.sets import WHOLE_COLLECTION, EvaluationSet

MOST_CASES = 30
"""Cases of each sort that are written: more than anybody reads at a sitting."""

SORTS: dict[str, str] = {
    "missed evidence": "Evidence that is labelled but ranks low or not at all",
    "false gap": "Called a gap although there is evidence",
    "missed gap": "Called evidence although nothing is there",
    "missed contradiction": "Labelled as contradicted but not called so",
    "false contradiction": "Called contradicted but not labelled so",
}


PASSAGE_SORTS: dict[str, str] = {
    "promise taken for practice": "Labelled as only a promise, taken for practice",
    "practice taken for a promise": "Labelled as practice, taken for a promise",
}


def write_failures(folder: Path, eval_set: EvaluationSet, rows: Rows) -> list[Path]:
    """Write `<set>.md` and `<set>.jsonl`. Raises `EvaluationError` when the folder cannot be written."""
    cases = collect(eval_set, rows)
    return _write(folder, eval_set.name, as_markdown(eval_set.name, cases), cases)


def write_passage_failures(
    folder: Path, name: str, passages: Sequence[LabelledPassage], chances: Sequence[float]
) -> list[Path]:
    """As `write_failures`, for a set of single passages: those on the wrong side, the surest first."""
    cases: list[dict[str, Any]] = []
    wrong: list[dict[str, Any]] = [
        {
            "sort": list(PASSAGE_SORTS)[passage.evidence_status == "Yes"],
            "document": f"passage {number}",
            "source": passage.source,
            "language": passage.language,
            "labelled": passage.evidence_status,
            "strength": round(chance, 4),
            "text": passage.text,
        }
        for number, (passage, chance) in enumerate(zip(passages, chances, strict=True), 1)
        if (chance >= PRACTICE) != (passage.evidence_status == "Yes")
    ]
    out = [f"# Worst cases of {name}", ""]
    for sort, title in PASSAGE_SORTS.items():
        some = sorted(
            (case for case in wrong if case["sort"] == sort), key=lambda case: -abs(case["strength"] - PRACTICE)
        )
        if some:
            out += [f"## {title} ({len(some[:MOST_CASES])} of {len(some)} shown)", ""]
        for case in some[:MOST_CASES]:
            cases.append(case)
            where = f"{case['document']}, {case['language']}, {case['source']}"
            out += [
                f"### {_line(where)}",
                "",
                f"Chance of practice {case['strength']}.",
                "",
                *_code([case["text"]]),
                "",
            ]
    return _write(folder, name, "\n".join(out) + "\n", cases)


def _write(folder: Path, name: str, page: str, cases: Sequence[dict[str, Any]]) -> list[Path]:
    markdown, lines = folder / f"{name}.md", folder / f"{name}.jsonl"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        markdown.write_text(page, encoding="utf-8")
        lines.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"The failures cannot be written to {folder}: {error.strerror}.") from error
    return [markdown, lines]


def collect(eval_set: EvaluationSet, rows: Rows) -> list[dict[str, Any]]:
    """The worst cases, by sort and then worst first."""
    texts = _texts(eval_set)
    pairs = {(pair.document, pair.requirement): pair for pair in rows.pairs}
    golds: dict[str, list[dict[str, Any]]] = {}
    for row in rows.rankings:
        golds.setdefault(row.requirement, []).extend(asdict(gold) for gold in row.golds)
    cases = []
    missed = sorted(
        (row for row in rows.rankings if row.quotes["recall@5"] < 1),
        key=lambda row: (row.quotes["recall@5"], row.quotes["map"], row.document, row.requirement),
    )
    for row in missed[:MOST_CASES]:
        cases.append(_ranking_case(row, pairs.get((row.document, row.requirement)), texts))
    for sort, chosen in (
        ("false gap", _worst(p for p in rows.pairs if p.verdict != "gap" and p.called == "gap")),
        ("missed gap", _worst((p for p in rows.pairs if p.verdict == "gap" and p.called == "evidence"), -1)),
        ("missed contradiction", _worst(p for p in rows.pairs if _only(p.verdict, p.called))),
        ("false contradiction", _worst((p for p in rows.pairs if _only(p.called, p.verdict)), -1)),
    ):
        cases += [_pair_case(sort, pair, golds.get(pair.requirement, []), texts) for pair in chosen[:MOST_CASES]]
    return cases


def as_markdown(name: str, cases: Sequence[dict[str, Any]]) -> str:
    """The cases as Markdown. Text of documents stands in code lines, so nothing in it acts as markup."""
    out = [f"# Worst cases of {name}", ""]
    for sort, title in SORTS.items():
        chosen = [case for case in cases if case["sort"] == sort]
        if not chosen:
            continue
        out += [f"## {title} ({len(chosen)} shown)", ""]
        for case in chosen:
            out += _section(case)
    return "\n".join(out) + "\n"


def _section(case: dict[str, Any]) -> list[str]:
    where = f"{case['requirement']} in {case['document']}" if case["document"] else case["requirement"]
    out = [f"### {_line(where)}", "", f"Status: {case['status']}, strength {case['strength']}.", "", "Query:", ""]
    out += [*_code(case["query"]), "", "Gold:", ""]
    for gold in case["gold"]:
        ranks = f"quote rank {gold['quote_rank'] or 'none'}, passage rank {gold['passage_rank'] or 'none'}"
        out += _code([f"[{ranks}] {gold['document']}: {gold['quote']}"])
    if not case["gold"]:
        out += _code(["(labelled as a gap)"])
    out += ["", "Found:", ""]
    for number, item in enumerate(case["found"], 1):
        parts = " ".join(f"{name}={value}" for name, value in item["score_parts"].items())
        mark = "+" if item["finds_gold"] else "-"
        head = f"{mark}{number} {item['strength']} {item['kind']} {item['document']} page {item['page']}"
        out += _code([f"{head}: {item['quote']}", f"     {parts}"])
    if not case["found"]:
        out += _code(["(nothing)"])
    return [*out, ""]


def _ranking_case(row: RankRow, pair: PairRow | None, texts: dict[str, str]) -> dict[str, Any]:
    return {
        "sort": "missed evidence",
        "document": row.document,
        "requirement": row.requirement,
        "status": pair.status if pair else "",
        "strength": round(pair.strength, 4) if pair else None,
        "query": [texts[row.requirement], *(pair.queries if pair else ())],
        "gold": [asdict(gold) for gold in row.golds],
        "scores": {"quotes": row.quotes, "passages": row.passages},
        "found": list(row.top),
    }


def _pair_case(sort: str, pair: PairRow, golds: Sequence[dict[str, Any]], texts: dict[str, str]) -> dict[str, Any]:
    return {
        "sort": sort,
        "document": pair.document,
        "requirement": pair.requirement,
        "status": pair.status,
        "strength": round(pair.strength, 4),
        "query": [texts[pair.requirement], *pair.queries],
        "gold": [gold for gold in golds if pair.document in (gold["document"], WHOLE_COLLECTION)],
        "found": list(pair.top),
    }


def _texts(eval_set: EvaluationSet) -> dict[str, str]:
    """What each label target asks, in one text."""
    texts = {}
    for target, ids in eval_set.targets.items():
        found = [eval_set.framework.requirement(requirement_id) for requirement_id in ids]
        texts[target] = " | ".join(f"{one.text} {one.definition}".strip() for one in found)
    return texts


def _worst(pairs: Iterable[PairRow], sign: int = 1) -> list[PairRow]:
    return sorted(pairs, key=lambda pair: (sign * pair.strength, pair.document, pair.requirement))


def _only(one: str, other: str) -> bool:
    return one == "contradicted" and other != "contradicted"


def _line(text: str) -> str:
    return " ".join(text.replace("`", "'").split())


def _code(lines: Iterable[str]) -> list[str]:
    return [f"    {' '.join(line.split())}" for line in lines]
