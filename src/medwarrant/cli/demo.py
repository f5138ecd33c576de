"""`demo-data`: an empty desk filled with invented people and cases, to look around in."""

from __future__ import annotations

import gc
from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from ..model.errors import InputError
from .desk import Progress
from .parts import DATA, DATABASE, FILE, web_extra
from .person import password_of


@click.command("demo-data")
@DATA
@DATABASE
@click.option(
    "--as-of",
    metavar="DAY",
    help="The day on which the ten weeks of work end, such as 2026-11-23; now if left out.",
)
@click.option(
    "--password-file",
    type=FILE,
    help="A password for everybody, for 'serve --accounts'; - reads it from standard input.",
)
def demo_data(
    data: Path | None, database: str | None, as_of: str | None, password_file: Path | None
) -> None:
    """Fill an empty desk with invented people and cases, in every state."""
    with web_extra():
        from ..review.demo import fill
        from ..review.store.open import data_folder, open_desk
    from .ask import open_medwarrant

    end = _end(as_of)
    password = None if password_file is None else password_of(password_file)
    folder = data_folder(data)
    gc.enable()
    desk = open_desk(data=folder, database=database, medwarrant=open_medwarrant(()))
    progress = Progress()
    try:
        made = fill(desk, end, password=password, progress=progress)
    finally:
        progress.end()
        desk.database.close()
    print(
        f"{folder} holds {made.people} people, {made.inquiries} inquiries, {made.cases} cases and "
        f"{made.second_reviews} second reviews. All of it is invented."
    )
    named = f" --data {folder}" if data else ""
    named += ", with the same --database" if database else ""
    if password is None:
        print(f"Next: medwarrant serve{named}")
        print("There one person of this machine may work as anybody of the team.")
    else:
        print(f"Next: medwarrant serve --accounts{named}")
        print(
            "Everybody signs in with the password of the file; medwarrant person list lists them."
        )


def _end(as_of: str | None) -> datetime:
    now = datetime.now(UTC)
    if as_of is None:
        return now
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise InputError("this is not a day", where="--as-of", mend="write 2026-11-23") from None
    if day > now.date():
        raise InputError(
            "this day is still to come", where="--as-of", mend="give today or an earlier day"
        )
    if day.year < 2001:
        raise InputError("this day is too long ago", where="--as-of", mend="give a later day")
    return min(now, datetime.combine(day, time(20), UTC))
