"""Bytes to pages, passages, facts and suspicions. Imports nothing of ours.

`read_file` and `read_many` run readers in child processes with limits; `sentences`, `split_passages` and
`detect_language` work on text alone and are used by the engine and the chat as well.
"""

from __future__ import annotations

from .language import detect_language
from .limits import DEFAULT_LIMITS, Limits
from .models import DocumentRead, Fact, FactName, Heading, Page, Passage, ReadStatus, Suspicion
from .passages import count_words, split_passages
from .pipeline import INGESTION_VERSION, expand, read_file, read_many, sha256_of
from .sentences import sentences

__all__ = [
    "DEFAULT_LIMITS",
    "INGESTION_VERSION",
    "DocumentRead",
    "Fact",
    "FactName",
    "Heading",
    "Limits",
    "Page",
    "Passage",
    "ReadStatus",
    "Suspicion",
    "count_words",
    "detect_language",
    "expand",
    "read_file",
    "read_many",
    "sentences",
    "sha256_of",
    "split_passages",
]
