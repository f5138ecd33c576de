"""`medwarrant`: ask, determine, look at packs and policies.

Exit 0: answered, whatever the outcome. Exit 1: a check or example failed. Exit 2: the input cannot be
used; one message on standard error says where and how to mend it. A traceback is never shown.
"""

from __future__ import annotations

import gc
import os
import sys

import click

from ..model.errors import InputError, MedwarrantError
from ..version import __version__
from .ask import ask, determine, replay
from .demo import demo_data
from .desk import audit_commands, backup, restore_backup
from .packs import list_packs, policy_commands
from .parts import CommandGroup
from .person import person_commands
from .schema import schema
from .serve import serve


def _version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        print(f"medwarrant {__version__}")
        context.exit()


@click.group(cls=CommandGroup)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and stop.",
)
def app() -> None:
    """Is this medically necessary, on what grounds, and what is missing?"""


for _command in (
    ask,
    determine,
    replay,
    list_packs,
    schema,
    policy_commands,
    serve,
    demo_data,
    person_commands,
    audit_commands,
    backup,
    restore_backup,
):
    app.add_command(_command)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status; the console script calls this."""
    # A command loads, answers and ends: looking for cycles takes a tenth of its time and frees next to
    # nothing. A command that stays would have to switch it on again.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _status(arguments)
    finally:
        if collecting:
            gc.enable()


def _status(arguments: list[str] | None) -> int:
    try:
        # Outside its standalone mode click returns the status with which a command stopped.
        status = app.main(args=arguments, standalone_mode=False)
        return status if isinstance(status, int) else 0
    except MedwarrantError as error:
        print(f"medwarrant: {error}", file=sys.stderr)
        return 2
    except (click.Abort, KeyboardInterrupt):
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
