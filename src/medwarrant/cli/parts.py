"""What several commands share: types of values, options, and groups of commands."""

from __future__ import annotations

from pathlib import Path

import click

FILE = click.Path(path_type=Path)
"""A file or folder; whether it can be used is found out, and said, where it is read or written."""

PACKS = click.option(
    "--packs", type=FILE, multiple=True, help="A folder with further packs; repeatable."
)


class CommandGroup(click.Group):
    """Commands that help lists in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in their order."""
        return list(self.commands)
