"""The aims of the evidence engine, and which figure of which set fills each of them.

A figure counts towards an aim only when the labels behind it did not train the model that made it: a set that trained
the shipped model counts by weights that left its framework out, else by weights that left the document out, or not at
all. Weights of a fold hold no kind model of their own: what the training measured of kinds, out of fold, counts there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Source = Literal["sets", "removal", "benchmark"]

TRAINED = "trained the model"
RELATED = "other documents of a framework that trained the model"
UNSEEN = "never seen in training"
OURS = "made by us"
SEEN_WORDS: tuple[str, ...] = (TRAINED, RELATED, UNSEEN, OURS)
"""What a model has seen of a set, from most to least flattering (but for our own site, which we also tuned on)."""

OWN_SITE = "sample_site"


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim: `path` leads to a figure in the block of each set whose name begins with `family`.

    `other_sets` marks an aim for documents that the model did not see of a framework that it did (other sets, or those
    held out), `left_out` one that only a model counts for which saw nothing of the framework. `kinds` marks figures of
    the kind model.
    """

    measure: str
    source: Source
    family: str
    path: tuple[str, ...]
    aim: float | None
    at_least: bool = True
    floor: str = ""
    anchor: str = ""
    other_sets: bool = False
    left_out: bool = False
    kinds: bool = False
    needs_gaps: bool = False


_MAP = ("evidence", "map")
_BALANCED = ("gap", "balanced_accuracy")
_GAP_F1 = ("gap", "f1")
_LLAMA = "Llama-3.2-3B fine-tuned on this task"


def _language(code: str, name: str, floor: str) -> Aim:
    path = ("by_language", code, "against_english", "recall@20")
    return Aim(f"{name} minus English: recall@20 of gold quotes", "sets", "copper-docs", path, -0.10, floor=floor)


def _both_ways(
    measure: str, family: str, path: tuple[str, ...], left_out: float, trained: float, floor: str, anchor: str
) -> tuple[Aim, Aim]:
    """An aim with nothing of the framework in training, and one with its dev part, for documents not seen."""
    return (
        Aim(f"{measure}, framework left out", "sets", family, path, left_out, floor=floor, anchor=anchor,
            left_out=True),
        Aim(f"{measure}, its dev part in training", "sets", family, path, trained, floor=floor, anchor=anchor,
            other_sets=True),
    )  # fmt: skip


AIMS: tuple[Aim, ...] = (
    *_both_ways("MAP over quotes", "aims-", _MAP, 0.60, 0.75, ".37 to .41", f"{_LLAMA}: .87"),
    *_both_ways("gap F1", "aims-", _GAP_F1, 0.65, 0.65, ".33 to .49", "the same Llama: .62 to .76"),
    *_both_ways("gap balanced accuracy", "aims-", _BALANCED, 0.84, 0.84, ".63 to .70", "the same Llama: .84"),
    *_both_ways("gap balanced accuracy", "contractnli", _BALANCED, 0.80, 0.80, ".68",
                "BERT-large, supervised: accuracy about .87"),
    *_both_ways("MAP over quotes", "contractnli", _MAP, 0.75, 0.75, "passages .67", "BERT-large, supervised: .92"),
    *_both_ways("gap balanced accuracy", "cuad", _BALANCED, 0.85, 0.85, ".64 to .76", ""),
    *_both_ways("recall@10 (passages)", "cuad", ("evidence_passages", "recall@10"), 0.94, 0.94, ".85", ""),
    Aim("gap F1", "sets", "gdpr-dpa", _GAP_F1, 0.80, floor=".55", anchor="DERECHA, rules for this task: P .89, R .82"),
    Aim("nDCG@10 of paragraphs by the best finding in each", "sets", "diras", ("evidence_paragraphs", "ndcg@10"), 0.75,
        floor=".59", anchor="OpenAI large embedding .70; GPT-4 on each passage .91"),
    Aim("nDCG@10 (passages)", "sets", "climretrieve", ("evidence_passages", "ndcg@10"), 0.50, floor=".34 to .37"),
    Aim("recall@20 of gold quotes", "sets", "copper-docs", ("evidence", "recall@20"), 0.85,
        floor="English .73 to .89"),
    _language("es", "Spanish", "recall 0"),
    _language("pl", "Polish", "recall 0 to .04"),
    _language("zh", "Chinese", "recall 0 to .50"),
    _language("de", "German", "recall 0 to .49"),
    Aim("(document, criterion) 'evidence here': F1", "sets", "copper-docs", ("pairs", "f1"), 0.75),
    Aim("removal test: true gap rate", "removal", "", ("true_gap_rate",), 0.85,
        anchor="at most .31 correct refusals in GaRAGe"),
    Aim("removal test: false gap rate", "removal", "", ("false_gap_rate",), 0.10, at_least=False),
    Aim("kinds of quotes: macro F1", "sets", "copper-docs", ("kinds", "macro_f1"), 0.75, kinds=True),
    Aim("practice or only a promise: macro F1", "sets", "kinds", ("kinds", "macro_f1"), 0.75,
        floor="TF-IDF .67 (en), .63 (fr)"),
    Aim("calibration error (ECE) of findings", "sets", "", ("calibration", "ece_finding"), 0.05, at_least=False,
        needs_gaps=True),
    Aim("calibration error (ECE) of shown quotes", "sets", "", ("calibration", "ece"), 0.05, at_least=False),
    Aim("seconds to match all requirements once indexed", "benchmark", "", ("matching_seconds",), 60.0,
        at_least=False),
    Aim("memory that matching adds to the opened index (MB)", "benchmark", "", ("growth_mb",), None, at_least=False),
)  # fmt: skip
"""Floors and anchors as measured or read before the work began; see the README of this folder for the definitions."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Blocks by set: of the shipped model, and of weights trained without the set; and the benchmark.

    `held_out` are sets of which each document was measured with weights that saw the others only, `removal_held_out`
    the removal test done so, and `kinds_held_out` the same for kinds, from the training. `trained` names the sets that
    trained the shipped model.
    """

    sets: Mapping[str, Mapping[str, Any]]
    sets_without: Mapping[str, Mapping[str, Any]]
    removal: Mapping[str, Mapping[str, Any]]
    removal_without: Mapping[str, Mapping[str, Any]]
    held_out: Mapping[str, Mapping[str, Any]]
    benchmark: Mapping[str, Any]
    trained: tuple[str, ...]
    kinds_held_out: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    removal_held_out: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def fill(measured: Measured) -> list[dict[str, Any]]:
    """One row for each aim and set, in the order of the aims. An aim without any set here gives one row of nulls."""
    rows = []
    for aim in AIMS:
        own = _rows(aim, measured)
        rows += own or [_row(aim, "", None, None, UNSEEN)]
    return rows


def seen_of(name: str, trained: tuple[str, ...]) -> str:
    """One of `SEEN_WORDS`: what a model trained on these sets has seen of the set `name`."""
    if name == OWN_SITE:
        return OURS
    if name in trained:
        return TRAINED
    return RELATED if any(family_of(name) == family_of(other) for other in trained) else UNSEEN


def _rows(aim: Aim, measured: Measured) -> list[dict[str, Any]]:
    if aim.source == "benchmark":
        site = f"made site of {measured.benchmark['pages']:,} pages" if measured.benchmark else ""
        return [_row(aim, site, _at(measured.benchmark, aim.path), None, UNSEEN)] if site else []
    removal = aim.source == "removal"
    blocks, without = (
        (measured.removal, measured.removal_without) if removal else (measured.sets, measured.sets_without)
    )
    by_documents = measured.removal_held_out if removal else measured.held_out
    held_out_blocks = measured.kinds_held_out if aim.kinds else by_documents
    rows = []
    for name, block in blocks.items():
        seen = seen_of(name, measured.trained)
        held_out = _at(held_out_blocks.get(name, {}), aim.path)
        if not name.startswith(aim.family) or (aim.other_sets and seen != RELATED and held_out is None):
            continue
        if aim.needs_gaps and not block.get("gap", {}).get("gold_gaps"):
            continue
        shipped = _at(block, aim.path)
        left_out = None if aim.kinds else _at(without.get(name, {}), aim.path)
        if aim.family or shipped is not None:
            rows.append(_row(aim, name, shipped, left_out, seen, held_out))
    return rows


def _row(aim: Aim, name: str, shipped: Any, without: Any, seen: str, held_out: Any = None) -> dict[str, Any]:
    flattering = (TRAINED, RELATED) if aim.left_out else (TRAINED,)
    if seen not in flattering:
        counts, figure = "shipped", shipped
    elif without is not None and not aim.other_sets:
        counts, figure = "without", without
    elif held_out is not None and not aim.left_out:
        counts, figure = "held_out", held_out
    else:
        counts, figure = None, None
    value = None if figure is None else figure["value"]
    reached = None if value is None or aim.aim is None else value >= aim.aim if aim.at_least else value <= aim.aim
    return {
        "measure": aim.measure,
        "set": name,
        "seen": seen if shipped is not None else "",
        "floor": aim.floor,
        "anchor": aim.anchor,
        "aim": aim.aim,
        "at_least": aim.at_least,
        "shipped": shipped,
        "without": without,
        "held_out": held_out,
        "counts": counts if value is not None else None,
        "reached": reached,
        "clear": _clear(figure, aim.aim) if reached is not None else None,
    }


def _clear(figure: Mapping[str, Any], aim: float | None) -> bool:
    """Whether the aim lies outside the interval, so that the answer does not hang on chance."""
    low, high = figure["low"], figure["high"]
    return aim is None or low is None or high is None or not low <= aim <= high


def _at(block: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    found: Any = block
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    if found is None:
        return None
    figure = dict(found) if isinstance(found, Mapping) else {"value": found, "low": None, "high": None}
    return None if figure["value"] is None else figure


def family_of(name: str) -> str:
    """The framework behind a set, by its name: `aims` for `aims-au` and `aims-uk`, `cuad` for `cuad-dev`."""
    return name.rsplit("-", 1)[0] if "-" in name else name
