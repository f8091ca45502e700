"""HTML: what a browser would show, block by block; scripts never, hidden text reported and left out."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, NavigableString, Tag, XMLParsedAsHTMLWarning
from bs4.element import PreformattedString

from ..errors import EmptyFileError
from ..limits import Limits
from ..models import Heading, Page, Suspicion
from ..tables import table_lines
from .base import OutlineEntry, RawDocument
from .decoding import decode

NEVER = {"script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "embed", "audio", "video",
         "head", "math", "select", "datalist"}  # fmt: skip
BLOCKS = {"p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "ul", "ol", "dl", "dt", "dd",
          "figure", "figcaption", "blockquote", "pre", "form", "fieldset", "address", "details", "summary", "center",
          "body", "html", "hr", "table"}  # fmt: skip
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0*(?:[0-2](?:\.\d+)?(?:px|pt)|0(?:\.0+)?(?:em|rem|%)?)\s*(?:;|!|$)"
    r"|(?:left|top|text-indent|margin-left)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*0",
    re.IGNORECASE,
)
WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent\b|rgb\(\s*255\s*,\s*255\s*,\s*255|#fe[ef]efe)", re.I
)
BACKGROUND = re.compile(r"background", re.IGNORECASE)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SIMPLE_SELECTOR = re.compile(r"[.#][\w-]+$")
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
META_DATES = {"date", "dc.date", "dcterms.date", "dcterms.modified", "article:published_time", "article:modified_time",
              "last-modified", "revised"}  # fmt: skip
BREAK = "\v"
"""Stands for `<br>` while a block is gathered; the source's own line ends mean nothing."""
LONGEST_QUOTE = 300
MOST_MESSAGES = 20
FEWEST_LETTERS = 30
"""Menus and markers that a page hides are shorter; an instruction is not."""
MOST_DEPTH = 400


class HtmlReader:
    """`.html`, `.htm`, saved web pages."""

    name = "html"
    media_types = ("text/html",)

    def read(self, path: Path, limits: Limits) -> RawDocument:
        """One page."""
        data = path.read_bytes()
        declared = META_CHARSET.search(data[:4096])
        raw = from_html(decode(data, declared[1].decode("ascii") if declared else ""))
        if not raw.pages[0].text.strip():
            if raw.suspicions:
                raise EmptyFileError("shows no text: all its words are hidden or made by scripts; save it as PDF.")
            raise EmptyFileError("shows no text: if scripts fill the page, open it and save it as PDF.")
        return raw


def from_html(markup: str) -> RawDocument:
    """The visible text of `markup` as one page (its text may be empty)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(markup, "lxml")
    walk = _Walk(_hidden_selectors(soup))
    walk.visit(soup.body or soup, 0)
    walk.flush()
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    page = Page(number=1, text="".join(walk.parts), headings=tuple(walk.headings))
    metadata = {"title": title, "created": _meta_date(soup)}
    return RawDocument(
        pages=[page],
        metadata={key: value for key, value in metadata.items() if value},
        suspicions=walk.suspicions,
        outline=walk.outline,
    )


def _meta_date(soup: BeautifulSoup) -> str:
    """The date the page's head states, if any."""
    for tag in soup.find_all("meta"):
        name = str(tag.get("name") or tag.get("property") or "").lower()
        if name in META_DATES:
            return str(tag.get("content") or "").strip()
    return ""


def _hidden_selectors(soup: BeautifulSoup) -> set[str]:
    """Classes and ids that the page's own style sheet hides."""
    found: set[str] = set()
    for style in soup.find_all("style"):
        for selectors, rules in RULE.findall(style.get_text()):
            if HIDING.search(rules):
                found.update(part.strip() for part in selectors.split(",") if SIMPLE_SELECTOR.match(part.strip()))
    return found


class _Walk:
    """Gathers inline text into blocks, and blocks into the page."""

    def __init__(self, hidden: set[str]) -> None:
        self.hidden = hidden
        self.parts: list[str] = []
        self.length = 0
        self.inline: list[str] = []
        self.headings: list[Heading] = []
        self.outline: list[OutlineEntry] = []
        self.suspicions: list[Suspicion] = []
        self.was_item = False

    def visit(self, node: Tag, depth: int) -> None:
        """Walk the children of `node`."""
        for child in node.children:
            if isinstance(child, NavigableString):
                if not isinstance(child, PreformattedString):
                    self.inline.append(str(child))
                continue
            if not isinstance(child, Tag) or child.name in NEVER or depth > MOST_DEPTH:
                continue
            if self._is_hidden(child):
                self._report(child)
                continue
            self._element(child, depth)

    def _element(self, child: Tag, depth: int) -> None:
        name = child.name
        if name == "br":
            self.inline.append(BREAK)
        elif name in HEADINGS:
            self.flush()
            self.visit(child, depth + 1)
            self.flush(HEADINGS[name])
        elif name == "li":
            self.flush()
            self.inline.append("• ")
            self.visit(child, depth + 1)
            self.flush(item=True)
        elif name == "table" and not child.find("table") and not child.find(["h1", "h2", "h3", "h4", "ul", "ol"]):
            self.flush()
            self._table(child)
        elif name in BLOCKS or name in {"tr", "td", "th", "caption"}:
            self.flush()
            self.visit(child, depth + 1)
            self.flush()
        elif name in {"input", "textarea", "button"}:
            return
        else:
            self.visit(child, depth + 1)

    def _table(self, table: Tag) -> None:
        rows = []
        for row in table.find_all("tr"):
            if self._is_hidden(row):
                self._report(row)
                continue
            cells = []
            for cell in row.find_all(["td", "th"]):
                inner = _Walk(self.hidden)
                inner.visit(cell, 0)
                inner.flush()
                self.suspicions += inner.suspicions
                cells.append("".join(inner.parts))
            rows.append(cells)
        for at, line in enumerate(table_lines(rows)):
            self._add(line, "\n" if at else "\n\n")

    def flush(self, level: int = 0, *, item: bool = False) -> None:
        """End the block being gathered."""
        gathered = "".join(self.inline)
        self.inline = []
        pieces = [gathered.replace(BREAK, " ")] if level else gathered.split(BREAK)
        text = "\n".join(filter(None, (" ".join(piece.split()) for piece in pieces)))
        if not text.strip("• \n"):
            return
        start = self._add(text, "\n" if item and self.was_item else "\n\n")
        self.was_item = item
        if level:
            self.headings.append(Heading(start=start, end=start + len(text), level=level))
            self.outline.append(OutlineEntry(text, level, 1))

    def _add(self, text: str, gap: str) -> int:
        if self.parts:
            self.parts.append(gap)
            self.length += len(gap)
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start

    def _is_hidden(self, tag: Tag) -> bool:
        if tag.has_attr("hidden"):
            return True
        style = str(tag.get("style") or "")
        if style and (HIDING.search(style) or (WHITE.search(style) and not BACKGROUND.search(style))):
            return True
        if not self.hidden:
            return False
        names = [f".{name}" for name in tag.get_attribute_list("class") if name]
        return any(name in self.hidden for name in [*names, f"#{tag.get('id')}"])

    def _report(self, tag: Tag) -> None:
        for inner in tag.find_all(["script", "style", "noscript"]):
            inner.extract()
        words = " ".join(tag.get_text(" ").split())
        if sum(char.isalpha() for char in words) < FEWEST_LETTERS or len(self.suspicions) >= MOST_MESSAGES:
            return
        message = "The page holds text that its style hides from a reader; it is not read as evidence."
        self.suspicions.append(Suspicion(kind="hidden text", message=message, quote=words[:LONGEST_QUOTE], page=1))
