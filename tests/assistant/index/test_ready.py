import os
import subprocess
import sys
from pathlib import Path

from assistant.index.ready import make_ready


def test_shipped_models_are_made_once() -> None:
    make_ready()
    made = {path.name: path.stat().st_mtime_ns for path in (Path(os.environ["ASSAY_CACHE"]) / "models").glob("*.onnx")}
    assert len(made) >= 3
    done = subprocess.run(
        [sys.executable, "-m", "assistant.index.ready"], capture_output=True, text=True, check=False, env=os.environ
    )
    assert (done.returncode, done.stdout) == (0, "")
    again = {path.name: path.stat().st_mtime_ns for path in (Path(os.environ["ASSAY_CACHE"]) / "models").glob("*.onnx")}
    assert again == made
