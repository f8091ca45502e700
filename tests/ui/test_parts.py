from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.models import Evidence, EvidenceKind, Status
from assistant.service import CriterionStatus, DocumentView, Notice, StatusCounts
from assistant.ui.documents import problems_first
from assistant.ui.evidence_card import in_context
from assistant.ui.place import plain_keeping_offsets
from assistant.ui.readiness_chart import rows
from assistant.ui.words import STRENGTHS, count, strength
from ingestion.models import ReadStatus


def criterion(category: str, **numbers: int) -> CriterionStatus:
    return CriterionStatus(
        id="1", number=1, title="One", area="E", category=category, status=Status.PARTLY, counts=StatusCounts(**numbers)
    )


def document(name: str, status: ReadStatus, suspicions: int = 0) -> DocumentView:
    words = ("reason", "media_type", "title", "kind", "language", "issued", "valid_from", "valid_until", "review_due",
             "period_end", "document_status", "version", "scope", "issuer", "added_by")  # fmt: skip
    return DocumentView(
        sha256=name, name=name, status=status, size=1, languages={}, pages=1, passages=1, suspicions=suspicions,
        facts=(), corrected=(), added=datetime(2026, 11, 22, tzinfo=UTC), **dict.fromkeys(words, ""),
    )  # fmt: skip


def test_the_chart_adds_up_each_category_in_the_order_of_the_statuses() -> None:
    made = rows([criterion("Water", supported=2, gap=1), criterion("Air", gap=4), criterion("Water", needs_a_person=3)])
    assert [(row["category"], row["status"], row["requirements"]) for row in made] == [
        ("Water", "Supported", 2),
        ("Water", "Needs a person", 3),
        ("Water", "Gap", 1),
        ("Air", "Gap", 4),
    ]


def test_documents_with_problems_come_first() -> None:
    listed = [
        document("d", ReadStatus.READ),
        document("c", ReadStatus.READ, suspicions=1),
        document("b", ReadStatus.PARTLY),
        document("a", ReadStatus.READ),
        document("e", ReadStatus.UNREADABLE),
        document("z", ReadStatus.READ),
    ]
    noticed = {"z": (Notice(sentence="Valid until 2025-09-14, which has passed.", word="expired"),)}
    assert [one.name for one in problems_first(listed, noticed)] == ["e", "b", "c", "z", "a", "d"]


@pytest.mark.parametrize(
    ("value", "said"), [(1.0, "Strong · 1.00"), (0.3, "Good · 0.30"), (0.2, "Weak · 0.20"), (0, "Faint · 0.00")]
)
def test_strength_is_said_in_words_and_number(value: float, said: str) -> None:
    assert strength(value) == said


def test_good_begins_where_the_engine_lets_a_quote_close() -> None:
    from assistant.engine import EngineSettings

    assert {word: low for low, word in STRENGTHS}["Good"] == EngineSettings().closes


def test_a_number_has_its_noun() -> None:
    assert [count(0, "page"), count(1, "page"), count(1200, "query", "queries")] == [
        "0 pages",
        "1 page",
        "1,200 queries",
    ]


def test_page_text_keeps_its_offsets() -> None:
    text = "a\x00b\r\n\u202ec\tß"
    assert plain_keeping_offsets(text) == "a b \n c ß"
    assert len(plain_keeping_offsets(text)) == len(text)


def test_context_is_grey_and_stays_text() -> None:
    before, judged, after = "A ] b.\n", "It was *inspected*.", " :red[alarm] 中文"
    text = before + judged + after
    quoted = Evidence(
        requirement_id="19.e", sha256="a" * 64, document="a.txt", page=1, start=10, end=10 + len(text), quote=text,
        judged=(10 + len(before), 10 + len(before) + len(judged)), kind=EvidenceKind.RECORD, strength=0.5,
    )  # fmt: skip
    assert quoted.in_parts == (before, judged, after)
    made = in_context(quoted)
    assert made.startswith(r"“:gray[A \] b\.] It was \*inspected\*\. :gray[\:")
    assert made.endswith("中文]”")
    assert in_context(quoted.model_copy(update={"judged": None})).startswith(r"“A \] b\. It")
