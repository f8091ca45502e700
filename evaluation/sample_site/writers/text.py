"""Web pages, plain texts and e-mails."""

from __future__ import annotations

import textwrap
from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import Any

from evaluation.sample_site.series import series
from evaluation.sample_site.source import Block, ContentError, Source
from evaluation.sample_site.writers.archive import fixed_time

TEXT_WIDTH = 92
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="author" content="{author}">
<meta name="date" content="{date}">
<style>body{{font-family:Arial,sans-serif;margin:0 auto;max-width:52em}}td,th{{border:1px solid #999;padding:4px}}
header,footer{{background:#8a3b12;color:#fff;padding:8px}}nav a{{margin-right:1em}}</style>
</head>
<body>
<header>{header}</header>
<nav><a href="/">{home}</a><a href="/sustainability">{topic}</a><a href="/contact">{contact}</a></nav>
<main>
<h1>{title}</h1>
{body}
</main>
<footer>{footer}</footer>
</body>
</html>
"""


def write_html(source: Source) -> bytes:
    """The web page as UTF-8."""
    front = source.front
    spanish = front.get("language") == "es"
    body = "\n".join(_html(block, source) for block in source.blocks)
    home, topic, contact = (
        ("Inicio", "Sustentabilidad", "Contacto") if spanish else ("Home", "Sustainability", "Contact")
    )
    page = PAGE.format(
        language=front.get("language", "en"),
        title=escape(front["title"]),
        author=escape(front["author"]),
        date=front["date"],
        header=escape(front["header"]),
        footer=escape(front["footer"]),
        body=body,
        home=home,
        topic=topic,
        contact=contact,
    )
    return page.encode()


def _html(block: Block, source: Source) -> str:
    text = escape(block.text, quote=False)
    if block.kind in ("h1", "h2", "h3"):
        level = int(block.kind[1]) + 1
        return f"<h{level}>{text}</h{level}>"
    if block.kind == "p":
        return f"<p>{text}</p>"
    if block.kind == "bullet":
        return f"<ul><li>{text}</li></ul>"
    if block.kind == "hidden":
        return f'<div style="display:none" aria-hidden="true">{text}</div>'
    if block.kind in ("table", "series"):
        return _html_table(block.rows if block.kind == "table" else series(block.text))
    raise ContentError(f"{source.path.name}: a web page has no block of kind {block.kind!r}.")


def _html_table(rows: Any) -> str:
    lines = []
    for number, row in enumerate(rows):
        tag = "th" if number == 0 else "td"
        lines.append("<tr>" + "".join(f"<{tag}>{escape(cell, quote=False)}</{tag}>" for cell in row) + "</tr>")
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def write_txt(source: Source) -> bytes:
    """The plain text as UTF-8, wrapped like a typed log."""
    front = source.front
    lines = [front["title"].upper(), "=" * len(front["title"])]
    lines += [f"{label}: {value}" for label, value in (front.get("block") or {}).items()]
    lines += ["", *_text_lines(source.blocks, source)]
    return ("\n".join(lines).rstrip() + "\n").encode()


def _text_lines(blocks: tuple[Block, ...], source: Source) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if block.kind in ("h1", "h2", "h3"):
            lines += ["", block.text, "-" * len(block.text)]
        elif block.kind in ("p", "number", "box"):
            lines += [*textwrap.wrap(block.text, TEXT_WIDTH), ""]
        elif block.kind == "bullet":
            lines += textwrap.wrap(block.text, TEXT_WIDTH, initial_indent="- ", subsequent_indent="  ")
        elif block.kind in ("table", "series"):
            rows = block.rows if block.kind == "table" else series(block.text)
            lines += ["  |  ".join(row) for row in rows] + [""]
        else:
            raise ContentError(f"{source.path.name}: a plain text has no block of kind {block.kind!r}.")
    return lines


def write_eml(source: Source) -> bytes:
    """The e-mail with its attachment (the blocks after `@attachment NAME`)."""
    front = source.front
    cut = next(i for i, block in enumerate(source.blocks) if block.kind == "attachment")
    message = EmailMessage(policy=SMTP)
    for name in ("From", "To", "Cc", "Subject"):
        message[name] = front[name.lower()]
    message["Date"] = fixed_time(front["date"]).replace(tzinfo=UTC)
    message["Message-ID"] = f"<{source.path.stem}@cerroejemplo.example>"
    message.set_content("\n".join(_text_lines(source.blocks[:cut], source)), cte="8bit")
    rows = [row for block in source.blocks[cut + 1 :] for row in block.rows]
    message.add_attachment(
        "\n".join(";".join(row) for row in rows) + "\n", subtype="csv", filename=source.blocks[cut].text
    )
    message.set_boundary("----=_sample_site_part")
    return message.as_bytes()
