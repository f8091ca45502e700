"""Figures of a unit are the same however many requirements, units and rows are measured at a time."""

import numpy as np
import pytest

from assistant.judge import similarities as module
from assistant.judge.features import FEATURES, Surface, _descending, features
from assistant.judge.similarities import Similarities
from assistant.models import Requirement
from assistant.retrieve import Confirmed, RequirementQuery, build_queries
from assistant.retrieve.search import passage_scores
from tests.assistant.retrieve.fakes import WordEmbedder, framework, pages, prepared

FRAMEWORK = framework(
    {
        "19 Tailings": (
            Requirement(
                id="19.e", text="The dam is inspected.", probes=("dam inspection report", "the dam was inspected"),
                definition="A dam holds tailings.", contradictions=("the dam was not inspected",),
            ),
            Requirement(id="19.p", text="A permit is kept.", terms={"es": ("permiso",)}),
        ),
        "17 Water": (Requirement(id="17.a", text="Water is measured."),),
    }
)  # fmt: skip
SITE = prepared(
    pages(
        "The dam was inspected in May. Lunch is at noon. A report is kept.", "The water permit is kept. Water is wet."
    ),
    pages("Se mantiene el permiso. La presa fue revisada.", name="b", language="es"),
)
QUERIES = build_queries(FRAMEWORK, SITE.languages, WordEmbedder(), WordEmbedder())
EVERY = np.arange(len(SITE.units))


def measured(index: int, rows: np.ndarray, queries: list[RequirementQuery] = QUERIES) -> np.ndarray:
    sims = Similarities(SITE, queries)
    own = sims.of(index)
    by_passage = passage_scores(SITE, queries[index], np.maximum(own.passage, own.passage_probe))
    none = np.zeros(len(rows), dtype=np.float32)
    return features(SITE, queries[index], index, rows, sims, Surface(SITE), sims.near(index, rows), by_passage, none)


@pytest.mark.parametrize("index", range(len(QUERIES)))
def test_a_few_at_a_time_give_what_all_together_give(index: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = measured(index, EVERY)
    monkeypatch.setattr(module, "_BLOCK", 2)
    monkeypatch.setattr(module, "_TOGETHER", 1)
    np.testing.assert_allclose(measured(index, EVERY), whole, atol=2e-3)


@pytest.mark.parametrize("index", range(len(QUERIES)))
def test_a_unit_has_the_same_figures_whichever_others_are_asked_for(index: int) -> None:
    whole = measured(index, EVERY)
    for rows in (EVERY[:1], EVERY[2:5], EVERY[::2], EVERY[-1:]):
        np.testing.assert_array_equal(measured(index, rows), whole[rows])


def test_what_the_columns_say() -> None:
    def column(name: str, index: int) -> np.ndarray:
        return measured(index, EVERY)[:, FEATURES.index(name)]

    inspected, lunch = 0, 1
    assert column("sim_best", 0)[inspected] > column("sim_best", 0)[lunch]
    assert column("over_competitors", 0)[inspected] > 0 > column("over_competitors", 1)[inspected]
    assert column("against", 0)[inspected] > 0
    assert not column("against", 1).any()
    assert column("sim_best_rank", 0)[inspected] == 0
    # Neighbours count within their passage only: the first unit of a page has none before it.
    assert column("sim_previous", 0)[lunch] == pytest.approx(column("sim_best", 0)[inspected])
    assert column("sim_previous", 0)[3] == 0
    assert column("passage_best", 0)[lunch] == pytest.approx(column("sim_best", 0)[inspected])
    assert column("foreign", 0).tolist() == [0, 0, 0, 0, 0, 1, 1]
    assert column("share_text", 2)[4] > 0


def test_competitors_are_the_two_highest_of_all_statements() -> None:
    sims = Similarities(SITE, QUERIES)
    cosines = np.stack([sims.near(index, EVERY).text for index in range(len(QUERIES))])
    np.testing.assert_array_equal(sims.top, cosines.max(axis=0))
    np.testing.assert_array_equal(sims.second, np.sort(cosines, axis=0)[-2])
    np.testing.assert_array_equal(sims.winner, cosines.argmax(axis=0))


def test_nearness_is_that_to_a_requirement_and_to_its_opposite() -> None:
    sims = Similarities(SITE, QUERIES)
    units = np.asarray([3, 0])
    for index in range(len(QUERIES)):
        wanted = sims.of(index).best[units].astype(np.float32) + sims.near(index, units).against.astype(np.float32)
        np.testing.assert_allclose(sims.nearness(units)[index], wanted, atol=2e-3)


def test_best_is_the_nearest_of_all_that_a_requirement_says() -> None:
    sims = Similarities(SITE, QUERIES)
    for index, query in enumerate(QUERIES):
        near = sims.near(index, EVERY)
        definition = near.definition.astype(np.float32) * 0.9
        parts = [near.text, near.probe, definition, *([near.term] if query.terms else [np.zeros(len(EVERY))])]
        np.testing.assert_allclose(sims.of(index).best, np.max(parts, axis=0), atol=2e-3)


def test_half_precision_numbers_are_ordered_as_numbers() -> None:
    values = np.asarray([0.0, -0.0, 0.5, -0.25, 1.0, 0.5, -1.0, 6e-8, -6e-8], dtype=np.float16)
    order = _descending(values)
    assert order.tolist() == np.argsort(-values.astype(np.float32), kind="stable").tolist()


def test_a_confirmed_quote_is_like_a_phrase_in_other_documents_and_nothing_in_its_own() -> None:
    first, second = (document.sha256 for document in SITE.documents)

    def columns(sha256: str) -> tuple[np.ndarray, np.ndarray]:
        quote = Confirmed(sha256, "The water permit is kept.")
        learned = build_queries(FRAMEWORK, SITE.languages, WordEmbedder(), WordEmbedder(), learned={"19.e": (quote,)})
        names = ("sim_probe", "sim_best", "passage_sim_probe", "share_probe")
        rows = measured(0, EVERY, learned) - measured(0, EVERY)
        return tuple(
            rows[SITE.unit_document == number][:, [FEATURES.index(name) for name in names]] for number in (0, 1)
        )

    in_own, _ = columns(first)
    assert not in_own.any()
    in_other, its_own = columns(second)
    assert not its_own.any()
    kept = 3  # "The water permit is kept." stands in the first document
    assert (in_other[kept] > 0).all()
