"""The table of aims as Markdown, to be read by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.aims import OURS, TRAINED

_SET_COLUMNS: tuple[tuple[str, tuple[str, str]], ...] = (
    ("hit@1", ("evidence", "hit@1")),
    ("R@10", ("evidence", "recall@10")),
    ("R@20", ("evidence", "recall@20")),
    ("MAP", ("evidence", "map")),
    ("passages R@10", ("evidence_passages", "recall@10")),
    ("passages MAP", ("evidence_passages", "map")),
    ("gap P", ("gap", "precision")),
    ("gap R", ("gap", "recall")),
    ("gap F1", ("gap", "f1")),
    ("bal. acc.", ("gap", "balanced_accuracy")),
    ("AUROC", ("gap", "auroc")),
    ("abstained", ("gap", "abstained")),
    ("supported P", ("supported", "precision")),
    ("supported R", ("supported", "recall")),
    ("contrad. F1", ("contradicted", "f1")),
    ("ECE shown", ("calibration", "ece")),
    ("ECE findings", ("calibration", "ece_finding")),
)


_KNOWN = ("shipped model", "left out", "held out")


def aims_page(report: Mapping[str, Any]) -> str:
    """The page: the aims with what was reached, then the figures of every set, then what made them."""
    rows = report["aims"]
    reached = [row for row in rows if row["reached"]]
    judged = [row for row in rows if row["reached"] is not None]
    out = [
        "# Aims and figures",
        "",
        f"Made by `python -m evaluation.report` on {report['date']}; validity of documents judged as of "
        f"{report['judged_as_of']}. No language model. **{len(reached)} of {len(judged)} figures that can be judged "
        "reach their aim.**",
        "",
        "Figures are means with 95 % bootstrap intervals over documents (criteria in a collection). A figure in "
        "*italics* is of a model that was trained on this very set: it flatters and does not count. Then *left out* "
        "counts (weights trained without the set), else *held out* (weights trained on the set's other documents: each "
        "document is measured with those that did not see it; scales and thresholds are of all, so that calibration "
        "errs to the low side; of a collection all documents are matched, and each gives what the weights propose that "
        "did not see it, but in the removal test its documents of each fold are a site of their own; translations of "
        "one text can lie in two folds). A figure marked *model card* is the training's own, of every labelled quote "
        "by a kind model that did not see its document; the other columns take the quotes that were found. *Near* "
        "means that the interval holds the aim, so chance could turn the answer.",
        "",
        *_table(
            ("measure, no language model", "set", "floor", "anchor", "aim", *_KNOWN, "reached"),
            [_aim_row(row) for row in rows],
        ),
        "",
        "Floors are BM25 over windows of 120 words; anchors are published or were measured on shipped outputs. "
        "Sets of a framework whose other documents trained the shipped model are marked *related*; "
        "the sample site was written by us and tuned on.",
        *_of_the_machine(report["benchmark"]),
        "",
        "## Every set, shipped model",
        "",
        *_sets(report["sets"], ""),
    ]
    if report["sets_left_out"]:
        out += ["", "## Left out of training", "", *_sets(report["sets_left_out"], "left out")]
    if report.get("sets_held_out"):
        out += ["", "## Documents held out", "", *_sets(report["sets_held_out"], "other documents of the set")]
    out += ["", "## Removal test", "", *_removal(report)]
    if report["benchmark"]:
        out += ["", "## A large site", "", _benchmark(report["benchmark"], report["cores"])]
    return "\n".join([*out, "", "## What made these figures", "", *_made_by(report)]) + "\n"


def _aim_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    sign = "≥" if row["at_least"] else "≤"
    aim = "" if row["aim"] is None else f"{sign} {_number(row['aim'])}"
    shipped = _figure(row["shipped"])
    if shipped and row["seen"] == TRAINED:
        shipped = f"*{shipped}*"
    name = row["set"] + (" (ours)" if row["seen"] == OURS else " (related)" if "other documents" in row["seen"] else "")
    unseen = (_figure(row["without"]), _figure(row.get("held_out")))
    return (row["measure"], name, row["floor"], row["anchor"], aim, shipped, *unseen, _verdict(row))


def _verdict(row: Mapping[str, Any]) -> str:
    if row["reached"] is not None:
        return ("yes" if row["reached"] else "no") + ("" if row["clear"] else ", near")
    if row["shipped"] is None:
        return "nothing here to measure"
    return "no number set" if row["aim"] is None else "not judged: in training"


def _sets(blocks: Mapping[str, Mapping[str, Any]], seen: str) -> list[str]:
    rows = []
    for name, block in blocks.items():
        if block.get("evidence"):
            figures = [_figure(block.get(part, {}).get(metric)) for _, (part, metric) in _SET_COLUMNS]
            quotes, cost = block["quotes"], block["cost"]
            verified = f"{quotes['verified']:,} of {quotes['shown']:,}"
            rows.append((name, seen or block["seen"], *figures, verified, f"{cost['peak_mb']:,.0f}"))
    headings = ("set", "the model has", *(heading for heading, _ in _SET_COLUMNS), "quotes verified", "peak MB")
    return _table(headings, rows)


def _removal(report: Mapping[str, Any]) -> list[str]:
    metrics = ("true_gap_rate", "abstained_after", "false_gap_rate", "abstained_before", "strength_fell")
    rows = []
    for key, weights in (("removal", "shipped"), ("removal_left_out", "left out"), ("removal_held_out", "held out")):
        for name, block in report.get(key, {}).items():
            rows.append((name, weights, str(block["pairs"]), *(_figure(block[metric]) for metric in metrics)))
    headings = ("set", "weights", "removals", "true gaps", "abstained", "false gaps before", "abstained before")
    return _table((*headings, "strength fell"), rows)


def _of_the_machine(benchmark: Mapping[str, Any]) -> list[str]:
    """What the row of seconds does not say by itself."""
    if not benchmark:
        return []
    return [
        "",
        "Seconds and memory are of the machine that filled this table, in that hour: other runs matched the same site "
        "in 61 to 69 s on slower or busier machines, which misses the aim (README.md of this folder).",
    ]


def _benchmark(figures: Mapping[str, Any], cores: int) -> str:
    return (
        f"A made site of {figures['pages']:,} pages in {figures['documents']:,} documents ({figures['passages']:,} "
        f"passages) and {figures['requirements']:,} requirements on {cores} cores: indexing the first time "
        f"{figures['first_index_seconds']:,.0f} s, opening the index again {figures['reopen_seconds']:,.0f} s, "
        f"matching all requirements {figures['matching_seconds']:,.0f} s; matching adds {figures['growth_mb']:,.0f} MB "
        f"to what the open index needs; the peak of everything was {figures['peak_mb']:,.0f} MB."
    )


def _made_by(report: Mapping[str, Any]) -> list[str]:
    engine = report["engine"]
    out = []
    if engine:
        models = ", ".join(f"{role} {name}" for role, name in sorted(engine["models"].items()))
        out += [f"- Engine: {engine['name']}", f"- Models: {models}", f"- Promise: {engine['promise']}"]
    out.append(f"- The shipped evidence model was trained on: {', '.join(report['trained_on'])}.")
    out.append("- The kind model was trained on sentences of ours and on quotes of copper-docs; weights of the column "
               "*left out* hold no kind model of their own.")  # fmt: skip
    for name, made in report["left_out"].items():
        since = f" Measured on {made['date']}, taken from that report." if "date" in made else ""
        out.append(f"- Left out {name}: trained on {', '.join(made['trained_on'])}.{since}")
    return out


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    head = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return [*head, *("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)]


def _figure(figure: Mapping[str, Any] | None) -> str:
    if figure is None or figure.get("value") is None:
        return ""
    text = _number(figure["value"])
    if figure["low"] is not None and figure["high"] is not None:
        text += f" ({_number(figure['low'])} to {_number(figure['high'])})"
    return f"{text} [{figure['origin']}]" if "origin" in figure else text


def _number(value: float) -> str:
    """Two decimals of a share without the nought (`.74`, `-.03`), whole numbers above ten."""
    if abs(value) >= 10:
        return f"{value:,.0f}"
    text = f"{value:.2f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text
