"""Where derived things that can be made again are kept outside a workspace: exported models, evaluation caches."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder(name: str) -> Path:
    """The folder `name` in Assay's cache (`ASSAY_CACHE`, else `XDG_CACHE_HOME`/assay, else ~/.cache/assay), created."""
    given = os.environ.get("ASSAY_CACHE")
    base = Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "assay"
    folder = base / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
