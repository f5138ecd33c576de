"""Read `clocks.yaml`: by when each line of business must decide, and whether it may take longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ..model.sources import EvidenceStatement
from .clock_rule import (
    URGENCIES,
    ClockExtension,
    ClockPause,
    ClockRule,
    TimeLimit,
    Urgency,
    read_days,
    read_time,
)
from .read_criteria import CriteriaReader
from .read_tables import Fields, required, text_of, texts_of
from .yaml_source import YamlValue

_RULE = frozenset(
    {"standard", "expedited", "extension", "pause", "basis", "because", "title", "note"}
)
_LIMIT = frozenset({"within", "rests_on"})
_EXTENSION = frozenset({"in_all", "beyond", "of", "times", "rests_on"})
_PAUSE = frozenset({"allowed", "of", "only_when_extended", "plan_may_allow", "because", "rests_on"})


class ClockReader:
    """Reads clock rules against the lines of business and the statements of the whole pack set.

    Every time, extension and pause that is allowed rests on a statement that may carry a rule; a rule
    without one is `basis: editorial` and says why, and allows neither extension nor pause.
    """

    def __init__(
        self,
        criteria: CriteriaReader,
        statements: Mapping[str, EvidenceStatement],
        lines: Mapping[str, str],
    ) -> None:
        self._criteria = criteria
        self._statements = statements
        self._lines = lines

    def rule(self, name: str, value: YamlValue) -> ClockRule | None:
        """The rule of one line of business, or None, with the problems noted."""
        if name not in self._lines:
            self._criteria.check_name(value, "lines_of_business", name)
            return None
        fields = value.fields(_RULE, "a clock rule")
        required(value, fields, "standard", "expedited")
        editorial = self._editorial(value, fields)
        standard = self._limit(fields, "standard", editorial)
        expedited = self._limit(fields, "expedited", editorial)
        extension = self._extension(fields, editorial)
        pause = self._pause(fields, editorial)
        if standard is None or expedited is None:
            return None
        return ClockRule(
            id=name,
            title=text_of(fields, "title", self._lines[name]),
            standard=standard,
            expedited=expedited,
            extension=extension,
            pause=pause,
            basis="editorial" if editorial else "source",
            because=text_of(fields, "because"),
            file=value.place.file,
            line=value.line,
        )

    def _editorial(self, value: YamlValue, fields: Fields) -> bool:
        if "basis" not in fields:
            return False
        if fields["basis"].text() != "editorial":
            fields["basis"].complain(
                f"basis '{fields['basis'].text()}' is not known", "write editorial or leave it out"
            )
        if not text_of(fields, "because"):
            value.complain("an editorial rule needs its reason", "add because: ...")
        return True

    def _limit(self, fields: Fields, name: str, editorial: bool) -> TimeLimit | None:
        if name not in fields:
            return None
        parts = fields[name].fields(_LIMIT, f"the {name} time")
        required(fields[name], parts, "within")
        if "within" not in parts:
            return None
        time = parts["within"].tried(read_time, TimeLimit(1, "hours"))
        rests_on, sources = self._cited(fields[name], parts, needed=not editorial)
        return TimeLimit(time.number, time.unit, rests_on, sources)

    def _extension(self, fields: Fields, editorial: bool) -> ClockExtension | None:
        if "extension" not in fields:
            return None
        value = fields["extension"]
        parts = value.fields(_EXTENSION, "an extension")
        if editorial:
            value.complain(
                "a rule without a source allows no extension", "give its source, or leave it out"
            )
            return None
        counted = [name for name in ("in_all", "beyond") if name in parts]
        if len(counted) != 1:
            value.complain(
                "an extension is counted either from receipt or on top of the time",
                "write in_all: 14 days, or beyond: 15 days",
            )
            return None
        how: Literal["in_all", "beyond"] = "in_all" if counted == ["in_all"] else "beyond"
        rests_on, sources = self._cited(value, parts, needed=True)
        times = parts["times"].whole_number() if "times" in parts else None
        if times is not None and times < 1:
            parts["times"].complain("times is how often it may be extended", "write 1 or more")
        return ClockExtension(
            days=parts[how].tried(read_days, 1),
            counted=how,
            of=self._urgencies(parts),
            times=times,
            rests_on=rests_on,
            sources=sources,
        )

    def _pause(self, fields: Fields, editorial: bool) -> ClockPause:
        if "pause" not in fields:
            return ClockPause(because="no source that was read allows one")
        value = fields["pause"]
        parts = value.fields(_PAUSE, "a pause")
        required(value, parts, "allowed")
        allowed = "allowed" in parts and parts["allowed"].flag()
        if allowed and editorial:
            value.complain(
                "a rule without a source allows no pause", "give its source, or leave it out"
            )
        if not allowed and not text_of(parts, "because"):
            value.complain("a pause that is not allowed needs its reason", "add because: ...")
        rests_on, sources = self._cited(value, parts, needed=allowed and not editorial)
        return ClockPause(
            allowed=allowed,
            of=self._urgencies(parts),
            only_when_extended="only_when_extended" in parts and parts["only_when_extended"].flag(),
            plan_may_allow="plan_may_allow" not in parts or parts["plan_may_allow"].flag(),
            because=text_of(parts, "because"),
            rests_on=rests_on,
            sources=sources,
        )

    def _urgencies(self, parts: Fields) -> tuple[Urgency, ...]:
        if "of" not in parts:
            return ("standard",)
        words = [value.one_of(URGENCIES, "an urgency") for value in parts["of"].items()]
        return tuple(urgency for urgency in URGENCIES if urgency in words)

    def _cited(
        self, value: YamlValue, parts: Fields, *, needed: bool
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The statements it rests on, and their sources."""
        names = texts_of(parts, "rests_on")
        for name in names:
            self._criteria.check_name(parts["rests_on"], "statements", name)
        if needed and not names:
            value.complain("no source, no rule", "add rests_on, or basis: editorial with because")
        known = tuple(name for name in names if name in self._statements)
        if needed and known and not self._criteria.supported(known):
            parts["rests_on"].complain(
                "a time may not rest only on unverified or retracted statements",
                "give it a verified source, or basis: editorial with because",
            )
        return known, tuple(dict.fromkeys(self._statements[name].source for name in known))
