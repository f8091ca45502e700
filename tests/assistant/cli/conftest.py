"""The command line called as a person calls it, over a small framework, a reader and an engine that do as told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.service import Service
from tests.assistant.service.scripted import FakeReader, ScriptedEngine, framework

WORDS = "The register lists every facility with its class."
NOTICE = "Working text, check against the official guide."


@dataclass
class Called:
    """What one call gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Assay = Callable[..., Called]


@pytest.fixture
def assay(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assay:
    """`assay("status", "--json")`: one call in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    capsys.readouterr()

    def call(*arguments: object) -> Called:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Called(code, captured.out, captured.err)

    return call


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> ScriptedEngine:
    """The engine and the reader that the service takes instead of the real ones."""
    scripted = ScriptedEngine({"1.a": (WORDS,)})
    parts: dict[str, Any] = {"engine_factory": lambda settings: scripted, "reader": FakeReader()}
    for door in ("open", "create"):
        monkeypatch.setattr(Service, door, partial(getattr(Service, door), **parts))
    return scripted


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A framework of two criteria with three requirements each."""
    path = tmp_path / "small.json"
    path.write_text(framework().model_copy(update={"notice": NOTICE}).model_dump_json())
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two documents: one that speaks to 1.a, one that cannot be read."""
    made = tmp_path / "documents"
    made.mkdir()
    (made / "register.txt").write_text(f"Tailings.\fOur register. {WORDS} It is kept by the engineer.")
    (made / "bad.txt").write_text("Broken.")
    return made


@pytest.fixture
def workspace(assay: Assay, engine: ScriptedEngine, catalogue: Path) -> Assay:
    """`assay` in a folder with an empty workspace."""
    assert assay("init", "--name", "Cerro Ejemplo", "--kind", "mine", "--framework", catalogue).code == 0
    return assay


@pytest.fixture
def matched(workspace: Assay, folder: Path) -> Assay:
    """`assay` in a folder whose workspace has been matched."""
    assert workspace("add", *sorted(folder.iterdir())).code == 0
    assert workspace("match").code == 0
    return workspace
