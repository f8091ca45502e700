"""Make the sample site: `python -m evaluation.sample_site.make [FOLDER]` writes documents, labels.jsonl and traps.json.

Without a folder the committed copy beside this module is renewed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from evaluation.sample_site.labels import label_rows, trap_rows
from evaluation.sample_site.source import Source, sources
from evaluation.sample_site.writers import WRITERS

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[1] / "assistant" / "catalogue" / "rra_v2" / "criteria"


def requirement_ids(folder: Path = CATALOGUE) -> list[str]:
    """Ids of all requirements of the built-in catalogue, in its order."""
    files = sorted(folder.glob("*.yaml"))
    return [
        requirement["id"] for file in files for requirement in yaml.safe_load(file.read_text("utf-8"))["requirements"]
    ]


def make_documents(folder: Path, only: Sequence[Source] | None = None) -> list[Path]:
    """Write every document into `folder` and give the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for source in sources() if only is None else only:
        path = folder / source.file
        path.write_bytes(WRITERS[source.format](source))
        made.append(path)
    return made


def key() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of labels.jsonl and of traps.json."""
    everything = sources()
    traps = yaml.safe_load((HERE / "traps.yaml").read_text("utf-8"))
    return label_rows(everything, requirement_ids()), trap_rows(traps, everything)


def render_key(labels: list[dict[str, Any]], traps: list[dict[str, Any]]) -> tuple[str, str]:
    """Texts of labels.jsonl and traps.json."""
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in labels)
    return lines, json.dumps(traps, ensure_ascii=False, indent=1) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Make the documents and the key of the sample site.")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=HERE, help="where to write (default: the committed copy)"
    )
    folder: Path = parser.parse_args(arguments).folder
    make_documents(folder / "documents")
    labels, traps = render_key(*key())
    (folder / "labels.jsonl").write_text(labels, "utf-8")
    (folder / "traps.json").write_text(traps, "utf-8")


if __name__ == "__main__":
    main()
