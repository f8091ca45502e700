"""The errors of `assistant`, in one tree. The text of each is the sentence a person reads.

AssayError
├── CatalogueError      a framework file is missing or wrong
├── WorkspaceError      the workspace is missing, of another version, or in use
├── NotFoundError       a document, requirement, criterion or decision does not exist
├── AccessError         the person may not do this, or nobody is signed in
├── DecisionError       a decision or rating that cannot be accepted as given
├── SettingsError       a setting has no usable value
├── ModelError          an embedding model or a language model cannot be used
├── DamagedIndexError   the derived index is damaged (rebuild it)
└── EvaluationError     an evaluation set is missing or wrong
"""

from __future__ import annotations


class AssayError(Exception):
    """Something a person can act on; `str(error)` says what was found, what was expected and what to do."""


class CatalogueError(AssayError):
    """A framework file is missing or wrong."""


class WorkspaceError(AssayError):
    """The workspace is missing, of another version, or in use."""


class NotFoundError(AssayError):
    """A document, requirement, criterion or decision does not exist."""


class AccessError(AssayError):
    """The person may not do this, or nobody is signed in."""


class DecisionError(AssayError):
    """A decision or rating that cannot be accepted as given."""


class SettingsError(AssayError):
    """A setting has no usable value."""


class ModelError(AssayError):
    """An embedding model or a language model cannot be used."""


class DamagedIndexError(AssayError):
    """The derived index is damaged and has to be rebuilt."""


class EvaluationError(AssayError):
    """An evaluation set is missing or wrong."""
