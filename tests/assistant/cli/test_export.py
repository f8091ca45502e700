from pathlib import Path

import pytest

from assistant import report
from assistant.cli.commands.export import FORMATS
from tests.assistant.cli.conftest import Assay


def test_formats_are_those_of_the_report() -> None:
    assert FORMATS == report.FORMATS


@pytest.mark.parametrize("form", FORMATS)
def test_the_ending_names_the_format(matched: Assay, tmp_path: Path, form: str) -> None:
    called = matched("export", f"paper.{form}")
    assert (called.code, called.err, called.out) == (0, "", f"paper.{form} is written.\n")
    assert (tmp_path / f"paper.{form}").stat().st_size > 0


def test_an_ending_that_names_none(matched: Assay) -> None:
    called = matched("export", "paper.odt")
    assert called.code == 2
    assert called.err.startswith("paper.odt: name a file that ends in .xlsx, .json, or give --format.")


def test_a_folder_that_cannot_be_written_to(matched: Assay, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    called = matched("export", tmp_path / "file" / "paper.json")
    assert (called.code, called.out) == (2, "")
    assert "paper.json" in called.err
