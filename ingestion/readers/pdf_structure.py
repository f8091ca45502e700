"""What a PDF does besides showing pages, by pypdf: attached files, scripts, and actions that run or send something."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from ..models import Suspicion

ACTIVE = {
    "/JavaScript": "runs a script",
    "/Launch": "starts a program",
    "/SubmitForm": "sends form data to an address",
    "/ImportData": "loads data from a file",
    "/Rendition": "plays a media file",
}
LINK_SCHEMES = ("javascript:", "file:", "data:", "vbscript:")
PAGES_LOOKED_AT = 500
TREE_NODES = 2000
LONGEST_QUOTE = 200
PARSE_ERRORS = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError,
                NotImplementedError, AssertionError, OverflowError)  # fmt: skip
"""pypdf raises built-in errors on damaged files; the pages are pdfium's business, so this part is then left out."""

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass
class Structure:
    """Attachments and actions of a PDF as suspicions."""

    suspicions: list[Suspicion] = field(default_factory=list)


def read_structure(path: Path) -> Structure:
    """The structure of the file at `path`; what cannot be parsed is left out."""
    structure = Structure()
    try:
        with path.open("rb") as stream:
            reader = PdfReader(stream, strict=False)
            if reader.is_encrypted and not reader.decrypt(""):
                return structure
            _look(reader, structure)
    except PARSE_ERRORS:
        return structure
    return structure


def _look(reader: PdfReader, structure: Structure) -> None:
    root = _dictionary(reader.trailer.get("/Root"))
    seen: set[tuple[str, int]] = set()
    names = _dictionary(root.get("/Names"))
    for name in _tree_names(_dictionary(names.get("/EmbeddedFiles"))):
        structure.suspicions.append(
            Suspicion(
                kind="attachment", message=f"The file carries an attachment ({name}) that was not read.", quote=name
            )
        )
    actions = [(0, action) for action in _tree_values(_dictionary(names.get("/JavaScript")))]
    actions += [(0, _dictionary(root.get("/OpenAction")))]
    actions += [(0, _dictionary(action)) for action in _dictionary(root.get("/AA")).values()]
    for number, page in enumerate(reader.pages[:PAGES_LOOKED_AT], 1):
        actions += [(number, _dictionary(action)) for action in _dictionary(page.get("/AA")).values()]
        annotations = _resolved(page.get("/Annots"))
        for annotation in annotations if isinstance(annotations, ArrayObject) else ():
            entry = _dictionary(annotation)
            if entry.get("/Subtype") == "/FileAttachment":
                name = str(_dictionary(entry.get("/FS")).get("/F", "without a name"))
                message = f"Page {number} carries an attached file ({name}) that was not read."
                structure.suspicions.append(Suspicion(kind="attachment", message=message, quote=name, page=number))
            actions.append((number, _dictionary(entry.get("/A"))))
            actions += [(number, _dictionary(action)) for action in _dictionary(entry.get("/AA")).values()]
    for number, action in actions:
        found = _suspicion(number, action)
        if found is not None and (found.message, number) not in seen:
            seen.add((found.message, number))
            structure.suspicions.append(found)


def _suspicion(page: int, action: DictionaryObject) -> Suspicion | None:
    kind = str(_resolved(action.get("/S", "")))
    where = f"Page {page}" if page else "The file"
    if kind in ACTIVE:
        detail = _resolved(action.get("/JS") or action.get("/F") or action.get("/Win") or "")
        quote = detail.get_data().decode("latin-1") if hasattr(detail, "get_data") else str(detail)
        return Suspicion(
            kind="active content",
            message=f"{where} {ACTIVE[kind]} when opened in a PDF program; nothing of it was run.",
            quote=" ".join(quote.split())[:LONGEST_QUOTE],
            page=page,
        )
    address = str(_resolved(action.get("/URI", "")))
    if kind == "/URI" and address.lower().startswith(LINK_SCHEMES):
        return Suspicion(
            kind="link",
            message=f"{where} links to something other than a web page.",
            quote=address[:LONGEST_QUOTE],
            page=page,
        )
    return None


def _resolved(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _dictionary(value: Any) -> DictionaryObject:
    found = _resolved(value)
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _tree(root: DictionaryObject) -> Iterator[tuple[str, Any]]:
    """Name and value of a PDF name tree; loops end at `TREE_NODES`."""
    waiting = [root]
    for _ in range(TREE_NODES):
        if not waiting:
            return
        node = waiting.pop()
        entries = _resolved(node.get("/Names"))
        if isinstance(entries, ArrayObject):
            yield from zip((str(_resolved(name)) for name in entries[::2]), entries[1::2], strict=False)
        children = _resolved(node.get("/Kids"))
        if isinstance(children, ArrayObject):
            waiting += [_dictionary(child) for child in children]


def _tree_names(root: DictionaryObject) -> list[str]:
    return [str(_dictionary(value).get("/UF") or _dictionary(value).get("/F") or name) for name, value in _tree(root)]


def _tree_values(root: DictionaryObject) -> list[DictionaryObject]:
    return [_dictionary(value) for _, value in _tree(root)]
