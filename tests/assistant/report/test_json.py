from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assistant import report
from assistant.report import Report
from tests.assistant.service.world import World

PUBLISHED = Path(__file__).parents[3] / "docs" / "report.schema.json"


def test_the_published_schema_is_the_models() -> None:
    # Write it anew with: assistant.report.schema_text()
    assert PUBLISHED.read_text(encoding="utf-8") == report.schema_text()


def test_the_paper_keeps_to_the_published_schema(reviewed: World, tmp_path: Path) -> None:
    path = reviewed.service.export(tmp_path / "paper.json", "json")
    validator = Draft202012Validator(
        json.loads(PUBLISHED.read_text(encoding="utf-8")), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    assert list(validator.iter_errors(json.loads(path.read_text(encoding="utf-8")))) == []


def test_a_paper_that_lacks_something_breaks_the_schema(reviewed: World) -> None:
    paper = json.loads(report.build(reviewed.service).model_dump_json())
    del paper["evidence"][0]["page"]
    with pytest.raises(Exception, match="'page' is a required property"):
        Draft202012Validator(report.schema()).validate(paper)


def test_the_json_reads_back_as_the_same_paper(reviewed: World, tmp_path: Path) -> None:
    paper = report.build(reviewed.service)
    path = report.write(paper, tmp_path / "paper.json")
    assert Report.model_validate_json(path.read_text(encoding="utf-8")) == paper
