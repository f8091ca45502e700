"""The pages in a real Chromium against the real server, reader and engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import TimeoutError as NotInTime

from assistant.cli.serving import serving
from assistant.service import Service
from evaluation.pictures import CHROMIUM, chromium, settled
from tests.ui.double import SITE, settings, write_documents
from tests.ui.hostile import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"Chromium is not at {CHROMIUM}; install Debian's chromium."),
]
MATCHING_MILLISECONDS = 300_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def watched(page: Page) -> list[str]:
    """The addresses the page asks for, as they come."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    return asked


def foreign(asked: list[str], address: str) -> list[str]:
    """Those that are not the app's own."""
    own = (f"{address}/", f"{address.replace('http', 'ws', 1)}/", "data:", f"blob:{address}")
    return [url for url in asked if not url.startswith(own)]


def open_last_row(page: Page) -> None:
    """Click the last row of the table until the page changes: its canvas overlooks a click that comes too early."""
    table = page.get_by_test_id("stDataFrame").bounding_box()
    assert table is not None
    for _ in range(5):
        page.mouse.move(table["x"] + 160, table["y"] + table["height"] - 20)
        page.mouse.click(table["x"] + 150, table["y"] + table["height"] - 15)
        with suppress(NotInTime):
            page.wait_for_url("**/review**", timeout=8_000)
            return


def assert_below_the_bar(page: Page, heading: Locator) -> None:
    """Streamlit's bar lies over the page: what begins higher is covered by it."""
    bar, place = page.get_by_test_id("stHeader").bounding_box(), heading.bounding_box()
    assert bar is not None
    assert place is not None
    assert place["y"] >= bar["y"] + bar["height"]


def test_the_whole_way(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Upload, read, match, decide, reload, ask, follow a citation, export; and nothing asked of anybody else."""
    monkeypatch.delenv("ASSAY_PERSON", raising=False)
    workspace = tmp_path / "workspace"
    Service.create(workspace, SITE).close()
    files = write_documents(tmp_path / "files")
    with serving(settings(workspace)) as server:
        address = server.address
        page = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        asked = watched(page)

        page.goto(f"{address}/documents")
        settled(page, "No documents yet")
        page.locator("input[type=file]").set_input_files([str(path) for path in files])
        page.get_by_role("button", name="Read 4 files").click()
        settled(page, "3 files of 4 read")
        assert page.get_by_text("Broken permit.pdf: not readable").first.is_visible()

        page.get_by_role("link", name="Readiness").click()
        settled(page, "Not matched yet")
        page.get_by_role("button", name="Match").click()
        page.get_by_text("What a gap means.").wait_for(timeout=MATCHING_MILLISECONDS)
        settled(page, "quotes verified")
        assert_below_the_bar(page, page.get_by_role("heading", name="Readiness"))

        page.get_by_role("textbox", name="Search").fill("tailings")
        page.get_by_role("textbox", name="Search").press("Enter")
        page.wait_for_function("document.querySelector('[data-testid=stDataFrame]').offsetHeight < 100")
        settled(page, "quotes verified")
        open_last_row(page)
        settled(page, "19.a")
        assert "criterion=19" in page.url

        confirm = page.get_by_role("button", name="Confirm").first
        assert confirm.is_disabled()
        page.get_by_label("Your name").fill("Ana Ruiz")
        page.get_by_label("Your name").press("Enter")
        settled(page, "Decisions are signed")
        page.get_by_role("button", name="Confirm").first.click()
        settled(page, "Confirmed by Ana Ruiz")
        confirmed_at = page.url

        page.get_by_role("button", name="Next undecided").click()
        page.wait_for_function("address => location.href !== address", arg=confirmed_at)
        settled(page, "19.b")
        rejected_at = page.url
        page.get_by_role("button", name="Reject").first.click()
        page.get_by_label("Reason, in your words").first.fill("It is of another year")
        page.get_by_test_id("stFormSubmitButton").get_by_role("button", name="Reject").first.click()
        settled(page, "Rejected by Ana Ruiz")

        page.reload()
        settled(page, "Rejected by Ana Ruiz")
        assert page.url == rejected_at
        assert page.get_by_text("It is of another year").first.is_visible()
        page.goto(confirmed_at)
        settled(page, "Confirmed by Ana Ruiz")

        page.goto(f"{address}/ask")
        settled(page, "What would you like to know?")
        box = page.get_by_test_id("stChatInputTextArea")
        box.fill("When was the evacuation drill of Los Boldos held?")
        box.press("Enter")
        page.get_by_test_id("stChatMessage").nth(1).wait_for(timeout=MATCHING_MILLISECONDS)
        citation = page.locator("[class*=st-key-cite_]").get_by_role("button").first
        citation.wait_for(timeout=MATCHING_MILLISECONDS)
        citation.click()
        settled(page, "of 2")
        assert page.get_by_test_id("stImage").locator("img").is_visible()

        page.goto(f"{address}/export")
        settled(page, "Is the record sound?")
        with page.expect_download(timeout=60_000) as download:
            page.get_by_role("button", name="Download JSON").click()
        report = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
        assert "Ana Ruiz" in json.dumps(report)
        with page.expect_download(timeout=60_000) as download:
            page.get_by_role("button", name="Download Excel workbook").click()
        assert Path(download.value.path()).read_bytes()[:2] == b"PK"
        page.get_by_role("button", name="Verify").click()
        settled(page, "The record is sound.")

        assert foreign(asked, address) == []
        assert any(url.startswith(f"{address}/") for url in asked)


def test_hostile_text_shows_as_its_own_characters(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    with serving(settings(tmp_path / "none"), app=Path(__file__).parent / "inert_app.py") as server:
        address = server.address
        page = browser.new_page()
        asked = watched(page)
        page.goto(address)
        settled(page, "Inert")
        main = page.get_by_test_id("stMain")
        for tag in (
            "a",
            "img:not([data-testid])",
            ".katex",
            "strong",
            "em",
            "del",
            "code",
            "li",
            "blockquote",
            "script",
        ):
            assert main.locator(tag).count() == 0, tag
        for at, text in enumerate(HOSTILE):
            for place in ("markdown", "caption", "badge", "button", "text"):
                shown = main.locator(f".st-key-{place}_{at}").inner_text()
                shown = shown.replace("\u2060", "").strip()
                assert shown.removeprefix("check").strip() == text, place
        assert foreign(asked, address) == []
