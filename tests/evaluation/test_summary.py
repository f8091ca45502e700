import pytest

from evaluation.rows import GoldResult, PairRow, ProposalRow, RankRow, Rows
from evaluation.runner import Cost, SetRun
from evaluation.summary import summarise

NAMES = ("hit@1", "hit@5", "recall@5", "recall@10", "recall@20", "map", "ndcg@10")


def pair(document: str, verdict: str, called: str, strength: float, **more: object) -> PairRow:
    values = {"requirement": "r1", "language": "en", "status": called, "here": called == "evidence", **more}
    return PairRow(unit=document, document=document, verdict=verdict, called=called, strength=strength, **values)


def ranking(document: str, value: float, kind: str = "", found_kind: str = "", language: str = "en") -> RankRow:
    gold = GoldResult(document, "q", 1.0, kind, True, True, 1 if found_kind else None, 2, found_kind)
    scores = dict.fromkeys(NAMES, value)
    return RankRow(document, document, "r1", language, scores, dict.fromkeys(NAMES, value / 2), (gold,))


def block(rows: Rows, scope: str = "document") -> dict:
    return summarise(SetRun("s", scope, rows, Cost(pages=10, reading_seconds=1.0, matching_seconds=4.0)))


def test_gaps_abstentions_and_rates() -> None:
    rows = Rows(
        pairs=[
            pair("a", "gap", "gap", 0.1),
            pair("b", "gap", "abstained", 0.4),
            pair("c", "gap", "evidence", 0.9),
            pair("d", "evidence", "gap", 0.2),
            pair("e", "evidence", "evidence", 0.8),
            pair("f", "contradicted", "contradicted", 0.7),
        ]
    )
    result = block(rows)
    gap = {name: result["gap"][name]["value"] for name in result["gap"] if isinstance(result["gap"][name], dict)
           and "value" in result["gap"][name]}  # fmt: skip
    assert gap == {
        "precision": 0.5,
        "recall": pytest.approx(1 / 3, abs=1e-4),
        "f1": 0.4,
        "balanced_accuracy": 0.5,
        "auroc": pytest.approx(5 / 9, abs=1e-4),
        "abstained": pytest.approx(1 / 6, abs=1e-4),
        "false_gap_rate": pytest.approx(1 / 3, abs=1e-4),
        "abstained_on_gaps": pytest.approx(1 / 3, abs=1e-4),
        "abstained_on_evidence": 0.0,
    }
    assert result["gap"]["called"] == {"abstained": 1, "contradicted": 1, "evidence": 2, "gap": 2}
    assert result["contradicted"]["f1"]["value"] == 1.0
    assert "pairs" not in result
    assert block(rows, "collection")["pairs"]["precision"]["value"] == 0.5


def test_supported_counts_only_what_a_reader_takes_for_closed() -> None:
    rows = Rows(
        pairs=[
            pair("a", "evidence", "evidence", 0.9, status="supported"),
            pair("b", "evidence", "evidence", 0.8, status="partly"),
            pair("c", "evidence", "gap", 0.1, status="gap"),
            pair("d", "gap", "evidence", 0.9, status="supported"),
            pair("e", "gap", "gap", 0.1, status="gap"),
            pair("f", "contradicted", "contradicted", 0.7, status="contradicted"),
        ]
    )
    supported = block(rows)["supported"]
    values = {name: supported[name]["value"] for name in ("precision", "recall", "false_rate")}
    assert values == pytest.approx({"precision": 1 / 2, "recall": 1 / 3, "false_rate": 1 / 3}, abs=1e-4)
    assert supported["statuses"]["evidence"] == {"gap": 1, "partly": 1, "supported": 1}
    assert "supported" not in block(rows, "collection")
    whole = Rows(pairs=[pair("*", "evidence", "evidence", 0.9, status="supported")])
    assert block(whole, "collection")["supported"]["recall"]["value"] == 1.0


def test_calibration_of_shown_ranked_and_findings() -> None:
    proposals = [ProposalRow("a", 0.95, True, True), ProposalRow("b", 0.45, False, False)]
    rows = Rows(proposals=proposals, pairs=[pair("a", "evidence", "evidence", 0.8), pair("b", "gap", "gap", 0.1)])
    calibration = block(rows)["calibration"]
    assert calibration["ece"]["value"] == pytest.approx(0.05)
    assert calibration["ece_ranked"]["value"] == pytest.approx(0.25)
    assert calibration["ece_finding"]["value"] == pytest.approx(0.15)
    assert len(calibration["reliability_ranked"]) == 2


def test_kinds_count_matched_quotes_only() -> None:
    rows = Rows(
        rankings=[
            ranking("a", 1.0, "record", "record"),
            ranking("b", 1.0, "commitment", "record"),
            ranking("c", 0.0, "commitment", ""),
        ]
    )
    kinds = block(rows)["kinds"]
    assert (kinds["matched"], kinds["of"]) == (2, 3)
    assert kinds["macro_f1"]["value"] == pytest.approx((2 / 3 + 0) / 2, abs=1e-4)
    assert kinds["confusion"] == {"record": {"record": 1}, "commitment": {"record": 1}}


def test_languages_and_cost() -> None:
    spanish = ranking("b", 0.0, language="es")
    rows = Rows(rankings=[ranking("a", 1.0), spanish], language_rankings=[ranking("a", 1.0), spanish])
    result = block(rows)
    assert result["evidence"]["map"]["value"] == 0.5
    assert result["evidence_passages"]["map"]["value"] == 0.25
    languages = {name: part["evidence"]["map"]["value"] for name, part in result["by_language"].items()}
    assert languages == {"en": 1.0, "es": 0.0}
    assert result["cost"]["pages_per_second"] == 2.0
    assert result["evidence_passages"]["reach"]["value"] == 1.0
