"""E-mail (.eml): the usual headers as first lines, the plain body (else the HTML one), attachments as further pages."""

from __future__ import annotations

import re
import tempfile
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path

from ..errors import DamagedFileError, EmptyFileError, IngestionError
from ..limits import Limits
from ..models import Page, Suspicion
from .base import RawDocument
from .decoding import any_surrogate, clean, decode
from .html import from_html

SHOWN = ("From", "To", "Cc", "Date", "Subject")
MOST_ATTACHMENTS = 30
LONGEST_NAME = 120
ACTING_SUFFIXES = {
    ".exe",
    ".js",
    ".vbs",
    ".bat",
    ".cmd",
    ".scr",
    ".lnk",
    ".jar",
    ".ps1",
    ".hta",
    ".msi",
    ".com",
    ".iso",
}
PARSE_ERRORS = (MessageError, ValueError, LookupError, AttributeError, TypeError, IndexError)
"""The e-mail package raises built-in errors on headers that break its grammar."""
UTF16_START = re.compile(rb"^(?:\xff\xfe|\xfe\xff|[\x20-\x7e]\x00[\x20-\x7e]\x00|\x00[\x20-\x7e]\x00[\x20-\x7e])")


class MailReader:
    """`.eml`."""

    name = "mail"
    media_types = ("message/rfc822",)

    def read(self, path: Path, limits: Limits) -> RawDocument:
        """The message on page 1, then the pages of attachments that can be read."""
        data = path.read_bytes()
        if UTF16_START.match(data):
            data = decode(data).encode("utf-8")
        message = message_from_bytes(data.lstrip(b"\r\n"), policy=default)
        raw = RawDocument(pages=[])
        headers = [f"{name}: {value}" for name in SHOWN if (value := _header(message, name))]
        body = _body(message, raw)
        attachments = _attachments(message)
        names = [f"Attachment: {name}" for name, _ in attachments]
        if not headers and not body.strip():
            raise EmptyFileError("holds no message text: check that it was saved completely.")
        text = "\n\n".join(filter(None, ["\n".join(headers), body.strip(), "\n".join(names)]))
        raw.pages.insert(0, Page(number=1, text=text, label="Message"))
        subject, date = _header(message, "Subject"), _header(message, "Date")
        raw.metadata = {key: value for key, value in {"title": subject, "created": date}.items() if value}
        for name, part in attachments[:MOST_ATTACHMENTS]:
            _attach(raw, name, part, limits)
        if len(attachments) > MOST_ATTACHMENTS:
            raw.left_out.append(f"only the first {MOST_ATTACHMENTS} of {len(attachments)} attachments were read")
        return raw


def _header(message: Message, name: str) -> str:
    try:
        value = message.get(name)
    except PARSE_ERRORS:
        return ""
    return " ".join(clean(str(value)).replace("\f", " ").split()) if value is not None else ""


def _body(message: EmailMessage, raw: RawDocument) -> str:
    """The plain text, else what the HTML shows; parts in the order they come."""
    plain, markup = [], []
    for part in _leaves(message):
        if _is_attachment(part):
            continue
        kind = part.get_content_type()
        if kind == "text/plain":
            plain.append(_text(part))
        elif kind == "text/html":
            markup.append(_text(part))
    if any(piece.strip() for piece in plain):
        return "\n\n".join(piece.strip("\n") for piece in plain if piece.strip())
    texts = []
    for piece in markup:
        page = from_html(piece)
        texts.append(page.pages[0].text)
        raw.suspicions += page.suspicions
    return "\n\n".join(texts)


def _leaves(message: Message) -> list[Message]:
    """Parts that are not containers; messages inside messages are attachments of their own."""
    if message.get_content_maintype() == "multipart":
        payload = message.get_payload()
        parts = payload if isinstance(payload, list) else []
        return [leaf for part in parts if isinstance(part, Message) for leaf in _leaves(part)]
    return [message]


def _is_attachment(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_file_name(part)) or (
        part.get_content_maintype() not in {"text", "multipart"}
    )  # fmt: skip


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename()
    except PARSE_ERRORS:
        return ""
    return clean(str(name or "")).replace("\n", " ").strip().rsplit("/", 1)[-1].rsplit("\\", 1)[-1][:LONGEST_NAME]


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        declared = part.get_content_charset() or ""
        return decode(payload, declared if declared.isascii() else "").replace("\f", "\n")
    text = str(part.get_payload())
    return clean(text.encode("utf-8", "replace").decode() if any_surrogate(text) else text)


def _attachments(message: Message) -> list[tuple[str, Message]]:
    found = []
    for number, part in enumerate((leaf for leaf in _leaves(message) if _is_attachment(leaf)), 1):
        kind = part.get_content_subtype()
        found.append((_file_name(part) or f"attachment {number} ({kind})", part))
    return found


def _attach(raw: RawDocument, name: str, part: Message, limits: Limits) -> None:
    """Add the pages of one attachment, or say why there are none."""
    if Path(name).suffix.lower() in ACTING_SUFFIXES:
        message = f"The attachment {name} is a program or script; it was not read."
        raw.suspicions.append(Suspicion(kind="attachment", message=message, quote=name))
        return
    payload = part.get_payload(decode=True)
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        payload = (
            inner[0].as_bytes() if isinstance(inner, list) and inner and isinstance(inner[0], Message) else payload
        )
    if not isinstance(payload, bytes) or not payload:
        raw.left_out.append(f"the attachment {name} is empty")
        return
    if part.get_content_maintype() == "image" and part.get_content_disposition() != "attachment":
        return  # a logo or signature inside the text
    try:
        found = _read_attachment(name, payload, limits)
    except (IngestionError, DamagedFileError) as error:
        raw.left_out.append(f"the attachment {name} {str(error).rstrip('.')}")
        return
    for page in found.pages:
        label = f"Attachment: {name}" + (f", {page.label or f'page {page.number}'}" if len(found.pages) > 1 else "")
        raw.pages.append(page.model_copy(update={"number": len(raw.pages) + 1, "label": label}))
    raw.suspicions += [found_in.model_copy(update={"page": 0}) for found_in in found.suspicions]


def _read_attachment(name: str, payload: bytes, limits: Limits) -> RawDocument:
    from ..formats import MAIL, media_type, refusal
    from . import reader_for

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"attachment{Path(name).suffix[:8]}"
        path.write_bytes(payload)
        kind = media_type(path)
        reader = reader_for(kind) if kind != MAIL else None
        if reader is None:
            if kind == MAIL:
                return _message(payload)
            raise refusal(kind)
        return reader.read(path, limits)


def _message(payload: bytes) -> RawDocument:
    """A message inside a message: its headers and text, without its own attachments."""
    message = message_from_bytes(payload, policy=default)
    raw = RawDocument(pages=[])
    headers = "\n".join(f"{name}: {value}" for name in SHOWN if (value := _header(message, name)))
    raw.pages = [Page(number=1, text="\n\n".join(filter(None, [headers, _body(message, raw).strip()])))]
    return raw
