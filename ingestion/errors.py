"""Why a file could not be read, in one tree. The text of each says what was found and what to do.

Readers write the predicate ("is protected by a password: …"); the pipeline puts the file's name in front.

IngestionError
├── EmptyFileError       the file has no bytes, or no text
├── DamagedFileError     the file is broken or not what it says it is
├── EncryptedFileError   the file needs a password
├── UnsupportedFileError the format is not read
├── TooLargeError        a limit (size, pages, decompressed size) would be passed
├── OcrError             an OCR program is missing or failed
└── SandboxError         the child process was stopped
    ├── TimedOutError    it took too long
    ├── MemoryLimitError it needed too much memory
    └── CrashedError     it died
"""

from __future__ import annotations


class IngestionError(Exception):
    """Something about a file that a person can act on; the file's name and `str(error)` make the sentence."""


class EmptyFileError(IngestionError):
    """The file has no bytes, or no text."""


class DamagedFileError(IngestionError):
    """The file is broken or not what it says it is."""


class EncryptedFileError(IngestionError):
    """The file needs a password."""


class UnsupportedFileError(IngestionError):
    """The format is not read."""


class TooLargeError(IngestionError):
    """A limit (size, pages, decompressed size) would be passed."""


class OcrError(IngestionError):
    """An OCR program is missing or failed."""


class SandboxError(IngestionError):
    """The child process was stopped."""


class TimedOutError(SandboxError):
    """The child process took too long."""


class MemoryLimitError(SandboxError):
    """The child process needed too much memory."""


class CrashedError(SandboxError):
    """The child process died."""
