import numpy as np

from assistant.models import Requirement
from assistant.retrieve import build_queries, candidates, search
from assistant.retrieve.search import CANDIDATE_UNITS, fuse, highest, passage_scores
from tests.assistant.retrieve.fakes import WordEmbedder, framework, pages, prepared

DAM = Requirement(id="19.e", text="The dam is inspected.", probes=("dam inspection report",), terms={"es": ("presa",)})
PERMIT = Requirement(id="19.p", text="A permit is kept.", terms={"es": ("permiso",)})
FRAMEWORK = framework({"19 Tailings": (DAM, PERMIT)})


def test_fusion_rewards_agreement_and_ignores_zero_scores() -> None:
    one = np.asarray([3.0, 2.0, 0.0], dtype=np.float32)
    two = np.asarray([0.0, 5.0, 0.0], dtype=np.float32)
    fused = fuse([one, two], [1.0, 1.0])
    assert fused.argmax() == 1
    assert fused[2] == 0.0


def test_fusion_orders_equal_scores_by_their_place_and_skips_what_is_below_zero() -> None:
    rng = np.random.default_rng(2)
    scores = (rng.integers(-5, 12, 400) / 7).astype(np.float32)
    order = [place for place in np.argsort(-scores, kind="stable") if scores[place] > 0]
    expected = np.zeros(400)
    expected[order] = 1 / (60 + np.arange(1, len(order) + 1))
    assert fuse([scores], [1.0]).tolist() == expected.tolist()


def test_the_highest_scores_are_taken_and_of_equal_ones_the_first() -> None:
    scores = np.asarray([0.5, 0.9, 0.5, 0.1, 0.5])
    assert highest(scores, 3).tolist() == [0, 1, 2]
    assert highest(scores, 1).tolist() == [1]
    assert highest(scores, 9).tolist() == [0, 1, 2, 3, 4]
    rng = np.random.default_rng(1)
    many = rng.integers(0, 20, 500).astype(np.float32)
    assert highest(many, 60).tolist() == sorted(np.argsort(-many, kind="stable")[:60].tolist())


def test_a_requirement_finds_its_passage_in_both_languages() -> None:
    ready = prepared(
        pages("Lunch is at noon.", "The dam was inspected."), pages("Revisión de la presa.", name="b", language="es")
    )
    query = build_queries(FRAMEWORK, ready.languages, WordEmbedder(), WordEmbedder())[0]
    scores = passage_scores(ready, query, ready.passage_vectors @ query.passage)
    assert set(np.argsort(-scores)[:2].tolist()) == {1, 2}
    assert query.described(("es",)) == ("The dam is inspected.", "dam inspection report", "presa")


def test_a_large_site_is_cut_to_candidates_and_keeps_the_best() -> None:
    filler = [f"Sentence number {i} about lunch." for i in range(CANDIDATE_UNITS * 2)]
    ready = prepared(pages(*(" ".join(filler[i : i + 5]) for i in range(0, len(filler), 5)), "The dam was inspected."))
    query = build_queries(FRAMEWORK, ("en",), WordEmbedder(), WordEmbedder())[0]
    similarity = (ready.unit_vectors @ query.text).astype(np.float32)
    by_passage = passage_scores(ready, query, ready.passage_vectors @ query.passage)
    chosen = candidates(ready, query, similarity, by_passage)
    assert len(ready.units) - 1 in chosen
    assert len(chosen) < len(ready.units)


def test_a_question_finds_the_passage_and_an_empty_one_nothing() -> None:
    ready = prepared(pages("Lunch is at noon.", "The water permit was renewed."))
    assert search(ready, "Which permit is about water?", k=1)[0].passage.page == 2
    assert search(ready, "  ") == []
    assert search(prepared(), "water") == []
