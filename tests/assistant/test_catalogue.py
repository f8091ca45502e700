import json
from pathlib import Path

import pytest

from assistant.catalogue import applies, load
from assistant.errors import CatalogueError
from assistant.models import LANGUAGES, EvidenceKind, Site, SiteFact, SiteKind

MINIMAL = {
    "id": "x",
    "title": "X",
    "criteria": [{"id": "1", "title": "One", "requirements": [{"id": "1.a", "text": "There is a permit."}]}],
}


def test_the_built_in_catalogue_is_whole() -> None:
    framework = load()
    assert [criterion.number for criterion in framework.criteria] == list(range(1, 33))
    assert framework.notice == "Working text, check against the official guide."
    requirements = [r for criterion in framework.criteria for r in criterion.requirements]
    assert len(requirements) == 244
    assert framework.practice_age_months == 36
    for criterion in framework.criteria:
        assert 5 <= len(criterion.requirements) <= 12, criterion.id
        assert criterion.asks, criterion.id
        assert criterion.guidance, criterion.id
        assert criterion.sdgs, criterion.id
        assert criterion.v3, criterion.id
        assert criterion.related_standards, criterion.id
        assert set(criterion.applies) == set(SiteKind), criterion.id
    for requirement in requirements:
        assert requirement.basis in framework.basis_codes, requirement.id
        assert set(requirement.terms) == set(LANGUAGES), requirement.id
        assert len(requirement.probes) >= 4, requirement.id
        assert requirement.kinds, requirement.id
        assert requirement.text.endswith("."), requirement.id
        if not requirement.commitment_alone:
            assert set(requirement.kinds) != {EvidenceKind.COMMITMENT}, requirement.id


def test_the_digest_changes_with_the_content(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(MINIMAL))
    first = load(path).digest()
    path.write_text(json.dumps({**MINIMAL, "title": "Y"}))
    assert load(path).digest() != first


def broken(tmp_path: Path, change: dict[str, object]) -> str:
    folder = tmp_path / "framework"
    (folder / "criteria").mkdir(parents=True)
    (folder / "framework.yaml").write_text("id: x\ntitle: X\n")
    criterion = {"id": "7", "title": "Seven", "requirements": [{"id": "7.a", "text": "A.", **change}]}
    (folder / "criteria" / "07-seven.yaml").write_text(json.dumps(criterion))
    with pytest.raises(CatalogueError) as caught:
        load(folder)
    return str(caught.value)


def test_an_error_names_file_criterion_and_field(tmp_path: Path) -> None:
    message = broken(tmp_path, {"kinds": ["rumour"]})
    assert message.startswith("07-seven.yaml: criterion 7, requirement 7.a, field kinds.0: Input should be")


def test_an_unknown_field_is_an_error(tmp_path: Path) -> None:
    assert "field colour: Extra inputs are not permitted" in broken(tmp_path, {"colour": "red"})


def test_a_misspelt_field_of_a_framework_is_named(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps({**MINIMAL, "practice_age_month": 12}))
    with pytest.raises(CatalogueError, match=r"^f\.json: there is no field 'practice_age_month'; write 'practice_"):
        load(path)


def test_a_field_that_only_an_evaluation_set_has_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps({**MINIMAL, "licence": "CC BY 4.0"}))
    assert load(path).practice_age_months is None


def test_a_commitment_that_may_stand_alone_must_be_among_the_kinds(tmp_path: Path) -> None:
    assert "commitment_alone is true but commitment is not among" in broken(tmp_path, {"kinds": ["record"]})


def test_ids_are_unique(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps({**MINIMAL, "criteria": MINIMAL["criteria"] * 2}))
    with pytest.raises(CatalogueError, match=r"requirement id '1\.a' is already used"):
        load(path)


def test_an_unknown_name_says_what_is_possible() -> None:
    with pytest.raises(CatalogueError, match="expected one of rra-v2, a folder"):
        load("rra-v9")


def test_text_that_is_not_yaml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("a: [1,\n")
    with pytest.raises(CatalogueError, match=r"^bad\.yaml: cannot be parsed"):
        load(path)


@pytest.mark.parametrize(
    ("requirement", "kinds", "facts", "expected"),
    [
        ("19.a", ["mine"], {}, True),
        ("19.a", ["refinery"], {}, False),
        ("19.a", ["smelter"], {"has_tailings": False}, False),
        ("19.a", ["smelter"], {}, True),
        ("19.a", ["mine", "smelter"], {"has_tailings": False}, True),
        ("25.a", ["mine"], {"asm_present": False}, False),
        ("22.a", ["smelter"], {}, False),
        ("1.a", ["refinery"], {}, True),
    ],
)
def test_applicability_follows_site_kinds_and_facts(
    requirement: str, kinds: list[str], facts: dict[str, bool], expected: bool
) -> None:
    site = Site(name="S", kinds=tuple(SiteKind(k) for k in kinds), facts={SiteFact(k): v for k, v in facts.items()})
    answer, note = applies(load(), site, requirement)
    assert answer is expected
    assert expected or note


def test_an_unknown_fact_applies_and_says_what_would_settle_it() -> None:
    assert applies(load(), Site(name="S"), "28.a") == (
        True,
        "Applies unless it is stated that this is not so: indigenous peoples live on, use or are affected in the area.",
    )
