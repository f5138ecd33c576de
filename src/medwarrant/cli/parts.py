"""What several commands share: types of values, options, and groups of commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ..model.errors import InputError

FILE = click.Path(path_type=Path)
"""A file or folder; whether it can be used is found out, and said, where it is read or written."""

PACKS = click.option(
    "--packs", type=FILE, multiple=True, help="A folder with further packs; repeatable."
)

DATA = click.option(
    "--data",
    type=FILE,
    help="The folder of the desk; the one that 'serve' uses by itself if left out.",
)
DATABASE = click.option(
    "--database",
    help="The address of its database, where that is not the SQLite file in the folder.",
)


@contextmanager
def web_extra(what: str = "the review desk") -> Iterator[None]:
    """Say which package is missing, and how to get it, where something of the extra `web` is imported."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("medwarrant"):
            raise
        raise InputError(
            f"{what} needs the package {error.name}", mend="install medwarrant[web]"
        ) from None


class CommandGroup(click.Group):
    """Commands that help lists in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in their order."""
        return list(self.commands)
