"""What a training keeps in the cache: rows of labelled sets, interaction models, cross-encoders and what these read.

Each part is named by all that makes it (code, data, labels), so a training that was stopped goes on where it was.
"""

from __future__ import annotations

import ast
import hashlib
import pickle
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.cache import cache_folder
from assistant.catalogue import load
from assistant.index.cross_encoder import ShippedCrossEncoder, as_pair
from assistant.index.cross_network import as_arrays, base_model
from assistant.judge.interaction import InteractionModel
from assistant.judge.reread import REREAD, best_rows
from evaluation.training import cross, interaction
from evaluation.training.dataset import FOLDS, Group, groups, read_set, subset_groups
from evaluation.training.fit import save_arrays
from ingestion import INGESTION_VERSION, sha256_of

FOREIGN = frozenset({"udhr-es", "udhr-pl", "udhr-zh", "xquad-es-cross"})
"""Sets in languages that MiniLM does not read: the cross-encoder does not learn them, the trees learn its limits."""
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
    """A digest of these modules' code: what is kept in the cache holds while it is the same."""
    digest = hashlib.sha256()
    for module in modules:
        digest.update(code_alone(Path(import_module(module).__file__ or "").read_text(encoding="utf-8")).encode())
    return digest


def code_alone(source: str) -> str:
    """A module's code without comments, docstrings and layout: no word of explanation makes a network train again."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [line for line in body if not _is_text(line)]  # type: ignore[attr-defined]
    return ast.dump(tree)


def _is_text(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)


def _of_rows(table: Sequence[Group]) -> str:
    """A digest of what interaction models learn from."""
    digest = _of_sources(*_INTERACTION)
    for group in table:
        for array in (group.labels, group.folds, group.query_vector, group.inputs):
            digest.update(array.tobytes())
    return str(digest.hexdigest()[:16])


def interaction_models(
    table: Sequence[Group], names: Sequence[str], say: Say
) -> tuple[InteractionModel, list[InteractionModel]]:
    """The interaction model on all rows and one a fold without it, kept in the cache while nothing changes."""
    kept = cache_folder("training") / f"interaction-{_of_rows(table)}.pickle"
    if not kept.is_file():
        say(f"interaction model on {', '.join(names)}")
        part = kept.with_suffix(".part")
        part.write_bytes(pickle.dumps((interaction.train(table), interaction.by_fold(table))))
        part.replace(kept)
    model, by_fold = pickle.loads(kept.read_bytes())  # noqa: S301  # written above
    return model, by_fold


class Readers:
    """Cross-encoders trained beside words of ours; what the lower layers make of a text is computed once for all."""

    def __init__(self, ours: Sequence[Group], say: Say) -> None:
        torch.set_num_threads(cross.THREADS)
        self._ours, self._say = ours, say
        self._model = base_model()
        self._states = cross.States(self._model)

    def draws(self, judged: Sequence[Group]) -> tuple[list[cross.Pairs], Path]:
        """The pairs to learn from with these groups, and what networks that learn from them are kept as."""
        learnt = [group for group in judged if group.set_name not in FOREIGN and not group.set_name.endswith(":sites")]
        draws = [cross.make_pairs([*learnt, *self._ours], self._states, draw) for draw in range(cross.EPOCHS)]
        digest = _of_sources(*_READER)
        digest.update(self._states.texts())
        for pairs in draws:
            digest.update(pairs.labels.tobytes() + pairs.folds.tobytes() + pairs.unit.tobytes() + pairs.query.tobytes())
        return draws, cache_folder("training") / f"cross-{digest.hexdigest()[:16]}"

    def network(self, draws: Sequence[cross.Pairs], without: int | None, kept: Path) -> Path:
        """The file of the network trained without this fold (None: on all); trained now if it is not in the cache."""
        path = kept.with_name(f"{kept.name}-{'all' if without is None else without}.npz")
        if not path.is_file():
            self._say("  on everything" if without is None else f"  without fold {without + 1} of {FOLDS}")
            part = path.with_suffix(".part.npz")
            save_arrays(part, as_arrays(cross.train(draws, without, self._model, self._say)))
            part.replace(path)
        return path


def interaction_without(table: Sequence[Group], name: str, say: Say) -> InteractionModel:
    """The interaction model on all rows but those of one set, kept in the cache while nothing changes."""
    rest = [group for group in table if group.set_name != name]
    digest = _of_rows(rest)
    kept = cache_folder("training") / f"interaction-{digest}-alone.pickle"
    if not kept.is_file():
        say(f"  interaction model without {name}")
        part = kept.with_suffix(".part")
        part.write_bytes(pickle.dumps(interaction.train(rest)))
        part.replace(kept)
    return pickle.loads(kept.read_bytes())  # type: ignore[no-any-return]  # noqa: S301  # written above


def cross_encoders(
    readers: Readers, judged: Sequence[Group], margins: Sequence[NDArray[np.float64]], say: Say
) -> tuple[Path, list[Path], list[NDArray[np.float32]]]:
    """The file of the cross-encoder, those that saw all but one fold, and what these say of each group's best ones.

    Every reading is out of fold: by a network that never saw the document. Networks and readings are kept while nothing
    changes.
    """
    draws, kept = readers.draws(judged)
    networks = [readers.network(draws, number, kept) for number in range(FOLDS)]
    readings = [np.zeros(min(REREAD, len(margin)), dtype=np.float32) for margin in margins]
    for number, network in enumerate(networks):
        places = [np.flatnonzero(g.folds[best_rows(m)] == number) for g, m in zip(judged, margins, strict=True)]
        for reading, mine, said in zip(readings, places, read_best(network, judged, margins, places, say), strict=True):
            reading[mine] = said
    return readers.network(draws, None, kept), networks, readings


def read_best(
    network: Path,
    judged: Sequence[Group],
    margins: Sequence[NDArray[np.float64]],
    places: Sequence[NDArray[np.int64]],
    say: Say,
) -> list[NDArray[np.float32]]:
    """What the network says of each group's best candidates at these places of their order."""
    wanted = [
        [as_pair(group.query, group.read[row]) for row in best_rows(margin)[mine]]
        for group, margin, mine in zip(judged, margins, places, strict=True)
    ]
    unique = sorted({pair for pairs in wanted for pair in pairs})
    said = dict(zip(unique, _readings(network, unique, say), strict=True))
    return [np.asarray([said[pair] for pair in pairs], dtype=np.float32) for pairs in wanted]


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


def arrays_of(path: Path) -> dict[str, NDArray[np.float16]]:
    """What is stored there, by name."""
    with np.load(path, allow_pickle=False) as data:
        return dict(data)
