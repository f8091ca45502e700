"""Read a JUnit file, say what was skipped, and fail when anything was that this machine should be able to run.

Tests on evaluation data may be skipped: the data are third parties' and lie beside the checkout or nowhere.
"""

import re
import sys
from xml.etree import ElementTree

ALLOWED = re.compile(r"evaluation data|sets of this baseline")
"""What the reason of an allowed skip says."""


def main(path: str) -> int:
    """Print the closing line; 1 when nothing ran, something failed, or something was skipped that may not be."""
    cases = list(ElementTree.parse(path).iter("testcase"))  # noqa: S314  # pytest wrote it a moment ago
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [(case, mark) for case in cases if (mark := case.find("skipped")) is not None]
    refused = [(case, mark) for case, mark in skipped if not ALLOWED.search(str(mark.get("message", "")))]
    for case, mark in refused:
        sys.stderr.write(f"skipped: {case.get('classname')}.{case.get('name')}: {mark.get('message')}\n")
    if refused:
        sys.stderr.write(f"{len(refused)} tests were skipped that have to run here.\n")
    passed = len(cases) - len(failed) - len(skipped)
    sys.stdout.write(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped\n")
    return int(bool(failed or refused or not passed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
