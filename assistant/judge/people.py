"""Whom a document speaks to: a community's complaints office is no channel for workers, however alike the words are.

A title tells whom a paper is for, and readers of single sentences hardly see it. Only titles that name people outside
the company and no workers count, and only against requirements that name workers and nobody outside.
"""

from __future__ import annotations

import re

from assistant.judge.validity import stated_title
from assistant.models import Criterion, Requirement
from ingestion.models import DocumentRead

_WORKERS = re.compile(
    r"""\b(?:employ(?:ee|er|ment|ed)s?|workers?|workforces?|workplaces?|labou?r|personnel|staff|contractors?|occupational|unions?
    |trabajador\w*|emplead\w*|laboral\w*|sindica\w*|contratistas?|trabalhador\w*|empregad\w*|trabalhist\w*|colaborador\w*
    |pracowni\w*|załog\w*|zatrudni\w*|związk\w*|beschäftigt\w*|mitarbeit\w*|arbeit\w*|gewerkschaft\w*|betriebsrat\w*
    |salari[ée]\w*|employ[ée]\w*|travailleu\w*|syndica\w*|karyawan|pekerja|buruh)\b
    |员工|职工|雇员|工人|劳动|工会|従業員|労働|社員""",
    re.IGNORECASE | re.VERBOSE,
)
_OUTSIDERS = re.compile(
    r"""\b(?:communit(?:y|ies)|neighbou?rs?|residents?|customers?|consumers?|indigenous
    |comunidad(?:e|es)?|comunit[áa]ri[oa]s?|vecin[oa]s?|clientes?|ind[íi]genas?|moradores|vizinh\w*
    |społecznoś\w*|sąsia\w*|mieszkań\w*|klient\w*|anwohner\w*|nachbar\w*|gemeinde\w*|kunden\w*
    |communaut[ée]\w*|riverain\w*|clients?|habitants?|masyarakat|warga|pelanggan|tetangga)\b
    |社区|居民|村民|客户|地域住民|住民|顧客""",
    re.IGNORECASE | re.VERBOSE,
)


def asks_of_workers(criterion: Criterion, requirement: Requirement) -> bool:
    """Whether criterion and requirement name workers and nobody outside the company."""
    asked = f"{criterion.title}. {requirement.text}"
    return bool(_WORKERS.search(asked)) and not _OUTSIDERS.search(asked)


def outsiders(document: DocumentRead) -> str:
    """The people outside the company that the document's title names, or empty where it names workers too, or none."""
    title = stated_title(document)
    found = None if _WORKERS.search(title) else _OUTSIDERS.search(title)
    return found.group().casefold() if found else ""
