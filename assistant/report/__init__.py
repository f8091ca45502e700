"""The working paper: one `Report` value built from the record, written as a workbook or as JSON.

Imports the layers up to the store; the service only as a type.
"""

from assistant.report.building import build
from assistant.report.json import schema, schema_text
from assistant.report.models import REPORT_FORMAT, Report
from assistant.report.sheets import COLUMNS
from assistant.report.writing import FORMATS, write

__all__ = ["COLUMNS", "FORMATS", "REPORT_FORMAT", "Report", "build", "schema", "schema_text", "write"]
