"""The whole way on the sample site, with the real readers, the real engine and the real reports."""

import re
from pathlib import Path

import openpyxl
import pytest

from assistant.cli.application import run
from assistant.demo import SAMPLE_SITE, demo
from tests.conftest import Demonstration

DOCUMENTS = len(list((SAMPLE_SITE / "documents").iterdir()))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.xdist_group("sample site")
def test_demo_goes_the_whole_way_and_again(
    demonstration: Demonstration, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = demonstration.printed
    assert f"Cerro Ejemplo: {DOCUMENTS} documents, " in first
    assert f"({DOCUMENTS} read now, 0 were there)" in first
    assert "Run 1: 244 requirements of rra-v2 " in first
    numbers = [int(number) for number in re.findall(r"^ {1,2}(\d{1,2})  ?[A-Z]", first, re.MULTILINE)]
    assert numbers == list(range(1, 33))
    shown, verified = _counts(first)
    assert shown == verified > 0
    assert first.count("Working text, check against the official guide.") == 1
    assert "Documents that need a look:" in first
    for form in ("xlsx", "json"):
        path = demonstration.workspace / "reports" / f"readiness.{form}"
        assert f"Report: {path}\n" in first
        assert path.stat().st_size > 0
    assert openpyxl.load_workbook(demonstration.workspace / "reports" / "readiness.xlsx").sheetnames

    assert run(demo, ["--workspace", str(demonstration.copied(tmp_path / "again"))], "demo") == 0
    second = capsys.readouterr().out
    assert f"(0 read now, {DOCUMENTS} were there)" in second
    assert "Run 1 had the same input and gives the same result, to the letter" in second
    assert _counts(second) == (shown, verified)


def test_demo_keeps_out_of_another_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from assistant.models import Site
    from assistant.service import Service

    Service.create(tmp_path, Site(name="Another Mine")).close()
    assert run(demo, ["--workspace", str(tmp_path)], "demo") == 2
    assert capsys.readouterr().err == (
        f"{tmp_path} is the workspace of Another Mine; give the demonstration its own: make demo WORKSPACE=demo.\n"
    )


def _counts(out: str) -> tuple[int, int]:
    found = re.search(r"Quotes shown (\d+), verified (\d+)\.", out)
    assert found is not None
    return int(found[1]), int(found[2])
