"""`person`: who may sign in, said on the machine of the desk.

Whoever may run these commands on the data folder may do everything with it anyway; what they do is in the audit
log, in the name of the command line. A password is typed or read from a file, never an argument: arguments stand in
the history of the shell and in the list of processes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..model.errors import InputError
from .parts import DATA, DATABASE, FILE, CommandGroup, web_extra

if TYPE_CHECKING:
    from ..review.work import Work

_LOGIN = click.argument("login")
_ROLE = click.option(
    "--role",
    "roles",
    multiple=True,
    help="requester, nurse_reviewer, physician_reviewer, editor, auditor or administrator; repeatable.",
)
_PASSWORD_FILE = click.option(
    "--password-file",
    type=FILE,
    help="Read the password from this file instead; - reads it from standard input.",
)
_TEMPORARY = click.option(
    "--temporary",
    is_flag=True,
    help="The person chooses another password at the first sign-in: for one that somebody else typed.",
)


def _on_a_desk(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name the desk, and work in the name of the command line."""

    @DATA
    @DATABASE
    @wraps(command)
    def with_desk(data: Path | None, database: str | None, **more: Any) -> None:
        @contextmanager
        def work() -> Iterator[Work]:
            with _work(data, database) as opened:
                yield opened

        command(work, **more)

    return with_desk


@contextmanager
def _work(data: Path | None, database: str | None) -> Iterator[Work]:
    with web_extra():
        from ..review.accounts import COMMAND_LINE
        from ..review.store.open import data_folder, open_desk
    from ..answer import Medwarrant
    from ..policy.load import load_packs

    desk = open_desk(data=data_folder(data), database=database, medwarrant=Medwarrant(load_packs()))
    try:
        with desk.work(COMMAND_LINE) as work:
            yield work
    finally:
        desk.database.close()


@click.group("person", cls=CommandGroup, help="Say who may sign in, and as what.")
def person_commands() -> None:
    """Hold the commands about people."""


@person_commands.command("add")
@click.option("--login", required=True, help="What the person types to sign in; it stays.")
@click.option("--name", required=True, help="The name, as it stands under what the person signs.")
@_ROLE
@click.option("--credentials", default="", help="Degree, field and licence, needed to sign.")
@_PASSWORD_FILE
@_TEMPORARY
@click.option(
    "--no-password", is_flag=True, help="Somebody else vouches, or the person is to sign in later."
)
@_on_a_desk
def add(
    work: Callable[[], Any],
    login: str,
    name: str,
    roles: tuple[str, ...],
    credentials: str,
    password_file: Path | None,
    temporary: bool,
    no_password: bool,
) -> None:
    """Add a person; the password is asked for twice."""
    from ..review import accounts

    if no_password and (password_file or temporary):
        raise InputError("there is no password to speak of", where="--no-password")
    password = None if no_password else password_of(password_file)
    with work() as opened:
        made = accounts.add_person(
            opened,
            login=login,
            name=name,
            roles=roles,
            credentials=credentials,
            password=password,
            temporary=temporary,
        )
    print(f"{made.name} was added and signs in as {made.login}.")


@person_commands.command("list")
@_on_a_desk
def list_people(work: Callable[[], Any]) -> None:
    """List everyone: login, state, roles, name."""
    from ..review import accounts

    with work() as opened:
        found, now = accounts.people(opened), opened.now
    for one in found:
        locked = one.locked_until is not None and now < one.locked_until
        state = "closed" if not one.active else "locked" if locked else "open"
        roles = ", ".join(sorted(one.person.roles)) or "no role"
        signs = f", {one.person.credentials}" if one.person.credentials else ""
        print(f"{one.person.login}  [{state}; {roles}]  {one.person.name}{signs}")
    if not found:
        print("nobody yet; 'medwarrant person add' adds the first")


@person_commands.command("roles")
@_LOGIN
@_ROLE
@click.option("--none", "no_role", is_flag=True, help="Take every role away.")
@_on_a_desk
def roles(work: Callable[[], Any], login: str, roles: tuple[str, ...], no_role: bool) -> None:
    """Set the roles of a person: those named, and no other; every session of the person ends."""
    from ..review import accounts

    if bool(roles) == no_role:
        raise InputError("name roles with --role, or take all away with --none")
    with work() as opened:
        person = accounts.person_named(opened, login)
        changed = accounts.change_person(opened, person.id, roles=roles)
    print(f"{changed.login}: {', '.join(sorted(changed.roles)) or 'no role'}.")


@person_commands.command("change")
@_LOGIN
@click.option("--name", help="Another name.")
@click.option("--credentials", help="Other credentials; an empty text takes them away.")
@_on_a_desk
def change(work: Callable[[], Any], login: str, name: str | None, credentials: str | None) -> None:
    """Change the name or the credentials of a person."""
    from ..review import accounts

    with work() as opened:
        person = accounts.person_named(opened, login)
        changed = accounts.change_person(opened, person.id, name=name, credentials=credentials)
    print(
        f"{changed.login}: {changed.name}{', ' if changed.credentials else ''}{changed.credentials}."
    )


@person_commands.command("deactivate")
@_LOGIN
@_on_a_desk
def deactivate(work: Callable[[], Any], login: str) -> None:
    """Close an account; what the person did stays."""
    from ..review import accounts

    with work() as opened:
        accounts.deactivate(opened, accounts.person_named(opened, login).id)
    print(f"{login} can no longer sign in.")


@person_commands.command("reactivate")
@_LOGIN
@_on_a_desk
def reactivate(work: Callable[[], Any], login: str) -> None:
    """Open an account again."""
    from ..review import accounts

    with work() as opened:
        accounts.reactivate(opened, accounts.person_named(opened, login).id)
    print(f"{login} can sign in again.")


@person_commands.command("unlock")
@_LOGIN
@_on_a_desk
def unlock(work: Callable[[], Any], login: str) -> None:
    """End the lock after failed sign-ins."""
    from ..review import accounts

    with work() as opened:
        accounts.unlock(opened, accounts.person_named(opened, login).id)
    print(f"{login} can sign in again.")


@person_commands.command("password")
@_LOGIN
@_PASSWORD_FILE
@_TEMPORARY
@_on_a_desk
def password(
    work: Callable[[], Any], login: str, password_file: Path | None, temporary: bool
) -> None:
    """Set a password; it is asked for twice, and every session of the person ends."""
    from ..review import accounts

    typed = password_of(password_file)
    with work() as opened:
        person = accounts.person_named(opened, login)
        accounts.set_password(opened, person.id, typed, temporary=temporary)
    print(f"{login} has a new password.")


@person_commands.command("token")
@_LOGIN
@click.option("--name", required=True, help="What the token is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help="read, determine, review or admin; repeatable.",
)
@click.option(
    "--days", type=click.IntRange(1, 366), default=90, show_default=True, help="Good for so long."
)
@_on_a_desk
def token(
    work: Callable[[], Any], login: str, name: str, scopes: tuple[str, ...], days: int
) -> None:
    """Make a token with which a program acts in the person's name, and print it this once."""
    from ..review import accounts

    with work() as opened:
        person = accounts.person_named(opened, login)
        expires = opened.now + timedelta(days=days)
        made = accounts.new_token(opened, person, name, scopes, expires)
    print(made)


def password_of(file: Path | None) -> str:
    """A password, typed twice on the terminal or read from a file. Raises `InputError`."""
    if file is not None:
        try:
            raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
            text = raw.decode()
        except (OSError, UnicodeDecodeError):
            raise InputError("this cannot be read as text", where=str(file)) from None
        return text.removesuffix("\n").removesuffix("\r")
    if not sys.stdin.isatty():
        raise InputError(
            "a password is typed on a terminal",
            mend="name a file with --password-file, or - for standard input",
        )
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed
