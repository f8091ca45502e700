"""From documents and requirements to candidates: units of text with their vectors and words, queries, fused search.

Imports models, catalogue, index and ingestion's types and text functions; knows nothing of judgement or storage.
"""

from assistant.retrieve.learned import NOTHING_LEARNED, Confirmed, Learned, chosen
from assistant.retrieve.prepared import PassageRef, Prepared, Unit, prepare
from assistant.retrieve.queries import RequirementQuery, build_queries
from assistant.retrieve.search import Hit, candidates, search

__all__ = [
    "NOTHING_LEARNED",
    "Confirmed",
    "Hit",
    "Learned",
    "PassageRef",
    "Prepared",
    "RequirementQuery",
    "Unit",
    "build_queries",
    "candidates",
    "chosen",
    "prepare",
    "search",
]
