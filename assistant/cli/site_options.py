"""The site on the command line: a YAML file, or options; options go over the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from assistant.errors import SettingsError
from assistant.models import Site, SiteFact, SiteKind

F = TypeVar("F", bound=Callable[..., Any])

_ANSWERS = {"yes": True, "true": True, "no": False, "false": False, "unknown": None}


class FactAnswer(click.ParamType[tuple[SiteFact, bool | None]]):
    """`has_tailings=yes`, `=no`, or `=unknown` to take an answer back."""

    name = "FACT=yes|no|unknown"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[SiteFact, bool | None]:
        """The fact and the answer."""
        name, _, answer = str(value).partition("=")
        if name not in list(SiteFact):
            self.fail(f"there is no site fact '{name}'; the facts are {', '.join(SiteFact)}.", param, ctx)
        if answer.casefold() not in _ANSWERS:
            self.fail(f"'{value}' has no answer; write {name}=yes, {name}=no or {name}=unknown.", param, ctx)
        return SiteFact(name), _ANSWERS[answer.casefold()]


def site_options(function: F) -> F:
    """The options that describe a site."""
    for option in reversed(
        [
            click.option("--name", help="Name of the site, as its documents write it."),
            click.option(
                "--kind",
                "kinds",
                multiple=True,
                type=click.Choice([kind.value for kind in SiteKind]),
                help="May be repeated.",
            ),
            click.option("--country", help="Where it is."),
            click.option("--alias", "aliases", multiple=True, help="Another name it goes by. May be repeated."),
            click.option("--group", help="The group it belongs to."),
            click.option(
                "--other-site", "other_sites", multiple=True, help="A sister site: its evidence does not count."
            ),
            click.option(
                "--fact",
                "facts",
                multiple=True,
                type=FactAnswer(),
                help=f"Decides what applies: {', '.join(SiteFact)}. May be repeated.",
            ),
            click.option(
                "--site",
                "site_file",
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                help="A YAML file with these fields; options go over it.",
            ),
        ]
    ):
        function = option(function)
    return function


def read_site(path: Path) -> Site:
    """The site of a YAML file. Raises `SettingsError` that names file and field."""
    import yaml

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        what = " ".join(str(error).split())
        raise SettingsError(f"{path.name}: cannot be parsed ({what}); mend the file.") from error
    if not isinstance(data, dict):
        raise SettingsError(f"{path.name}: expected fields such as name and kinds, found {type(data).__name__}.")
    return _validated(data, path.name)


def described(
    base: Site | None,
    *,
    name: str | None,
    kinds: Sequence[str],
    country: str | None,
    aliases: Sequence[str],
    group: str | None,
    other_sites: Sequence[str],
    facts: Sequence[tuple[SiteFact, bool | None]],
    site_file: Path | None,
) -> Site | None:
    """The site that `base`, then the file, then the options describe; `None` when nothing says a name."""
    if site_file is not None:
        base = read_site(site_file)
    data: dict[str, Any] = base.model_dump() if base is not None else {}
    given = {"name": name, "country": country, "group": group}
    data |= {field: value for field, value in given.items() if value is not None}
    lists = {"kinds": tuple(kinds), "aliases": tuple(aliases), "other_sites": tuple(other_sites)}
    data |= {field: value for field, value in lists.items() if value}
    answers = {**data.get("facts", {}), **dict(facts)}
    data["facts"] = {fact: answer for fact, answer in answers.items() if answer is not None}
    if "name" not in data:
        return None
    return _validated(data, "The site")


def _validated(data: dict[str, Any], where: str) -> Site:
    from pydantic import ValidationError

    try:
        return Site.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{where}: field {field}: {first['msg']}.") from error
