"""Document facts with the words they came from: title, kind, dates, status, version, scope, issuer, language.

Each concept has its module; `zones` says where facts may stand at all. Rules only, no model: a fact is wrong or
right for a reason a person can see in its quote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..models import Fact, FactName, Page
from .dated import find_date_facts
from .kinds import find_kind
from .scope import find_scope_facts
from .status import find_status_facts
from .title import find_title
from .zones import find_zones

ROWS = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"}

__all__ = ["find_facts"]


def find_facts(
    name: str,
    media_type: str,
    pages: Sequence[Page],
    languages: Mapping[str, float],
    metadata: Mapping[str, str],
    *,
    called: str = "",
) -> tuple[Fact, ...]:
    """The facts of one document. `metadata` is the file's own (lower-case keys), `languages` its languages by share.

    `called` is the title of last resort where it is not the file's name, which must not be read (only searched for
    words such as "draft").
    """
    zones = find_zones(pages, rows=media_type in ROWS)
    title = find_title(called or name, zones, metadata, pages)
    kind = find_kind(name, media_type, zones, title)
    main = next(iter(languages), "")
    facts = [
        *([title] if title else []),
        kind,
        *find_date_facts(zones, kind.value, title, tuple(languages), metadata),
        *find_status_facts(name, zones, metadata),
        *find_scope_facts(zones, kind.value, title),
    ]
    if main:
        facts.append(Fact(name=FactName.LANGUAGE, value=main, origin="derived", confidence=languages[main]))
    return tuple(facts)
