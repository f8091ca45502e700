from __future__ import annotations

from assistant import report
from assistant.models import GapReason, Status, Verdict
from assistant.report.building import _evidence
from assistant.service import EvidenceView
from tests.assistant.service.world import DRILLS, WATER, World


def test_a_new_workspace_has_an_empty_paper(world_without_run: World) -> None:
    paper = report.build(world_without_run.service)
    assert paper.provenance.run is None
    assert [(row.criterion_id, row.status) for row in paper.readiness] == [("1", None), ("2", None)]
    assert paper.evidence == paper.gaps == paper.requests == paper.decisions == ()


def test_the_proposal_stands_beside_the_persons_rating(reviewed: World) -> None:
    first, second = report.build(reviewed.service).readiness
    assert (first.status, first.rating, first.rated_by) == (Status.PARTLY, "partially meets", "Ana Ruiz")
    assert (first.supported, first.gap, first.confirmed, first.rejected, first.undecided) == (2, 1, 2, 1, 0)
    assert (second.status, second.rating, second.rated_at) == (Status.PARTLY, "", None)
    assert second.undecided == 3


def test_every_shown_quote_is_in_the_register_with_its_place_and_decision(reviewed: World) -> None:
    paper = report.build(reviewed.service)
    rows = [
        (row.requirement_id, row.quote, row.decision.verdict if row.decision else None)
        for row in paper.evidence
        if row.criterion_id == "1"
    ]
    assert rows == [
        ("1.a", DRILLS, Verdict.CONFIRMED),
        ("1.b", WATER, None),
        ("1.b", DRILLS, Verdict.REJECTED),
    ]
    for row in paper.evidence:
        assert reviewed.service.page(row.sha256, row.page).text[row.start : row.end] == row.quote
        assert row.judged == row.quote


def test_the_register_says_which_words_of_a_quote_were_judged(reviewed: World) -> None:
    [view] = [view for view in reviewed.service.findings("1") if view.requirement.id == "1.a"]
    shown = view.evidence[0].evidence
    judged = (shown.start + 3, shown.end - 1)
    around = EvidenceView(evidence=shown.model_copy(update={"judged": judged}))
    row = _evidence(view, around)
    assert row.quote == shown.quote
    assert row.judged == shown.quote[3:-1]


def test_a_quote_that_does_not_stand_in_its_page_is_left_out_and_said(reviewed: World, monkeypatch: object) -> None:
    service = reviewed.service
    page = service.page
    changed = lambda sha256, number: page(sha256, number).model_copy(update={"text": "Something else."})  # noqa: E731
    service.page = changed  # type: ignore[method-assign]
    paper = report.build(service)
    assert paper.evidence == ()
    assert all(row.quote == "" for row in paper.decisions)
    assert "A quote for requirement 1.a does not stand in a.txt, page 1" in " ".join(paper.provenance.problems)


def test_gaps_carry_their_proof_and_what_to_bring(reviewed: World) -> None:
    paper = report.build(reviewed.service)
    assert [(row.requirement_id, row.reasons) for row in paper.gaps] == [
        (requirement_id, (GapReason.NOTHING_FOUND,)) for requirement_id in ("1.c", "2.b", "2.c")
    ]
    assert paper.gaps[0].explanation == "Nothing speaks of it."
    assert paper.gaps[0].decision is not None
    assert (paper.gaps[0].decision.person, paper.gaps[0].decision.reason) == ("Ana Ruiz", "+nothing there")


def test_the_history_keeps_what_was_withdrawn_and_rated_before(reviewed: World) -> None:
    paper = report.build(reviewed.service)
    assert [(row.verdict.value, row.counts, row.undoes) for row in paper.decisions] == [
        ("confirmed", True, None),
        ("rejected", True, None),
        ("confirmed", True, None),
        ("confirmed", False, None),
        ("withdrawn", False, 4),
    ]
    assert [(row.rating, row.counts) for row in paper.ratings] == [("does not meet", False), ("partially meets", True)]


def test_documents_come_with_their_problems_and_suspicions(reviewed: World) -> None:
    rows = {row.name: row for row in report.build(reviewed.service).documents}
    assert (rows["bad.txt"].read.value, rows["bad.txt"].reason) == ("unreadable", "it is damaged")
    assert [item.message for item in rows["a.txt"].suspicions] == ["white text"]
    assert rows["a.txt"].quotes_shown == 3
    assert rows["a.txt"].facts[0].value == "a.txt"


def test_the_paper_leads_back_to_the_run_and_the_chain(reviewed: World) -> None:
    paper = report.build(reviewed.service)
    run = reviewed.service.latest_run()
    assert run is not None
    assert paper.provenance.run is not None
    assert paper.provenance.run.digest == run.digest != ""
    assert paper.provenance.run.documents == run.documents
    assert paper.provenance.framework_digest == run.framework_digest
    assert paper.provenance.chain_head == reviewed.service.events()[-1].hash
    assert paper.provenance.quotes_shown == paper.provenance.quotes_verified == len(paper.evidence)
    assert paper.promise == "One gap in ten may be wrong."
