"""The command line: arguments -> Settings -> stage -> report -> exit code.

Exit codes: 0 done, 1 findings or something would change, 2 usage or unreadable input.
"""

from __future__ import annotations

import difflib
import os
import pkgutil
import sys
from importlib import import_module
from typing import Any

import click

from nbprod import __version__, commands
from nbprod.findings import NotebookError

EXAMPLES = """\b
Examples:
  nbprod convert titanic.ipynb            write titanic/ beside the notebook
  nbprod verify titanic.ipynb             prove that it equals the notebook
  nbprod check notebooks                  what a hook or CI runs; writes nothing
  nbprod diff titanic.ipynb               what converting again would change
  nbprod explain W-LEAK-SPLIT             what a finding means and what to do
"""


class LazyGroup(click.Group):
    """Finds commands by file name and imports only the one that runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"{commands.__name__}.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            known = self.list_commands(ctx)
            close = difflib.get_close_matches(name, known, n=1)
            if name.endswith((".ipynb", ".py")):
                hint = f"did you mean `nbprod convert {name}`?"
            elif close:
                hint = f"did you mean {close[0]}?"
            else:
                hint = f"commands are {', '.join(known)}"
            raise click.UsageError(f"no command {name!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="nbprod %(version)s")
@click.option("--color/--no-color", default=None, help="Colour, whatever the terminal says.")
@click.pass_context
def cli(ctx: click.Context, color: bool | None) -> None:
    """Turn a notebook into a production package, and prove that it equals the notebook."""
    ctx.color = _colour() if color is None else color


def _colour() -> bool | None:
    """Follow https://no-color.org and https://force-color.org; None leaves it to the terminal."""
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if os.environ.get("NO_COLOR") else None


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit code; errors are one line on stderr."""
    try:
        result: Any = cli.main(
            arguments, prog_name="nbprod", auto_envvar_prefix="NBPROD", standalone_mode=False
        )
        return result if isinstance(result, int) else 0
    except NotebookError as error:
        _complain(str(error))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
    except click.ClickException as error:
        _complain(_usage(error))
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _complain("interrupted; nothing was written")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if os.environ.get("NBPROD_DEBUG"):
            raise
        _complain(
            f"this is a bug in nbprod ({type(error).__name__}: {' '.join(str(error).split())[:200]}); "
            f"please report it with the traceback that NBPROD_DEBUG=1 shows"
        )
    return 2


def _usage(error: click.ClickException) -> str:
    """Return wrong usage in one line, with the command that tells more."""
    message = " ".join(error.format_message().split()).removesuffix(".")
    if isinstance(error, click.UsageError) and error.ctx is not None:
        message += f"; see `{error.ctx.command_path} --help`"
    return message


def _complain(message: str) -> None:
    colour = _colour()
    click.echo(click.style("error: ", fg="red", bold=True) + message, err=True, color=colour)


__all__ = ["cli", "run"]
