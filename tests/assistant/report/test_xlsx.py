from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from assistant import report
from assistant.report.sheets import COLUMNS, sheets
from tests.assistant.report.conftest import HOSTILE
from tests.assistant.service.world import World

TITLES = ["Readiness", "Evidence", "Gaps and requests", "Decisions", "Documents", "Provenance"]


@pytest.fixture
def written(reviewed: World, tmp_path: Path) -> Path:
    return reviewed.service.export(tmp_path / "paper.xlsx", "xlsx")


@pytest.fixture
def opened(written: Path) -> Workbook:
    return load_workbook(written)


def test_the_workbook_has_six_sheets_ready_to_work_with(opened: Workbook) -> None:
    assert opened.sheetnames == TITLES
    for sheet in opened.worksheets:
        assert sheet.freeze_panes in ("B2", "C2")
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$1:$1"
        assert sheet["A1"].font.bold
        assert all(sheet.column_dimensions[letter].width > 5 for letter in "AB")
        assert all(cell.alignment.wrap_text for cell in sheet[2])


def test_every_sheet_holds_its_rows(opened: Workbook, reviewed: World) -> None:
    for made, sheet in zip(sheets(report.build(reviewed.service)), opened.worksheets, strict=True):
        shown = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_row=len(made.rows) + 1)]
        assert [row[0] for row in shown] == [
            value if not isinstance(value, str) else value.replace("\r\n", "\n") for value, *_ in made.values()
        ] or made.title in ("Provenance", "Decisions")
        assert len(shown) == len(made.rows) > 0


def test_the_promise_on_gaps_stands_below_the_readiness_and_in_the_provenance(opened: Workbook) -> None:
    said = "One gap in ten may be wrong."
    below = [cell.value for row in opened["Readiness"].iter_rows() for cell in row]
    assert below.count(said) == 1
    assert [row[1].value for row in opened["Provenance"].iter_rows() if row[0].value == "Promise on gaps"] == [said]


def test_states_are_coloured_and_written_out(opened: Workbook) -> None:
    sheet = opened["Readiness"]
    assert (sheet["D2"].value, sheet["D2"].fill.fgColor.rgb) == ("partly", "00FBEFC5")
    assert (sheet["E2"].value, sheet["E2"].fill.fgColor.rgb) == ("partially meets", "00FBEFC5")
    assert (sheet["E3"].value, sheet["E3"].fill.fgColor.rgb) == ("not rated", "00EEEEEE")


def test_no_cell_is_a_formula_a_link_or_an_error(written: Path, opened: Workbook) -> None:
    seen = []
    for sheet in opened.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "d"), (sheet.title, cell.coordinate, cell.value)
                assert cell.hyperlink is None
                seen.append(cell.value)
    assert [text for text in HOSTILE[:4] if text not in seen] == []
    assert "=Cerro & Ejemplo" in seen
    assert "=SUM(A1:A9)" in seen
    with_prefix = [cell for row in opened["Evidence"].iter_rows(min_row=2) for cell in row if cell.quotePrefix]
    assert {str(cell.value) for cell in with_prefix} >= set(HOSTILE[:4])


def as_csv(source: Path, folder: Path) -> list[Path]:
    """The sheets as LibreOffice Calc reads them, one CSV file a sheet; empty where only Writer is there."""
    options = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", options, "--outdir", str(folder / "csv"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return sorted((folder / "csv").glob("*.csv"))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_another_program_reads_the_payloads_as_text(written: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_text("a,b\n", encoding="utf-8")
    if not as_csv(plain, tmp_path / "trial"):
        pytest.skip("LibreOffice Calc is not installed")
    sheets_read = {path.stem.removeprefix("paper-"): path for path in as_csv(written, tmp_path)}
    assert len(sheets_read) == len(TITLES)

    def cells(title: str) -> list[str]:
        with sheets_read[title].open(encoding="utf-8", newline="") as file:
            return [cell for row in csv.reader(file) for cell in row]

    assert [text for text in HOSTILE[:4] if text not in cells("Evidence")] == []
    assert '=HYPERLINK("http://example.org")' in cells("Readiness")


def test_an_ampersand_in_the_sites_name_is_no_code_in_the_header(opened: Workbook) -> None:
    assert opened["Evidence"].oddHeader.left.text == "=Cerro && Ejemplo: Evidence"


def test_a_workspace_without_a_run_can_be_written(world_without_run: World, tmp_path: Path) -> None:
    path = world_without_run.service.export(tmp_path / "paper.xlsx", "xlsx")
    assert load_workbook(path)["Readiness"]["D2"].value == "not matched"


def test_columns_are_named_once() -> None:
    assert len(COLUMNS) == len(set(COLUMNS))
    assert {"Quote", "Page", "Bring", "Person's rating"} <= set(COLUMNS)
