"""Office files made reproducible: fixed times in the zip entries and in the core properties."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

ZIP_TIME = (2026, 1, 1, 0, 0, 0)
"""Time of every zip entry; any fixed time will do."""


def fixed_time(iso_date: object) -> datetime:
    """Nine o'clock UTC on the date of a front matter, without a zone, as the office libraries want it."""
    return datetime.fromisoformat(str(iso_date)).replace(hour=9, tzinfo=UTC).replace(tzinfo=None)


def repack(content: bytes, iso_date: object) -> bytes:
    """The same archive with entry times fixed and created/modified in the core properties set to `iso_date`."""
    stamp = fixed_time(iso_date).isoformat() + "Z"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info.filename)
            if info.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp.encode(), data)
            entry = zipfile.ZipInfo(info.filename, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = info.external_attr
            new.writestr(entry, data)
    return out.getvalue()
