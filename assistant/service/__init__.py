"""The one door to a workspace, and what it gives. Faces import from here and nothing below it.

Imports everything of `assistant` under the faces; engine, chat, report and pictures only when they are asked for.
"""

from assistant.access import Action, Person, Role
from assistant.service.door import Service
from assistant.service.views import (
    AddResult,
    CriterionStatus,
    DocumentCounts,
    DocumentView,
    EvidenceView,
    FindingView,
    ModelCost,
    Notice,
    RunSummary,
    StatusCounts,
    StatusReport,
    VerifyReport,
)

__all__ = [
    "Action",
    "AddResult",
    "CriterionStatus",
    "DocumentCounts",
    "DocumentView",
    "EvidenceView",
    "FindingView",
    "ModelCost",
    "Notice",
    "Person",
    "Role",
    "RunSummary",
    "Service",
    "StatusCounts",
    "StatusReport",
    "VerifyReport",
]
