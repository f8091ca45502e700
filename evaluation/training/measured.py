"""What the table of aims measured of these weights, for the model card: calibration, and contradictions called.

The figures of a training are of rows, most of which are far from any evidence; what a reader meets are findings and
shown quotes. So the card takes these from the table once it is filled with the same weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.metrics import ECE_BINS

REPORT = Path(__file__).parents[1] / "results" / "aims.json"
_CURVES = (("ece_finding", "reliability_finding", "findings"), ("ece", "reliability", "shown quotes"))


def measured_of(version: str, report: Path = REPORT) -> dict[str, Any]:
    """The table of aims when it was filled with the weights of this version, else nothing."""
    if not report.is_file():
        return {}
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found if found.get("engine", {}).get("models", {}).get("evidence") == version else {}


def calibration_section(report: Mapping[str, Any]) -> list[str]:
    """Calibration error and reliability of findings and of shown quotes, by documents held out or never seen."""
    out = ["## Calibration of what is shown", ""]
    blocks = _honest(report)
    if not blocks:
        return [*out, "The table of aims was not filled with these weights yet.", ""]
    out += [
        "Expected calibration error over ten equal bins with its 95 % interval, on documents that the weights had not "
        "seen (*held out*: by weights trained on the set's other documents; scales are of all). Of findings nothing is "
        "said where a set has no gaps.",
        "",
        "| set | weights | findings | shown quotes |",
        "|---|---|---|---|",
    ]
    for name, (weights, block) in blocks.items():
        figures = (_with_interval(block["calibration"], key) if _says(block, key) else "" for key, _, _ in _CURVES)
        out.append(f"| `{name}` | {weights} | {' | '.join(figures)} |")
    for key, curve, what in _CURVES:
        out += ["", *_reliability(blocks, key, curve, what)]
    return [*out, ""]


def contradicted_section(report: Mapping[str, Any]) -> list[str]:
    """What may be called contradicted, and how much of it is."""
    out = [
        "## What *contradicted* knows",
        "",
        "No part of these weights learnt it; rules call it, from words and from nearness to a requirement's opposite: "
        "a breach that an authority, a court or another outside party states in a paper of its own, or a plain "
        "admission in the document itself that something is missing. A document that contradicts a requirement in its "
        "own terms, as a contract with a clause to the contrary does, is not called.",
        "",
    ]
    rows = []
    for name, (_, block) in _honest(report).items():
        found = block.get("contradicted", {})
        if found.get("gold"):
            rows.append(f"| `{name}` | {found['gold']} | {_number(found['recall'])} | {_number(found['precision'])} |")
    return [*out, "| set | contradictions | recall | precision |", "|---|---|---|---|", *rows, ""] if rows else out


def _honest(report: Mapping[str, Any]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """The blocks of sets that did not train the weights, and of the others those with documents held out."""
    trained, held_out = report.get("trained_on", ()), report.get("sets_held_out", {})
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for name, block in report.get("sets", {}).items():
        if name in held_out:
            found[name] = ("held out", held_out[name])
        elif name not in trained and block.get("calibration"):
            found[name] = (block["seen"], block)
    return found


def _says(block: Mapping[str, Any], key: str) -> bool:
    return key != "ece_finding" or bool(block.get("gap", {}).get("gold_gaps"))


def _reliability(blocks: Mapping[str, tuple[str, Mapping[str, Any]]], key: str, curve: str, what: str) -> list[str]:
    """One line a set: in each bin of stated strength the share that was right, and of how many."""
    bins = [index / ECE_BINS for index in range(ECE_BINS)]
    headings = [f"{low:.1f} to {low + 1 / ECE_BINS:.1f}" for low in bins]
    out = [
        f"Reliability of {what}: the share that was right of those with a strength in the range (how many).",
        "",
        f"| set | {' | '.join(headings)} |",
        "|---" * (ECE_BINS + 1) + "|",
    ]
    for name, (_, block) in blocks.items():
        if _says(block, key):
            cells = _cells(block["calibration"][curve])
            out.append(f"| `{name}` | {' | '.join(cells)} |")
    return out


def _cells(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    by_bin = {round(row["from"] * ECE_BINS): f"{row['observed']:.2f} ({row['count']:,})" for row in rows}
    return [by_bin.get(index, "") for index in range(ECE_BINS)]


def _with_interval(block: Mapping[str, Any], key: str) -> str:
    figure = block[key]
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"


def _number(figure: Mapping[str, Any]) -> str:
    return "" if figure["value"] is None else f"{figure['value']:.2f}"
