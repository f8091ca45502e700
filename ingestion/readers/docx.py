"""DOCX: paragraphs, lists and tables in document order, straight from the XML (strict and transitional alike).

Left out, and reported where it may matter: tracked deletions, comments, headers and footers, hidden text.
Page breaks that Word recorded when it last saved the file make pages; a paragraph stays on the page it begins on.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from ..archive import attribute, core_properties, local, main_part, package, read_xml, relationships
from ..errors import DamagedFileError, EmptyFileError
from ..limits import Limits
from ..models import Heading, Page, Suspicion
from .base import OutlineEntry, RawDocument
from .decoding import clean

TINY_HALF_POINTS = 6
"""w:sz counts half points: below 3 pt nobody reads it."""
WHITE = {"FFFFFF", "FEFEFE", "FDFDFD", "FCFCFC", "FFFFFE"}
SKIPPED = {"del", "moveFrom", "delText", "instrText", "commentReference", "pPr", "rPr", "sectPr", "Fallback", "fldData"}
"""Deleted and moved text, field codes, and properties; `Fallback` repeats what `Choice` says."""
TITLE_LEVEL = 1
LOWEST_LEVEL = 9
LONGEST_QUOTE = 300
OFF = {"0", "false", "off", "none"}


@dataclass
class _Style:
    level: int = 0
    hidden: bool = False
    in_list: bool = False


@dataclass
class _Text:
    """The page being written, and those written before."""

    pages: list[Page] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    length: int = 0
    headings: list[Heading] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    break_before_next: bool = False
    deletions: int = 0

    def add(self, text: str, level: int = 0, gap: str = "\n\n") -> None:
        """Put a paragraph or a table row on the page."""
        text = clean(text).replace("\f", " ").strip()
        if not text:
            return
        if self.break_before_next:
            self.turn()
        if self.parts:
            self.parts.append(gap)
            self.length += len(gap)
        if level:
            end = self.length + len(text)
            self.headings.append(Heading(start=self.length, end=end, level=min(level, LOWEST_LEVEL)))
            self.outline.append(OutlineEntry(" ".join(text.split()), level, len(self.pages) + 1))
        self.parts.append(text)
        self.length += len(text)

    def turn(self) -> None:
        """Begin a new page, unless this one is empty."""
        self.break_before_next = False
        if not self.parts:
            return
        self.pages.append(Page(number=len(self.pages) + 1, text="".join(self.parts), headings=tuple(self.headings)))
        self.parts, self.length, self.headings = [], 0, []


class DocxReader:
    """`.docx`, `.docm`, and templates."""

    name = "docx"
    media_types = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)

    def read(self, path: Path, limits: Limits) -> RawDocument:
        """Pages as Word last laid them out, or one page."""
        with package(path, limits) as archive:
            part = main_part(archive, "word/document.xml")
            root = read_xml(archive, part)
            if root is None:
                raise DamagedFileError("is not a Word document (its text is missing): save it again from Word.")
            text = _Text()
            walk = _Walk(text, _styles(archive, part))
            body = next((child for child in root if local(child) == "body"), None)
            for child in body if body is not None else ():
                walk.block(child)
            _notes(archive, part, walk)
            text.turn()
            suspicions = _suspicions(archive, part, text)
            metadata = core_properties(archive)
        if not text.pages:
            if text.hidden:
                raise EmptyFileError("holds hidden text only: get a copy with visible text.")
            raise EmptyFileError("holds no text: if it shows pictures of text, save it as PDF and add that.")
        return RawDocument(pages=text.pages, metadata=metadata, suspicions=suspicions, outline=text.outline)


class _Walk:
    """Walks blocks of the body into `text`."""

    def __init__(self, text: _Text, styles: dict[str, _Style]) -> None:
        self.text = text
        self.styles = styles
        self.in_list = False
        self.boxes: list[Element] = []

    def block(self, element: Element) -> None:
        """A paragraph, a table, or something that holds them."""
        name = local(element)
        if name == "p":
            self._paragraph(element)
        elif name == "tbl":
            self._table(element)
        elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "AlternateContent", "Choice"}:
            for child in element:
                self.block(child)
        elif name == "altChunk":
            self.text.hidden.append("")
        for box in self._take_boxes():
            for child in box:
                self.block(child)

    def _take_boxes(self) -> list[Element]:
        boxes, self.boxes = self.boxes, []
        return boxes

    def _paragraph(self, element: Element) -> None:
        properties = next((child for child in element if local(child) == "pPr"), None)
        style, outline_level, in_list, breaks = self._properties(properties)
        if breaks:
            self.text.break_before_next = True
        words = self._words(element, style.hidden)
        level = style.level or outline_level
        if not level and in_list and words.strip():
            words = f"• {words.strip()}"
        gap = "\n" if in_list and self.in_list and not level else "\n\n"
        before, found, after = words.partition("\f")
        if found and not before.strip():
            self.text.break_before_next = True
        self.text.add(before + (" " if before and after else "") + after, level, gap)
        if found and before.strip():
            # A break inside a paragraph: what begins on a page stays on it.
            self.text.break_before_next = True
        self.in_list = in_list

    def _properties(self, properties: Element | None) -> tuple[_Style, int, bool, bool]:
        style, level, in_list, breaks = _Style(), 0, False, False
        for child in properties if properties is not None else ():
            name = local(child)
            if name == "pStyle":
                style = self.styles.get(attribute(child, "val"), style)
                in_list = style.in_list
            elif name == "outlineLvl":
                value = attribute(child, "val")
                level = int(value) + 1 if value.isdigit() and int(value) < LOWEST_LEVEL else 0
            elif name == "numPr":
                number = next((attribute(part, "val") for part in child if local(part) == "numId"), "")
                in_list = number != "0"
            elif name == "pageBreakBefore":
                breaks = attribute(child, "val") not in OFF
        return style, level, in_list, breaks

    def _words(self, element: Element, hidden: bool) -> str:
        """The visible words below `element`; a form feed stands for a page break."""
        parts: list[str] = []
        for child in element:
            name = local(child)
            if name == "r":
                words = self._run(child)
                if hidden or _is_hidden(child):
                    if words.strip():
                        self.text.hidden.append(words)
                else:
                    parts.append(words)
            elif name in SKIPPED:
                self.text.deletions += name in {"del", "moveFrom"}
            elif name in {"oMath", "oMathPara"}:
                parts.append("".join(part.text or "" for part in child.iter() if local(part) == "t"))
            else:
                parts.append(self._words(child, hidden))
        return "".join(parts)

    def _run(self, run: Element) -> str:
        parts = []
        for child in run:
            name = local(child)
            if name == "t":
                parts.append(child.text or "")
            elif name in {"tab", "ptab"}:
                parts.append("\t")
            elif name == "br":
                parts.append("\f" if attribute(child, "type") == "page" else "\n")
            elif name == "cr":
                parts.append("\n")
            elif name == "lastRenderedPageBreak":
                parts.append("\f")
            elif name == "noBreakHyphen":
                parts.append("-")
            elif name == "sym":
                parts.append("• " if not parts else "")
            elif name in {"drawing", "pict", "AlternateContent", "object"}:
                self._find_boxes(child)
        return "".join(parts)

    def _find_boxes(self, element: Element) -> None:
        for child in element:
            if local(child) == "txbxContent":
                self.boxes.append(child)
            elif local(child) != "Fallback":
                self._find_boxes(child)

    def _table(self, table: Element) -> None:
        first = True
        for row in _rows(table):
            cells = [self._cell(cell) for cell in _cells(row)]
            line = " | ".join(cell for cell in cells if cell)
            self.text.add(line, gap="\n\n" if first else "\n")
            first = False
        self.in_list = False

    def _cell(self, cell: Element) -> str:
        parts = []
        for child in cell:
            if local(child) == "p":
                style = self._properties(next((part for part in child if local(part) == "pPr"), None))[0]
                parts.append(self._words(child, style.hidden).replace("\f", " "))
            elif local(child) == "tbl":
                parts += [
                    " | ".join(filter(None, (self._cell(inner) for inner in _cells(row)))) for row in _rows(child)
                ]
            elif local(child) in {"sdt", "sdtContent", "ins", "customXml"}:
                parts.append(self._cell(child))
        return " ".join(" ".join(part.split()) for part in parts if part.strip())


def _rows(table: Element) -> list[Element]:
    rows: list[Element] = []
    for child in table:
        if local(child) == "tr":
            rows.append(child)
        elif local(child) in {"sdt", "sdtContent", "ins", "customXml"}:
            rows += _rows(child)
    return rows


def _cells(row: Element) -> list[Element]:
    cells: list[Element] = []
    for child in row:
        if local(child) == "tc":
            cells.append(child)
        elif local(child) in {"sdt", "sdtContent", "ins", "customXml"}:
            cells += _cells(child)
    return cells


def _is_hidden(run: Element) -> bool:
    properties = next((child for child in run if local(child) == "rPr"), None)
    white = shaded = False
    for child in properties if properties is not None else ():
        name, value = local(child), attribute(child, "val")
        if name == "vanish" and value not in OFF:
            return True
        if name == "sz" and value.isdigit() and int(value) < TINY_HALF_POINTS:
            return True
        if name == "color":
            white = value.upper() in WHITE
        if name in {"shd", "highlight"}:
            shaded = True
    return white and not shaded


def _styles(archive: zipfile.ZipFile, part: str) -> dict[str, _Style]:
    """Heading level and hiddenness of the document's paragraph styles; a style inherits from the one it is based on."""
    target = next((to for kind, to, out in relationships(archive, part).values() if kind == "styles" and not out), "")
    root = read_xml(archive, target) if target else None
    found: dict[str, _Style] = {}
    based: dict[str, str] = {}
    for element in root if root is not None else ():
        if local(element) != "style":
            continue
        style = _Style()
        identifier = attribute(element, "styleId")
        for child in element:
            if local(child) == "name":
                style.level = _level_of_name(attribute(child, "val"))
            elif local(child) == "basedOn":
                based[identifier] = attribute(child, "val")
            elif local(child) == "pPr":
                for entry in child:
                    value = attribute(entry, "val")
                    if local(entry) == "outlineLvl" and value.isdigit() and int(value) < LOWEST_LEVEL:
                        style.level = style.level or int(value) + 1
                    style.in_list = style.in_list or local(entry) == "numPr"
            elif local(child) == "rPr":
                style.hidden = any(local(entry) == "vanish" and attribute(entry, "val") not in OFF for entry in child)
        found[identifier] = style
    for identifier, style in found.items():
        parent, steps = based.get(identifier), 0
        while parent in found and steps < LOWEST_LEVEL:
            style.level = style.level or found[parent].level
            style.in_list = style.in_list or found[parent].in_list
            parent, steps = based.get(parent), steps + 1
    return found


def _level_of_name(name: str) -> int:
    lower = name.lower()
    if lower == "title":
        return TITLE_LEVEL
    word, _, number = lower.rpartition(" ")
    return int(number) if word == "heading" and number.isdigit() and 1 <= int(number) <= LOWEST_LEVEL else 0


def _notes(archive: zipfile.ZipFile, part: str, walk: _Walk) -> None:
    """Footnotes and endnotes, after the text."""
    for kind, target, outside in relationships(archive, part).values():
        if kind in {"footnotes", "endnotes"} and not outside:
            root = read_xml(archive, target)
            for note in root if root is not None else ():
                if not attribute(note, "type"):
                    for child in note:
                        walk.block(child)


def _suspicions(archive: zipfile.ZipFile, part: str, text: _Text) -> list[Suspicion]:
    found = []
    hidden = " ".join(" ".join(text.hidden).split())
    if hidden:
        message = "The document holds hidden text (formatted hidden, white or tiny); it is not read as evidence."
        found.append(Suspicion(kind="hidden text", message=message, quote=hidden[:LONGEST_QUOTE]))
    if text.deletions:
        message = f"The document holds {text.deletions} tracked deletions; the deleted words are not read."
        found.append(Suspicion(kind="hidden text", message=message))
    for name in archive.namelist():
        if name.startswith("word/comments") and name.endswith(".xml"):
            found += _comments(read_xml(archive, name))
    for kind, target, outside in relationships(archive, part).values():
        if kind == "vbaProject":
            found.append(
                Suspicion(kind="active content", message="The document holds macros; nothing of them was run.")
            )
        elif kind in {"attachedTemplate", "frame", "oleObject"} and outside:
            message = "The document loads something from outside when opened in Word; it was not loaded."
            found.append(Suspicion(kind="active content", message=message, quote=target[:LONGEST_QUOTE]))
        elif kind in {"oleObject", "package"} and not outside:
            message = f"The document carries an embedded file ({target.rsplit('/', 1)[-1]}) that was not read."
            found.append(Suspicion(kind="attachment", message=message, quote=target.rsplit("/", 1)[-1]))
    return found


def _comments(root: Element | None) -> list[Suspicion]:
    notes = list(root) if root is not None else []
    texts = ["".join(part.text or "" for part in note.iter() if local(part) == "t") for note in notes]
    texts = [" ".join(text.split()) for text in texts if text.strip()]
    if not texts:
        return []
    count = f"{len(texts)} comments" if len(texts) > 1 else "a comment"
    message = f"The document holds {count} in the margin; comments are not read as evidence."
    return [Suspicion(kind="hidden text", message=message, quote=" / ".join(texts)[:LONGEST_QUOTE])]
