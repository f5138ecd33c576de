"""`serve`: the web application."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from .parts import FILE, PACKS, web_extra


@click.command()
@click.option(
    "--data",
    type=FILE,
    help="The folder of the desk: database, key of the audit log, packs kept; made if it is not there.",
)
@click.option(
    "--database", help="Another database, such as postgresql://USER@HOST/NAME, instead of SQLite."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port to listen at; 0 takes a free one.",
)
@click.option(
    "--accounts", is_flag=True, help="People sign in; without it, one person on this machine."
)
@click.option(
    "--public-url",
    help="The address by which people reach the server, where it has a name or a proxy stands before it.",
)
@click.option(
    "--session-minutes",
    type=click.IntRange(1, 1440),
    default=30,
    show_default=True,
    help="A session that is not used ends after this.",
)
@click.option(
    "--session-hours",
    type=click.IntRange(1, 168),
    default=12,
    show_default=True,
    help="A session ends after this, however much it is used.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes answer.",
)
@PACKS
def serve(
    data: Path | None,
    database: str | None,
    host: str,
    port: int,
    accounts: bool,
    public_url: str | None,
    session_minutes: int,
    session_hours: int,
    workers: int,
    packs: tuple[Path, ...],
) -> None:
    """Open the web application and the review desk."""
    with web_extra("the web application"):
        from ..review.store.open import data_folder
        from ..web.oidc.settings import read_oidc_settings
        from ..web.server import Serving, bound, run
        from ..web.settings import WebSettings
    settings = WebSettings(
        accounts=accounts,
        host=host,
        port=port,
        public_url=public_url,
        session_minutes=session_minutes,
        session_hours=session_hours,
        oidc=read_oidc_settings(os.environ) if accounts else None,
    )
    serving = Serving(
        settings=settings,
        data=data_folder(data),
        database=database,
        packs=packs,
        workers=workers,
    )
    with bound(settings) as listening:
        at = f"[{host}]" if ":" in host else host
        address = public_url or f"http://{at}:{listening.getsockname()[1]}"

        def announce() -> None:
            print(f"medwarrant is at {address} (data in {serving.data})", flush=True)
            print("Stop it with Ctrl+C.", flush=True)
            if accounts and public_url is None:
                print("It answers under this address alone; a name needs --public-url.", flush=True)

        run(serving, listening, say=_say, announce=announce)


def _say(message: str) -> None:
    print(f"medwarrant: {message}", file=sys.stderr)
