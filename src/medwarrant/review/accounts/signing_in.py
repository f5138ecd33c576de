"""Signing in with a password, and what happens after failures.

Whether a login exists, is closed, locked or has no password cannot be told from outside: one message for all,
and the same work for all. After every fifth failure the account is locked, for 15 minutes at first and twice
as long each time; sign-ins while it is locked do not count, and are refused even with the right password.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, update

from ...model.errors import InputError
from ..errors import NotAllowed
from ..people import Person
from ..store import schema
from ..work import Desk, Work
from .accounts import LOGIN, person_of, row_of_login
from .passwords import check_password, is_outdated, is_right, is_temporary, kept_form
from .session import LIMITS, SessionLimits, SessionStarted, begin, end_all_sessions

LOCKED_AFTER: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)
LOCKED_AT_MOST: Final = timedelta(hours=24)
#: In whose name failed sign-ins with unknown logins are logged.
_NOBODY: Final = Person(id="nobody", name="", login="", roles=frozenset())


class NewPasswordNeeded(NotAllowed):
    """The password is right and temporary: it is good for `change_password` only."""


def sign_in(
    desk: Desk, login: str, password: str, limits: SessionLimits = LIMITS
) -> SessionStarted:
    """Begin a session for whoever knows the password.

    Raises `NewPasswordNeeded` for a temporary one and `NotAllowed`, with one message, for everything else.
    """
    found, right = _compare(desk, _asked(login), password)
    anew = kept_form(password) if right and is_outdated(found.password) else None
    with desk.work(_NOBODY if found is None else person_of(found)) as work:
        started = None
        if _is_open(work, found if right else None):
            if is_temporary(found.password):
                raise NewPasswordNeeded(
                    "this password was set by somebody else", mend="choose your own"
                )
            values = {"failures": 0, "locked_until": None}
            _write(work, values if anew is None else {**values, "password": anew})
            work.log("signed_in", f"person:{work.person.id}", how="password")
            started = begin(work, limits)
    if started is None:
        raise _refused()
    return started


def change_password(
    desk: Desk, login: str, current: str, new: str, limits: SessionLimits = LIMITS
) -> SessionStarted:
    """Choose another password for oneself: every session ends, and a new one begins.

    The current password is asked for, so that a screen left open does not give the account away; wrong ones
    count and lock as at the sign-in. Raises `NotAllowed` with the one message of the sign-in, and, for whoever
    may sign in, `InputError` for a new one that is refused or is the current one.
    """
    login = _asked(login)
    found, right = _compare(desk, login, current)
    problem = _problem(login, current, new)
    anew = kept_form(new) if right and problem is None else ""
    with desk.work(_NOBODY if found is None else person_of(found)) as work:
        started = None
        if _is_open(work, found if right else None):
            # No sooner: a locked account must not tell by this that the current password was right.
            if problem is not None:
                raise problem
            _write(work, {"password": anew, "failures": 0, "locked_until": None})
            work.log("password_changed", f"person:{work.person.id}")
            end_all_sessions(work, work.person.id)
            started = begin(work, limits)
    if started is None:
        raise _refused()
    return started


def _problem(login: str, current: str, new: str) -> InputError | None:
    """Why a new password is refused."""
    try:
        check_password(new, login)
    except InputError as error:
        return error
    if new != current:
        return None
    return InputError("this is the current one", where="password", mend="choose another one")


def _asked(login: str) -> str:
    login = login.strip().lower()
    return login if LOGIN.fullmatch(login) else ""


def _compare(desk: Desk, login: str, password: str) -> tuple[Any, bool]:
    """The row of a login, and whether the password is the one it keeps.

    This takes a tenth of a second, in which others may write: it comes before the transaction.
    """
    with desk.database.read() as connection:
        found = row_of_login(connection, login)
    return found, is_right(password, None if found is None else found.password)


def _is_open(work: Work, found: Any) -> bool:
    """Whether the password of `found` still is the one that is kept, and the account neither closed nor locked.

    Else a failure is counted. Sign-ins at once are decided one after another, so that none escapes the count.
    """
    row = work.connection.execute(
        select(schema.person).where(schema.person.c.id == work.person.id)
    ).one_or_none()
    locked = row is not None and row.locked_until is not None and work.now < row.locked_until
    if found is None or row is None or locked or not row.active or row.password != found.password:
        _count_failure(work, row, counts=not locked)
        return False
    return True


def _write(work: Work, values: dict[str, Any]) -> None:
    work.connection.execute(
        update(schema.person).where(schema.person.c.id == work.person.id).values(values)
    )


def _count_failure(work: Work, row: Any, *, counts: bool) -> None:
    """Count a failed sign-in, and lock after every fifth; for unknown logins the same steps change nothing."""
    failures = (row.failures if row is not None else 0) + (1 if counts else 0)
    _write(work, {"failures": failures})
    work.log("sign_in_failed", f"person:{work.person.id}", while_locked=not counts)
    if row is not None and counts and failures % LOCKED_AFTER == 0:
        until = work.now + lock_time(failures)
        _write(work, {"locked_until": until})
        said = until.isoformat(timespec="seconds")
        work.log("locked", f"person:{work.person.id}", until=said, failures=failures)


def lock_time(failures: int) -> timedelta:
    """How long so many failures in a row lock an account.

    >>> [str(lock_time(n)) for n in (5, 10, 15, 100)]
    ['0:15:00', '0:30:00', '1:00:00', '1 day, 0:00:00']
    """
    doubled = 1 << min(failures // LOCKED_AFTER - 1, 20)
    return min(LOCKED_FOR * doubled, LOCKED_AT_MOST)


def _refused() -> NotAllowed:
    return NotAllowed(
        "the login or the password is not right, or the account is closed or locked",
        mend="try again; after several failures, wait or ask an administrator",
    )
