import socket
import urllib.request
from pathlib import Path

import pytest

from assistant.cli.serving import free_port, serving
from assistant.config import load_settings
from assistant.errors import SettingsError
from tests.assistant.cli.conftest import Assay

PAGE = "import os\nimport streamlit as st\nst.write(os.environ['ASSAY_WORKSPACE'], os.environ['ASSAY_PERSON'])\n"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    path = tmp_path / "app.py"
    path.write_text(PAGE)
    return path


def test_pages_answer_on_this_machine_and_end_with_the_block(app: Path, tmp_path: Path) -> None:
    settings = load_settings(tmp_path, person="Ana Ruiz")
    with serving(settings, app=app) as server:
        assert server.address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(server.address) as answer:
            assert answer.status == 200
            assert b"<title>" in answer.read()
        assert server.process.poll() is None
    assert server.process.poll() is not None


def test_a_taken_port_is_said_at_once(app: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"127\.0\.0\.1:{port} cannot be used .* give another --port\."):
            serving(load_settings(tmp_path), port=port, app=app).__enter__()


def test_an_app_that_fails_to_start_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    app = tmp_path / "app.toml"
    app.write_text("")
    with pytest.raises(SettingsError, match="The pages ended at once with code"):
        serving(load_settings(tmp_path), app=app).__enter__()


def test_without_the_app_it_says_where_it_lies(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"app\.py is not beside the packages"):
        serving(load_settings(tmp_path), app=tmp_path / "app.py").__enter__()


def test_free_port_is_free() -> None:
    with socket.create_server(("127.0.0.1", free_port("127.0.0.1"))) as server:
        assert server.getsockname()[0] == "127.0.0.1"


def test_serve_needs_a_workspace(assay: Assay) -> None:
    called = assay("serve")
    assert called.code == 2
    assert "make one with `assay init`" in called.err


def test_serve_prints_the_address(workspace: Assay, monkeypatch: pytest.MonkeyPatch, app: Path) -> None:
    monkeypatch.setattr("assistant.cli.serving.Server.wait", lambda server: 0)
    port = free_port("127.0.0.1")
    monkeypatch.setattr("assistant.cli.serving.APP", app)
    called = workspace("serve", "--port", port)
    assert (called.code, called.out) == (0, f"Assay is at http://127.0.0.1:{port} (Ctrl-C ends it).\n")
