"""The training command: what it refuses before it reads anything, and a whole training of tiny made-up sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from assistant.index.cross_encoder import WEIGHTS as READER
from assistant.index.cross_encoder import ShippedCrossEncoder
from assistant.judge.evidence_model import WEIGHTS, load_evidence_model
from evaluation.training import build as building
from evaluation.training import fit
from evaluation.training.__main__ import main
from evaluation.training.build import TRAINABLE
from evaluation.training.dataset import FOLDS, fold

HERE = ("aims-au", "contractnli-dev", "cuad-dev")
NAMES = [f"{letter}.txt" for letter in "abcejl"]
"""Two of each fold."""
SMALL: dict[str, Any] = {
    "cross.EPOCHS": 1,
    "interaction.EPOCHS": 2,
    "interaction.COPIES": 1,
    "fit.COPIES": 1,
}
"""What makes a training small: few passes, and one model where several are averaged."""


def call(data: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), "--out", str(data / "out"), *options])


def left_out(*names: str) -> list[str]:
    return [part for name in names for part in ("--leave-out", name)]


def refused(answer: Result) -> str:
    assert answer.exit_code == 1
    [line] = answer.output.splitlines()
    return line


def test_a_name_that_is_no_set_is_refused(tmp_path: Path) -> None:
    said = refused(call(tmp_path, *left_out("cuad-deb")))
    assert said.startswith(
        "Error: --leave-out cuad-deb: no set of that name trains the weights. Sets that do: aims-au,"
    )


def test_a_missing_set_is_refused_unless_it_is_left_out_by_name(make_set, tmp_path: Path, monkeypatch) -> None:
    make_set("aims-au", {"a.txt": "Water."}, {"C1": {"r1": "Water."}}, [])
    (tmp_path / "cuad-dev").mkdir()  # a folder without labels is no set
    others = [name for name in TRAINABLE if name not in HERE]
    said = refused(call(tmp_path, *left_out(*others)))
    assert said.startswith(f"Error: {tmp_path} holds no set contractnli-dev, cuad-dev: give the folder that holds")
    assert said.endswith("or leave out by name what is not there (--leave-out contractnli-dev).")
    assert not (tmp_path / "out").exists()
    trained: list[str] = []
    monkeypatch.setattr(building, "load_groups", lambda folder, say, **_: trained.append(folder.name) or 1 / 0)
    assert isinstance(call(tmp_path, *left_out(*others, "contractnli-dev", "cuad-dev")).exception, ZeroDivisionError)
    assert trained == ["aims-au"]


def test_a_folder_that_holds_the_folder_of_sets_is_as_good(make_set, tmp_path: Path, monkeypatch) -> None:
    make_set("sets/aims-au", {"a.txt": "Water."}, {"C1": {"r1": "Water."}}, [])
    asked: list[Path] = []
    monkeypatch.setattr(building, "load_groups", lambda folder, say, **_: asked.append(folder) or 1 / 0)
    call(tmp_path, *left_out(*[name for name in TRAINABLE if name != "aims-au"]))
    assert asked == [tmp_path / "sets" / "aims-au"]


def test_nothing_to_train_on_is_refused(tmp_path: Path) -> None:
    said = refused(call(tmp_path, *left_out(*TRAINABLE)))
    assert said == "Error: Every set is left out, so there is nothing to train on: leave out fewer."


ASKED = {"r1": "The company measures the water it withdraws.", "r2": "The house has rooms for visitors."}
WATER, ROOM, ASIDE = "Water withdrawal was {} cubic metres.", "Room {} is for visitors.", "Lunch {} is at noon."
SENTENCES = 20
"""More than are read again, so that some evidence is not."""


def tiny_set(make_set: Any, name: str, seed: int) -> None:
    """Documents of which every other one of a fold holds evidence for one requirement, the rest for the other one."""
    rng = np.random.default_rng(seed)
    texts, labels = {}, []
    for number, document in enumerate(sorted(NAMES, key=fold)):
        pattern = ROOM if number % 2 else ASIDE
        lines = [pattern.format(one) for one in rng.choice(900, SENTENCES, replace=False)]
        water = WATER.format(int(rng.integers(10, 900)))
        held = {"r1": [] if number % 2 else [water], "r2": lines if number % 2 else []}
        for requirement, quotes in held.items():
            verdict = "evidence" if quotes else "gap"
            labels.append({"document": document, "requirement": requirement, "verdict": verdict, "quotes": quotes})
        texts[document] = "\n\n".join([*held["r1"], *lines])
    make_set(f"sets/{name}", texts, {"C1": {key: f"{text} ({name})" for key, text in ASKED.items()}}, labels)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_whole_training_of_tiny_sets_writes_weights_that_load(make_set, tmp_path: Path, monkeypatch) -> None:
    for seed, name in enumerate(HERE):
        tiny_set(make_set, name, seed)
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(building, "our_groups", lambda framework: [])
    monkeypatch.setattr(building, "catalogue_groups", lambda framework: [])
    for part, value in SMALL.items():
        monkeypatch.setattr(f"evaluation.training.{part}", value)
    for trees in (fit.TREES, fit.SECOND_TREES):
        monkeypatch.setitem(trees, "max_iter", 3)
    folders = {name: tmp_path / name for name in ("out", "folds", "left")}
    answer = call(
        tmp_path, *left_out(*[name for name in TRAINABLE if name not in HERE]), "--share", "0.9",
        "--out", str(folders["out"]), "--folds", str(folders["folds"]), "--left-out", str(folders["left"]),
    )  # fmt: skip
    assert answer.exit_code == 0, (answer.output, answer.exception)
    written = {
        path.relative_to(tmp_path).as_posix()
        for folder in folders.values()
        for path in folder.rglob("*")
        if path.is_file()
    }
    both = (WEIGHTS.name, READER.name)
    assert written == {
        *(f"out/{name}" for name in (*both, "evidence-model.json", "model-card.md", "data-card.md")),
        *(f"folds/{number}/{name}" for number in range(FOLDS) for name in both),
        *(f"left/{set_name}/{name}" for set_name in HERE for name in both),
    }
    stored = json.loads((folders["out"] / "evidence-model.json").read_text())
    assert (stored["sets"], stored["share"]) == (list(HERE), 0.9)
    for path in tmp_path.rglob(WEIGHTS.name):
        model = load_evidence_model(path)
        assert 0.0 <= model.gap_below <= model.supported_from <= 1.0
        assert np.isfinite(ShippedCrossEncoder(path.parent / READER.name).embed(["Dust?\x1fDust is low."])).all()
    assert load_evidence_model(folders["folds"] / "1" / WEIGHTS.name).card["held_out"] == 1
    assert load_evidence_model(folders["left"] / "aims-au" / WEIGHTS.name).card["sets"] == list(HERE[1:])
