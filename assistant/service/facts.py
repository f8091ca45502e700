"""What a document fact may be corrected to."""

from __future__ import annotations

from datetime import date

from assistant.errors import DecisionError
from ingestion.models import FactName

DATES: frozenset[FactName] = frozenset(
    {FactName.ISSUED, FactName.VALID_FROM, FactName.VALID_UNTIL, FactName.REVIEW_DUE, FactName.PERIOD_END}
)

CHOICES: dict[FactName, tuple[str, ...]] = {
    FactName.KIND: (
        "policy", "procedure", "plan", "record", "minutes", "register", "report", "certificate", "permit", "letter",
        "contract", "presentation", "webpage", "e-mail", "form", "table", "other",
    ),
    FactName.STATUS: ("draft", "approved", "superseded", "uncontrolled copy"),
}  # fmt: skip
"""The values that `ingestion.models.Fact` knows for these facts."""


def checked_value(name: FactName, value: str) -> str:
    """The value as it is stored; an empty one says the document has no such fact. Raises `DecisionError`."""
    value = value.strip()
    if not value:
        return ""
    if name in DATES:
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError as error:
            raise DecisionError(f"'{value}' is not a date for {name}; write it as YYYY-MM-DD.") from error
    if name in CHOICES and value not in CHOICES[name]:
        raise DecisionError(f"'{value}' is not a {name} of documents; choose {', '.join(CHOICES[name])}.")
    return value
