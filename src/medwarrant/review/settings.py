"""What the plan itself sets: its letterhead, appeal rights, clocks and the words of its sign-off.

Each setting is typed, has a version that whoever changes it must have seen, and each change is in the
audit log by digest. Nothing here has a default that a regulator would have to approve: a text that is not
set is not there, and what needs it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, insert, select, update

from ..model.canonical import canonical, sha256
from ..model.errors import InputError
from .errors import Stale
from .setting_values import (
    KINDS,
    AppealRights,
    InformationTime,
    LeastTime,
    Letterhead,
    Organisation,
    SecondReviews,
    ShortestValidity,
    SignOff,
    checked,
)
from .store.schema import setting
from .work import Work

T = TypeVar("T")
L = TypeVar("L", LeastTime, ShortestValidity)


class SettingKept(msgspec.Struct, frozen=True, kw_only=True):
    """A setting as it stands, as plain data; version 0 is one that was never set."""

    name: str
    value: Any
    version: int = 0
    person_id: str | None = None
    changed_at: datetime | None = None


def setting_kept(connection: Connection, name: str) -> SettingKept:
    """A setting with its version; raises `InputError` for a name that is none."""
    _known(name)
    row = connection.execute(select(setting).where(setting.c.name == name)).one_or_none()
    if row is None:
        return SettingKept(name=name, value=_plain(msgspec.convert(_empty(name), KINDS[name])))
    return SettingKept(**{**row._mapping, "value": msgspec.json.decode(row.value)})


def settings_kept(connection: Connection) -> list[SettingKept]:
    """Every setting, those that were never set too."""
    return [setting_kept(connection, name) for name in KINDS]


def change_setting(work: Work, name: str, value: Any, *, expected: int) -> SettingKept:
    """Set a setting from plain data, as an administrator who saw its version `expected`.

    Raises `InputError` where the value cannot be used, `Stale` where somebody changed it since.
    """
    work.require("administrator")
    _known(name)
    plain = _plain(checked(name, value, work.desk.medwarrant.library))
    row = {
        "value": canonical(plain).decode(),
        "version": expected + 1,
        "person_id": work.person.id,
        "changed_at": work.now,
    }
    known = work.connection.execute(
        select(setting.c.version).where(setting.c.name == name).with_for_update()
    ).scalar_one_or_none()
    if (known or 0) != expected:
        raise Stale("somebody changed this setting since you saw it", mend="look at it again")
    if known is None:
        work.connection.execute(insert(setting), {"name": name, **row})
    else:
        work.connection.execute(update(setting).where(setting.c.name == name).values(row))
    work.log("setting", f"setting:{name}", version=expected + 1, digest=sha256(plain))
    return setting_kept(work.connection, name)


def organisation(connection: Connection) -> Organisation:
    """Who the desk works for."""
    return _value(connection, "organisation", Organisation)


def letterhead(connection: Connection) -> Letterhead:
    """The letterhead; the name of the organisation stands for that of the plan where none is set."""
    found = _value(connection, "letterhead", Letterhead)
    return (
        found if found.plan else msgspec.structs.replace(found, plan=organisation(connection).name)
    )


def sign_off(connection: Connection) -> SignOff:
    """The statement above a signature."""
    return _value(connection, "sign_off", SignOff)


def information_time(connection: Connection) -> InformationTime:
    """The usual time for an answer to a request for information."""
    return _value(connection, "information", InformationTime)


def least_information_time(connection: Connection, line_of_business: str) -> LeastTime | None:
    """The least time for an answer in a line of business, or None where the plan has set none."""
    return _of_line(information_time(connection).least, line_of_business)


def shortest_validity(connection: Connection, line_of_business: str) -> ShortestValidity | None:
    """For how long an approval holds at least in a line of business, or None where none is set."""
    rows = setting_kept(connection, "validity").value
    return _of_line(msgspec.convert(rows, tuple[ShortestValidity, ...]), line_of_business)


def second_reviews(connection: Connection) -> SecondReviews:
    """How many cases are drawn for a second review."""
    return _value(connection, "second_reviews", SecondReviews)


def appeal_rights(
    connection: Connection, line_of_business: str, state: str | None
) -> AppealRights | None:
    """The text on appeals for a line of business in a state, or None where the plan supplies none.

    A text of one line of business never stands in for that of another.
    """
    found = msgspec.convert(
        setting_kept(connection, "appeal_rights").value, tuple[AppealRights, ...]
    )
    own = [one for one in found if one.line_of_business == line_of_business and line_of_business]
    for wanted in (state or "", ""):
        for one in own:
            if one.state == wanted:
                return one
    return None


def _of_line(rows: Iterable[L], line_of_business: str) -> L | None:
    """The row of a line of business, else that of every line."""
    found = {one.line_of_business: one for one in rows}
    return found.get(line_of_business) or found.get("")


def _value(connection: Connection, name: str, kind: type[T]) -> T:
    return msgspec.convert(setting_kept(connection, name).value, kind)


def _empty(name: str) -> Any:
    return [] if name in ("appeal_rights", "validity") else {}


def _plain(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def _known(name: str) -> None:
    if name not in KINDS:
        raise InputError(
            f"'{name[:60]}' is not a setting", where="settings", mend=f"known: {', '.join(KINDS)}"
        )
