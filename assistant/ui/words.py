"""What the pages call things: a word, a sign and a colour for each status, kind, strength and reading.

Colour never stands alone: each chip has its word and its sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from assistant.models import EvidenceKind, SiteFact, SiteKind, Status, Verdict
from ingestion.models import FactName, ReadStatus

Colour = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray", "primary"]

WORKING_TEXT = "Working text, check against the official guide."
"""Stands wherever words of the catalogue are shown, as the framework's own `notice` says."""


@dataclass(frozen=True)
class Sign:
    """A word with its icon (a name of Material Symbols), a plain character for tables, and a colour."""

    word: str
    icon: str
    mark: str
    colour: Colour

    @property
    def material(self) -> str:
        """The icon as Streamlit wants it."""
        return f":material/{self.icon}:"

    @property
    def plain(self) -> str:
        """Mark and word, for tables and lists that show no icons."""
        return f"{self.mark} {self.word}"


STATUS: dict[Status, Sign] = {
    Status.SUPPORTED: Sign("Supported", "check_circle", "●", "green"),
    Status.PARTLY: Sign("Partly", "contrast", "½", "yellow"),
    Status.NEEDS_PERSON: Sign("Needs a person", "person_search", "◇", "blue"),
    Status.GAP: Sign("Gap", "radio_button_unchecked", "○", "red"),
    Status.CONTRADICTED: Sign("Contradicted", "bolt", "✕", "violet"),
    Status.NOT_APPLICABLE: Sign("Not applicable", "remove", "–", "gray"),
}
NOT_MATCHED = Sign("Not matched yet", "pending", "·", "gray")

READ: dict[ReadStatus, Sign] = {
    ReadStatus.READ: Sign("Read", "check", "●", "green"),
    ReadStatus.PARTLY: Sign("Partly read", "contrast", "½", "yellow"),
    ReadStatus.UNREADABLE: Sign("Not readable", "error", "✕", "red"),
    ReadStatus.SKIPPED: Sign("Already read", "redo", "–", "gray"),
}

VERDICT: dict[Verdict, Sign] = {
    Verdict.CONFIRMED: Sign("Confirmed", "verified", "✓", "green"),
    Verdict.REJECTED: Sign("Rejected", "block", "✕", "red"),
    Verdict.WITHDRAWN: Sign("Withdrawn", "undo", "↺", "gray"),
}
UNDECIDED = Sign("Undecided", "hourglass_empty", "·", "gray")

KIND: dict[EvidenceKind, str] = {
    EvidenceKind.COMMITMENT: "Commitment",
    EvidenceKind.PROCEDURE: "Procedure",
    EvidenceKind.RECORD: "Record",
    EvidenceKind.PERFORMANCE: "Performance data",
    EvidenceKind.ASSURANCE: "External assurance",
}

SITE_KIND: dict[SiteKind, str] = {
    SiteKind.MINE: "Mine",
    SiteKind.SXEW: "SX-EW plant",
    SiteKind.SMELTER: "Smelter",
    SiteKind.REFINERY: "Refinery",
}

SITE_FACT: dict[SiteFact, str] = {
    SiteFact.HAS_TAILINGS: "Tailings facility",
    SiteFact.ASM_PRESENT: "Artisanal or small-scale miners",
    SiteFact.INDIGENOUS_PEOPLES: "Indigenous peoples affected",
    SiteFact.RESETTLEMENT: "Land acquisition or resettlement",
    SiteFact.EXTERNAL_FEED: "Material from third parties",
    SiteFact.ARMED_SECURITY: "Armed or public security forces",
}

FACT: dict[FactName, str] = {
    FactName.TITLE: "Title",
    FactName.KIND: "Kind",
    FactName.ISSUED: "Issued",
    FactName.VALID_FROM: "Valid from",
    FactName.VALID_UNTIL: "Valid until",
    FactName.REVIEW_DUE: "Review due",
    FactName.PERIOD_END: "Period ends",
    FactName.STATUS: "Status",
    FactName.VERSION: "Version",
    FactName.SUPERSEDED_BY: "Superseded by",
    FactName.SCOPE: "Scope",
    FactName.ISSUER: "Issued by",
    FactName.LANGUAGE: "Language",
}

AREA: dict[str, str] = {"E": "Environment", "S": "Social", "G": "Governance", "": "Other"}

LANGUAGE: dict[str, str] = {
    "en": "English",
    "es": "Spanish",
    "pt": "Portuguese",
    "pl": "Polish",
    "de": "German",
    "fr": "French",
    "zh": "Chinese",
    "id": "Indonesian",
    "ja": "Japanese",
    "it": "Italian",
    "nl": "Dutch",
    "sv": "Swedish",
    "fi": "Finnish",
    "ru": "Russian",
    "ko": "Korean",
}

STRENGTHS: tuple[tuple[float, str], ...] = ((0.6, "Strong"), (0.3, "Good"), (0.15, "Weak"), (0.0, "Faint"))
"""Lower bounds of the calibrated probability that a quote supports its requirement, and the word for each.

A quote may close a requirement from "good" on (`EngineSettings.closes`); relevant quotes are rare, so 0.3 is a lot.
"""


def status_sign(status: Status | None) -> Sign:
    """The sign of a status; a criterion that was never matched has its own."""
    return NOT_MATCHED if status is None else STATUS[status]


def strength(value: float) -> str:
    """A calibrated probability in words and number, such as "Strong · 0.86"."""
    word = next(word for low, word in STRENGTHS if value >= low)
    return f"{word} · {value:.2f}"


def language(code: str) -> str:
    """The name of a language, or its code where we have none."""
    return LANGUAGE.get(code, code)


def day(value: date | datetime) -> str:
    """A date as "22 Nov 2026"."""
    return f"{value.day} {value:%b %Y}"


def moment(value: datetime) -> str:
    """A time (UTC) in the zone of this machine, as "22 Nov 2026, 14:05"."""
    local = value.astimezone()
    return f"{day(local)}, {local:%H:%M}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 page", "2 pages"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
