"""`assay completion`: the script that makes the shell complete commands, options and criteria."""

from __future__ import annotations

import click

from assistant.cli.session import AssayCommand

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", cls=AssayCommand, short_help="Print the shell's completion script.")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    assay completion bash > ~/.local/share/bash-completion/completions/assay
    assay completion zsh > ~/.zfunc/_assay
    assay completion fish > ~/.config/fish/completions/assay.fish
    """
    from click.shell_completion import get_completion_class

    from assistant.cli.application import application

    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"There is no completion for {shell}; the shells are {', '.join(SHELLS)}.")
    # `source` is the template filled in; bash's own `source()` also starts bash to ask its version.
    made = completion(application, {}, "assay", "_ASSAY_COMPLETE")
    click.echo(made.source_template % made.source_vars())
