"""`make demo`: the whole way on the bundled sample site, from reading to the report, with the time of each stage.

Run again, it reads nothing twice and shows that the same input gives the same result. It stands on the layer of the
command line and goes through the service like every other face.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli import serving
from assistant.cli.application import run
from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.site_options import read_site
from assistant.cli.terminal import console, tell
from assistant.cli.working import waiting, working
from assistant.config import SETTINGS_FILE
from assistant.errors import WorkspaceError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.service import Service

SAMPLE_SITE = Path(__file__).resolve().parents[1] / "evaluation" / "sample_site"
"""The bundled site: made documents of a fictional mine and smelter."""

SAMPLE_DAY = date(2026, 11, 22)
"""The day on which the sample site's documents are read: what is valid or expired there stays so."""

REPORTS = "reports"
REPORT_FORMATS = ("xlsx", "json")


class Stages:
    """The seconds of each stage, in order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure the block."""
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began

    def line(self) -> str:
        """All of them and their sum."""
        each = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items())
        return f"Time: {each}, together {sum(self.seconds.values()):.1f} s."


@click.command("demo", cls=AssayCommand)
@click.option("--serve/--no-serve", default=False, help="Serve the pages afterwards.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the pages. Default: a free one.")
@pass_session
def demo(session: Session, serve: bool, port: int | None) -> int:
    """Read the sample site, match it against all criteria, show the readiness, write the report."""
    out = console()
    stages = Stages()
    with stages.stage("start"):
        service = open_sample(session)
    session.kept = "Stopped. What was read and found so far is kept; `make demo` goes on."
    show(service, out, stages)
    if not serve:
        tell(out, "Serve the pages with: make demo, or: .venv/bin/assay serve")
        return 0
    settings = service.settings
    session.close()
    session.kept = "The pages are closed. `make demo` starts them again."
    with serving.serving(settings, port=port) as server:
        tell(out, f"Assay is at {server.address} (Ctrl-C ends it).", style="bold")
        return server.wait()


def open_sample(session: Session, sample: Path = SAMPLE_SITE) -> Service:
    """The workspace with the sample site, made when it is not there yet.

    Raises `WorkspaceError` when the workspace belongs to another site.
    """
    from assistant.store.database import DATABASE_FILE

    site = read_site(sample / "site.yaml")
    folder = session.settings().workspace
    if not (folder / DATABASE_FILE).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SETTINGS_FILE).write_text(
            f"# The sample site is read as of the day its documents were made for.\ntoday = {SAMPLE_DAY}\n",
            encoding="utf-8",
        )
        from assistant.service import Service

        Service.create(folder, site, settings=session.settings()).close()
    service = session.service()
    found = service.site().name
    if found != site.name:
        raise WorkspaceError(
            f"{folder} is the workspace of {found}; give the demonstration its own: make demo WORKSPACE=demo."
        )
    return service


def show(service: Service, out: Console, stages: Stages, documents: Path = SAMPLE_SITE / "documents") -> None:
    """Read, match and report, printing what a person wants to see of it."""
    _read(service, out, stages, documents)
    _match(service, out, stages)
    from assistant.cli import tables

    with stages.stage("check quotes"):
        report = service.status()
    out.print()
    out.print(tables.readiness(report, out.width))
    tell(out, tables.readiness_line(report))
    tell(out, service.framework().notice)
    noticed = service.noticed()
    tell(out, f"\nDocuments that need a look: {len(noticed)}", style="bold")
    out.print(tables.troubles(service.documents(), noticed))
    tell(out, f"Quotes shown {report.quotes_shown}, verified {report.quotes_verified}.", style="bold")
    if report.promise:
        tell(out, report.promise)
    folder = service.workspace / REPORTS
    folder.mkdir(exist_ok=True)
    for form in REPORT_FORMATS:
        with stages.stage(f"{form} report"), waiting(f"Writing the {form} report"):
            written = service.export(folder / f"readiness.{form}", form)
        tell(out, f"Report: {written}")
    tell(out, stages.line())


def _read(service: Service, out: Console, stages: Stages, documents: Path) -> None:
    from ingestion import expand

    total = len(expand([documents]))
    fresh = 0
    with stages.stage("read"), working("Reading") as progress:
        for done, result in enumerate(service.add([documents]), start=1):
            progress(done, total, result.name)
            fresh += result.status.value != "skipped"
    counts = service.status().documents
    tell(
        out,
        f"{service.site().name}: {counts.total} documents, {counts.pages} pages, {counts.passages} passages "
        f"({fresh} read now, {total - fresh} were there).",
    )


def _match(service: Service, out: Console, stages: Stages) -> None:
    before = service.latest_run()
    with stages.stage("match"), working("Matching") as progress:
        summary = service.match(progress)
    tell(
        out,
        f"Run {summary.run.id}: {summary.findings} requirements of {summary.run.framework_id} "
        f"{summary.run.framework_version}, judged by {summary.run.engine}.",
    )
    if before is not None and before.digest and before.inputs == summary.run.inputs:
        same = "the same result, to the letter" if before.digest == summary.run.digest else "another result"
        tell(out, f"Run {before.id} had the same input and gives {same} (digest {summary.run.digest[:12]}).")


if __name__ == "__main__":
    sys.exit(run(demo, None, "demo"))
