"""`assay correct`: put a document fact right."""

from __future__ import annotations

import click

from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import say

FACTS = (
    "title", "kind", "issued", "valid_from", "valid_until", "review_due", "period_end", "status", "version",
    "superseded_by", "scope", "issuer", "language",
)  # fmt: skip
"""The facts of `ingestion.models.FactName`, named here so that `--help` need not load the readers."""


@click.command("correct", cls=AssayCommand, short_help="Put a document fact right.")
@click.argument("document")
@click.argument("fact", type=click.Choice(FACTS))
@click.argument("value")
@click.option("--reason", required=True, help="Where the right value stands.")
@pass_session
def command(session: Session, document: str, fact: str, value: str, reason: str) -> None:
    """Put FACT of DOCUMENT right; dates are written YYYY-MM-DD, and an empty value says there is none.

    What was read stays in the record. The correction counts from the next matching on.

    \b
    assay correct permit.pdf valid_until 2027-06-30 --reason "extension letter, page 2"
    """
    from assistant.cli import choosing

    service = session.service()
    found = choosing.document(service.documents(), document)
    correction = service.correct_fact(found.sha256, fact, value, reason)
    say(f"{found.name}: {correction.name.value} is now {correction.value or 'not stated'}. Next: assay match")
