"""What the training builds: means of several models, and a network that learns from draws but not from a fold."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.catalogue import load
from assistant.index.cross_network import as_arrays, base_model, restored
from assistant.judge.evidence_model import Trees
from assistant.judge.interaction import InteractionModel
from evaluation.training import cross, fit, interaction
from evaluation.training.dataset import ALWAYS, Group
from evaluation.training.kept import code_alone
from evaluation.training.ours import contrast_groups, page_groups, world_groups

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
        read=[f"Dust, Results: The site measures dust at {number} points." for number in range(count)],
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


def test_a_network_learns_from_every_draw_but_for_a_fold() -> None:
    model = base_model()
    states = cross.States(model)
    groups = [a_group(seed) for seed in range(4)]
    draws = [cross.make_pairs(groups, states, draw) for draw in (0, 1)]
    assert (draws[0].unit != draws[1].unit).any()
    said: list[str] = []
    both, first, none = (as_arrays(cross.train(some, None, model, said.append)) for some in (draws, draws[:1], draws))
    assert len(said) == 5
    assert all((both[name] == none[name]).all() for name in both)
    assert any((both[name] != first[name]).any() for name in both)
    assert restored(model, both) is not None


def test_rows_of_no_document_train_every_network() -> None:
    model = base_model()
    states = cross.States(model)
    groups = [a_group(seed) for seed in range(2)]
    for group in groups:
        group.folds[:] = ALWAYS
    pairs = cross.make_pairs(groups, states, 0)
    start = as_arrays(cross.train([], None, model, lambda _: None))
    for without in (None, 0):
        learnt = as_arrays(cross.train([pairs], without, model, lambda _: None))
        assert any((learnt[name] != start[name]).any() for name in learnt)


def test_a_fold_left_out_changes_nothing_of_a_network() -> None:
    model = base_model()
    states = cross.States(model)
    groups = [a_group(seed) for seed in range(4)]
    groups[-1].folds[:] = 1
    pairs = cross.make_pairs(groups, states, 0)
    alone = as_arrays(cross.train([pairs], 1, model, lambda _: None))
    pairs.labels[pairs.folds == 1] = 1 - pairs.labels[pairs.folds == 1]
    again = as_arrays(cross.train([pairs], 1, model, lambda _: None))
    assert all((alone[name] == again[name]).all() for name in alone)
    whole = as_arrays(cross.train([pairs], None, model, lambda _: None))
    assert any((alone[name] != whole[name]).any() for name in alone)


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


def test_the_network_learns_what_is_read_and_not_the_bare_words() -> None:
    states = cross.States(base_model())
    cross.make_pairs([a_group(1)], states, 0)
    assert b"Dust, Results: The site measures dust at" in states.texts()
    assert b"\x1fThe site measures dust at" not in states.texts()


def test_few_of_our_own_words_in_a_draw_are_evidence() -> None:
    group = a_group(1)
    group.features, group.verdict = np.zeros((0, 0), dtype=np.float32), "phrases"
    ((_, rows),) = cross.choose([group], 0)
    most, least, _ = cross.OURS["phrases"]
    assert int(group.labels[rows].sum()) == most
    assert len(rows) == most + least + cross.RANDOM


def test_contrast_sets_hold_both_answers_in_balance() -> None:
    groups = contrast_groups(load())
    assert len(groups) > 500
    assert all(2 <= len(group.labels) <= 4 and (group.folds == ALWAYS).all() for group in groups)
    assert sum(0 < group.labels.sum() < len(group.labels) for group in groups) > 0.8 * len(groups)
    assert 0.3 < float(np.mean(np.concatenate([group.labels for group in groups]))) < 0.6


def test_the_same_words_in_several_places_are_read_with_their_place() -> None:
    several = [group for group in contrast_groups(load()) if len(set(group.texts)) == 1]
    assert len(several) > 500
    for group in several:
        assert all(read.endswith(text) for read, text in zip(group.read, group.texts, strict=True))
        assert len(set(group.read)) == len(group.read)


def test_every_contrast_set_is_whole_in_every_other_draw() -> None:
    groups = contrast_groups(load())[:200]
    both = cross.choose(groups, 3) + cross.choose(groups, 4)
    assert sorted(number for number, _ in both) == list(range(len(groups)))
    assert all(len(rows) == len(groups[number].labels) for number, rows in both)


def test_a_page_has_a_group_for_each_requirement_of_its_criterion() -> None:
    framework, groups = load(), page_groups(load())
    by_page: dict[str, list[Group]] = {}
    for group in groups:
        by_page.setdefault(group.site, []).append(group)
    assert len(by_page) > 150
    for page in by_page.values():
        criterion, _ = framework.find(page[0].requirement)
        assert [group.requirement for group in page] == [requirement.id for requirement in criterion.requirements]
        assert len({tuple(group.read) for group in page}) == 1
    assert {group.requirement for group in groups if group.labels.any()} == {
        requirement.id for criterion in framework.criteria for requirement in criterion.requirements
    }


def test_frameworks_of_other_fields_ask_for_what_some_of_their_pages_hold() -> None:
    groups = world_groups()
    assert len({group.site.partition(":")[0] for group in groups}) > 20
    assert 0.05 < float(np.mean(np.concatenate([group.labels for group in groups]))) < 0.25
    assert any(not group.labels.any() for group in groups)


def test_words_of_explanation_make_nothing_train_again_and_code_does() -> None:
    bare = "RATE = 0.1\n\nclass Net:\n    width = 3\n\n    def rate(self):\n        return RATE\n"
    told = (
        '"""What it is."""\nRATE = 0.1  # a step\n"""Taken from a paper."""\n\nclass Net:\n    """A net."""\n'
        '    width = 3\n\n    def rate(self):\n        """The rate."""\n        return RATE\n'
    )
    assert code_alone(told) == code_alone(bare)
    assert code_alone(bare.replace("0.1", "0.2")) != code_alone(bare)
    assert code_alone(bare.replace("return RATE", "return 'RATE'")) != code_alone(bare)
