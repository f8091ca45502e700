"""What the shell offers when a criterion, a requirement or a rating is being typed.

The built-in catalogue is asked, not the workspace: completion has to answer while a person types.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from assistant.models import Framework


@lru_cache(maxsize=1)
def _framework() -> Framework:
    from assistant import catalogue

    return catalogue.load()


def complete_criterion(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """The numbers of the criteria, with their titles where the shell shows help."""
    return [
        CompletionItem(criterion.id, help=criterion.title)
        for criterion in _framework().criteria
        if criterion.id.startswith(typed)
    ]


def complete_requirement(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """The ids of the requirements."""
    return [
        CompletionItem(requirement.id, help=requirement.text)
        for criterion in _framework().criteria
        for requirement in criterion.requirements
        if requirement.id.startswith(typed)
    ]


def complete_target(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Criteria; after a dot, requirements."""
    return (complete_requirement if "." in typed else complete_criterion)(context, parameter, typed)


def complete_rating(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """The rating scale."""
    return [CompletionItem(rating) for rating in _framework().ratings if rating.startswith(typed)]
