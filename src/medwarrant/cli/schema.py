"""`schema`: the JSON Schemas that medwarrant publishes."""

from __future__ import annotations

import click


@click.command()
@click.argument("name", help="The name of the schema: request, for structured requests.")
def schema(name: str) -> None:
    """Print a JSON Schema."""
    from ..schema import schema_text

    print(schema_text(name), end="")
