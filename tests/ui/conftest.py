"""Workspaces and apps for the pages' tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assistant.service import Service
from assistant.ui import session
from assistant.ui.inert import WORD_JOINER
from tests.ui.double import TODAY, ScriptedEngine, make_workspace

APP = Path(__file__).parents[2] / "app.py"
SECONDS = 60


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has its own workspace folder, nobody signed in, and the scripted engine."""
    monkeypatch.setenv("ASSAY_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("ASSAY_TODAY", TODAY.isoformat())
    for name in ("ASSAY_PERSON", "ASSAY_ROLE", "ASSAY_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(session, "ENGINE_FACTORY", lambda settings: ScriptedEngine())
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ana Ruiz is signed in as an assessor from the start."""
    monkeypatch.setenv("ASSAY_PERSON", "Ana Ruiz")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A workspace with documents, matched by the script."""
    made = make_workspace(tmp_path / "workspace")
    yield made
    made.close()


@pytest.fixture
def app() -> AppTest:
    """The app, not run yet."""
    return AppTest.from_file(str(APP), default_timeout=SECONDS)


def words(app: AppTest) -> str:
    """Everything the page says in Markdown and plain text, without escapes."""
    parts = [element.value for element in (*app.markdown, *app.caption, *app.text, *app.title, *app.subheader)]
    parts += [element.value for element in (*app.error, *app.warning, *app.info, *app.success)]
    return plainly("\n".join(parts))


def plainly(markdown: str) -> str:
    """What a reader sees of inert text."""
    return markdown.replace("\\", "").replace(WORD_JOINER, "")
