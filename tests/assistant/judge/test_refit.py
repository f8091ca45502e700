"""Calibration and thresholds from a workspace's own decisions: when, how far, and that the stated bound holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.judge.evidence_model import EvidenceModel, load_evidence_model
from assistant.judge.features import FEATURES
from assistant.judge.promise import WRONG_GAPS_AT_MOST, lower_bound, upper_bound
from assistant.judge.refit import LEAST_DECIDED, Decided, refit, shipped_prior


@pytest.fixture(scope="module")
def model() -> EvidenceModel:
    """The shipped model with thresholds that do not change when it is trained again."""
    loaded = load_evidence_model()
    return replace(loaded, card={**loaded.card, "gap_below": 0.4, "supported_from": 0.6, "promise": "Shipped."})


def decided(*groups: tuple[float, int, int]) -> list[Decided]:
    """For each group of (prior, with evidence, without) that many decisions, a little apart."""
    made = []
    for prior, with_evidence, without in groups:
        made += [Decided(prior + i * 1e-5, True) for i in range(with_evidence)]
        made += [Decided(prior + i * 1e-5 + 5e-6, False) for i in range(without)]
    return made


def test_bounds_are_those_of_clopper_and_pearson() -> None:
    assert upper_bound(0, 30) == pytest.approx(1 - 0.05 ** (1 / 30))
    assert (upper_bound(3, 3), lower_bound(0, 3)) == (1.0, 0.0)
    assert upper_bound(1, 50) > upper_bound(0, 50)
    assert lower_bound(30, 30) == pytest.approx(0.05 ** (1 / 30))
    assert lower_bound(3, 20) == pytest.approx(1 - upper_bound(17, 20))


@pytest.mark.parametrize(
    ("groups", "enough"),
    [
        ([(0.1, 0, 30), (0.9, 9, 0)], False),
        ([(0.1, 0, 30), (0.9, 10, 0)], True),
        ([(0.1, 0, 31), (0.9, 9, 0)], False),
        ([(0.1, 0, 9), (0.9, 40, 0)], False),
    ],
)
def test_too_few_decisions_change_nothing(
    groups: list[tuple[float, int, int]], enough: bool, model: EvidenceModel
) -> None:
    assert (refit(decided(*groups), model) is not None) is enough


def test_decisions_that_agree_keep_the_thresholds_and_state_their_own_bound(model: EvidenceModel) -> None:
    fitted = refit(decided((0.1, 1, 39), (0.9, 20, 0)), model)
    assert fitted is not None
    assert (fitted.gap_below, fitted.supported_from, fitted.decisions) == (0.6, 0.6, 60)
    assert fitted.sentence == (
        "Gaps here are wrong at most 20% of the time (95 % confidence), re-fitted from 60 decisions in this workspace: "
        "of 40 gaps a person looked at, 1 had evidence after all."
    )


def test_gaps_are_called_only_where_they_hold(model: EvidenceModel) -> None:
    fitted = refit(decided((0.05, 0, 40), (0.3, 25, 5), (0.9, 10, 0)), model)
    assert fitted is not None
    assert 0.05 < fitted.gap_below < 0.301
    assert fitted.sentence.endswith("of 46 gaps a person looked at, 3 had evidence after all.")


def test_refuted_gaps_all_go_to_a_person(model: EvidenceModel) -> None:
    fitted = refit(decided((0.1, 20, 20)), model)
    assert fitted is not None
    assert fitted.gap_below == 0.0
    assert fitted.sentence == (
        "No gap is called here without a person, re-fitted from 40 decisions in this workspace: of 40 gaps a person "
        "looked at, 20 had evidence after all."
    )
    assert fitted.apply(model).gap_below == 0.0


def test_too_few_gaps_keep_the_shipped_promise_and_say_so(model: EvidenceModel) -> None:
    fitted = refit(decided((0.1, 2, 13), (0.9, 30, 0)), model)
    assert fitted is not None
    assert fitted.gap_below == 0.4
    assert fitted.sentence == (
        "Shipped. Calibration re-fitted from 45 decisions in this workspace, which are too few to bound its own gaps: "
        "of 15 gaps a person looked at, 2 had evidence after all."
    )


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([(0.1, 0, 30), (0.7, 30, 2)], 0.6),
        ([(0.1, 0, 30), (0.7, 5, 25), (0.9, 40, 0)], 0.9),
        ([(0.1, 0, 30), (0.7, 15, 25)], 1.0),
    ],
)
def test_support_is_only_ever_made_harder(
    groups: list[tuple[float, int, int]], expected: float, model: EvidenceModel
) -> None:
    fitted = refit(decided(*groups), model)
    assert fitted is not None
    assert fitted.supported_from == pytest.approx(expected, abs=0.21 if expected == 0.9 else 0)
    assert fitted.supported_from >= model.supported_from


def test_the_calibration_moves_towards_the_decisions_and_not_all_the_way(model: EvidenceModel) -> None:
    fitted = refit(decided((0.5, 45, 15)), model)
    assert fitted is not None
    assert 0.65 < fitted.calibrated(0.5) < 0.75
    same = refit(decided((0.5, 30, 30)), model)
    assert same is not None
    assert same.calibrated(0.5) == pytest.approx(0.5, abs=0.01)


def test_the_applied_model_gives_the_calibrated_probability_and_the_same_answers(model: EvidenceModel) -> None:
    fitted = refit(decided((0.1, 2, 40), (0.3, 5, 10), (0.9, 30, 3)), model)
    assert fitted is not None
    applied = fitted.apply(model)
    rng, said = np.random.default_rng(4), [f"word{number}" for number in range(30)].__getitem__
    like = np.zeros((30, len(FEATURES)), dtype=np.float32)
    for _ in range(200):
        units = rng.random(30).astype(np.float32) ** rng.uniform(1, 9)
        own, new = model.prior(units, said, like), applied.prior(units, said, like)
        assert new == pytest.approx(fitted.calibrated(own), abs=2e-3)
        assert (new >= applied.supported_from) <= (own >= model.supported_from)
    assert applied.version != model.version
    assert applied.version.startswith(model.version + "+")
    assert applied.promise == fitted.sentence
    assert fitted.apply(model).version == applied.version


def test_decisions_move_what_judges_documents_in_other_languages_as_well(model: EvidenceModel) -> None:
    fitted = refit(decided((0.5, 45, 15)), model)
    assert fitted is not None
    elsewhere = load_evidence_model().elsewhere
    assert elsewhere is not None
    assert elsewhere.abroad is not None
    applied = fitted.apply(elsewhere)
    assert applied.abroad is not None
    units, like = np.asarray([0.3, 0.2], dtype=np.float32), np.zeros((2, len(FEATURES)), dtype=np.float32)
    for own, new in ((elsewhere, applied), (elsewhere.abroad, applied.abroad)):
        before = own.prior(units, "ab".__getitem__, like)
        assert new.prior(units, "ab".__getitem__, like) == pytest.approx(fitted.calibrated(before), abs=2e-3)


def test_what_is_recorded_leads_back_to_the_shipped_probability(model: EvidenceModel) -> None:
    fitted = refit(decided((0.1, 2, 40), (0.9, 30, 3)), model)
    assert fitted is not None
    recorded = fitted.recorded()
    assert set(recorded) == {
        "refit_scale", "refit_shift", "refit_gap_below", "refit_supported_from", "refit_decisions",
    }  # fmt: skip
    for prior in (0.01, 0.2, 0.5, 0.97):
        assert shipped_prior(fitted.calibrated(prior), recorded) == pytest.approx(prior)
        assert shipped_prior(prior, {"shown": "6"}) == prior


def test_the_order_of_decisions_does_not_matter(model: EvidenceModel) -> None:
    made = decided((0.1, 2, 40), (0.3, 5, 10), (0.9, 30, 3))
    assert refit(made, model) == refit(made[::-1], model)


# --- simulation ----------------------------------------------------------------------------------------------

SITES = 200


def simulated(rng: np.random.Generator, chance: NDArray[np.float64], number: int) -> list[Decided]:
    """Decisions at a site whose requirement with prior p truly has evidence with `chance[floor(20 p)]`."""
    priors = rng.random(number)
    present = rng.random(number) < chance[(priors * 20).astype(int)]
    return [Decided(float(p), bool(y)) for p, y in zip(priors, present, strict=True)]


def true_share(chance: NDArray[np.float64], threshold: float) -> float:
    """The share of requirements below the threshold that have evidence, over all the site could ever have."""
    grid = (np.arange(20_000) + 0.5) / 20_000
    below = grid < threshold
    return float(chance[(grid[below] * 20).astype(int)].mean()) if below.any() else 0.0


WORLDS: dict[str, Sequence[float]] = {
    "better than measured": [0.05] * 12 + [0.95] * 8,
    "as measured": np.linspace(0.02, 0.98, 20),
    "just over the bound at the shipped threshold": [0.26] * 8 + [0.9] * 12,
    "just over the bound everywhere": [0.26] * 20,
    "gaps hold only at the very bottom": [0.02] * 4 + [0.6] * 16,
    "overconfident": np.linspace(0.25, 0.75, 20),
    "upside down": np.linspace(0.9, 0.1, 20),
}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("number", [LEAST_DECIDED, 90, 240])
def test_the_stated_bound_is_broken_in_at_most_one_site_in_twenty(
    world: str, number: int, model: EvidenceModel
) -> None:
    chance = np.asarray(WORLDS[world])
    rng = np.random.default_rng(20261126)
    stated = broken = 0
    for _ in range(SITES):
        fitted = refit(simulated(rng, chance, number), model)
        if fitted is None or not fitted.sentence.startswith("Gaps here are wrong at most 20%"):
            continue
        stated += 1
        broken += true_share(chance, fitted.gap_below) > WRONG_GAPS_AT_MOST
    # 5 % of the sites, and three standard deviations of the simulation itself.
    assert broken <= 0.05 * SITES + 3 * (SITES * 0.05 * 0.95) ** 0.5, f"{broken} of {stated} stated bounds"
    if world == "better than measured" and number == 240:
        assert stated > 0.9 * SITES


def test_where_gaps_are_mostly_wrong_they_are_soon_called_no_more(model: EvidenceModel) -> None:
    chance = np.full(20, 0.6)
    rng = np.random.default_rng(7)
    fitted = [refit(simulated(rng, chance, 120), model) for _ in range(SITES)]
    assert sum(one is not None and one.gap_below == 0.0 for one in fitted) > 0.95 * SITES
