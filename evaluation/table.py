"""The figures of a result as tables for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evaluation.compare import Difference

WIDTH = 176
"""Columns where no terminal says how wide it is (a file, a pipe)."""

_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("hit@1", "evidence", "hit@1"),
    ("R@5", "evidence", "recall@5"),
    ("R@10", "evidence", "recall@10"),
    ("R@20", "evidence", "recall@20"),
    ("MAP", "evidence", "map"),
    ("passages R@5", "evidence_passages", "recall@5"),
    ("passages R@10", "evidence_passages", "recall@10"),
    ("passages MAP", "evidence_passages", "map"),
)
_GAP_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("gap P", "gap", "precision"),
    ("gap R", "gap", "recall"),
    ("gap F1", "gap", "f1"),
    ("bal. acc.", "gap", "balanced_accuracy"),
    ("AUROC", "gap", "auroc"),
    ("abstained", "gap", "abstained"),
    ("supported P", "supported", "precision"),
    ("supported R", "supported", "recall"),
    ("contrad. F1", "contradicted", "f1"),
    ("pairs F1", "pairs", "f1"),
    ("kinds F1", "kinds", "macro_f1"),
    ("ECE", "calibration", "ece"),
)


_PARTS: tuple[tuple[str, str, str], ...] = (
    ("pairs", "", "pairs"),
    ("with quotes", "evidence", "pairs"),
    ("gold quotes", "evidence", "gold_quotes"),
    ("found", "evidence", "found"),
    ("hit@1", "evidence", "hit@1"),
    ("R@10", "evidence", "recall@10"),
    ("R@20", "evidence", "recall@20"),
    ("R@20 - English", "against_english", "recall@20"),
    ("MAP", "evidence", "map"),
    ("gold gaps", "gap", "gold_gaps"),
    ("gap F1", "gap", "f1"),
    ("bal. acc.", "gap", "balanced_accuracy"),
    ("AUROC", "gap", "auroc"),
    ("abstained", "gap", "abstained"),
)
_PASSAGE_PARTS: tuple[tuple[str, str, str], ...] = (
    ("passages", "kinds", "passages"),
    ("macro F1", "kinds", "macro_f1"),
    ("accuracy", "kinds", "accuracy"),
    ("AUROC", "kinds", "auroc"),
    ("ECE", "kinds", "ece"),
)
"""Heading, part of the block and entry of it: what is shown of a language or a requirement, counts beside figures."""

_COST_COLUMNS = ("documents", "pages", "passages", "seconds", "pages/s", "peak MB", "quotes shown", "verified")


def result_tables(result: dict[str, Any]) -> list[Table]:
    """Evidence, then gaps and the rest, then cost: one line a set, intervals under the figures."""
    sets: dict[str, dict[str, Any]] = result["sets"]
    evidence = _table("Evidence", _COLUMNS, {n: b for n, b in sets.items() if b.get("evidence", {}).get("pairs")})
    rest = _table("Gaps, contradictions, kinds, calibration", _GAP_COLUMNS, sets)
    cost = Table(title="Cost", title_justify="left")
    for heading in ("set", *_COST_COLUMNS):
        cost.add_column(heading, justify="left" if heading == "set" else "right", no_wrap=True)
    for name, block in sets.items():
        spent, quotes = block["cost"], block.get("quotes", {})
        keys = ("documents", "pages", "passages", "seconds", "pages_per_second", "peak_mb")
        values = [*(spent.get(key) for key in keys), quotes.get("shown"), quotes.get("verified")]
        cost.add_row(name, *("" if value is None else f"{value:,}" for value in values))
    return [evidence, rest, cost]


def breakdown_tables(result: dict[str, Any], by: str) -> list[Table]:
    """The figures of each set by `language` or `requirement`, with their counts: one table a set that has them."""
    tables = []
    for name, block in result["sets"].items():
        parts: dict[str, dict[str, Any]] = block.get(f"by_{by}") or {}
        single = block.get("scope") == "passages"
        table = Table(title=escape(f"{name} by {by}"), title_justify="left")
        table.add_column(by, no_wrap=True)
        for heading, _, _ in _PASSAGE_PARTS if single else _PARTS:
            table.add_column(heading, justify="right")
        for part, figures in parts.items():
            table.add_row(
                escape(part), *(_entry(figures, *where) for _, *where in (_PASSAGE_PARTS if single else _PARTS))
            )
        tables.append(table)
    return tables


def comparison_table(differences: Sequence[Difference]) -> Table:
    """Two results against each other, one line a metric; the last column is corrected for the number of lines."""
    table = Table(title="Comparison (after minus before)", title_justify="left")
    corrected = f"p, Holm for {len(differences)}"
    for heading in ("set", "metric", "rows", "before", "after", "difference", "95 %", "p", corrected):
        table.add_column(heading, justify="left" if heading in ("set", "metric") else "right", no_wrap=True)
    for row in differences:
        interval = "" if row.low is None or row.high is None else f"{row.low:+.3f} to {row.high:+.3f}"
        numbers = (
            f"{row.before:.3f}",
            f"{row.after:.3f}",
            f"{row.difference:+.3f}",
            interval,
            f"{row.p:.4f}",
            f"{row.p_holm:.4f}",
        )
        table.add_row(row.set, row.metric, str(row.pairs), *numbers)
    return table


def print_tables(tables: Sequence[Table], stream: TextIO | None = None) -> None:
    """Write tables to `stream` (standard output)."""
    stream = stream or sys.stdout
    console = Console(file=stream, width=None if stream.isatty() else WIDTH)
    for table in tables:
        if table.row_count:
            console.print(table)


def _table(title: str, columns: Sequence[tuple[str, str, str]], sets: dict[str, dict[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("set", no_wrap=True)
    for heading, _, _ in columns:
        table.add_column(heading, justify="right")
    for name, block in sets.items():
        table.add_row(name, *(_cell(block.get(part, {}).get(metric)) for _, part, metric in columns))
    return table


def _entry(block: dict[str, Any], part: str, name: str) -> str:
    """A figure with its interval, or a count."""
    value = (block.get(part, {}) if part else block).get(name)
    return str(value) if isinstance(value, int) else _cell(value)


def _cell(figure: dict[str, float | None] | None) -> str:
    if figure is None or figure["value"] is None:
        return ""
    text = f"{figure['value']:.3f}"
    if figure["low"] is not None and figure["high"] is not None:
        text += f"\n{figure['low']:.2f}-{figure['high']:.2f}"
    return text
