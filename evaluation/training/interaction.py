"""Trains the interaction model with PyTorch and hands it over as arrays; out-of-fold scores keep the trees honest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.judge.interaction import InteractionModel
from evaluation.training.dataset import COPIES, FOLDS, Group

SPACE, HIDDEN, DROPOUT = 96, 64, 0.2
EPOCHS, BATCH, RATE, DECAY = 5, 512, 2e-3, 0.01
NEGATIVES = 60
SEED = 20261122


class _Net(torch.nn.Module):  # type: ignore[misc]  # torch is not type-checked
    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.unit = torch.nn.Linear(2 * dimension, SPACE)
        self.query = torch.nn.Linear(dimension, SPACE)
        self.hidden = torch.nn.Linear(3 * SPACE, HIDDEN)
        self.out = torch.nn.Linear(HIDDEN, 1)
        self.cosine = torch.nn.Parameter(torch.tensor(1.0))
        self.drop = torch.nn.Dropout(DROPOUT)

    def forward(self, unit: torch.Tensor, query: torch.Tensor) -> torch.Tensor:
        a = torch.tanh(self.unit(self.drop(unit)))
        b = torch.tanh(self.query(self.drop(query)))
        hidden = self.drop(torch.relu(self.hidden(torch.cat([a * b, a, b], 1))))
        cosine = (unit[:, : query.shape[1]] * query).sum(1)
        return self.out(hidden).squeeze(1) + self.cosine * cosine


def train(groups: Sequence[Group], without: int | None = None) -> InteractionModel:
    """The model trained on all rows, or on all but those of the fold `without`: the mean of `COPIES` models."""
    return averaged([_train(groups, without, SEED + 100 * copy) for copy in range(COPIES)])


def averaged(models: Sequence[InteractionModel]) -> InteractionModel:
    """One model whose scores are the mean of the models' scores: their spaces lie side by side."""
    count, (width, space) = len(models), models[0].hidden.shape
    size = space // 3
    hidden = np.zeros((count * width, 3, count, size), dtype=np.float32)
    for number, model in enumerate(models):
        hidden[number * width : (number + 1) * width, :, number] = model.hidden.reshape(width, 3, size)
    return InteractionModel(
        unit=np.concatenate([model.unit for model in models]),
        unit_bias=np.concatenate([model.unit_bias for model in models]),
        query=np.concatenate([model.query for model in models]),
        query_bias=np.concatenate([model.query_bias for model in models]),
        hidden=hidden.reshape(count * width, count * space),
        hidden_bias=np.concatenate([model.hidden_bias for model in models]),
        out=np.concatenate([model.out / np.float32(count) for model in models], dtype=np.float32),
        out_bias=float(np.mean([model.out_bias for model in models])),
        cosine=float(np.mean([model.cosine for model in models])),
    )


def _train(groups: Sequence[Group], without: int | None, seed: int) -> InteractionModel:
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    net = _Net(groups[0].query_vector.shape[0])
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    batches_an_epoch: int | None = None
    schedule = None
    for epoch in range(EPOCHS):
        units, owner, labels = _pack(groups, seed + epoch, without)
        queries = torch.tensor(np.stack([group.query_vector for group in groups]).astype(np.float32))
        order = torch.randperm(len(labels))
        batches_an_epoch = batches_an_epoch or (len(labels) + BATCH - 1) // BATCH
        schedule = schedule or torch.optim.lr_scheduler.OneCycleLR(
            optimiser, RATE, total_steps=EPOCHS * (batches_an_epoch + 2)
        )
        net.train()
        for start in range(0, len(labels), BATCH):
            part = order[start : start + BATCH]
            logits = net(units[part].float(), queries[owner[part]])
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels[part])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    net.eval()
    value = {name: tensor.detach().numpy().astype(np.float32) for name, tensor in net.state_dict().items()}
    return InteractionModel(
        unit=value["unit.weight"],
        unit_bias=value["unit.bias"],
        query=value["query.weight"],
        query_bias=value["query.bias"],
        hidden=value["hidden.weight"],
        hidden_bias=value["hidden.bias"],
        out=value["out.weight"][0],
        out_bias=float(value["out.bias"][0]),
        cosine=float(value["cosine"]),
    )


def _pack(groups: Sequence[Group], seed: int, without: int | None) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(seed)
    inputs, owners, labels = [], [], []
    for number, group in enumerate(groups):
        allowed = np.ones(len(group.labels), dtype=bool) if without is None else group.folds != without
        positive = np.flatnonzero((group.labels == 1) & allowed)
        negative = np.flatnonzero((group.labels == 0) & allowed)
        if len(negative) > NEGATIVES:
            negative = rng.choice(negative, NEGATIVES, replace=False)
        chosen = np.concatenate([positive, negative])
        inputs.append(group.inputs[chosen])
        owners.append(np.full(len(chosen), number))
        labels.append(group.labels[chosen])
    return (
        torch.tensor(np.concatenate(inputs)),
        torch.tensor(np.concatenate(owners)),
        torch.tensor(np.concatenate(labels).astype(np.float32)),
    )


def score(model: InteractionModel, group: Group) -> NDArray[np.float32]:
    """The model's score of every row of a group."""
    inputs = group.inputs.astype(np.float32)
    query = group.query_vector.astype(np.float32)
    cosines = inputs[:, : len(query)] @ query
    return model.scores(np.tanh(inputs @ model.unit.T + model.unit_bias), model.project_query(query), cosines)


def by_fold(groups: Sequence[Group]) -> list[InteractionModel]:
    """One model a fold that never saw the documents of that fold."""
    return [train(groups, without=number) for number in range(FOLDS)]


def out_of_fold(models: Sequence[InteractionModel], group: Group) -> NDArray[np.float32]:
    """The scores of a group's rows by the models that never saw the document a row comes from."""
    result = np.zeros(len(group.folds), dtype=np.float32)
    for number, model in enumerate(models):
        rows = group.folds == number
        if rows.any():
            result[rows] = score(model, group)[rows]
    return result
