"""`assay documents`: the documents of the workspace, or one of them with its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import console, print_json, tell

if TYPE_CHECKING:
    from assistant.service import DocumentView, Service


@click.command("documents", cls=AssayCommand, short_help="List the documents, or show one with its facts.")
@click.argument("document", required=False)
@click.option("--removed", is_flag=True, help="List the documents that were taken out, too.")
@click.option("--json", "as_json", is_flag=True, help="Print them as one JSON list.")
@pass_session
def command(session: Session, document: str | None, removed: bool, as_json: bool) -> None:
    """List the documents, or show DOCUMENT (its file name, or the start of its key) with its facts.

    Each fact comes with the words it was read from.
    """
    from assistant.cli import choosing, tables

    service = session.service()
    listed = service.documents(removed=removed)
    if document is not None:
        listed = [choosing.document(listed, document)]
    if as_json:
        print_json([item.model_dump(mode="json") for item in listed])
        return
    out = console()
    if not listed:
        tell(out, "There are no documents yet. Next: assay add FOLDER")
        return
    out.print(tables.documents(listed, out.width))
    if document is not None:
        for line in _facts(service, listed[0]):
            tell(out, line)
        return
    noticed = service.noticed()
    if noticed:
        out.print()
        tell(out, "Documents that need a look:", style="bold")
        out.print(tables.troubles(listed, noticed))


def _facts(service: Service, item: DocumentView) -> list[str]:
    suspicions = service.document(item.sha256).suspicions
    suspicious = {suspicion.kind for suspicion in suspicions}  # these are named with their pages below
    lines = [str(notice) for notice in service.noticed().get(item.sha256, ()) if notice.word not in suspicious]
    for fact in item.facts:
        source = f"page {fact.page}: “{' '.join(fact.quote.split())}”" if fact.quote else f"from {fact.origin}"
        corrected = ", corrected" if fact.name in item.corrected else ""
        lines.append(f"{fact.name.value}: {fact.value} ({source}{corrected})")
    for suspicion in suspicions:
        where = f", page {suspicion.page}" if suspicion.page else ""
        lines.append(f"{suspicion.kind}{where}: {suspicion.message}")
    return lines
