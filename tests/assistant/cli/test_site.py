from pathlib import Path

import pytest

from tests.assistant.cli.conftest import Assay

SITE = """\
name: Cerro Ejemplo
kinds: [mine, smelter]
country: Chile
facts: {has_tailings: true, resettlement: false}
"""


def test_init_from_options(workspace: Assay) -> None:
    assert workspace("site", "--json").json == {
        "name": "Cerro Ejemplo",
        "kinds": ["mine"],
        "country": "",
        "aliases": [],
        "group": "",
        "other_sites": [],
        "facts": {},
    }


def test_init_says_what_comes_next(assay: Assay) -> None:
    called = assay("init", "--name", "Cerro Ejemplo", "--kind", "mine")
    assert (called.code, called.err) == (0, "")
    assert called.out.startswith("workspace is ready for Cerro Ejemplo: 32 criteria of rra-v2 ")
    assert called.out.endswith("Next: assay add FOLDER\n")


def test_options_go_over_the_file(assay: Assay, tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(SITE)
    facts = ("--fact", "has_tailings=unknown", "--fact", "asm_present=no")
    assert assay("init", "--site", "site.yaml", "--country", "Peru", "--alias", "CE", *facts).code == 0
    site = assay("site", "--json").json
    assert (site["country"], site["aliases"], site["kinds"]) == ("Peru", ["CE"], ["mine", "smelter"])
    assert site["facts"] == {"resettlement": False, "asm_present": False}


def test_second_init_is_refused(workspace: Assay, catalogue: Path) -> None:
    called = workspace("init", "--name", "Other", "--framework", catalogue)
    assert called.code == 2
    assert "There is a workspace in" in called.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Say which site this is: --name NAME with --kind, or --site FILE."),
        (("--name", " "), "The site: field name: String should have at least 1 character."),
        (("--fact", "has_gold=yes"), "there is no site fact 'has_gold'; the facts are has_tailings, asm_present,"),
        (("--fact", "has_tailings"), "'has_tailings' has no answer; write has_tailings=yes, has_tailings=no or"),
        (("--site", "list.yaml"), "list.yaml: expected fields such as name and kinds, found list."),
        (("--site", "broken.yaml"), "broken.yaml: cannot be parsed ("),
        (("--site", "kind.yaml"), "kind.yaml: field kinds.0: Input should be 'mine', 'sxew', 'smelter' or 'refinery'."),
        (("--name", "A", "--framework", "rra-v9"), "No framework called 'rra-v9': expected one of rra-v2,"),
    ],
)
def test_errors_are_sentences(assay: Assay, tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    (tmp_path / "list.yaml").write_text("[1]")
    (tmp_path / "broken.yaml").write_text("name: [")
    (tmp_path / "kind.yaml").write_text("name: A\nkinds: [quarry]")
    called = assay("init", *arguments)
    assert (called.code, called.out) == (2, "")
    assert sentence in called.err
    assert not (tmp_path / "workspace" / "assay.db").exists()


def test_site_is_shown_with_what_is_unknown(workspace: Assay) -> None:
    assert workspace("site", "--fact", "has_tailings=yes", "--fact", "asm_present=no").code == 0
    assert workspace("site").out.splitlines()[:3] == [
        "Cerro Ejemplo (mine)",
        "has_tailings: yes (the site has a tailings facility)",
        "asm_present: no (artisanal or small-scale miners work on the concession or in the supply chain)",
    ]
    assert "indigenous_peoples: unknown, so it counts as yes (" in workspace("site").out
