"""`assay remove`: take a document out of the next matching."""

from __future__ import annotations

import click

from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import say


@click.command("remove", cls=AssayCommand, short_help="Take a document out of the review.")
@click.argument("document")
@click.option("--reason", required=True, help="Why it is taken out; it is asked for later.")
@pass_session
def command(session: Session, document: str, reason: str) -> None:
    """Take DOCUMENT (its file name, or the start of its key) out of the review.

    It no longer takes part in matching. Its pages stay readable for the quotes and decisions that stand on them.
    """
    from assistant.cli import choosing

    service = session.service()
    found = choosing.document(service.documents(), document)
    service.remove_document(found.sha256, reason)
    say(f"{found.name} takes no part any more. Next: assay match")
