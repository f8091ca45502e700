"""Builds the shipped weights: rows, interaction model, trees, calibration, requirement model, thresholds, card."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.cache import cache_folder
from assistant.catalogue import load
from assistant.index.cross_encoder import WEIGHTS as READER
from assistant.index.cross_encoder import ShippedCrossEncoder, as_pair
from assistant.index.cross_network import as_arrays, base_model
from assistant.judge.evidence_model import WEIGHTS, Trees
from assistant.judge.features import FEATURES
from assistant.judge.interaction import InteractionModel
from assistant.judge.reread import REREAD, best_rows, reread_features, rivals
from evaluation.metrics import reliability
from evaluation.sets import load_set
from evaluation.training import cross, interaction
from evaluation.training.cards import write_cards
from evaluation.training.dataset import COPIES, FOLDS, Group, catalogue_groups, groups, read_set, subset_groups
from evaluation.training.fit import (
    average_precision,
    fit_second,
    fit_units,
    platt,
    prior_table,
    save,
    save_arrays,
    sigmoid,
)
from evaluation.training.kinds import QUOTES as KIND_QUOTES
from evaluation.training.kinds import build_kinds
from evaluation.training.promise import Promise, fit_promise
from evaluation.weights import HELD_OUT
from ingestion import INGESTION_VERSION, sha256_of

TRAINABLE: tuple[str, ...] = (
    "aims-au", "contractnli-dev", "cuad-dev", "diras", "copper-docs-dev", "udhr-es", "udhr-pl", "udhr-zh",
    "xquad-es-cross",
)  # fmt: skip
"""Sets whose licence lets them train a shipped model (see the data folder's README)."""
LARGEST = "cuad-dev"
SITES_A_FOLD = 4
FOREIGN = frozenset({"udhr-es", "udhr-pl", "udhr-zh", "xquad-es-cross"})
"""Sets in languages that MiniLM does not read: the cross-encoder does not learn them, the trees learn its limits."""
PROMISE_SETS: tuple[str, ...] = ("aims-au", "contractnli-dev", "cuad-dev", "copper-docs-dev:sites")
"""Sets that say where evidence is absent: the requirement model and the promise are fitted on them."""
OWN_SITES = "copper-docs-dev:sites"
"""Sites judged by the product's own catalogue: the promise is kept on these."""
COLLECTIONS: tuple[str, ...] = ("copper-docs-dev",)
"""Collections from which small sites are drawn, with the product's own catalogue."""
DISTRACTOR_SETS: tuple[str, ...] = ("contractnli-dev", "cuad-dev")
"""Contracts hold nothing on the criteria of a mine: added to a small site they make it as large as real ones."""
_ROWS = (
    "assistant.index.embedders", "assistant.index.words", "assistant.retrieve.queries", "assistant.retrieve.prepared",
    "assistant.retrieve.search", "assistant.judge.similarities", "assistant.judge.cues", "assistant.judge.features",
    "assistant.judge.reading", "assistant.judge.interaction", "evaluation.training.dataset",
)  # fmt: skip
_INTERACTION = ("evaluation.training.interaction", "assistant.judge.interaction", "evaluation.training.dataset")
_READER = (
    "evaluation.training.cross", "evaluation.training.dataset", "assistant.index.cross_encoder",
    "assistant.index.cross_network",
)  # fmt: skip
"""Modules that make rows, interaction models and readers: when one changes, what is kept of them holds no more."""
_READ_AT_ONCE = 2_048
Say = Callable[[str], None]
Prior = tuple[NDArray[np.float32], float]
"""Weights of `PRIOR_FEATURES` and the bias."""


def build(
    data: Path, out: Path | None, leave_out: Sequence[str], say: Say, share: float = 1.0, folds: Path | None = None
) -> dict[str, Any]:
    """Train on all trainable sets but those left out; write the weights and return the figures of the card.

    With `share` below one only that part of the judged pairs is used: weaker weights, sooner. Into `folds` go the
    weights that saw all but one fold of the documents, a folder each (0, 1, ...): what the figures out of fold are of.
    """
    names = [name for name in TRAINABLE if name not in leave_out and (data / name).is_dir()]
    table: list[Group] = []
    for name in names:
        table += load_groups(data / name, say)
    table = [group for group in table if not _spared(group) and _chance(group) < share]
    sites = [group for name in names if name in COLLECTIONS for group in load_groups(data / name, say, sites=True)]
    sites = [group for group in sites if _chance(group) < share and int(group.site.rpartition(".")[2]) < SITES_A_FOLD]
    column = FEATURES.index("interaction")
    phrases = catalogue_groups(load())
    final_interaction, by_fold = _interaction([*table, *phrases], names, say)
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
    networks, readings = _cross([*table, *sites], [*margins, *in_sites], phrases, say)
    criteria = {name: _criteria(data / name) for name in names}
    second, probabilities = _second_look(table, margins, sites, in_sites, readings, criteria, scales)
    second_trees, *second_by_fold = second
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
    prior, prior_by_fold, promise, figures["requirements"] = _fit_prior([*table, *sites], probabilities, criteria, say)
    if KIND_QUOTES in names:
        figures["kinds"] = build_kinds(data, out, say)
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
    }
    target = (out or WEIGHTS.parent) / WEIGHTS.name
    target.parent.mkdir(parents=True, exist_ok=True)
    save(target, final_interaction, trees, second_trees, scales, prior, card)
    readers = (out or READER.parent) / READER.name
    readers.parent.mkdir(parents=True, exist_ok=True)
    save_arrays(readers, cross.averaged([_arrays(path) for path in networks]))
    for number, folder in enumerate([folds / str(number) for number in range(FOLDS)] if folds else ()):
        folder.mkdir(parents=True, exist_ok=True)
        own = (by_fold[number], trees_by_fold[number], second_by_fold[number], scales, prior_by_fold[number])
        save(folder / WEIGHTS.name, *own, {**card, HELD_OUT: number})
        save_arrays(folder / READER.name, _arrays(networks[number]))
    target.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    write_cards(target.parent, card)
    say(f"wrote {target.name} ({target.stat().st_size // 1024} KiB)")
    return figures


def _cross(
    judged: Sequence[Group], margins: Sequence[NDArray[np.float64]], phrases: Sequence[Group], say: Say
) -> tuple[list[Path], list[NDArray[np.float32]]]:
    """The files of the cross-encoders that saw all but one fold, and what they say of each group's best candidates.

    Every reading is out of fold: by networks that never saw the document, averaged. The cross-encoder that ships is the
    mean of all folds' networks, which have seen all documents between them. Networks and readings are kept while
    nothing changes.
    """
    torch.set_num_threads(cross.THREADS)
    model = base_model()
    states = cross.States(model)
    learnt = [group for group in judged if group.set_name not in FOREIGN and not group.set_name.endswith(":sites")]
    draws = [cross.make_pairs([*learnt, *phrases], states, copy) for copy in range(COPIES)]
    digest = _of_sources(*_READER)
    digest.update(states.texts())
    for pairs in draws:
        digest.update(pairs.labels.tobytes() + pairs.folds.tobytes() + pairs.unit.tobytes() + pairs.query.tobytes())
    kept = cache_folder("training") / f"cross-{digest.hexdigest()[:16]}"
    networks = [_network(draws, number, model, kept, say) for number in range(FOLDS)]
    readings = [np.zeros(min(REREAD, len(margin)), dtype=np.float32) for margin in margins]
    for number, network in enumerate(networks):
        places: list[tuple[int, NDArray[np.int64]]] = []
        wanted: list[str] = []
        for index, (group, margin) in enumerate(zip(judged, margins, strict=True)):
            top = best_rows(margin)
            mine = np.flatnonzero(group.folds[top] == number)
            places.append((index, mine))
            wanted += [as_pair(group.query, group.texts[i]) for i in top[mine]]
        unique = sorted(dict.fromkeys(wanted))
        said = dict(zip(unique, _readings(network, unique, say), strict=True))
        scores = np.asarray([said[pair] for pair in wanted], dtype=np.float32)
        at = 0
        for index, mine in places:
            readings[index][mine] = scores[at : at + len(mine)]
            at += len(mine)
    return networks, readings


def _readings(network: Path, pairs: Sequence[str], say: Say) -> NDArray[np.float32]:
    """What the network says of these pairs, as the product reads them; kept in the cache beside it."""
    digest = hashlib.sha256("\n".join(pairs).encode()).hexdigest()[:16]
    path = network.with_name(f"{network.stem}-{digest}.npy")
    if not path.is_file():
        say(f"  reading {len(pairs):,} pairs")
        reader = ShippedCrossEncoder(network)
        parts = [reader.embed(pairs[at : at + _READ_AT_ONCE])[:, 0] for at in range(0, len(pairs), _READ_AT_ONCE)]
        part = path.with_suffix(".part.npy")
        np.save(part, np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32))
        part.replace(path)
    return np.asarray(np.load(path))


def _network(draws: Sequence[cross.Pairs], without: int, model: Any, kept: Path, say: Say) -> Path:
    """The file of the mean of the networks trained without this fold; what is not in the cache is trained."""
    paths = [kept.with_name(f"{kept.name}-{without}-{copy}.npz") for copy in range(len(draws))]
    for copy, (pairs, path) in enumerate(zip(draws, paths, strict=True)):
        if not path.is_file():
            say(f"  without fold {without + 1} of {FOLDS}, network {copy + 1} of {len(draws)}")
            part = path.with_suffix(".part.npz")
            save_arrays(part, as_arrays(cross.train(pairs, pairs.folds != without, model, say, copy)))
            part.replace(path)
    mean = kept.with_name(f"{kept.name}-{without}.npz")
    save_arrays(mean, cross.averaged([_arrays(path) for path in paths]))
    return mean


def _arrays(path: Path) -> dict[str, NDArray[np.float16]]:
    """What is stored there, by name."""
    with np.load(path, allow_pickle=False) as data:
        return dict(data)


def _second_look(
    table: Sequence[Group],
    margins: Sequence[NDArray[np.float64]],
    sites: Sequence[Group],
    in_sites: Sequence[NDArray[np.float64]],
    readings: Sequence[NDArray[np.float32]],
    criteria: Mapping[str, Mapping[str, str]],
    scales: dict[str, tuple[float, float]],
) -> tuple[list[Trees], list[NDArray[np.float32]]]:
    """The trees of the second look on everything and those without each fold, and all probabilities out of fold.

    The scales are put into `scales`.
    """
    both, their = [*table, *sites], [*margins, *in_sites]
    tops = [best_rows(margin) for margin in their]
    others = _rivals(both, their, criteria)
    siblings = _rivals(both, their, {name: {one: one for one in owners} for name, owners in criteria.items()})
    columns = [
        reread_features(group.features, group.units, margin, rival, sibling, top, cross_scores)
        for group, margin, rival, sibling, top, cross_scores in zip(
            both, their, others, siblings, tops, readings, strict=True
        )
    ]
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
        p = sigmoid(scales["rest"][0] * margin + scales["rest"][1])
        p[top] = sigmoid(scales["second"][0] * second + scales["second"][1])
        probabilities.append(p)
    return [fit_second(columns[:count], labels, names), *by_fold], probabilities


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


def load_groups(folder: Path, say: Say, *, sites: bool = False) -> list[Group]:
    """The rows of one set (or of the small sites drawn from it), kept while labels and code are the same."""
    around = [folder.parent / name for name in DISTRACTOR_SETS if sites and (folder.parent / name).is_dir()]
    digest = _of_sources(*_ROWS)
    digest.update(f"{INGESTION_VERSION} {load().model_dump_json()}".encode())
    for one in (folder, *around):
        for path in (one / "labels.jsonl", one / "criteria.json", *sorted((one / "documents").iterdir())):
            digest.update(sha256_of(path).encode() if path.is_file() else b"none")
    kept = cache_folder("training") / f"{folder.name}{'-sites' if sites else ''}-{digest.hexdigest()[:16]}.pickle"
    if kept.is_file():
        # Our own file in our own cache, written below; never a file from elsewhere.
        return list(pickle.loads(kept.read_bytes()))  # noqa: S301
    say(f"rows of {folder.name}")
    if sites:
        others = [document for other in around for document in read_set(other)[1].values()]
        found = list(subset_groups(*read_set(folder), others))
    else:
        found = list(groups(*read_set(folder)))
    part = kept.with_suffix(".part")
    part.write_bytes(pickle.dumps(found))
    part.replace(kept)
    return found


def _of_sources(*modules: str) -> Any:
    """A digest of these modules' sources: what is kept in the cache holds while they are the same."""
    digest = hashlib.sha256()
    for module in modules:
        digest.update(Path(import_module(module).__file__ or "").read_bytes())
    return digest


def _interaction(
    table: Sequence[Group], names: Sequence[str], say: Say
) -> tuple[InteractionModel, list[InteractionModel]]:
    """The interaction model on all rows and one a fold without it, kept in the cache while nothing changes."""
    digest = _of_sources(*_INTERACTION)
    for group in table:
        for array in (group.labels, group.folds, group.query_vector, group.inputs):
            digest.update(array.tobytes())
    kept = cache_folder("training") / f"interaction-{digest.hexdigest()[:16]}.pickle"
    if not kept.is_file():
        say(f"interaction model on {', '.join(names)}")
        part = kept.with_suffix(".part")
        part.write_bytes(pickle.dumps((interaction.train(table), interaction.by_fold(table))))
        part.replace(kept)
    model, by_fold = pickle.loads(kept.read_bytes())  # noqa: S301  # written above
    return model, by_fold


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
    )  # fmt: skip


def _unit_figures(table: Sequence[Group], probabilities: Sequence[NDArray[np.float32]]) -> dict[str, float]:
    per_set: dict[str, list[float]] = {}
    for group, p in zip(table, probabilities, strict=True):
        if (group.labels == 1).any():
            per_set.setdefault(group.set_name, []).append(average_precision(p, group.labels))
    return {name: round(float(np.mean(values)), 4) for name, values in per_set.items()}


def _fit_prior(
    table: Sequence[Group],
    probabilities: Sequence[NDArray[np.float32]],
    criteria: Mapping[str, Mapping[str, str]],
    say: Say,
) -> tuple[Prior, list[Prior], Promise, dict[str, float]]:
    """Requirement model, those without each fold, the promise fitted on these ones' predictions, and their figures."""
    chosen = [i for i, group in enumerate(table) if group.set_name in PROMISE_SETS]
    if not chosen:
        chosen = [i for i, group in enumerate(table) if group.verdict in ("evidence", "gap")]
    judged = [table[i] for i in chosen]
    rows = prior_table([probabilities[i] for i in chosen], [group.texts for group in judged])
    present = np.asarray([group.verdict != "gap" for group in judged], dtype=np.int8)
    names = [group.set_name for group in judged]
    weight = np.asarray([1.0 / np.sqrt(names.count(name)) for name in names])
    folds = np.asarray([int(group.folds[0]) for group in judged])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6

    def fitted(use: NDArray[np.bool_]) -> LogisticRegression:
        model = LogisticRegression(C=0.5, max_iter=5000)
        return model.fit((rows[use] - mean) / spread, present[use], sample_weight=weight[use] / weight.mean())

    def as_prior(model: LogisticRegression) -> Prior:
        weights = (model.coef_[0] / spread).astype(np.float32)
        return weights, float(model.intercept_[0] - (model.coef_[0] * mean / spread).sum())

    predicted = np.zeros(len(judged), dtype=np.float64)
    by_fold = []
    for number in range(FOLDS):
        held = folds == number
        by_fold.append(model := fitted(~held))
        if held.any():
            predicted[held] = model.predict_proba((rows[held] - mean) / spread)[:, 1]
    figures: dict[str, float] = {}
    for name in dict.fromkeys(names):
        mask = np.asarray([n == name for n in names])
        if 0 < present[mask].sum() < mask.sum():
            figures[name] = round(float(roc_auc_score(present[mask], predicted[mask])), 4)
            say(f"  {name}: AUROC of 'holds evidence', out of fold: {figures[name]:.3f}")
    owners = [criteria[group.set_name.partition(":")[0]][group.requirement] for group in judged]
    clusters = ([group.site for group in judged], owners)
    promise = fit_promise(predicted, present, names, own=OWN_SITES, clusters=clusters)
    say(f"  {promise.sentence}")
    final = as_prior(fitted(np.ones(len(judged), dtype=bool)))
    return final, [as_prior(model) for model in by_fold], promise, figures
