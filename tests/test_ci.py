"""The end of a CI run: what may be skipped, and what the closing line says."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LACKING, NO_DATA

ROOT = Path(__file__).resolve().parents[1]
PASSED = '<testcase classname="a" name="one"/>'
FAILED = '<testcase classname="a" name="two"><failure message="no"/></testcase>'
NO_BROWSER = (
    '<testcase classname="a" name="three"><skipped message="no Chromium: apt-get install chromium"/></testcase>'
)
WITHOUT_DATA = f'<testcase classname="a" name="four"><skipped message="{NO_DATA} at data: set ASSAY_DATA"/></testcase>'


@pytest.mark.parametrize(
    ("cases", "code", "line"),
    [
        ([PASSED], 0, "1 passed, 0 failed, 0 skipped"),
        ([PASSED, WITHOUT_DATA], 0, "1 passed, 0 failed, 1 skipped"),
        ([PASSED, NO_BROWSER], 1, "1 passed, 0 failed, 1 skipped"),
        ([PASSED, FAILED], 1, "1 passed, 1 failed, 0 skipped"),
        ([WITHOUT_DATA], 1, "0 passed, 0 failed, 1 skipped"),
        ([], 1, "0 passed, 0 failed, 0 skipped"),
    ],
)
def test_closing_line_and_exit_code(tmp_path: Path, cases: list[str], code: int, line: str) -> None:
    path = tmp_path / "tests.xml"
    path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "closing.py", path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (code, line)
    assert ("skipped: a.three: no Chromium" in done.stderr) is (NO_BROWSER in cases)


def test_the_script_parses() -> None:
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True)


def test_every_marker_that_may_skip_says_how_to_get_the_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("ASSAY_DATA", "nowhere")
    for name in ("ASSAY_LLAMA_PYTHON", "ASSAY_TEST_POSTGRES"):
        monkeypatch.delenv(name, raising=False)
    for marker in ("browser", "server", "office"):
        assert "apt-get install" in LACKING[marker]() or ".ci/llama-server FOLDER" in LACKING[marker]()
    assert LACKING["data"]() == f"{NO_DATA} at nowhere: set ASSAY_DATA to the folder that holds them"
