"""The key of the sample site, drawn from the marks in the content files: label rows and the trap list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evaluation.sample_site.source import LETTERS, REASONS, ContentError, Source

NOT_APPLICABLE = ("25", "29")
"""Criteria that the facts of `site.yaml` rule out: their requirements are not judged."""


def label_rows(sources: Iterable[Source], requirement_ids: Iterable[str]) -> list[dict[str, Any]]:
    """Rows in the common format of evaluation sets: one per document and requirement, then the open requirements.

    A requirement none of whose marks is evidence gets a row for document `*`, with the reason told by its marks
    (`nothing found` when it has none) and, under `nearest`, the words that look like evidence.
    """
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    seeming: dict[str, list[dict[str, str]]] = {}
    known = list(requirement_ids)
    for source in sources:
        for mark in source.marks:
            if mark.requirement not in known:
                raise ContentError(f"{source.path.name}: there is no requirement {mark.requirement!r}.")
            if mark.letter in REASONS:
                entry = {"document": source.file, "quote": mark.quote, "reason": REASONS[mark.letter]}
                seeming.setdefault(mark.requirement, []).append(entry)
                continue
            kind = LETTERS[mark.letter]
            verdict = "contradicted" if kind == "contradicted" else "evidence"
            found.setdefault((source.file, mark.requirement, verdict), []).append((mark.quote, kind))
    order = {requirement: place for place, requirement in enumerate(known)}
    rows: list[dict[str, Any]] = [
        {
            "document": document,
            "requirement": requirement,
            "verdict": verdict,
            "quotes": [quote for quote, _ in pairs],
            "kinds": [] if verdict == "contradicted" else [kind for _, kind in pairs],
        }
        for (document, requirement, verdict), pairs in sorted(
            found.items(), key=lambda item: (item[0][0], order[item[0][1]], item[0][2])
        )
    ]
    closed = {requirement for _, requirement, verdict in found if verdict == "evidence"}
    for requirement in known:
        if requirement in closed or requirement.partition(".")[0] in NOT_APPLICABLE:
            continue
        nearest = seeming.get(requirement, [])
        reasons = {entry["reason"] for entry in nearest}
        if len(reasons) > 1:
            raise ContentError(
                f"Requirement {requirement} is open for several reasons ({', '.join(sorted(reasons))}); keep one."
            )
        rows.append(
            {
                "document": "*",
                "requirement": requirement,
                "verdict": "gap",
                "quotes": [],
                "kinds": [],
                "reason": reasons.pop() if reasons else "nothing found",
                "nearest": nearest,
            }
        )
    return rows


def trap_rows(traps: Iterable[dict[str, Any]], sources: Iterable[Source]) -> list[dict[str, Any]]:
    """The traps with the marked words of their documents; checks that documents and requirements exist."""
    by_file = {source.file: source for source in sources}
    rows = []
    for trap in traps:
        quotes = []
        for name in trap["documents"]:
            if name not in by_file:
                raise ContentError(f"Trap {trap['id']} names {name!r}, which is not a document of the sample site.")
            quotes += [
                {"document": name, "requirement": mark.requirement, "quote": mark.quote}
                for mark in by_file[name].marks
                if mark.requirement in trap["requirements"]
            ]
        rows.append({**trap, "quotes": quotes})
    return rows
