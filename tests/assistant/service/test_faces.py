"""What the door hands on to others: pictures, chat and report."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from assistant import chat, report
from assistant.access import Person
from assistant.errors import WorkspaceError
from assistant.models import Frozen
from assistant.service import Service
from ingestion import sandbox
from ingestion.models import DocumentRead
from tests.assistant.service.scripted import read
from tests.assistant.service.world import DRILLS, World


class Said(Frozen):
    text: str


def test_a_pdf_has_pictures_and_a_text_has_none(world: World) -> None:
    path = world.files / "a.pdf"
    pen = canvas.Canvas(str(path), pagesize=(400, 300))
    pen.drawString(50, 250, DRILLS)
    pen.save()

    def as_pdf(paths: list[Path], known: Any) -> Iterator[tuple[Path, DocumentRead]]:
        yield paths[0], read("a.pdf", DRILLS, content=path.read_bytes(), media_type="application/pdf")

    text = world.add("b.txt", DRILLS).sha256
    world.reader.read = as_pdf  # type: ignore[method-assign,assignment]
    [result] = world.service.add([path])
    shown = world.service.picture(result.sha256, 1, 0, 6, width=400)
    assert shown is not None
    assert Image.open(io.BytesIO(shown)).size == (400, 300)
    assert len(list((world.workspace / "index" / "pictures").glob("*.png"))) == 1
    assert world.service.picture(text, 1, 0, 6) is None
    sandbox.close()


def test_questions_and_answers_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(service: Service, question: str, conversation: str) -> Said:
        return Said(text=f"{question} in {conversation} of {service.site().name}")

    monkeypatch.setattr(chat, "answer", answer, raising=False)
    assert world.service.ask("What is open?", "first").text == "What is open? in first of Cerro Ejemplo"  # type: ignore[attr-defined]
    assert [(m.role, m.value, m.person) for m in world.open().messages("first")] == [
        ("person", {"text": "What is open?"}, "Ana Ruiz"),
        ("assistant", {"text": "What is open? in first of Cerro Ejemplo"}, "Ana Ruiz"),
    ]
    assert world.service.conversations() == ["first"]


def test_an_answer_in_pieces_is_kept_when_it_is_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def stream(service: Service, question: str, conversation: str) -> Iterator[Any]:
        yield "Not"
        yield Said(text="Nothing.")

    monkeypatch.setattr(chat, "stream", stream, raising=False)
    monkeypatch.setattr(chat, "Answer", Said, raising=False)
    assert list(world.service.ask_stream("What is open?")) == ["Not", Said(text="Nothing.")]
    assert [message.value for message in world.service.messages()] == [{"text": "What is open?"}, {"text": "Nothing."}]


def test_the_report_is_built_and_written(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "build", lambda service: Said(text=service.site().name), raising=False)
    monkeypatch.setattr(
        report, "write", lambda made, path, format: path.write_text(f"{format} {made.text}"), raising=False
    )
    assert world.service.report() == Said(text="Cerro Ejemplo")
    assert world.service.export(tmp_path / "r.json", "json").read_text() == "json Cerro Ejemplo"


def test_a_colleague_shares_the_engine_and_signs_with_their_own_name(world: World) -> None:
    world.add("a.txt", DRILLS)
    world.match(a1="Drills")
    other = world.service.signed_in(Person(name="Li Wei"))
    assert other.engine() is world.service.engine()
    other.search("Drills")
    assert world.engine.prepared == 1
    other.decide("gap", "1.b", "1.b", "confirmed")
    assert [decision.person for decision in world.service.decisions()] == ["Li Wei"]
    assert world.service.person == Person(name="Ana Ruiz")


def test_the_index_can_be_made_again(world: World) -> None:
    world.add("a.txt", DRILLS)
    world.match()
    with pytest.raises(WorkspaceError, match="in use here"):
        world.service.rebuild_index()
    derived = world.workspace / "index" / "anything"
    derived.parent.mkdir(exist_ok=True)
    derived.write_text("old")
    world.open().rebuild_index()
    assert not derived.exists()
    assert world.engine.prepared == 2
