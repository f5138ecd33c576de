"""`schema`: the JSON Schemas that medwarrant publishes."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(schema)


def schema(
    name: str = typer.Argument(
        ..., help="The name of the schema: request, for structured requests."
    ),
) -> None:
    """Print a JSON Schema."""
    from ..schema import schema_text

    print(schema_text(name), end="")
