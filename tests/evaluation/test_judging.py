import numpy as np
import pytest

from assistant.models import EvidenceKind, Status
from evaluation.engines import Thresholds
from evaluation.judging import judge_collection, judge_document
from evaluation.rows import Rows
from evaluation.runner import EVALUATION_DAY, match_document, requirements_of
from evaluation.sets import load_set

WATER = "Water withdrawal was 4.2 million cubic metres in 2025."
DUST = "Dust is measured at six stations every month."
OTHER = "The canteen serves lunch at noon."
TEXT = f"{WATER} {OTHER}\n{DUST}"
CRITERIA = {"C1": {"r1": "Water.", "r2": "Dust."}, "C2": {"r3": "Noise."}}
HALF = Thresholds(person=0.25, found=0.5)


def label(requirement: str, verdict: str, *quotes: str, document: str = "a.txt", **more: list) -> dict:
    return {"document": document, "requirement": requirement, "verdict": verdict, "quotes": list(quotes), **more}


def judged(folder, engine, read) -> Rows:
    loaded = load_set(folder)
    document = read(loaded.documents["a.txt"])
    matched = match_document(
        engine, loaded, "a.txt", document, requirements_of(loaded, "a.txt"), EVALUATION_DAY
    )  # fmt: skip
    return judge_document(loaded, "a.txt", document, matched)


def test_document_pairs_and_rankings(make_set, scripted, reader) -> None:
    folder = make_set(
        "pairs", {"a.txt": TEXT}, CRITERIA, [label("r1", "evidence", WATER), label("r2", "gap"), label("r3", "gap")]
    )
    engine = scripted({"r1": [(OTHER, 0.9, True), (WATER, 0.6, False)], "r2": [(DUST, 0.3, False)]})
    rows = judged(folder, engine, reader)
    assert [(row.requirement, row.verdict, row.called, row.strength) for row in rows.pairs] == [
        ("r1", "evidence", "evidence", 0.9),
        ("r2", "gap", "abstained", 0.3),
        ("r3", "gap", "gap", 0.0),
    ]
    (ranking,) = rows.rankings
    assert (ranking.quotes["hit@1"], ranking.quotes["hit@5"], ranking.golds[0].quote_rank) == (0.0, 1.0, 2)
    assert ranking.passages["hit@1"] == 1.0
    assert [(row.strength, row.relevant, row.shown) for row in rows.proposals] == [
        (0.9, False, True),
        (0.6, True, False),
        (0.3, False, False),
    ]
    assert (rows.shown, rows.verified) == (1, 1)


def test_quote_that_does_not_stand_where_it_says_finds_nothing(make_set, scripted, reader) -> None:
    folder = make_set("false", {"a.txt": TEXT}, CRITERIA, [label("r1", "evidence", WATER)])
    engine = scripted({"r1": [(WATER, 0.9, True)]})
    genuine = engine._result

    def lying(documents, criterion, requirement):
        result = genuine(documents, criterion, requirement)
        moved = [piece.model_copy(update={"start": piece.start + 9}) for piece in result.quotes]
        result.quotes = tuple(moved)
        result.finding = result.finding.model_copy(update={"evidence": tuple(moved)})
        return result

    engine._result = lying
    rows = judged(folder, engine, reader)
    assert rows.rankings[0].quotes["hit@1"] == 0.0
    assert (rows.shown, rows.verified, rows.misplaced) == (1, 0, 1)


def test_proposals_longer_than_600_characters_find_nothing(make_set, scripted, reader) -> None:
    long = "word " * 125 + WATER
    folder = make_set("long", {"a.txt": long}, CRITERIA, [label("r1", "evidence", WATER)])
    rows = judged(folder, scripted({"r1": [(long, 0.9, True)]}), reader)
    assert (rows.rankings[0].quotes["hit@1"], rows.overlong) == (0.0, 1)


def test_repeated_words_are_one_proposal(make_set, scripted, reader) -> None:
    folder = make_set("again", {"a.txt": TEXT}, CRITERIA, [label("r1", "evidence", DUST)])
    engine = scripted({"r1": [(WATER, 0.9, True), (WATER[:30], 0.8, True), (DUST, 0.7, True)]})
    assert judged(folder, engine, reader).rankings[0].golds[0].quote_rank == 2


def test_statuses_are_called_as_they_are(make_set, scripted, reader) -> None:
    labels = [label("r1", "contradicted", WATER), label("r2", "evidence", DUST), label("r3", "gap")]
    folder = make_set("statuses", {"a.txt": TEXT}, CRITERIA, labels)
    statuses = {"r1": Status.CONTRADICTED, "r2": Status.PARTLY, "r3": Status.NOT_APPLICABLE}
    rows = judged(folder, scripted({}, statuses), reader)
    assert [row.called for row in rows.pairs] == ["contradicted", "evidence", "not applicable"]
    assert [row.requirement for row in rows.rankings] == ["r1", "r2"]


def test_kinds_are_taken_from_the_proposal_that_finds_the_quote(make_set, scripted, reader) -> None:
    labels = [label("r1", "evidence", WATER, DUST, kinds=["performance", "negative"])]
    folder = make_set("kinds", {"a.txt": TEXT}, CRITERIA, labels)
    engine = scripted({"r1": [(DUST, 0.9, True), (WATER, 0.8, True, EvidenceKind.PERFORMANCE)]})
    assert [(gold.kind, gold.found_kind) for gold in judged(folder, engine, reader).rankings[0].golds] == [
        ("performance", "performance"),
        ("", "record"),
    ]


def collection(make_set, scripted, reader, labels, script, statuses=None, options=None) -> Rows:
    texts = {"a.txt": WATER, "en-b.txt": DUST, "es-c.txt": f"{OTHER} {DUST}"}
    folder = make_set("site", texts, CRITERIA, labels, {"scope": "collection", **(options or {})})
    loaded = load_set(folder)
    reads = {name: reader(path) for name, path in loaded.documents.items()}
    engine = scripted(script, statuses or {})
    matched = list(
        engine.match_detailed(
            engine.prepare(list(reads.values())), loaded.framework, loaded.site_of("x"), today=EVALUATION_DAY
        )
    )
    return judge_collection(loaded, reads, matched, HALF)


def test_collection_merges_requirements_of_a_criterion_by_strength(make_set, scripted, reader) -> None:
    labels = [
        label("C1", "evidence", WATER),
        label("C1", "evidence", DUST, document="en-b.txt"),
        label("C1", "gap", document="es-c.txt"),
    ]
    script = {"r1": [(WATER, 0.9, True), (OTHER, 0.3, False)], "r2": [(DUST, 0.4, False)]}
    rows = collection(make_set, scripted, reader, labels, script, options={"level": "criterion"})
    (ranking,) = rows.rankings
    assert (ranking.unit, [gold.quote_rank for gold in ranking.golds]) == ("C1", [1, 2])
    assert [(row.document, row.verdict, row.called, row.here) for row in rows.pairs] == [
        ("a.txt", "evidence", "evidence", True),
        ("en-b.txt", "evidence", "abstained", False),
        ("es-c.txt", "gap", "abstained", False),
    ]


def test_documents_that_were_not_judged_say_nothing(make_set, scripted, reader) -> None:
    labels = [label("r2", "evidence", DUST, document="en-b.txt")]
    script = {"r2": [(OTHER, 0.9, True), (DUST, 0.5, True)]}
    rows = collection(make_set, scripted, reader, labels, script)
    assert rows.rankings[0].golds[0].quote_rank == 1
    assert [row.document for row in rows.pairs] == ["en-b.txt"]


def test_labels_for_the_whole_collection_judge_requirements(make_set, scripted, reader) -> None:
    labels = [label("r2", "evidence", DUST, document="en-b.txt"), label("r3", "gap", document="*")]
    script = {"r2": [(OTHER, 0.9, True), (DUST, 0.5, True)]}
    rows = collection(make_set, scripted, reader, labels, script)
    assert [(row.document, row.requirement, row.verdict, row.called) for row in rows.pairs] == [
        ("*", "r2", "evidence", "evidence"),
        ("*", "r3", "gap", "gap"),
    ]
    assert rows.rankings[0].golds[0].quote_rank == 2


def test_languages_are_ranked_among_themselves(make_set, scripted, reader) -> None:
    labels = [
        label("C1", "evidence", WATER),
        label("C1", "evidence", DUST, document="es-c.txt"),
    ]
    script = {"r1": [(WATER, 0.9, True)], "r2": [(DUST, 0.4, False)]}
    rows = collection(make_set, scripted, reader, labels, script, options={"level": "criterion"})
    ranks = {row.language: [gold.quote_rank for gold in row.golds] for row in rows.language_rankings}
    assert ranks == {"en": [1], "es": [1]}


def test_one_document_may_speak_for_and_against(make_set, scripted, reader) -> None:
    labels = [
        label("r2", "evidence", DUST, document="es-c.txt"),
        label("r2", "contradicted", OTHER, document="es-c.txt"),
        label("r3", "gap", document="*"),
    ]
    rows = collection(make_set, scripted, reader, labels, {"r2": [(OTHER, 0.9, True), (DUST, 0.5, True)]})
    assert [gold.quote_rank for gold in rows.rankings[0].golds] == [3, 1]
    assert [(row.requirement, row.verdict) for row in rows.pairs] == [("r2", "contradicted"), ("r3", "gap")]


def test_paragraphs_rank_by_the_best_proposal_in_each(make_set, scripted, reader) -> None:
    folder = make_set(
        "blocks", {"a.txt": f"{OTHER}\n\n{WATER}\n \n{DUST}\nNoise too.\n"}, CRITERIA,
        [label("r1", "evidence", WATER, f"{DUST}\nNoise too.", grades=[1.0, 2.0])],
    )  # fmt: skip
    engine = scripted(
        {"r1": [("lunch", 0.9, True), ("4.2 million", 0.8, True), ("canteen", 0.7, True), (DUST, 0.1, False)]}
    )
    (ranking,) = judged(folder, engine, reader).rankings
    gained, ideal = 1 / np.log2(3) + 2 / np.log2(4), 2 + 1 / np.log2(3)
    assert ranking.paragraphs["ndcg@10"] == pytest.approx(gained / ideal)
    assert ranking.paragraphs["map"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert (ranking.paragraphs["hit@1"], ranking.paragraphs["recall@5"]) == (0.0, 1.0)


def test_one_paragraph_and_collections_leave_no_paragraphs_to_rank(make_set, scripted, reader) -> None:
    engine = scripted({"r1": [(WATER, 0.9, True)]})
    folder = make_set("single", {"a.txt": TEXT}, CRITERIA, [label("r1", "evidence", WATER)])
    assert judged(folder, engine, reader).rankings[0].paragraphs == {}
    folder = make_set("site", {"a.txt": f"{OTHER}\n\n{WATER}"}, CRITERIA, [label("r1", "evidence", WATER)])
    loaded = load_set(folder)
    reads = {name: reader(path) for name, path in loaded.documents.items()}
    matched = list(engine.match_detailed(list(reads.values()), loaded.framework, None, today=EVALUATION_DAY))
    assert judge_collection(loaded, reads, matched, HALF).rankings[0].paragraphs == {}
