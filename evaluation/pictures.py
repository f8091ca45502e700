"""The pictures of the README: `python -m evaluation.pictures` runs the app on the sample site and photographs it.

Reading and matching the sample site takes some minutes; `--workspace FOLDER` keeps it for the next time.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import yaml
from PIL import Image

from assistant.access import Person
from assistant.cli.serving import serving
from assistant.config import load_settings
from assistant.models import Site, Verdict
from assistant.service import Service
from ingestion.models import ReadStatus

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
SAMPLE_SITE = Path(__file__).parent / "sample_site"
SAMPLE_DAY = date(2026, 11, 22)
INTO = ROOT / "docs" / "images"
CHROMIUM = Path("/usr/bin/chromium")
"""Where Debian puts it."""
FLAGS: tuple[str, ...] = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Chromium as root without a screen, and without the connections it makes on its own account."""
WIDTH = 1280
COLOURS = 200
"""Of the palette a picture is reduced to: keeps it under 300 KB without a difference to the eye."""
PAGE_MILLISECONDS = 60_000
SETTLING_MILLISECONDS = 1_500
"""Charts and tables are painted after the page says it is ready."""
SIGNS = "Sample assessor"

Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class Shot:
    """A picture: its name, the address, a text that is there when the page is, and the height of the window.

    `press` is a button pressed before the picture is taken, `then` what it makes appear.
    """

    name: str
    address: str
    ready: str
    height: int = 900
    press: str = ""
    then: str = ""


def shots(document: str) -> tuple[Shot, ...]:
    """The pictures; `document` is the one that is opened on the documents' page."""
    return (
        Shot("readiness", "", "What a gap means", 1060),
        Shot("documents", f"documents?document={document}", "Correct or state a fact", 1340),
        Shot("review", "review?criterion=19&requirement=19.a", "proposed quote", 1300),
        Shot("gap", "review?criterion=14&requirement=14.g", "What would close it", 960),
        Shot("ask", "ask", "When does our ISO 14001", 800),
        Shot("export", "export", "Is the record sound?", 760, press="Verify", then="Last hash of the chain"),
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def settled(page: Page, ready: str) -> None:
    """Wait until the page shows the text `ready` and the app is not running any more."""
    page.get_by_text(ready).first.wait_for(timeout=PAGE_MILLISECONDS)
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'",
        timeout=PAGE_MILLISECONDS,
    )
    page.wait_for_function(
        "document.querySelectorAll('[data-testid=stSkeleton]').length === 0", timeout=PAGE_MILLISECONDS
    )
    page.wait_for_timeout(SETTLING_MILLISECONDS)


def sample_workspace(folder: Path) -> Service:
    """The sample site read and matched in `folder`, with a few decisions, a rating and two questions; made once."""
    os.environ["ASSAY_TODAY"] = SAMPLE_DAY.isoformat()
    settings = load_settings(folder)
    person = Person(name=SIGNS)
    if (folder / "assay.db").is_file():
        service = Service.open(folder, person, settings=settings)
    else:
        site = Site.model_validate(yaml.safe_load((SAMPLE_SITE / "site.yaml").read_text(encoding="utf-8")))
        service = Service.create(folder, site, person=person, settings=settings)
    results = list(service.add([SAMPLE_SITE / "documents"]))
    if service.latest_run() is None or any(result.status is not ReadStatus.SKIPPED for result in results):
        service.match(_say)
    if not service.decisions():
        _decide(service)
    if not service.messages("pages"):
        service.ask("What does criterion 31 expect from a smelter?", "pages")
        service.ask("When does our ISO 14001 certificate expire?", "pages")
    return service


def _say(done: int, total: int, what: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} of {total} {what}      ")


def _decide(service: Service) -> None:
    views = [view for criterion in ("1", "19", "31") for view in service.findings(criterion) if view.evidence]
    for at, view in enumerate(views):
        item = view.evidence[0].evidence
        if view.requirement.id == "19.a" or at % 3 == 2:
            continue
        service.decide("evidence", item.key, view.requirement.id, Verdict.CONFIRMED, quote=item.quote)
        if len(view.evidence) > 1 and at % 2:
            item = view.evidence[-1].evidence
            reason = "Too general for this requirement"
            service.decide("evidence", item.key, view.requirement.id, Verdict.REJECTED, reason, quote=item.quote)
    service.rate("1", "partially meets", "Register and permits are in date; open points are in the history.")


def photograph(address: str, begin: str, themes: Sequence[Theme], document: str, into: Path) -> None:
    """Take every picture in every theme; `begin` is the address of an app that has no workspace yet."""
    into.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for theme in themes:
            context = browser.new_context(viewport={"width": WIDTH, "height": 900}, color_scheme=theme)
            page = context.new_page()
            for shot in (Shot("begin", "", "What happens next", 860), *shots(document)):
                page.set_viewport_size({"width": WIDTH, "height": shot.height})
                page.goto(f"{begin if shot.name == 'begin' else address}/{shot.address}")
                settled(page, shot.ready)
                if shot.press:
                    page.get_by_role("button", name=shot.press).click()
                    settled(page, shot.then)
                path = into / f"{shot.name}-{theme}.png"
                path.write_bytes(reduced(page.screenshot()))
                print(f"{path.name}: {path.stat().st_size // 1024} KB")  # noqa: T201
            context.close()


def reduced(png: bytes) -> bytes:
    """A screenshot with a palette of its own, about a third of the size."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    out = io.BytesIO()
    picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main(arguments: Sequence[str] | None = None) -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.pictures", description=__doc__)
    parser.add_argument("--workspace", type=Path, help="Keep the sample site's workspace here, or use the one that is.")
    parser.add_argument("--into", type=Path, default=INTO, help="Folder of the pictures.")
    parser.add_argument("--theme", choices=["light", "dark"], action="append", help="Only this theme.")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="assay-pictures-") as folder:
        service = sample_workspace(given.workspace or Path(folder) / "workspace")
        documents = sorted(service.documents(), key=lambda one: (-one.suspicions, -len(one.facts), one.name))
        service.close()
        signed = service.settings.model_copy(update={"person": SIGNS})
        nothing = load_settings(Path(folder) / "none")
        with serving(signed) as app, serving(nothing) as begin:
            photograph(app.address, begin.address, given.theme or ["light", "dark"], documents[0].sha256, given.into)


if __name__ == "__main__":
    main()
