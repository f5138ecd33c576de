"""`medwarrant`: ask, determine, look at packs and policies.

Exit 0: answered, whatever the outcome. Exit 1: a check or example failed. Exit 2: the input cannot be
used; one message on standard error says where and how to mend it. A traceback is never shown.
"""

from __future__ import annotations

import os
import sys

import typer

from ..model.errors import InputError, MedwarrantError
from ..version import __version__
from . import ask as ask_commands
from . import packs as pack_commands
from . import schema as schema_commands

app = typer.Typer(
    name="medwarrant",
    help="Is this medically necessary, on what grounds, and what is missing?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(value: bool) -> None:
    if value:
        print(f"medwarrant {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: bool = typer.Option(
        False, "--version", help="Show the version and stop.", callback=_version, is_eager=True
    ),
) -> None:
    """Is this medically necessary, on what grounds, and what is missing?"""


ask_commands.register(app)
pack_commands.register(app)
schema_commands.register(app)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status; the console script calls this."""
    try:
        # Without its own handling, click returns the status of `typer.Exit` instead of raising it.
        status = app(args=arguments, standalone_mode=False)
        return status if isinstance(status, int) else 0
    except MedwarrantError as error:
        print(f"medwarrant: {error}", file=sys.stderr)
        return 2
    except typer.Exit as stop:
        return stop.exit_code
    except (typer.Abort, KeyboardInterrupt):
        print("medwarrant: stopped", file=sys.stderr)
        return 130
    except (BrokenPipeError, SystemExit):  # click leaves by SystemExit where a pipe has closed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _unexpected(error)


def _unexpected(error: Exception) -> int:
    show = getattr(error, "format_message", None)
    if show is not None:  # a usage error of the command line itself
        context = getattr(error, "ctx", None)
        usage = f" (see '{context.command_path} --help')" if context is not None else ""
        print(f"medwarrant: {show()}{usage}", file=sys.stderr)
        return 2
    if os.environ.get("MEDWARRANT_DEBUG"):
        raise error
    message = InputError(
        f"this is a defect of medwarrant ({type(error).__name__}), not of your input",
        mend="please report it with the command you ran, without health data; MEDWARRANT_DEBUG=1 shows where",
    )
    print(f"medwarrant: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(run())
