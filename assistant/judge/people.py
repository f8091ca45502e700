"""Whom a document speaks to: a community's complaints office is no channel for workers, however alike the words are.

A title tells whom a paper is for, and readers of single sentences hardly see it. Only titles that name people outside
the company and no workers count, and only against requirements that name workers and nobody outside.
"""

from __future__ import annotations

import re

from assistant.judge.validity import latest
from assistant.models import Criterion, Requirement
from ingestion.models import DocumentRead, FactName

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
    |comunidad(?:es)?|comunitari[oa]s?|vecin[oa]s?|clientes?|ind[íi]genas?|comunidades?|moradores|comunit[áa]ri[oa]s?|vizinh\w*
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
    """The people outside the company that the document's title names, or empty where it names workers too, or none.

    A title that was only guessed from the file's name tells nothing.
    """
    title = latest(document).get(FactName.TITLE)
    if title is None or title.origin == "filename" or _WORKERS.search(title.value):
        return ""
    found = _OUTSIDERS.search(title.value)
    return found.group().casefold() if found else ""
