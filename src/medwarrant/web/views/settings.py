"""The settings of the plan as pages show them: what each is for, its value, and the clocks that follow."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from ...model.errors import InputError
from ...policy.clock_rule import ClockRule, TimeLimit, strictest
from ...policy.library import Library
from ...review import settings as kept
from ...review.appeal_clock import appeal_rule
from ...review.names import names_of
from ...review.plan_clock import rule_for
from ...review.read_plan_clock import read_plan_clocks
from ...review.setting_values import KINDS
from ...review.settings import SettingKept
from ...review.work import Work

#: Each setting in words: its title, what it is, and what is refused or assumed without it.
ABOUT: Final[dict[str, tuple[str, str, str]]] = {
    "organisation": (
        "Organisation",
        "Who the desk works for, and the time zone in which calendar days of clocks are counted.",
        "Without a time zone, days are counted in UTC. Without a name, letters need that of the plan in the letterhead.",
    ),
    "letterhead": (
        "Letterhead",
        "What stands on every letter: the plan, how to reach it, help in other languages, further notices.",
        "Without a name of the plan and a way to answer, letters are refused.",
    ),
    "appeal_rights": (
        "Appeal rights",
        "The plan's own text on appeals, for each line of business and, where it differs, each state; with its source.",
        "Without a text for the line of business, an adverse, partial or modified decision is refused: its letter would say nothing of appeals.",
    ),
    "sign_off": (
        "Sign-off",
        "The statement that stands above a signature.",
        "Without one, the statement of this software stands there.",
    ),
    "information": (
        "Time for information",
        "How many days a practice usually has to send what is asked for, and the least it has by line of business.",
        "Without one, the reviewer gives a day with each request. Without a least time, any day from today on may be given.",
    ),
    "validity": (
        "Validity of approvals",
        "For how many days an approval holds at least, by line of business, where the reviewer gives it a last day.",
        "Without one, an approval may hold for the date of service alone.",
    ),
    "second_reviews": (
        "Second reviews",
        "How many of a hundred decided cases are drawn for a blind second review.",
        "Without one, five of a hundred are drawn.",
    ),
    "clocks": (
        "Clocks",
        "Times of the plan's own for the first decision, by line of business; shorter than the law's, never longer.",
        "Without them, the rules of the packs hold, with the sources they name.",
    ),
    "appeal_clocks": (
        "Clocks of appeals",
        "By when an appeal is decided, by line of business. No source of the packs states a time for appeals.",
        "Without them, an appeal runs by the rule of the first decision.",
    ),
}


class SettingLine(msgspec.Struct, frozen=True, kw_only=True):
    """A setting in the list; version 0 is one that was never set."""

    name: str
    title: str
    about: str
    without: str
    version: int
    by: str
    at: datetime | None


class SettingsView(msgspec.Struct, frozen=True, kw_only=True):
    """Every setting, and the lines of business that lack a text on appeals."""

    settings: tuple[SettingLine, ...]
    without_appeal_rights: tuple[str, ...]


class RuleView(msgspec.Struct, frozen=True, kw_only=True):
    """The clock rule of a line of business as it holds now, in words, with where each part comes from."""

    line_of_business: str
    title: str
    standard: str
    expedited: str
    extension: str
    pause: str
    basis: str
    because: str
    sources: tuple[str, ...]
    own: bool


class SettingView(msgspec.Struct, frozen=True, kw_only=True):
    """One setting: its value as plain data, its version, and for clocks the rules that follow from it."""

    name: str
    title: str
    about: str
    without: str
    value: Any
    version: int
    by: str
    at: datetime | None
    rules: tuple[RuleView, ...] = ()
    lines_of_business: tuple[tuple[str, str], ...] = ()


class NewSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A setting to be set; `expected` is the version that was seen, 0 for one that was never set."""

    value: Any
    expected: Annotated[int, Meta(ge=0, le=2**31 - 2)]


def settings(work: Work) -> SettingsView:
    """Every setting with what needs it."""
    work.require("administrator", "auditor")
    found = kept.settings_kept(work.connection)
    names = names_of(work.connection, (one.person_id for one in found if one.person_id))
    library = work.desk.medwarrant.library
    told = {
        one["line_of_business"]
        for setting in found
        if setting.name == "appeal_rights"
        for one in setting.value
    }
    return SettingsView(
        settings=tuple(
            SettingLine(
                name=one.name,
                title=ABOUT[one.name][0],
                about=ABOUT[one.name][1],
                without=ABOUT[one.name][2],
                version=one.version,
                by=names.get(one.person_id or "", ""),
                at=one.changed_at,
            )
            for one in found
        ),
        without_appeal_rights=tuple(
            line.title for name, line in library.lines_of_business.items() if name not in told
        ),
    )


def setting(work: Work, name: str) -> SettingView:
    """One setting. Raises `InputError` for a name that is none."""
    work.require("administrator", "auditor")
    return _view(work, kept.setting_kept(work.connection, name))


def change(work: Work, name: str, new: NewSetting) -> SettingView:
    """Set a setting."""
    return _view(work, kept.change_setting(work, name, new.value, expected=new.expected))


def _view(work: Work, found: SettingKept) -> SettingView:
    library = work.desk.medwarrant.library
    title, about, without = ABOUT[found.name]
    names = names_of(work.connection, [found.person_id] if found.person_id else [])
    rules: tuple[RuleView, ...] = ()
    if found.name in ("clocks", "appeal_clocks"):
        rules = rules_in_force(work, appeals=found.name == "appeal_clocks")
    return SettingView(
        name=found.name,
        title=title,
        about=about,
        without=without,
        value=found.value,
        version=found.version,
        by=names.get(found.person_id or "", ""),
        at=found.changed_at,
        rules=rules,
        lines_of_business=tuple(
            (name, line.title) for name, line in library.lines_of_business.items()
        ),
    )


def rules_in_force(work: Work, *, appeals: bool = False) -> tuple[RuleView, ...]:
    """The clock rule of each line of business as cases are timed by it now, and that of an unknown one."""
    library = work.desk.medwarrant.library
    plan = read_plan_clocks(kept.setting_kept(work.connection, "clocks").value)
    later = read_plan_clocks(kept.setting_kept(work.connection, "appeal_clocks").value)
    found = []
    for name in library.clocks:
        own = name in (later if appeals else plan)
        try:
            rule = rule_for(library.clocks, name, plan)
            if appeals and name in later:
                rule = appeal_rule(rule, later[name])
        except (
            InputError
        ) as error:  # the packs changed since it was set: cases of this line are refused
            found.append(_broken(name, library, str(error)))
            continue
        found.append(_rule(name, rule, library, own=own))
    if library.clocks and not appeals:
        found.append(_rule("", strictest(library.clocks.values()), library, own=False))
    return tuple(found)


def _rule(name: str, rule: ClockRule, library: Library, *, own: bool) -> RuleView:
    pause = rule.pause
    if pause.allowed:
        when = " once it was extended" if pause.only_when_extended else ""
        stops = f"may stand still while information is awaited{when} ({' and '.join(pause.of)})"
    else:
        stops = f"never stands still{f': {pause.because}' if pause.because else ''}"
    parts: list[Any] = [rule.standard, rule.expedited, rule.extension, pause]
    told: dict[str, None] = {}
    for part in parts:
        if part is not None:
            told |= dict.fromkeys(_source(one, library) for one in part.sources)
            told |= dict.fromkeys([part.plan] if part.plan else [])
    extension = rule.extension
    return RuleView(
        line_of_business=name,
        title=rule.title[:1].upper() + rule.title[1:],
        standard=_limit(rule.standard),
        expedited=_limit(rule.expedited),
        extension=f"{extension.text()} ({' and '.join(extension.of)})" if extension else "none",
        pause=stops,
        basis=rule.basis,
        because=rule.because,
        sources=tuple(told),
        own=own,
    )


def _broken(name: str, library: Library, problem: str) -> RuleView:
    return RuleView(
        line_of_business=name,
        title=library.clocks[name].title,
        standard="",
        expedited="",
        extension="",
        pause="",
        basis="plan",
        because=f"This setting no longer fits the packs: {problem}",
        sources=(),
        own=True,
    )


def _limit(limit: TimeLimit) -> str:
    return f"{limit.text()}{' (set by the plan)' if limit.plan else ''}"


def _source(name: str, library: Library) -> str:
    known = library.sources.get(name)
    return known.title if known else name


def known_settings() -> tuple[str, ...]:
    """The names of all settings."""
    return tuple(KINDS)
