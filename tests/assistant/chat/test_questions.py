from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.chat import Answer, Citation, Topic
from assistant.service import Service
from evaluation.chat_questions import (
    SAMPLE_SITE,
    ChatQuestion,
    is_right,
    load_questions,
    measure,
    open_everywhere,
    opens,
)
from tests.conftest import Demonstration

QUESTIONS = load_questions()

pytestmark = pytest.mark.xdist_group("sample site")


@pytest.fixture(scope="module")
def sample(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    workspace = demonstration.copied(tmp_path_factory.mktemp("sample") / "workspace")
    service = open_everywhere(workspace)
    service.match()
    yield service
    service.close()


def test_there_are_enough_questions_of_each_kind_in_both_halves() -> None:
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS) >= 100
    for split in ("dev", "test"):
        own = [question for question in QUESTIONS if question.split == split]
        assert {question.topic for question in own} == set(Topic)
        assert {question.language for question in own} == {"en", "es"}
        assert sum(not question.found for question in own) >= 10


def test_expected_documents_are_among_the_sample_sites() -> None:
    names = {path.name for path in (SAMPLE_SITE / "documents").iterdir()}
    named = {expected.document for question in QUESTIONS for expected in question.answers}
    assert named <= names


@pytest.mark.slow
@pytest.mark.parametrize(
    ("topic", "topics_right", "answers_right"),
    [(Topic.DOCUMENTS, 0.9, 0.65), (Topic.GUIDANCE, 0.85, 0.85), (Topic.REVIEW, 0.85, 0.85)],
)
def test_questions_nobody_tuned_on_are_answered(
    sample: Service, topic: Topic, topics_right: float, answers_right: float
) -> None:
    figures = measure(sample, [item for item in QUESTIONS if item.split == "test" and item.topic is topic])
    assert figures.topic.value >= topics_right, figures.missed
    assert figures.right.value >= answers_right, figures.missed
    assert figures.absent.value >= 0.9, figures.missed
    assert figures.citations.value == 1.0
    assert figures.citations.of > 0


def test_an_answer_of_another_intent_is_not_right() -> None:
    asked = ChatQuestion(
        id="x", split="dev", language="en", topic=Topic.REVIEW, question="What is open?", found=True, intent="open"
    )
    wrong = Answer(question="What is open?", topic=Topic.REVIEW, found=True)
    assert not is_right(wrong, asked)


@pytest.mark.slow
def test_a_citation_that_points_elsewhere_is_counted(sample: Service) -> None:
    document = sample.documents()[0]
    text = sample.page(document.sha256, 1).text
    right = Citation(kind="document", label="", sha256=document.sha256, page=1, start=0, end=9, quote=text[:9])
    assert opens(sample, right)
    assert not opens(sample, right.model_copy(update={"start": 1}))
    assert not opens(sample, right.model_copy(update={"quote": "something else"}))
    made_up = Citation(kind="catalogue", label="", quote="nobody says so", criterion_id="19", requirement_id="19.c")
    assert not opens(sample, made_up)
