import pytest

from assistant.chat import Answer, AnswerSentence, Citation, Topic
from assistant.service import Service
from tests.assistant.cli.conftest import NOTICE, Assay

DRILL = Citation(kind="document", label="plan.pdf, page 3", sha256="0" * 64, page=3, end=9, quote="A drill\nwas held.")
RULE = Citation(kind="catalogue", label="19.k", requirement_id="19.k", quote="Drills are held.")
FOUND = Answer(
    question="Drills?",
    topic=Topic.DOCUMENTS,
    found=True,
    sentences=(
        AnswerSentence(text="A drill was held.", citations=(DRILL,)),
        AnswerSentence(text="Drills are asked for \x1b[2J.", citations=(RULE, DRILL)),
    ),
)


def _answer(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    asked: list[tuple[str, str]] = []

    def ask(service: Service, question: str, conversation: str) -> Answer:
        asked.append((question, conversation))
        return answer

    monkeypatch.setattr(Service, "ask", ask)
    return asked


def test_every_sentence_carries_its_sources(workspace: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _answer(FOUND, monkeypatch)
    called = workspace("ask", "Drills?", "--conversation", "visit")
    assert (called.code, called.err, asked) == (0, "", [("Drills?", "visit")])
    assert called.out.splitlines() == [
        "A drill was held. [1]",
        "Drills are asked for \N{REPLACEMENT CHARACTER}[2J. [2][1]",
        "[1] plan.pdf, page 3: “A drill was held.”",
        "[2] 19.k: “Drills are held.”",
        NOTICE,
    ]


def test_nothing_found_shows_what_is_nearest(workspace: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    _answer(Answer(question="Gold?", topic=Topic.DOCUMENTS, found=False, nearest=(DRILL,)), monkeypatch)
    assert workspace("ask", "Gold?").out.splitlines() == [
        "Nothing was found.",
        "Nearest:",
        "[1] plan.pdf, page 3: “A drill was held.”",
    ]


def test_the_answer_as_a_program_reads_it(workspace: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    _answer(FOUND, monkeypatch)
    assert workspace("ask", "Drills?", "--json").json == FOUND.model_dump(mode="json")
