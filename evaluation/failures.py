"""The worst cases of a set, to be read by a person: Markdown to look through, JSON lines to work with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationError
from evaluation.rows import PairRow, RankRow, Rows
from evaluation.sets import EvaluationSet

MOST_CASES = 30
"""Cases of each sort that are written: more than anybody reads at a sitting."""

SORTS: dict[str, str] = {
    "missed evidence": "Evidence that is labelled but ranks low or not at all",
    "false gap": "Called a gap although there is evidence",
    "missed gap": "Called evidence although nothing is there",
    "missed contradiction": "Labelled as contradicted but not called so",
    "false contradiction": "Called contradicted but not labelled so",
}


def write_failures(folder: Path, eval_set: EvaluationSet, rows: Rows) -> list[Path]:
    """Write `<set>.md` and `<set>.jsonl`. Raises `EvaluationError` when the folder cannot be written."""
    cases = collect(eval_set, rows)
    markdown, lines = folder / f"{eval_set.name}.md", folder / f"{eval_set.name}.jsonl"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        markdown.write_text(as_markdown(eval_set.name, cases), encoding="utf-8")
        lines.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"The failures cannot be written to {folder}: {error.strerror}.") from error
    return [markdown, lines]


def collect(eval_set: EvaluationSet, rows: Rows) -> list[dict[str, Any]]:
    """The worst cases, by sort and then worst first."""
    texts = _texts(eval_set)
    pairs = {(pair.document, pair.requirement): pair for pair in rows.pairs}
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
        cases += [_pair_case(sort, pair, eval_set, texts) for pair in chosen[:MOST_CASES]]
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


def _pair_case(sort: str, pair: PairRow, eval_set: EvaluationSet, texts: dict[str, str]) -> dict[str, Any]:
    golds = [
        {"document": label.document, "quote": quote, "quote_rank": None, "passage_rank": None}
        for label in eval_set.labels
        if label.requirement == pair.requirement and pair.document in (label.document, "*")
        for quote in label.quotes
    ]
    return {
        "sort": sort,
        "document": pair.document,
        "requirement": pair.requirement,
        "status": pair.status,
        "strength": round(pair.strength, 4),
        "query": [texts[pair.requirement], *pair.queries],
        "gold": golds,
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
