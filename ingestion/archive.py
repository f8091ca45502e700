"""Office files are ZIP packages: measured before anything is unpacked, their XML read without entities."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from .errors import DamagedFileError, EncryptedFileError, TooLargeError
from .limits import Limits

MEGABYTE = 1024 * 1024
RATIO_FROM = 20 * MEGABYTE
"""Members smaller than this may compress as well as they like."""
MOST_MEMBERS = 20_000
ENCRYPTED_FLAG = 1
BROKEN = (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


@contextmanager
def package(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The open package. Raises `TooLargeError` for a bomb, `DamagedFileError` when it cannot be opened."""
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise DamagedFileError("is damaged (its package cannot be opened): get a fresh copy of the file.") from error
    with archive:
        check_size(archive, limits)
        yield archive


def check_size(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Raise `TooLargeError` when unpacking would pass the limits (zipfile never gives more than a member declares)."""
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    bomb = any(
        member.file_size > RATIO_FROM and member.file_size > limits.ratio * max(1, member.compress_size)
        for member in members
    )
    if total > limits.unpacked_mb * MEGABYTE or bomb or len(members) > MOST_MEMBERS:
        raise TooLargeError(
            f"grows to {total // MEGABYTE} MB in {len(members)} parts when unpacked, more than an office file needs: "
            "it was not opened; save it again from its program."
        )
    if any(member.flag_bits & ENCRYPTED_FLAG for member in members):
        raise EncryptedFileError("is protected by a password: save a copy without the password and add that.")


def read_xml(archive: zipfile.ZipFile, name: str) -> Element | None:
    """The parsed member, or None when it is not there. Raises `DamagedFileError` for broken or hostile XML."""
    try:
        data = archive.read(name)
    except KeyError:
        return None
    except (*BROKEN, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise DamagedFileError(
            f"is damaged (its part {name} cannot be unpacked): get a fresh copy of the file."
        ) from error
    try:
        root: Element = ElementTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise DamagedFileError("holds XML that would expand or load other files: it was not read.") from error
    except (ElementTree.ParseError, ValueError) as error:
        raise DamagedFileError(
            f"is damaged (its part {name} is broken XML): save it again from its program."
        ) from error
    return root


def local(element: Element) -> str:
    """Tag name without namespace: the same for strict and transitional OOXML."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """The attribute of that local name in any namespace, or ""."""
    for key, value in element.attrib.items():
        if key.rsplit("}", 1)[-1] == name:
            return value
    return ""


def relationships(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str, bool]]:
    """Relationship id → (type's last word, target, whether it is outside the package) of one part."""
    folder, _, name = part.rpartition("/")
    root = read_xml(archive, f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels")
    found = {}
    for entry in root if root is not None else ():
        kind = entry.get("Type", "").rsplit("/", 1)[-1]
        target = entry.get("Target", "")
        outside = entry.get("TargetMode") == "External"
        if not outside:
            target = target.lstrip("/") if target.startswith("/") else _join(folder, target)
        found[entry.get("Id", "")] = (kind, target, outside)
    return found


def _join(folder: str, target: str) -> str:
    parts = folder.split("/") if folder else []
    for piece in target.split("/"):
        if piece == "..":
            parts = parts[:-1]
        elif piece not in ("", "."):
            parts.append(piece)
    return "/".join(parts)


def main_part(archive: zipfile.ZipFile, default: str) -> str:
    """Name of the package's main part (`officeDocument` relationship), or `default`."""
    for kind, target, outside in relationships(archive, "").values():
        if kind == "officeDocument" and not outside:
            return target
    return default


def core_properties(archive: zipfile.ZipFile) -> dict[str, str]:
    """Title, author, subject, created, modified, status and version from the package's core properties."""
    names = {"title": "title", "creator": "author", "subject": "subject", "created": "created",
             "modified": "modified", "contentStatus": "status", "version": "version",
             "keywords": "keywords"}  # fmt: skip
    try:
        root = read_xml(archive, "docProps/core.xml")
    except DamagedFileError:
        return {}
    if root is None:
        return {}
    return {
        names[local(entry)]: entry.text.strip()
        for entry in root
        if local(entry) in names and entry.text and entry.text.strip()
    }
