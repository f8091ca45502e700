"""The sheets of the working paper: their columns, and the rows that fill them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from assistant.report.cells import Value
from assistant.report.models import (
    Decided,
    DecisionRow,
    DocumentRow,
    EvidenceRow,
    FactRow,
    GapRow,
    RatingRow,
    ReadinessRow,
    Report,
    SuspicionRow,
)

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: its heading, its width in characters, and its value in a row. `coloured` cells show a status."""

    heading: str
    width: int
    value: Callable[[Row], Value]
    coloured: bool = False


@dataclass(frozen=True)
class Sheet(Generic[Row]):
    """A sheet: a table with a frozen header, and lines of text under it. `frozen` is how many columns stay in view."""

    title: str
    columns: Sequence[Column[Row]]
    rows: Sequence[Row]
    frozen: int = 1
    lines: Sequence[str] = ()

    def values(self) -> list[list[Value]]:
        """The rows as values, one a column."""
        return [[column.value(row) for column in self.columns] for row in self.rows]


def _verdict(decision: Decided | None) -> str:
    if decision is None:
        return "open"
    return decision.verdict.value + (" (on other words)" if decision.reworded else "")


READINESS: tuple[Column[ReadinessRow], ...] = (
    Column("No.", 6, lambda row: row.number if row.number is not None else row.criterion_id),
    Column("Criterion", 34, lambda row: row.title),
    Column("Area", 6, lambda row: row.area),
    Column("Proposal", 16, lambda row: row.status.value if row.status else "not matched", coloured=True),
    Column("Person's rating", 17, lambda row: row.rating or "not rated", coloured=True),
    Column("Requirements", 9, lambda row: row.requirements),
    Column("Supported", 8, lambda row: row.supported),
    Column("Partly", 8, lambda row: row.partly),
    Column("Needs a person", 8, lambda row: row.needs_a_person),
    Column("Gap", 8, lambda row: row.gap),
    Column("Contradicted", 9, lambda row: row.contradicted),
    Column("Not applicable", 9, lambda row: row.not_applicable),
    Column("Confirmed", 8, lambda row: row.confirmed),
    Column("Rejected", 8, lambda row: row.rejected),
    Column("Undecided", 8, lambda row: row.undecided),
    Column("Rationale", 40, lambda row: row.rationale),
    Column("Rated by", 18, lambda row: row.rated_by),
    Column("Rated on (UTC)", 16, lambda row: row.rated_at),
)
EVIDENCE: tuple[Column[EvidenceRow], ...] = (
    Column("Requirement", 11, lambda row: row.requirement_id),
    Column("What it asks", 36, lambda row: row.requirement),
    Column("Status", 14, lambda row: row.requirement_status.value, coloured=True),
    Column("Quote", 60, lambda row: _one_line(row.quote)),
    Column("Words judged", 40, lambda row: _one_line(row.judged) if row.judged != row.quote else "all"),
    Column("Document", 38, lambda row: row.document),
    Column("Page", 6, lambda row: row.page),
    Column("Kind", 13, lambda row: row.kind.value),
    Column("Speaks", 12, lambda row: row.stance.value),
    Column("Strength", 9, lambda row: round(row.strength, 2)),
    Column("Closes", 8, lambda row: row.closes),
    Column("Caveats", 30, lambda row: "\n".join(row.caveat_notes) or ", ".join(item.value for item in row.caveats)),
    Column("Decision", 12, lambda row: _verdict(row.decision), coloured=True),
    Column("Reason", 30, lambda row: row.decision.reason if row.decision else ""),
    Column("Person", 18, lambda row: row.decision.person if row.decision else ""),
    Column("When (UTC)", 16, lambda row: row.decision.at if row.decision else None),
    Column("Under the heading", 26, lambda row: " > ".join(row.heading[-2:])),
    Column("Language", 9, lambda row: row.language),
    Column("SHA-256 of the document", 24, lambda row: row.sha256),
    Column("Characters", 12, lambda row: f"{row.start} to {row.end}"),
)
GAPS: tuple[Column[GapRow], ...] = (
    Column("Requirement", 11, lambda row: row.requirement_id),
    Column("What it asks", 36, lambda row: row.requirement),
    Column("Critical", 8, lambda row: row.critical),
    Column("Status", 14, lambda row: row.status.value, coloured=True),
    Column("Because", 18, lambda row: ", ".join(reason.value for reason in row.reasons)),
    Column("Explanation", 36, lambda row: row.explanation),
    Column("Bring", 46, lambda row: "\n".join(row.bring)),
    Column("Best found", 46, lambda row: _one_line(row.best.quote) if row.best else "nothing"),
    Column("Document", 34, lambda row: row.best.document if row.best else ""),
    Column("Page", 6, lambda row: row.best.page if row.best else None),
    Column("Why it is not enough", 30, lambda row: row.best.why_not if row.best else ""),
    Column("Searched", 30, lambda row: _searched(row)),
    Column("Not read", 20, lambda row: ", ".join(row.searched.unread) if row.searched else ""),
    Column("Decision on the gap", 12, lambda row: _verdict(row.decision), coloured=True),
    Column("Reason", 30, lambda row: row.decision.reason if row.decision else ""),
    Column("Person", 18, lambda row: row.decision.person if row.decision else ""),
    Column("When (UTC)", 16, lambda row: row.decision.at if row.decision else None),
)
DOCUMENTS: tuple[Column[DocumentRow], ...] = (
    Column("Document", 38, lambda row: row.name),
    Column("Title", 32, lambda row: row.title),
    Column("Read", 11, lambda row: row.read.value, coloured=True),
    Column("Problem", 34, lambda row: row.reason),
    Column("Kind", 12, lambda row: row.kind),
    Column("Language", 9, lambda row: row.language),
    Column("Issued", 13, lambda row: row.issued),
    Column("Valid from", 13, lambda row: row.valid_from),
    Column("Valid until", 13, lambda row: row.valid_until),
    Column("Review due", 13, lambda row: row.review_due),
    Column("Status", 12, lambda row: row.status),
    Column("Version", 9, lambda row: row.version),
    Column("Scope", 20, lambda row: row.scope),
    Column("Issuer", 20, lambda row: row.issuer),
    Column("Pages", 7, lambda row: row.pages),
    Column("Quotes shown", 8, lambda row: row.quotes_shown),
    Column("Suspicious text", 44, lambda row: "\n".join(map(_suspicion, row.suspicions))),
    Column("Facts with their words", 80, lambda row: "\n".join(map(_fact, row.facts))),
    Column("Added (UTC)", 16, lambda row: row.added),
    Column("Added by", 18, lambda row: row.added_by),
    Column("Removed (UTC)", 16, lambda row: row.removed),
    Column("Why removed", 24, lambda row: row.removed_reason),
    Column("SHA-256", 24, lambda row: row.sha256),
)  # fmt: skip

Entry = DecisionRow | RatingRow
DECISIONS: tuple[Column[Entry], ...] = (
    Column("When (UTC)", 16, lambda row: row.at),
    Column("What", 12, lambda row: row.target if isinstance(row, DecisionRow) else "rating"),
    Column("No.", 6, lambda row: row.id),
    Column("For", 12, lambda row: _for(row)),
    Column("Decision", 16, lambda row: row.verdict if isinstance(row, DecisionRow) else row.rating, coloured=True),
    Column("Reason or rationale", 46, lambda row: row.reason if isinstance(row, DecisionRow) else row.rationale),
    Column("Person", 20, lambda row: row.person),
    Column("Counts", 8, lambda row: row.counts),
    Column("Still proposed", 10, lambda row: row.proposed if isinstance(row, DecisionRow) else None),
    Column("Withdraws No.", 10, lambda row: row.undoes if isinstance(row, DecisionRow) else None),
    Column("Run", 6, lambda row: row.run_id if isinstance(row, DecisionRow) else None),
    Column("Quote", 50, lambda row: _one_line(row.quote) if isinstance(row, DecisionRow) else ""),
    Column("Document", 38, lambda row: row.document if isinstance(row, DecisionRow) else ""),
    Column("Page", 6, lambda row: row.page or None if isinstance(row, DecisionRow) else None),
)  # fmt: skip

Pair = tuple[str, Value]
PROVENANCE: tuple[Column[Pair], ...] = (
    Column("What", 40, lambda pair: pair[0]),
    Column("Value", 100, lambda pair: pair[1]),
)


AnySheet = Sheet[ReadinessRow] | Sheet[EvidenceRow] | Sheet[GapRow] | Sheet[Entry] | Sheet[DocumentRow] | Sheet[Pair]


def sheets(report: Report) -> tuple[AnySheet, ...]:
    """The six sheets, in their order."""
    lines = (
        f"Site: {report.site.name}. Made {report.made:%Y-%m-%d %H:%M} UTC.",
        "A proposal is what the engine found in the documents; a rating is a person's own.",
        report.promise,
        report.notice,
    )
    entries: list[Entry] = sorted((*report.decisions, *report.ratings), key=lambda row: row.at)
    return (
        Sheet("Readiness", READINESS, report.readiness, 2, tuple(line for line in lines if line)),
        Sheet("Evidence", EVIDENCE, report.evidence),
        Sheet("Gaps and requests", GAPS, report.gaps),
        Sheet("Decisions", DECISIONS, entries),
        Sheet("Documents", DOCUMENTS, report.documents),
        Sheet("Provenance", PROVENANCE, provenance(report)),
    )


def provenance(report: Report) -> list[Pair]:
    """Everything that leads the paper back to its sources, as pairs."""
    source = report.provenance
    pairs: list[Pair] = [
        ("Report format", report.format),
        ("Made (UTC)", report.made),
        ("Made by", report.made_by),
        ("Site", report.site.name),
        ("Kinds of site", ", ".join(kind.value for kind in report.site.kinds)),
        ("Country", report.site.country),
        *((f"Site fact: {fact.value}", stated) for fact, stated in sorted(report.site.facts.items())),
        ("Framework", f"{source.framework_id} {source.framework_version}"),
        ("SHA-256 of the framework", source.framework_digest),
        ("Notice", report.notice),
        ("Promise on gaps", report.promise),
        ("Quotes shown", source.quotes_shown),
        ("Quotes verified in their pages", source.quotes_verified),
        ("Proposed quotes that failed the check and are not shown", source.quotes_failed),
        ("Events in the chain", source.events),
        ("Last hash of the chain", source.chain_head),
        *(("Problem", problem) for problem in source.problems),
        *((f"Not applicable: {row.requirement_id}", row.why) for row in report.not_applicable),
    ]
    run = source.run
    if run is None:
        return [*pairs, ("Run", "none yet")]
    return [
        *pairs,
        ("Run", run.id),
        ("Run state", run.state),
        ("Run started (UTC)", run.started),
        ("Run finished (UTC)", run.finished),
        ("Validity judged on", run.today.isoformat()),
        ("Engine", run.engine),
        ("Digest of the run's inputs", run.inputs),
        ("Digest of the run", run.digest),
        *((f"Model: {name}", value) for name, value in sorted(run.models.items())),
        *((f"Prompt: {name}", value) for name, value in sorted(run.prompts.items())),
        *((f"Setting: {name}", value) for name, value in sorted(run.settings.items())),
        *((f"Document: {name}", sha256) for sha256, name in sorted(run.documents.items(), key=lambda item: item[1])),
    ]


def _one_line(quote: str) -> str:
    """A quote without the line breaks of its page; the JSON keeps it as it stands there."""
    return " ".join(quote.split())


def _searched(row: GapRow) -> str:
    search = row.searched
    if search is None:
        return ""
    languages = ", ".join(search.languages) or "one language"
    queries = len(search.queries) + len(search.confirmed)
    return (
        f"{queries} queries in {languages}; {search.documents} documents, {search.pages} pages, "
        f"{search.passages} passages; {search.candidates} sentences judged"
    )


def _suspicion(item: SuspicionRow) -> str:
    where = f" (page {item.page})" if item.page else ""
    return f"{item.message}{where}" + (f": “{item.quote}”" if item.quote else "")


def _fact(fact: FactRow) -> str:
    where = f", page {fact.page}" if fact.page else ""
    return f"{fact.name}: {fact.value} (“{fact.quote or fact.origin}”{where})"


def _for(row: Entry) -> str:
    return row.requirement_id if isinstance(row, DecisionRow) else f"criterion {row.criterion_id}"


COLUMNS: tuple[str, ...] = tuple(
    dict.fromkeys(
        column.heading
        for columns in (READINESS, EVIDENCE, GAPS, DECISIONS, DOCUMENTS, PROVENANCE)
        for column in columns
    )
)
"""The headings of all sheets, each once."""
