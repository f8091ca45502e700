"""Lists for the terminal: the readiness of the criteria, the documents, the runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from assistant.cli.terminal import plain, status_text
from assistant.models import Status

if TYPE_CHECKING:
    from assistant.service.views import AddResult, DocumentView, Notice, StatusReport
    from assistant.store.records import StoredRun

READ_STYLES = {"read": "green", "partly": "yellow", "unreadable": "red", "skipped": "dim"}
"""Colours of how far a file could be read."""

_KEY_LENGTH = 8
"""Characters of a hash that are shown; enough to name one of some thousands."""

_COUNTED: tuple[tuple[str, str], ...] = (
    ("supported", "supp"),
    ("partly", "part"),
    ("needs_a_person", "pers"),
    ("gap", "gap"),
    ("contradicted", "contr"),
    ("not_applicable", "n/a"),
)
"""The counts of a criterion with their headings, in the order of the columns."""

_TITLE_WIDTH = (20, 48)
"""Least and most columns for a criterion's title; the rest of the terminal is the counts'."""

_COUNTS_WIDTH = 58
"""Columns that number, status and counts take."""

_DECIDED_WIDTH = 32

_NAME_WIDTH = (24, 60)
"""Least and most columns for a document's name."""

_STATUS_WIDTH = 18
_SCOPE_WIDTH = 24


def short(key: str) -> str:
    """The part of a hash that is shown and can be typed."""
    return key[:_KEY_LENGTH]


def readiness(report: StatusReport, width: int) -> Table:
    """One row a criterion: status, how many requirements have each status, decisions, and the person's rating.

    `width` is how many columns there are; decisions and ratings are left out where nobody made any.
    """
    decided = any(row.confirmed or row.rejected or row.rating for row in report.criteria)
    least, most = _TITLE_WIDTH
    title_width = max(least, min(most, width - _COUNTS_WIDTH - (_DECIDED_WIDTH if decided else 0)))
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("Criterion", width=title_width, no_wrap=True, overflow="ellipsis")
    table.add_column("Status", no_wrap=True)
    for _, heading in _COUNTED:
        table.add_column(heading, justify="right", no_wrap=True)
    if decided:
        table.add_column("conf/rej", justify="right", no_wrap=True)
        table.add_column("Rating", no_wrap=True)
    for row in report.criteria:
        counts = [getattr(row.counts, name) for name, _ in _COUNTED]
        decisions = f"{row.confirmed}/{row.rejected}" if row.confirmed or row.rejected else ""
        table.add_row(
            str(row.number if row.number is not None else row.id),
            plain(row.title),
            status_text(row.status) if row.status else Text("not matched yet", style="dim"),
            *(str(count) if count else "" for count in counts),
            *([decisions, plain(row.rating or "")] if decided else []),
        )
    return table


def readiness_line(report: StatusReport) -> Text:
    """How many criteria have each status, in one line."""
    parts = []
    for status in Status:
        number = sum(row.status is status for row in report.criteria)
        if number:
            parts.append(Text.assemble(f"{number} ", status_text(status)))
    return Text(", ").join(parts)


def documents(listed: Sequence[DocumentView], width: int) -> Table:
    """One row a document: how far it was read, what it is, and what decides its worth.

    `width` is how many columns there are; what does not fit beside the names is left out whole, the last first.
    """
    columns: dict[str, list[Text]] = {
        "Key": [Text(short(item.sha256)) for item in listed],
        "Read": [Text(item.status.value, style=READ_STYLES[item.status.value]) for item in listed],
        "Kind": [Text(plain(item.kind)) for item in listed],
        "Issued": [Text(item.issued) for item in listed],
        "Valid until": [Text(item.valid_until) for item in listed],
        "Status": [Text(plain(item.document_status)[:_STATUS_WIDTH]) for item in listed],
        "Lang.": [Text(plain(item.language)) for item in listed],
        "Pages": [Text(str(item.pages), justify="right") for item in listed],
        "Scope": [Text(plain(item.scope)[:_SCOPE_WIDTH]) for item in listed],
    }
    widths = {name: max(len(name), *(cell.cell_len for cell in cells)) for name, cells in columns.items()}
    least, most = _NAME_WIDTH
    rest = width - 2
    shown = []
    for name in columns:
        if rest - widths[name] - 2 >= least:
            shown.append(name)
            rest -= widths[name] + 2
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("Key", no_wrap=True, min_width=widths["Key"])
    table.add_column("Document", no_wrap=True, overflow="ellipsis", max_width=min(rest, most))
    for name in shown[1:]:
        table.add_column(name, no_wrap=True, min_width=widths[name])
    for at, item in enumerate(listed):
        key, *cells = (columns[name][at] for name in shown)
        table.add_row(key, plain(item.name), *cells)
    return table


def troubles(listed: Sequence[DocumentView], noticed: Mapping[str, Sequence[Notice]]) -> Table:
    """The documents that need a look, each with what was noticed about it."""
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column(max_width=44, no_wrap=True, overflow="ellipsis")
    table.add_column(no_wrap=True)
    table.add_column()
    for item in listed:
        notices = noticed.get(item.sha256, ())
        if notices:
            status = Text(item.status.value, style=READ_STYLES[item.status.value])
            table.add_row(plain(item.name), status, plain("\n".join(str(notice) for notice in notices)))
    return table


def added(result: AddResult) -> Text:
    """One file that was added, with the reason when something is to be said."""
    status = result.status.value
    line = Text.assemble((status.ljust(10), READ_STYLES[status]), f"{result.pages:5} pages  ", plain(result.name))
    for note in [result.reason, *result.warnings]:
        if note:
            line.append(f"\n{'':10}{plain(note)}", style="dim")
    return line


def runs(recorded: Sequence[StoredRun]) -> Table:
    """One row a run: when, on what, with which engine."""
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for heading in ("Run", "Started (UTC)", "State", "Documents", "As of", "Catalogue", "Engine", "Digest"):
        table.add_column(heading, no_wrap=heading != "Engine", min_width=len(heading))
    for run in recorded:
        table.add_row(
            str(run.id),
            f"{run.started:%Y-%m-%d %H:%M}",
            run.state,
            str(len(run.documents)),
            run.today.isoformat(),
            plain(f"{run.framework_id} {run.framework_version}"),
            plain(run.engine),
            short(run.digest),
        )
    return table
