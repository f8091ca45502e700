"""Trains the cross-encoder: MiniLM reads requirement and unit together, and low-rank updates of its upper layers learn.

The lower layers stay frozen, so what they make of a text is computed once. Each pass over the labelled pairs is over
another draw of their words beside the point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.index.cross_encoder import QUERY_TOKENS, SEPARATE, UNIT_TOKENS, stack, token_ids
from assistant.index.cross_network import Net, frozen
from assistant.index.embedders import minilm_folder
from assistant.judge.features import FEATURES
from evaluation.training.dataset import Group

EPOCHS, BATCH, RATE, DECAY, WARM = 3, 48, 1e-3, 0.01, 0.06
"""Passes over the labelled pairs, each over a draw of its own, pairs a step, and what AdamW and its schedule take."""
HARD, RANDOM, HARD_POOL, POSITIVES = 3, 1, 16, 6
"""Negatives a group: `HARD` of the `HARD_POOL` most similar units and `RANDOM` others; positives are capped."""
OURS: dict[str, tuple[int, int, int]] = {
    "phrases": (1, 3, 1), "contrasts": (3, 3, 2), "pages": (2, 3, 3), "worlds": (2, 3, 3)
}  # fmt: skip
"""For our own words: positives and negatives a group, and of how many draws one takes it. Where half of the catalogue's
phrases in a draw are evidence, any text that MiniLM hardly reads is taken for some."""
SEED = 20261126
THREADS, TOGETHER = 2, 64
"""Threads of PyTorch, and texts whose lower states are made together."""
Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs to learn from: numbers of the two texts' lower states, label, set and fold of each."""

    states: States
    query: NDArray[np.int64]
    unit: NDArray[np.int64]
    labels: NDArray[np.float32]
    sets: list[str]
    folds: NDArray[np.int8]


class States:
    """What the separate layers make of each text, (tokens, width) in half precision, computed once a text."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
        self._index: dict[tuple[str, int], int] = {}
        self.arrays: list[NDArray[np.float16]] = []

    def texts(self) -> bytes:
        """Every text and how much of it is read, in the order of their numbers."""
        return "\x1f".join(f"{text} {longest}" for text, longest in self._index).encode()

    def numbers(self, texts: Sequence[str], longest: int) -> NDArray[np.int64]:
        """The number of each text's states; what is not there yet is computed."""
        missing = [text for text in dict.fromkeys(texts) if (text, longest) not in self._index]
        at = len(self.arrays)
        self.arrays += [np.zeros((0, 0), dtype=np.float16)] * len(missing)
        self._index |= {(text, longest): at + place for place, text in enumerate(missing)}
        heads = self._model.config.num_attention_heads
        tokens = token_ids(self._tokenizer, missing, longest)
        order = sorted(range(len(missing)), key=lambda row: len(tokens[row]))
        with torch.inference_mode():
            for start in range(0, len(order), TOGETHER):
                rows = order[start : start + TOGETHER]
                ids = torch.zeros((len(rows), len(tokens[rows[-1]])), dtype=torch.int64)
                for place, row in enumerate(rows):
                    ids[place, : len(tokens[row])] = torch.tensor(tokens[row])
                attend = ids > 0  # 0 fills a text up
                x = self._model.embeddings(input_ids=ids)
                for layer in self._model.encoder.layer[:SEPARATE]:
                    x = frozen(layer, x, attend, heads)
                for place, row in enumerate(rows):
                    self.arrays[at + row] = x[place, : len(tokens[row])].numpy().astype(np.float16)
        return np.asarray([self._index[text, longest] for text in texts], dtype=np.int64)


def choose(groups: Sequence[Group], seed: int) -> list[tuple[int, NDArray[np.int64]]]:
    """The rows of each group to learn from: (group number, rows)."""
    rng = np.random.default_rng(seed)
    similarity = FEATURES.index("sim_best")
    chosen: list[tuple[int, NDArray[np.int64]]] = []
    for number, group in enumerate(groups):
        positive = np.flatnonzero(group.labels == 1)
        negative = np.flatnonzero(group.labels == 0)
        ours = not group.features.shape[1]
        most, least, turns = OURS[group.verdict] if ours else (POSITIVES, HARD, 1)
        if (number + seed) % turns:
            continue
        if len(positive) > most:
            positive = rng.choice(positive, most, replace=False)
        wanted = max(least, len(positive))
        if len(negative) > wanted + RANDOM:
            by_nearness = rng.permutation(negative)
            if not ours:
                by_nearness = negative[np.argsort(-group.features[negative, similarity], kind="stable")]
            pool = by_nearness[: max(HARD_POOL, 2 * wanted)]
            hard = rng.choice(pool, min(wanted, len(pool)), replace=False)
            rest = np.setdiff1d(negative, hard)
            negative = np.concatenate([hard, rng.choice(rest, min(RANDOM, len(rest)), replace=False)])
        chosen.append((number, np.sort(np.concatenate([positive, negative]))))
    return chosen


def make_pairs(groups: Sequence[Group], states: States, draw: int) -> Pairs:
    """The pairs of draw number `draw`, with their texts' states."""
    queries: list[str] = []
    units: list[str] = []
    labels: list[float] = []
    sets: list[str] = []
    folds: list[int] = []
    for number, rows in choose(groups, SEED + draw):
        group = groups[number]
        queries += [group.query] * len(rows)
        units += [group.read[row] for row in rows]
        labels += [float(group.labels[row]) for row in rows]
        sets += [group.set_name] * len(rows)
        folds += [int(group.folds[row]) for row in rows]
    return Pairs(
        states,
        states.numbers(queries, QUERY_TOKENS),
        states.numbers(units, UNIT_TOKENS),
        np.asarray(labels, dtype=np.float32),
        sets,
        np.asarray(folds, dtype=np.int8),
    )


def train(draws: Sequence[Pairs], without: int | None, model: Any, say: Say) -> Net:
    """A net that learnt from the draws, one after the other, but for the fold `without` (None: from all of them).

    Every set weighs by the square root of its size. The layers multiply in bfloat16, which some processors do faster.
    """
    torch.manual_seed(SEED)
    net = Net(model)
    rng = np.random.default_rng(SEED)
    learnt = [weight for weight in net.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(learnt, lr=RATE, weight_decay=DECAY)
    used = [
        np.arange(len(pairs.folds)) if without is None else np.flatnonzero(pairs.folds != without) for pairs in draws
    ]
    steps = sum(-(-len(rows) // BATCH) for rows in used)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, RATE, total_steps=steps + 1, pct_start=WARM, anneal_strategy="linear"
    )
    net.train()
    for epoch, (pairs, rows) in enumerate(zip(draws, used, strict=True)):
        weights = _weights(pairs, rows)
        total = 0.0
        batches = _batches(pairs, rows, rng)
        for batch in batches:
            x, mask, types = tensors(pairs.states, pairs.query[batch], pairs.unit[batch])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                states = net.states(x, mask, types)
            logits = net.judged(states.float(), mask, types)
            target = torch.tensor(pairs.labels[batch])
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                logits, target, weight=torch.tensor(weights[batch])
            )
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        say(f"    cross-encoder, pass {epoch + 1} of {len(draws)}: loss {total / len(batches):.4f}")
    net.eval()
    return net


def _weights(pairs: Pairs, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """The weight of each pair, one on average over `rows` and none elsewhere."""
    names = [pairs.sets[row] for row in rows]
    share = {name: 1 / np.sqrt(names.count(name)) for name in set(names)}
    weights = np.zeros(len(pairs.labels), dtype=np.float32)
    weights[rows] = [share[name] for name in names]
    weights[rows] /= weights[rows].mean()
    return weights


def _batches(pairs: Pairs, rows: NDArray[np.int64], rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Batches of like length in random order."""
    arrays = pairs.states.arrays
    shuffled = rng.permutation(rows)
    batches = []
    for start in range(0, len(shuffled), BATCH * 40):
        block = shuffled[start : start + BATCH * 40]
        lengths = [len(arrays[pairs.query[row]]) + len(arrays[pairs.unit[row]]) for row in block]
        block = block[np.argsort(lengths, kind="stable")]
        batches += [block[i : i + BATCH] for i in range(0, len(block), BATCH)]
    return [batches[i] for i in rng.permutation(len(batches))]


def tensors(states: States, query: NDArray[np.int64], unit: NDArray[np.int64]) -> tuple[torch.Tensor, ...]:
    """The pairs as the network takes them: states, mask, and which tokens are the unit's."""
    left, right = [states.arrays[i] for i in query], [states.arrays[j] for j in unit]
    return tuple(torch.from_numpy(part) for part in stack(left, right))
