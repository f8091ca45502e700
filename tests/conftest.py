"""What all tests share: no network, one cache of exported models a session, and skips that say how to get the thing."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

from assistant.cli.application import QUIET
from tests.network import Refused, guarded

os.environ.update(QUIET)  # before any test imports the libraries that read it once

ROOT = Path(__file__).resolve().parents[1]

ONE_AT_A_TIME = ("browser", "server", "postgres")
"""Markers whose tests share one worker: two browsers or model servers on two cores only wait for each other."""

NO_DATA = "no evaluation data"
"""How the reason of a skip for lack of evaluation data begins; .ci/closing.py lets only such skips pass."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OCR_LANGUAGES = frozenset({"eng", "spa", "pol", "chi_sim"})


def _data_folder() -> Path:
    return Path(os.environ.get("ASSAY_DATA") or ROOT.parent / "shared" / "data")


def _no_browser() -> str:
    if any(shutil.which(name) for name in BROWSERS):
        return ""
    return "no Chromium: apt-get install chromium fonts-noto-cjk"


@lru_cache(maxsize=1)
def _no_ocr() -> str:
    program = shutil.which("tesseract")
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False) if program else None
    lacking = OCR_LANGUAGES - set(listed.stdout.split() if listed else ())
    if not lacking:
        return ""
    wanted = "apt-get install tesseract-ocr tesseract-ocr-spa tesseract-ocr-pol tesseract-ocr-chi-sim"
    return f"tesseract with {', '.join(sorted(lacking))} is missing: {wanted}"


def _no_postgres() -> str:
    if os.environ.get("ASSAY_TEST_POSTGRES") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return ""
    return "no PostgreSQL: apt-get install postgresql, or set ASSAY_TEST_POSTGRES to the URL of a server"


def _no_server() -> str:
    python = os.environ.get("ASSAY_LLAMA_PYTHON")
    if python and Path(python).exists():
        return ""
    return "no model server: .ci/llama-server FOLDER builds one; then set ASSAY_LLAMA_PYTHON=FOLDER/bin/python"


def _no_office() -> str:
    return "" if shutil.which("soffice") else "no LibreOffice: apt-get install libreoffice-writer libreoffice-calc"


def _no_data() -> str:
    folder = _data_folder()
    return "" if folder.is_dir() else f"{NO_DATA} at {folder}: set ASSAY_DATA to the folder that holds them"


LACKING: dict[str, Callable[[], str]] = {
    "browser": _no_browser,
    "ocr": _no_ocr,
    "postgres": _no_postgres,
    "server": _no_server,
    "office": _no_office,
    "data": _no_data,
}
"""For each marker, what is missing here and how to get it; empty when nothing is."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share a heavy thing on one worker (`--dist loadgroup`), and begin with what takes long.

    Of two workers one would else stand idle while the other ends with the longest.
    """
    for item in items:
        for marker in ONE_AT_A_TIME:
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.xdist_group(marker))
                break
    if os.environ.get("PYTEST_XDIST_WORKER"):
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what cannot run here, with the sentence that says how to get it."""
    for marker, lacking in LACKING.items():
        if item.get_closest_marker(marker) and (reason := lacking()):
            pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[list[Refused]]:
    with guarded() as refused:
        yield refused


@pytest.fixture(autouse=True)
def refused_connections(_no_network: list[Refused]) -> Iterator[list[Refused]]:
    """Fail a test in which something tried to leave this machine, even where a library swallowed the error."""
    _no_network.clear()
    yield _no_network
    assert not _no_network, f"tried to connect to {', '.join(map(str, _no_network))}"


@pytest.fixture(scope="session", autouse=True)
def _shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Exported models are made once a session, for all workers, unless ASSAY_CACHE names a folder."""
    if os.environ.get("ASSAY_CACHE"):
        yield
        return
    base = tmp_path_factory.getbasetemp()
    # A worker's own folder lies in that of the session.
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "assay-cache"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSAY_CACHE", str(folder))
        yield


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of whoever runs the tests do not reach them."""
    for name in [name for name in os.environ if name.startswith("ASSAY_")]:
        if name not in {"ASSAY_CACHE", "ASSAY_DATA", "ASSAY_LLAMA_PYTHON", "ASSAY_TEST_POSTGRES"}:
            monkeypatch.delenv(name)


@dataclass(frozen=True)
class Demonstration:
    """What `make demo` leaves and prints. The workspace is shared: tests write in a copy (`copied`)."""

    workspace: Path
    printed: str

    def copied(self, folder: Path) -> Path:
        """A workspace of one's own with all of it: documents, run, vectors and what was read of each pair."""
        shutil.copytree(self.workspace, folder)
        return folder


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The whole way on the sample site, gone once for all tests that need it (of the group `sample site`)."""
    from assistant.cli.application import run
    from assistant.demo import demo

    workspace = tmp_path_factory.mktemp("demonstration") / "workspace"
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(demo, ["--workspace", str(workspace)], "demo")
    assert (code, err.getvalue()) == (0, "")
    return Demonstration(workspace, out.getvalue())


@pytest.fixture
def data_folder() -> Path:
    """The folder of third-party evaluation data; the test is skipped where there is none."""
    if reason := _no_data():
        pytest.skip(reason)
    return _data_folder()
