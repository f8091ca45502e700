"""Weights for frameworks that nothing learnt from: when they are taken, and what they are learnt from."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.catalogue import load
from assistant.engine import Engine
from assistant.errors import ModelError
from assistant.judge.evidence_model import (
    LEARNT_FROM,
    NEW_PRIOR_FEATURES,
    PRIOR_FEATURES,
    EvidenceModel,
    load_evidence_model,
    plain_row,
)  # fmt: skip
from assistant.judge.features import FEATURES
from assistant.models import Framework, Requirement, Site
from evaluation.engines import suited
from evaluation.training.new_frameworks import _requirement
from tests.assistant.retrieve.fakes import framework, pages


def asking(*texts: str) -> Framework:
    """A framework of one criterion with these requirements."""
    return framework({"1 All": [Requirement(id=f"1.{number}", text=text) for number, text in enumerate(texts)]})


OTHER = asking("Guests can ask for a quiet room.", "Lifts are serviced.", "Breakfast is served until ten o'clock.")


@pytest.fixture(scope="module")
def shipped() -> EvidenceModel:
    return load_evidence_model()


def unit(*angles: float) -> NDArray[np.float32]:
    """Vectors in a plane at these angles, in degrees."""
    turned = np.radians(angles)
    vectors = np.zeros((len(angles), 512), dtype=np.float32)
    vectors[:, 0], vectors[:, 1] = np.cos(turned), np.sin(turned)
    return vectors


def test_half_of_the_requirements_decide_whether_a_framework_is_known(shipped: EvidenceModel) -> None:
    own = replace(shipped, learnt=unit(0.0).astype(np.float16), elsewhere=replace(shipped, elsewhere=None))
    near, far = float(np.degrees(np.arccos(LEARNT_FROM))) - 1, float(np.degrees(np.arccos(LEARNT_FROM))) + 1
    assert own.for_framework(unit(near)) is own
    assert own.for_framework(unit(far)) is own.elsewhere
    assert own.for_framework(unit(near, near, far)) is own
    assert own.for_framework(unit(near, far, far)) is own.elsewhere
    assert own.for_framework(unit()) is own


def test_the_shipped_weights_know_the_built_in_criteria_and_a_part_of_them_and_no_hotel(
    shipped: EvidenceModel,
) -> None:
    engine = Engine()
    built_in = load("rra-v2")
    assert engine.for_framework(built_in) is engine
    some = [requirement.text for criterion in built_in.criteria[:3] for requirement in criterion.requirements]
    assert engine.for_framework(asking(*some, "Lifts are serviced.")) is engine
    in_other_words = asking(
        "Nobody under the legal age is hired, and minors do no dangerous work.",
        "Dams that hold tailings are inspected by engineers from outside.",
        "Fines and notices of the authorities are listed with what was done about each.",
        "People who live nearby can complain, and a log shows how each complaint was answered.",
    )
    assert engine.for_framework(in_other_words) is engine
    other = engine.for_framework(OTHER)
    assert other is not engine
    assert other.model is shipped.elsewhere
    assert other.models["evidence"] == f"{shipped.version}/new"
    assert other.thresholds == (other.model.gap_below, other.model.supported_from) != engine.thresholds
    assert "not learnt from their like" in other.promise == other.promise_for(OTHER)
    assert suited(engine, OTHER).promise == other.promise  # type: ignore[attr-defined]


def test_matching_takes_the_weights_of_the_framework_even_where_nobody_asked_for_them() -> None:
    engine = Engine()
    read = [pages("Guests may ask for a quiet room at any time.", "The lifts were serviced in May 2026.")]

    def priors(asked: Engine) -> list[float | None]:
        found = asked.match(asked.prepare(read), OTHER, Site(name="Inn"), today=date(2026, 11, 22))
        return [finding.prior for finding in found]

    known = engine.with_model(replace(engine.model, elsewhere=None))
    assert priors(engine) == priors(engine.for_framework(OTHER)) != priors(known)


def test_the_parts_of_the_new_model_are_the_usual_ones_and_what_was_learnt_beside(shipped: EvidenceModel) -> None:
    new = shipped.elsewhere
    assert new is not None
    assert len(new.trees.roots) > len(shipped.trees.roots)
    assert len(new.second_trees.roots) > len(shipped.second_trees.roots)
    assert len(new.prior_weights) == len(NEW_PRIOR_FEATURES) > len(shipped.prior_weights) == len(PRIOR_FEATURES)
    assert 0 <= new.gap_below <= new.supported_from <= 1
    assert shipped.learnt is not None
    assert len(shipped.learnt) > 244


def test_what_units_are_like_counts_for_a_requirement_of_a_new_framework(shipped: EvidenceModel) -> None:
    new = shipped.elsewhere
    assert new is not None
    values = np.zeros((2, len(FEATURES)), dtype=np.float32)
    values[1, FEATURES.index("share_text")] = 0.75
    assert plain_row(values).tolist() == [0.75]
    assert plain_row(values[:0]).tolist() == [0.0]
    said = np.asarray([0.2, 0.1], dtype=np.float32)
    assert new.prior(said, "ab".__getitem__, values) != new.prior(said, "ab".__getitem__, values * 0)
    assert shipped.prior(said, "ab".__getitem__, values) == shipped.prior(said, "ab".__getitem__, values * 0)


def test_documents_in_other_languages_are_judged_by_the_usual_weights(shipped: EvidenceModel) -> None:
    new = shipped.elsewhere
    assert new is not None
    values = np.zeros((4, len(FEATURES)), dtype=np.float32)
    assert new.for_candidates(values) is new
    values[:1, FEATURES.index("foreign")] = 1
    assert new.for_candidates(values) is new  # one unit whose language was mistaken
    values[:2, FEATURES.index("foreign")] = 1
    usual = new.for_candidates(values)
    assert usual.trees is shipped.trees
    assert usual.prior_weights is shipped.prior_weights
    assert shipped.for_candidates(values) is shipped
    assert new.for_candidates(values[:0]) is new


def test_thresholds_come_from_frameworks_that_the_requirement_model_did_not_learn_from() -> None:
    rng = np.random.default_rng(3)
    present = rng.integers(0, 2, 600).astype(np.int8)
    sets = np.repeat(["a", "b", "c"], 200)
    told = np.where(sets == "c", 1 - present, present)  # in c the only column says the opposite
    rows = (told[:, None] + rng.normal(0, 0.3, (600, 1))).astype(np.float32)
    said: list[str] = []
    _, answers = _requirement(rows, present, sets, said.append)
    assert "c left out: AUROC of 'holds evidence' 0.0" in said[2]
    assert max(int(share) for share in re.findall(r"(\d+)%", str(answers["promise"]))) >= 90


def test_weights_whose_columns_are_others_are_refused(shipped: EvidenceModel, tmp_path: Path) -> None:
    import json

    from assistant.judge.evidence_model import WEIGHTS

    with np.load(WEIGHTS) as data:
        arrays = dict(data)
    card = json.loads(str(arrays["card"])) | {"new_prior_features": ["other"]}
    np.savez(tmp_path / "evidence-model.npz", **{**arrays, "card": np.asarray(json.dumps(card))})
    with pytest.raises(ModelError, match="trained for other features"):
        load_evidence_model(tmp_path / "evidence-model.npz")
