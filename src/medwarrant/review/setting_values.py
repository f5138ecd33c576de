"""The settings of a plan as typed values, and what each may be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ..model.errors import InputError
from ..policy.library import Library
from ..report.letters.told import LanguageNote
from .appeal_clock import appeal_rule
from .plan_clock import with_plan
from .read_plan_clock import read_plan_clocks


class Organisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who the desk works for; calendar days of clocks are counted in its time zone."""

    name: str = ""
    time_zone: str = "UTC"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)


class Letterhead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands on the plan's letters; `peer_to_peer` says how a doctor reaches the one who decides."""

    plan: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""
    fax: str = ""
    online: str = ""
    peer_to_peer: str = ""
    language_notes: tuple[LanguageNote, ...] = ()
    notices: tuple[str, ...] = ()


class AppealRights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The plan's text on appeals for one line of business in one state, and where the text comes from.

    An empty `state` is for every state that has no text of its own.
    """

    line_of_business: str
    text: str
    source: str
    state: str = ""


class SignOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The statement that stands above a signature."""

    statement: str = ""


class LeastTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The least days that a practice has to answer, for one line of business, and what says so.

    An empty `line_of_business` is for every line that has none of its own. `source` names a regulation, a
    contract, or the plan's own rule.
    """

    standard_days: int
    expedited_days: int
    source: str
    line_of_business: str = ""


class InformationTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many days a practice has to send what is asked for, where the reviewer gives no other day.

    No reviewer gives less than `least` says for the line of business.
    """

    standard_days: int = 0
    expedited_days: int = 0
    least: tuple[LeastTime, ...] = ()


class ShortestValidity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many days an approval holds at least, its first and last day counted, and what says so.

    An empty `line_of_business` is for every line that has none of its own.
    """

    days: int
    source: str
    line_of_business: str = ""


class SecondReviews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many decided cases in a hundred are drawn for a blind second review."""

    percent: int = 5


#: The settings by name. `clocks` and `appeal_clocks` are tables by line of business, as `read_plan_clock` reads.
KINDS: Final[Mapping[str, Any]] = {
    "organisation": Organisation,
    "letterhead": Letterhead,
    "appeal_rights": tuple[AppealRights, ...],
    "sign_off": SignOff,
    "information": InformationTime,
    "validity": tuple[ShortestValidity, ...],
    "second_reviews": SecondReviews,
    "clocks": dict[str, Any],
    "appeal_clocks": dict[str, Any],
}


def checked(name: str, value: Any, library: Library) -> Any:
    """A setting from plain data, typed and checked; raises `InputError` where it cannot be used."""
    try:
        found = msgspec.convert(value, KINDS[name])
    except msgspec.ValidationError as error:
        raise InputError("the value cannot be used", where=name, mend=str(error)) from None
    match found:
        case Organisation():
            _check_zone(found.time_zone)
        case SecondReviews() if not 0 <= found.percent <= 100:
            raise InputError("a percentage is 0 to 100", where=f"{name}.percent")
        case InformationTime():
            for days in (found.standard_days, found.expedited_days):
                _check_days(days, 0, name)
            _check_lines(f"{name}.least", found.least, library)
            for number, least in enumerate(found.least):
                for days in (least.standard_days, least.expedited_days):
                    _check_days(days, 0, f"{name}.least[{number}]")
    if name == "appeal_rights":
        _check_appeal_rights(found, library)
    if name == "validity":
        _check_lines(name, found, library)
        for number, one in enumerate(found):
            _check_days(one.days, 1, f"{name}[{number}]")
    if name in ("clocks", "appeal_clocks"):
        _check_clocks(name, found, library)
    return found


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            "this is not a time zone",
            where="organisation.time_zone",
            mend="write one such as America/Chicago",
        ) from None


def _check_days(days: int, least: int, where: str) -> None:
    if not least <= days <= 365:
        raise InputError(f"give {least} to 365 days", where=where)


def _check_lines(name: str, rows: Sequence[LeastTime | ShortestValidity], library: Library) -> None:
    """Each line of business is known and there once, and each row says what it rests on."""
    seen: set[str] = set()
    for number, one in enumerate(rows):
        where, line = f"{name}[{number}]", one.line_of_business
        if line and line not in library.lines_of_business:
            known = ", ".join(library.lines_of_business)
            raise InputError(
                "this line of business is not known", where=where, mend=f"known: {known}"
            )
        if not one.source.strip():
            raise InputError(
                "a least time needs its source",
                where=where,
                mend="name the regulation or contract, or say that it is the plan's own rule",
            )
        if line in seen:
            raise InputError("two are for the same line of business", where=where, mend="keep one")
        seen.add(line)


def _check_appeal_rights(texts: tuple[AppealRights, ...], library: Library) -> None:
    seen = set()
    for number, one in enumerate(texts):
        where = f"appeal_rights[{number}]"
        if one.line_of_business not in library.lines_of_business:
            known = ", ".join(library.lines_of_business)
            raise InputError(
                "this line of business is not known", where=where, mend=f"known: {known}"
            )
        if one.state and not re.fullmatch(r"[A-Z]{2}", one.state):
            raise InputError(
                "a state is two letters", where=where, mend="or leave it empty for every state"
            )
        if len(one.text.split()) < 10:
            raise InputError(
                "the text on appeals is too short to be one",
                where=where,
                mend="give the whole text that the plan puts in its notices",
            )
        if not one.source.strip():
            raise InputError(
                "the text needs its source", where=where, mend="say which document it comes from"
            )
        if (one.line_of_business, one.state) in seen:
            raise InputError("two texts are for the same place", where=where, mend="keep one")
        seen.add((one.line_of_business, one.state))


def _check_clocks(name: str, table: dict[str, Any], library: Library) -> None:
    for line, plan in read_plan_clocks(table).items():
        rule = library.clocks.get(line)
        if rule is None:
            raise InputError(
                "the packs know no clock of this line of business",
                where=f"{name}.{line[:60]}",
                mend=f"known: {', '.join(library.clocks)}",
            )
        if name == "clocks":
            with_plan(rule, plan)
        else:
            appeal_rule(rule, plan)
