from __future__ import annotations

from pathlib import Path

import pytest

from assistant import report
from assistant.errors import AssayError
from assistant.report import writing
from tests.assistant.service.world import World


@pytest.mark.parametrize(
    ("name", "format", "message"),
    [
        ("paper.ods", "", "'ods' is no format of the report; choose xlsx or json."),
        ("paper.xlsx", "html", "'html' is no format of the report; choose xlsx or json."),
        ("paper", "", "paper has no ending that names a format; choose xlsx or json."),
    ],
)
def test_an_unknown_format_says_which_there_are(
    world_without_run: World, tmp_path: Path, name: str, format: str, message: str
) -> None:
    paper = report.build(world_without_run.service)
    with pytest.raises(AssayError, match=message.replace(".", r"\.")):
        report.write(paper, tmp_path / name, format)
    assert not (tmp_path / name).exists()


def test_the_format_wins_over_the_ending(world_without_run: World, tmp_path: Path) -> None:
    paper = report.build(world_without_run.service)
    assert report.write(paper, tmp_path / "deep" / "paper.txt", "JSON").read_text().startswith("{")


def test_a_writer_that_fails_leaves_the_old_file(
    world_without_run: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "paper.json"
    path.write_text("the old one")
    paper = report.build(world_without_run.service)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.Path, "replace", full)
    with pytest.raises(AssayError, match=r"cannot be written to .*paper\.json: No space left on device"):
        report.write(paper, path)
    assert path.read_text() == "the old one"
    assert not list(tmp_path.glob("*.part"))
