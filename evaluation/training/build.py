"""Builds the shipped weights from labelled sets: the order of the parts, the two looks, the figures of the card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.catalogue import load
from assistant.errors import EvaluationError
from assistant.index.cross_encoder import WEIGHTS as READER
from assistant.judge.evidence_model import NEW, WEIGHTS, Trees
from assistant.judge.features import FEATURES
from assistant.judge.reread import best_rows, reread_features, rivals
from evaluation.metrics import reliability
from evaluation.sets import load_set
from evaluation.training import interaction
from evaluation.training.cards import write_cards
from evaluation.training.dataset import FOLDS, Group, catalogue_groups
from evaluation.training.fit import (
    average_precision,
    fit_second,
    fit_units,
    platt,
    save,
    save_arrays,
    second_probabilities,
    sigmoid,
)
from evaluation.training.kept import FOREIGN, Readers, Say, arrays_of, cross_encoders, interaction_models, load_groups
from evaluation.training.kinds import build_kinds
from evaluation.training.new_frameworks import learn
from evaluation.training.ours import our_groups
from evaluation.training.promise import BOUND
from evaluation.training.requirement import fit_requirement
from evaluation.training.sites import behind
from evaluation.weights import HELD_OUT, KIND_QUOTES

TRAINABLE: tuple[str, ...] = (
    "aims-au", "contractnli-dev", "cuad-dev", "diras", "copper-docs-dev", "udhr-es", "udhr-pl", "udhr-zh",
    "xquad-es-cross",
)  # fmt: skip
"""Sets whose licence lets them train a shipped model (see the data folder's README)."""
LARGEST = "cuad-dev"
SITES_A_FOLD = 4
COLLECTIONS: tuple[str, ...] = ("copper-docs-dev",)
"""Collections from which small sites are drawn, with the product's own catalogue."""


def build(
    data: Path,
    out: Path | None,
    leave_out: Sequence[str],
    say: Say,
    share: float = 1.0,
    folds: Path | None = None,
    left_out: Path | None = None,
) -> dict[str, Any]:
    """Train on all trainable sets but those left out; write the weights and return the figures of the card.

    With `share` below one only that part of the judged pairs is used: weaker weights, sooner. Into `folds` go the
    weights that saw all but one fold of the documents, a folder each (0, 1, ...): what the figures out of fold are of.
    Into `left_out` go weights that saw nothing of one framework, a folder named after each set of it. Raises
    `EvaluationError` when a set is missing that was not left out, before anything is read or written.
    """
    data = data / "sets" if (data / "sets").is_dir() else data
    names = chosen_sets(data, leave_out)
    table: list[Group] = []
    for name in names:
        table += load_groups(data / name, say)
    table = [group for group in table if not _spared(group) and _chance(group) < share]
    sites = [group for name in names if name in COLLECTIONS for group in load_groups(data / name, say, sites=True)]
    sites = [group for group in sites if _chance(group) < share and int(group.site.rpartition(".")[2]) < SITES_A_FOLD]
    column = FEATURES.index("interaction")
    ours = [*catalogue_groups(load()), *our_groups(load())]
    with_vectors = [group for group in ours if group.inputs.shape[1]]
    final_interaction, by_fold = interaction_models([*table, *with_vectors], names, say)
    for group in (*table, *sites):
        group.features[:, column] = interaction.out_of_fold(by_fold, group)
    say("trees, out of fold")
    trees_by_fold = [
        fit_units([part for group in table if (part := _without(group, number)) is not None]) for number in range(FOLDS)
    ]
    margins = [_out_of_fold(trees_by_fold, group) for group in table]
    in_sites = [_out_of_fold(trees_by_fold, group) for group in sites]
    every = np.concatenate([group.labels for group in table])
    scales = {"first": platt(np.concatenate(margins), every)}
    say("cross-encoder")
    readers = Readers(ours, say)
    whole, networks, readings = cross_encoders(readers, [*table, *sites], [*margins, *in_sites], say)
    criteria = {name: _criteria(data / name) for name in names}
    seconds, probabilities, columns = _second_look(table, margins, sites, in_sites, readings, criteria, scales)
    second_trees, *second_by_fold = seconds
    figures: dict[str, Any] = {
        "units_first_look": _unit_figures(
            table, [sigmoid(scales["first"][0] * m + scales["first"][1]) for m in margins]
        ),
        "units": _unit_figures(table, probabilities[: len(table)]),
    }
    for name, value in figures["units"].items():
        say(
            f"  {name}: average precision of units, out of fold: {figures['units_first_look'][name]:.3f} -> {value:.3f}"
        )
    judged = probabilities[: len(table)]
    figures["ece"] = {
        group_name: _calibration_error(
            np.concatenate([p for p, group in zip(judged, table, strict=True) if group.set_name == group_name]),
            np.concatenate([group.labels for group in table if group.set_name == group_name]),
        )
        for group_name in dict.fromkeys(group.set_name for group in table)
    }
    prior, prior_by_fold, promise, figures["requirements"] = fit_requirement(
        [*table, *sites], probabilities, criteria, behind([*table, *sites], data), say
    )
    if KIND_QUOTES in names:
        figures["kinds"] = build_kinds(data, out, say)
    usual: dict[str, tuple[list[NDArray[np.float32]], list[NDArray[np.int8]]]] = {name: ([], []) for name in names}
    for group, margin, looked in zip(table, margins, columns, strict=True):
        usual[group.set_name][0].append(looked)
        usual[group.set_name][1].append(group.labels[best_rows(margin)])
    found = learn(
        table, with_vectors, usual, lambda groups, firsts, said: _columns(groups, firsts, said, criteria), readers, say
    )
    say("final models on all rows")
    trees = fit_units(table)
    card: dict[str, object] = {
        "trained": date.today().isoformat(),
        "sets": names,
        "rows": len(every),
        "positives": int((every == 1).sum()),
        "folds": FOLDS,
        "share": share,
        "figures": figures,
        "gap_below": promise.gap_below,
        "supported_from": promise.supported_from,
        "promise": promise.sentence,
        "bound": BOUND,
    }
    target = (out or WEIGHTS.parent) / WEIGHTS.name
    target.parent.mkdir(parents=True, exist_ok=True)
    new, without = found or (None, [])
    if new is not None:
        card[NEW] = new.answers
    learnt = [group.query_vector for group in (*table, *ours) if _is_framework(group)]
    elsewhere = None if new is None else new.arrays(np.unique(np.stack(learnt), axis=0))
    save(target, final_interaction, trees, second_trees, scales, prior, card, elsewhere)
    beside = (out or READER.parent) / READER.name
    beside.parent.mkdir(parents=True, exist_ok=True)
    save_arrays(beside, arrays_of(whole))
    for number, folder in enumerate([folds / str(number) for number in range(FOLDS)] if folds else ()):
        folder.mkdir(parents=True, exist_ok=True)
        own = (by_fold[number], trees_by_fold[number], second_by_fold[number], scales, prior_by_fold[number])
        save(folder / WEIGHTS.name, *own, {**card, HELD_OUT: number}, elsewhere)
        save_arrays(folder / READER.name, arrays_of(networks[number]))
    for one in without if left_out else ():
        folder = (left_out or target.parent) / one.name
        folder.mkdir(parents=True, exist_ok=True)
        own_card = {**card, **one.answers, "sets": [name for name in names if name != one.name]}
        own_card.pop(NEW)
        save(folder / WEIGHTS.name, one.interaction, one.trees, one.second_trees, one.scales, one.prior, own_card)
        save_arrays(folder / READER.name, arrays_of(one.reader))
    target.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    write_cards(target.parent, card)
    say(f"wrote {target.name} ({target.stat().st_size // 1024} KiB)")
    return figures


def chosen_sets(data: Path, leave_out: Sequence[str]) -> list[str]:
    """The sets of the folder `data` to train on: every trainable one that is not left out by name.

    Raises `EvaluationError` for a name that is none of them, for a set that is not there, and when none is left:
    weights that learnt from less than was meant look like any others.
    """
    if unknown := [name for name in leave_out if name not in TRAINABLE]:
        raise EvaluationError(
            f"--leave-out {unknown[0]}: no set of that name trains the weights. Sets that do: {', '.join(TRAINABLE)}."
        )
    names = [name for name in TRAINABLE if name not in leave_out]
    if not names:
        raise EvaluationError("Every set is left out, so there is nothing to train on: leave out fewer.")
    if missing := [name for name in names if not (data / name / "labels.jsonl").is_file()]:
        raise EvaluationError(
            f"{data} holds no set {', '.join(missing)}: give the folder that holds the sets, or leave out by name "
            f"what is not there (--leave-out {missing[0]})."
        )
    return names


def _second_look(
    table: Sequence[Group],
    margins: Sequence[NDArray[np.float64]],
    sites: Sequence[Group],
    in_sites: Sequence[NDArray[np.float64]],
    readings: Sequence[NDArray[np.float32]],
    criteria: Mapping[str, Mapping[str, str]],
    scales: dict[str, tuple[float, float]],
) -> tuple[list[Trees], list[NDArray[np.float32]], list[NDArray[np.float32]]]:
    """The trees of the second look on everything and those without each fold, and all probabilities out of fold.

    Last come the columns of the second look of `table`.

    The scales are put into `scales`.
    """
    both, their = [*table, *sites], [*margins, *in_sites]
    tops = [best_rows(margin) for margin in their]
    columns = _columns(both, their, readings, criteria)
    count = len(table)
    labels = [group.labels[top] for group, top in zip(table, tops[:count], strict=True)]
    folds = [group.folds[top] for group, top in zip(both, tops, strict=True)]
    names = [group.set_name for group in table]
    by_fold = []
    for number in range(FOLDS):
        keep = [part != number for part in folds[:count]]
        by_fold.append(
            fit_second(
                [part[use] for part, use in zip(columns[:count], keep, strict=True)],
                [part[use] for part, use in zip(labels, keep, strict=True)],
                names,
            )
        )
    out = []
    for part, where in zip(columns, folds, strict=True):
        margin = np.zeros(len(part), dtype=np.float64)
        for number, trees in enumerate(by_fold):
            if (where == number).any():
                margin[where == number] = trees.margin(part[where == number])
        out.append(margin)
    scales["second"] = platt(np.concatenate(out[:count]), np.concatenate(labels))
    rest = [np.setdiff1d(np.arange(len(margin)), top) for margin, top in zip(margins, tops, strict=False)]
    scales["rest"] = platt(
        np.concatenate([margin[places] for margin, places in zip(margins, rest, strict=True)]),
        np.concatenate([group.labels[places] for group, places in zip(table, rest, strict=True)]),
    )
    probabilities = []
    for margin, top, second in zip(their, tops, out, strict=True):
        probabilities.append(second_probabilities(scales, margin, top, second))
    return [fit_second(columns[:count], labels, names), *by_fold], probabilities, columns[:count]


def _columns(
    judged: Sequence[Group],
    margins: Sequence[NDArray[np.float64]],
    readings: Sequence[NDArray[np.float32]],
    criteria: Mapping[str, Mapping[str, str]],
) -> list[NDArray[np.float32]]:
    """The columns of the second look: what competes for the same words, and what the cross-encoder says."""
    others = _rivals(judged, margins, criteria)
    siblings = _rivals(judged, margins, {name: {one: one for one in owners} for name, owners in criteria.items()})
    return [
        reread_features(group.features, group.units, margin, rival, sibling, best_rows(margin), said)
        for group, margin, rival, sibling, said in zip(judged, margins, others, siblings, readings, strict=True)
    ]


def _is_framework(group: Group) -> bool:
    """Whether a group's requirement is one of a framework that judges documents: no question, no framework of ours."""
    return group.set_name not in FOREIGN and group.verdict != "worlds"


def _criteria(folder: Path) -> dict[str, str]:
    """The criterion of each requirement of a set's framework."""
    framework = load_set(folder).framework
    return {requirement.id: criterion.id for criterion in framework.criteria for requirement in criterion.requirements}


def _rivals(
    judged: Sequence[Group], margins: Sequence[NDArray[np.float64]], criteria: Mapping[str, Mapping[str, str]]
) -> list[NDArray[np.float64]]:
    """For each group the highest margin of its units for another owner (`criteria`) judged on the same site."""
    found = [np.zeros(0)] * len(judged)
    by_site: dict[tuple[str, str], list[int]] = {}
    for index, group in enumerate(judged):
        by_site.setdefault((group.set_name, group.site), []).append(index)
    for (name, _), members in by_site.items():
        owner = criteria[name.partition(":")[0]]
        looks = [(owner[judged[i].requirement], judged[i].units, margins[i]) for i in members]
        for i, values in zip(members, rivals(looks), strict=True):
            found[i] = values
    return found


def _spared(group: Group) -> bool:
    """Whether a pair without evidence is left out: of the largest set's gaps every other teaches nothing new."""
    if group.set_name != LARGEST or group.verdict != "gap":
        return False
    return hashlib.sha256(f"{group.site} {group.requirement}".encode()).digest()[0] % 2 == 1


def _chance(group: Group) -> float:
    """A number in [0, 1) that is the same for a pair on every machine."""
    return hashlib.sha256(f"{group.site} {group.requirement}".encode()).digest()[1] / 256


def _calibration_error(stated: NDArray[np.floating[Any]], observed: NDArray[np.int8]) -> float:
    """Expected calibration error over ten equal bins."""
    rows = reliability(stated, observed)
    total = sum(row["count"] for row in rows)
    return round(sum(row["count"] * abs(row["strength"] - row["observed"]) for row in rows) / total, 4)


def _out_of_fold(trees_by_fold: Sequence[Trees], group: Group) -> NDArray[np.float64]:
    margin = np.zeros(len(group.folds), dtype=np.float64)
    for number, trees in enumerate(trees_by_fold):
        rows = group.folds == number
        if rows.any():
            margin[rows] = trees.margin(group.features[rows])
    return margin


def _without(group: Group, number: int) -> Group | None:
    rows = group.folds != number
    if not rows.any():
        return None
    return Group(
        group.set_name, group.site, group.requirement, group.verdict, group.features[rows], group.labels[rows],
        group.against[rows], group.inputs[rows], group.query_vector, group.folds[rows],
        [group.texts[i] for i in np.flatnonzero(rows)], group.query, group.units[rows],
        [group.read[i] for i in np.flatnonzero(rows)],
    )  # fmt: skip


def _unit_figures(table: Sequence[Group], probabilities: Sequence[NDArray[np.float32]]) -> dict[str, float]:
    per_set: dict[str, list[float]] = {}
    for group, p in zip(table, probabilities, strict=True):
        if (group.labels == 1).any():
            per_set.setdefault(group.set_name, []).append(average_precision(p, group.labels))
    return {name: round(float(np.mean(values)), 4) for name, values in per_set.items()}
