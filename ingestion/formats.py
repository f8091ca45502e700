"""Which format a file has, told from its bytes and never from its name alone.

The name only settles what bytes cannot: whether readable text is Markdown, CSV or a mail without full headers.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from .errors import DamagedFileError, EmptyFileError, EncryptedFileError, UnsupportedFileError
from .readers.decoding import decode_head, looks_binary

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
HTML = "text/html"
MAIL = "message/rfc822"
CSV = "text/csv"
MARKDOWN = "text/markdown"
TEXT = "text/plain"
UNKNOWN = "application/octet-stream"

HEAD = 8192
TAIL = 2048
OFFICE_FOLDERS = {"word/": DOCX, "xl/": XLSX, "ppt/": PPTX}
OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet": "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation": "application/vnd.oasis.opendocument.presentation",
    "application/epub+zip": "application/epub+zip",
}
MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"GIF8", "image/gif"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf", "application/x-7z-compressed"),
    (b"Rar!", "application/x-rar"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_KINDS = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__substg1.0_", "application/vnd.ms-outlook"),
)
ADVICE = {
    "application/msword": "is an old Word file (.doc): save it as DOCX or PDF and add that.",
    "application/vnd.ms-excel": "is an old Excel file (.xls): save it as XLSX and add that.",
    "application/vnd.ms-powerpoint": "is an old PowerPoint file (.ppt): save it as PPTX or PDF and add that.",
    "application/vnd.ms-outlook": "is an Outlook message (.msg): save it as EML or PDF and add that.",
    "application/rtf": "is a rich text file (.rtf): save it as DOCX or PDF and add that.",
    "application/vnd.oasis.opendocument.text": "is an OpenDocument text (.odt): save it as DOCX or PDF and add that.",
    "application/vnd.oasis.opendocument.spreadsheet": "is an OpenDocument table (.ods): save it as XLSX and add that.",
    "application/vnd.oasis.opendocument.presentation":
        "is an OpenDocument presentation (.odp): save it as PPTX or PDF and add that.",
    "application/epub+zip": "is an e-book (.epub): save it as PDF and add that.",
    "application/zip": "is an archive: unpack it and add the files inside.",
    "application/gzip": "is an archive: unpack it and add the files inside.",
    "application/x-7z-compressed": "is an archive: unpack it and add the files inside.",
    "application/x-rar": "is an archive: unpack it and add the files inside.",
    UNKNOWN: "is in no format that is read (PDF, DOCX, XLSX, PPTX, HTML, text, CSV, EML, PNG, JPG, TIFF): "
             "save it as one of them.",
}  # fmt: skip
"""What to do with a format that is recognised but not read."""

HTML_START = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|div|table|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
MAIL_HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9-]{1,40}):[ \t]?", re.MULTILINE)
MAIL_SURE = {"mime-version", "message-id", "received", "return-path", "delivered-to", "x-mailer"}
MAIL_USUAL = {"from", "to", "date", "subject", "cc"}


def media_type(path: Path) -> str:
    """The media type of the file's content. Raises `EmptyFileError` or `EncryptedFileError` where that is clear."""
    size = path.stat().st_size
    if size == 0:
        raise EmptyFileError("is empty (0 bytes): check that it was saved or copied completely.")
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        stream.seek(max(0, size - TAIL))
        tail = stream.read(TAIL)
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(path)
    if head.startswith(OLE):
        return _ole_type(path)
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"BM") and looks_binary(head):
        return "image/bmp"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if looks_binary(head):
        # A PDF may have lost its first bytes; its end still tells.
        return PDF if b"startxref" in tail or b" obj" in head else UNKNOWN
    return _text_type(head, path.suffix.lower(), tail)


def refusal(kind: str) -> UnsupportedFileError:
    """The error for a recognised format that no reader takes."""
    return UnsupportedFileError(ADVICE.get(kind, ADVICE[UNKNOWN]))


def _zip_type(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype").decode("ascii", "replace").strip()
                if kind in OPEN_DOCUMENT:
                    return kind
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        raise DamagedFileError("is damaged (its package cannot be opened): get a fresh copy of the file.") from error
    for folder, kind in OFFICE_FOLDERS.items():
        if any(name.lower().startswith(folder) for name in names):
            return kind
    return "application/zip"


def _ole_type(path: Path) -> str:
    with path.open("rb") as stream:
        data = stream.read()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedFileError("is protected by a password: save a copy without the password and add that.")
    for name, kind in OLE_KINDS:
        if name.encode("utf-16-le") in data:
            return kind
    return UNKNOWN


def _text_type(head: bytes, suffix: str, tail: bytes) -> str:
    text = decode_head(head)
    if b"startxref" in tail and " obj" in text:
        return PDF
    if HTML_START.search(text) or (suffix in {".html", ".htm"} and "<" in text):
        return HTML
    if _is_mail(text, suffix):
        return MAIL
    if suffix in {".csv", ".tsv"}:
        return CSV
    return MARKDOWN if suffix in {".md", ".markdown"} else TEXT


def _is_mail(text: str, suffix: str) -> bool:
    headers = {found[1].lower() for found in MAIL_HEADER.finditer(text.lstrip("\n").split("\n\n", 1)[0])}
    first = MAIL_HEADER.match(text.lstrip("\n"))
    if first is None and not text.startswith("From "):
        return False
    usual = len(headers & MAIL_USUAL)
    return bool(usual and headers & MAIL_SURE) or (suffix == ".eml" and bool(headers))
