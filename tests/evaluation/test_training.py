"""Several models of one kind become one: its answers are the mean of theirs, whatever each of them learnt."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.index.cross_network import as_arrays, base_model, restored
from assistant.judge.evidence_model import Trees
from assistant.judge.interaction import InteractionModel
from evaluation.training import cross, fit, interaction
from evaluation.training.dataset import Group

WIDTH, SPACE, HIDDEN = 6, 4, 5


def an_interaction_model(seed: int) -> InteractionModel:
    rng = np.random.default_rng(seed)

    def drawn(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    return InteractionModel(
        unit=drawn(SPACE, 2 * WIDTH),
        unit_bias=drawn(SPACE),
        query=drawn(SPACE, WIDTH),
        query_bias=drawn(SPACE),
        hidden=drawn(HIDDEN, 3 * SPACE),
        hidden_bias=drawn(HIDDEN),
        out=drawn(HIDDEN),
        out_bias=float(rng.normal()),
        cosine=float(rng.normal()),
    )


def a_group(seed: int, count: int = 40) -> Group:
    """Units of two documents under one requirement, of which the first eight are evidence."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(count, len(fit.FEATURES))).astype(np.float32)
    labels = (np.arange(count) < 8).astype(np.int8)
    return Group(
        set_name="made", site="a", requirement=f"r{seed}", verdict="evidence", features=features, labels=labels,
        against=np.zeros(count, dtype=np.int8), inputs=rng.normal(size=(count, 2 * WIDTH)).astype(np.float16),
        query_vector=rng.normal(size=WIDTH).astype(np.float16), folds=(np.arange(count) % 2).astype(np.int8),
        texts=[f"The site measures dust at {number} points." for number in range(count)],
        query="The site measures dust.", units=np.arange(count),
    )  # fmt: skip


def test_averaged_interaction_models_score_the_mean() -> None:
    models, group = [an_interaction_model(seed) for seed in range(3)], a_group(7)
    each = [interaction.score(model, group) for model in models]
    assert np.abs(each[0] - each[1]).max() > 0.1
    np.testing.assert_allclose(interaction.score(interaction.averaged(models), group), np.mean(each, axis=0), atol=1e-5)


def test_averaged_forests_have_the_mean_margin() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(500, 5)).astype(np.float32)
    labels = (rows[:, 0] + rows[:, 1] * rows[:, 2] > 0.3).astype(int)
    forests = [
        fit.export(
            HistGradientBoostingClassifier(max_iter=12 + seed, max_features=0.5, random_state=seed).fit(rows, labels)
        )
        for seed in range(3)
    ]
    each = [forest.margin(rows) for forest in forests]
    assert np.abs(each[0] - each[1]).max() > 0.1
    np.testing.assert_allclose(fit.averaged(forests).margin(rows), np.mean(each, axis=0), atol=1e-4)


def test_averaged_networks_have_the_mean_weights_and_one_is_itself() -> None:
    torch.manual_seed(1)
    model = base_model()
    first, second = as_arrays(cross.Net(model)), as_arrays(cross.Net(model))
    name = next(name for name in first if name.endswith("a_query"))
    mean = cross.averaged([first, second])
    assert mean.keys() == first.keys()
    np.testing.assert_allclose(
        mean[name].astype(float), (first[name].astype(float) + second[name].astype(float)) / 2, atol=1e-3
    )
    alone = cross.averaged([first])
    assert all((alone[name] == first[name]).all() for name in first)


def test_copies_start_alike_and_learn_from_other_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    model = base_model()
    states = cross.States(model)
    groups = [a_group(seed) for seed in range(4)]
    draws = [cross.make_pairs(groups, states, copy) for copy in (0, 1)]
    assert (draws[0].unit != draws[1].unit).any()
    said: list[str] = []
    every = np.ones(len(draws[0].labels), dtype=bool)
    nets = [as_arrays(cross.train(pairs, every, model, said.append, copy)) for copy, pairs in enumerate(draws)]
    again = as_arrays(cross.train(draws[0], every, model, said.append, 0))
    assert all((again[name] == nets[0][name]).all() for name in again)
    name = next(name for name in again if name.endswith("a_query"))
    apart = np.abs(nets[0][name].astype(float) - nets[1][name].astype(float)).max()
    assert 0 < apart < np.abs(nets[0][name].astype(float)).max()
    assert restored(model, cross.averaged(nets)) is not None
    assert len(said) == 3


def test_a_forest_that_was_asked_is_saved_as_what_it_learnt(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(300, 4)).astype(np.float32)
    forest = fit.export(HistGradientBoostingClassifier(max_iter=5).fit(rows, rows[:, 0] > 0))
    asked = forest.margin(rows)
    prior = (np.zeros(5, dtype=np.float32), 0.0)
    fit.save(tmp_path / "model.npz", an_interaction_model(1), forest, forest, {"first": (1.0, 0.0)}, prior, {})
    with np.load(tmp_path / "model.npz", allow_pickle=False) as data:
        again = Trees(**{field.name: data[f"second_{field.name}"] for field in fields(Trees)})
    np.testing.assert_array_equal(again.margin(rows), asked)
