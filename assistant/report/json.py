"""The working paper as JSON, and the schema it keeps to (published as docs/report.schema.json)."""

from __future__ import annotations

import json
from typing import Any

from assistant.report.models import Report

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def text(report: Report) -> str:
    """The paper as indented JSON, ending in a line break."""
    return report.model_dump_json(indent=2) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of the paper, made from the model."""
    return {"$schema": _DIALECT, **Report.model_json_schema(mode="serialization")}


def schema_text() -> str:
    """The schema as it stands in docs/report.schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
