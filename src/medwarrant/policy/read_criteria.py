"""Read criteria from a pack file, every name and value checked against the fact dictionary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..model.dates import parse_window
from ..model.measures import Bound, Range, base_unit, parse_quantity
from . import criteria as c
from .fact_dictionary import Attribute, ChoiceValue, EventDefinition, FactDefinition
from .yaml_source import YamlValue, _nearest

_COMMON = frozenset(
    {"id", "title", "plain", "document", "question", "ask", "rests_on", "basis", "because"}
)
_BOUND_KEYS = ("at_least", "more_than", "at_most", "less_than")


class CriteriaReader:
    """Reads the criteria of one pack set; `supported` tells whether statements may carry a rule."""

    def __init__(
        self,
        facts: Mapping[str, FactDefinition],
        events: Mapping[str, EventDefinition],
        known_names: Mapping[str, frozenset[str]],
        supported: Callable[[tuple[str, ...]], bool],
    ) -> None:
        self.facts = facts
        self.events = events
        self.known_names = known_names
        self.supported = supported

    def read(
        self, value: YamlValue, inherited: tuple[str, ...], used_ids: set[str]
    ) -> c.Criterion | None:
        """One criterion with everything below it; None, with the problem noted, if it is not one."""
        if not value.is_map:
            value.complain(
                "a criterion is a mapping with one kind key", f"kinds: {', '.join(_READERS)}"
            )
            return None
        entries = dict(value.entries())
        kinds = [key for key in entries if key in _READERS]
        if "of" in entries and "at_least" in entries:
            kinds = ["at_least"]
        elif len(kinds) > 1 and "at_least" in kinds:
            kinds.remove("at_least")
        if len(kinds) != 1:
            wrong = next((key for key in entries if key not in _COMMON), "")
            value.complain(
                f"a criterion has exactly one kind key, this has {len(kinds)}",
                _nearest(wrong, tuple(_READERS)) if wrong and not kinds else "keep one",
            )
            return None
        kind = kinds[0]
        reader, own_fields = _READERS[kind]
        for key, entry in entries.items():
            if key != kind and key not in _COMMON and key not in own_fields:
                allowed = frozenset(own_fields) | _COMMON
                entry.complain(
                    f"'{key}' is not a field of a {kind} criterion", _nearest(key, allowed)
                )
        common = self._common(value, entries, inherited, used_ids, kind)
        node: c.Criterion | None = reader(self, entries[kind], entries, common, used_ids)
        return node

    def _common(
        self,
        value: YamlValue,
        entries: dict[str, YamlValue],
        inherited: tuple[str, ...],
        used_ids: set[str],
        kind: str,
    ) -> dict[str, Any]:
        own = entries["rests_on"].texts() if "rests_on" in entries else ()
        basis = entries["basis"].text() if "basis" in entries else ""
        if basis not in ("", "editorial"):
            entries["basis"].complain(
                f"basis '{basis}' is not known", "write editorial or leave it out"
            )
        because = entries["because"].text() if "because" in entries else ""
        if basis and not because:
            value.complain("an editorial criterion needs its reason", "add because: ...")
        rests_on = own or inherited
        for name in own:
            self.check_name(entries["rests_on"], "statements", name)
        node_id = entries["id"].text() if "id" in entries else ""
        if node_id and node_id in used_ids:
            entries["id"].complain(f"the id '{node_id}' is used twice in this policy")
        if not node_id:
            hint = entries[kind].text() if kind in _NAMED else kind.replace("_", "-")
            node_id = hint
            number = 2
            while node_id in used_ids:
                node_id, number = f"{hint}-{number}", number + 1
        used_ids.add(node_id)
        question = entries.get("question") or entries.get("ask")
        return {
            "id": node_id,
            "title": entries["title"].text() if "title" in entries else "",
            "plain": entries["plain"].text() if "plain" in entries else "",
            "document": entries["document"].text() if "document" in entries else None,
            "question": question.text() if question else None,
            "rests_on": rests_on,
            "editorial": basis == "editorial",
            "because": because,
            "verified": basis == "editorial" or not rests_on or self.supported(rests_on),
            "line": value.line,
        }

    # --- names and values -----------------------------------------------------------------------

    def check_name(self, value: YamlValue, table: str, name: str) -> bool:
        """Whether a name is known; the problem is noted if it is not."""
        known = self.known_names[table]
        if name in known:
            return True
        close = _nearest(name, tuple(known)) if known else ""
        value.complain(f"'{name}' is not in the {table} of these packs", close)
        return False

    def fact(self, value: YamlValue, *kinds: str) -> FactDefinition | None:
        """The definition of a fact that a criterion reads, of one of these kinds."""
        name = value.text()
        known = self.facts.get(name)
        if known is None:
            value.complain(
                f"'{name}' is not in the fact dictionary", _nearest(name, tuple(self.facts))
            )
            return None
        if known.kind not in kinds:
            value.complain(f"'{name}' is a {known.kind}, not a {' or '.join(kinds)}")
            return None
        return known

    def event(self, value: YamlValue) -> EventDefinition | None:
        """The definition of an event that a criterion reads."""
        name = value.text()
        known = self.events.get(name)
        if known is None:
            value.complain(
                f"'{name}' is not an event of these packs", _nearest(name, tuple(self.events))
            )
        return known

    def bound(self, entries: dict[str, YamlValue], unit: str, keys: tuple[str, ...]) -> Bound:
        """The comparison that a criterion or condition states."""
        limits: dict[str, float] = {}
        for key in keys:
            if key in entries:
                read = entries[key].tried(lambda raw: parse_quantity(raw, unit), Range(0.0, 0.0))
                limits[key] = read.low if read.low is not None else 0.0
        return Bound(**limits)

    def where(self, value: YamlValue | None, event: EventDefinition) -> c.Where:
        """The conditions on an event's attributes."""
        if value is None:
            return ()
        conditions: list[tuple[str, c.Condition]] = []
        for name, raw in value.entries():
            attribute = event.attributes.get(name)
            if attribute is None:
                raw.complain(
                    f"'{name}' is not an attribute of {event.id}",
                    _nearest(name, tuple(event.attributes)),
                )
                continue
            conditions.append((name, self._condition(raw, attribute)))
        return tuple(conditions)

    def _condition(self, raw: YamlValue, attribute: Attribute) -> c.Condition:
        if raw.is_map:
            entries = dict(raw.entries())
            if "not" in entries:
                return c.OneOf(self._values(entries["not"], attribute), negated=True)
            for key, entry in entries.items():
                if key not in _BOUND_KEYS:
                    entry.complain(f"'{key}' is not a comparison", _nearest(key, _BOUND_KEYS))
            if attribute.kind != "quantity":
                raw.complain(
                    f"'{attribute.id}' is a {attribute.kind}; it cannot be compared with a number"
                )
            return c.InBound(self.bound(entries, attribute.unit, _BOUND_KEYS))
        if not raw.is_list and raw.text() == "requested":
            return c.AsRequested()
        return c.OneOf(self._values(raw, attribute))

    def _values(self, raw: YamlValue, attribute: Attribute) -> tuple[str, ...]:
        values = raw.texts()
        for value in values:
            self._check_value(raw, value, attribute.kind, attribute.values, attribute.id)
        return values

    def _check_value(
        self, raw: YamlValue, value: str, kind: str, values: dict[str, ChoiceValue], name: str
    ) -> None:
        if kind == "drug":
            self.check_name(raw, "drugs", value)
        elif kind == "choice" and values and value not in values:
            raw.complain(f"'{value}' is not a value of {name}", _nearest(value, tuple(values)))
        elif kind == "flag" and value not in ("true", "false", "present", "absent"):
            raw.complain(f"'{value}' is not true or false")
        elif kind in ("quantity", "date"):
            raw.complain(
                f"'{name}' is a {kind}; it has no words as values",
                "compare it, for example {at_least: 50 percent}",
            )

    def choice_values(self, raw: YamlValue, known: FactDefinition) -> tuple[str, ...]:
        """The values that a choice criterion names, checked against the dictionary."""
        values = raw.texts()
        for value in values:
            if known.id in ("payer", "line_of_business", "contractor"):
                table = {
                    "payer": "payers",
                    "line_of_business": "lines_of_business",
                    "contractor": "contractors",
                }
                self.check_name(raw, table[known.id], value)
            elif known.id in ("nerve", "muscles", "region") and not known.values:
                table = {"nerve": "nerves", "muscles": "muscles", "region": "regions"}
                self.check_name(raw, table[known.id], value)
            else:
                self._check_value(raw, value, known.kind, known.values, known.id)
        return values

    def diagnoses(self, raw: YamlValue) -> tuple[str, ...]:
        """Value sets, codes and ranges, or `any`."""
        names = raw.texts()
        for name in names:
            if name != "any" and not _looks_like_code(name):
                self.check_name(raw, "valuesets", name)
        return names

    def services(self, raw: YamlValue) -> tuple[str, ...]:
        """Procedure ids, kinds or codes."""
        names = raw.texts()
        for name in names:
            self.check_name(raw, "procedures", name)
        return names


def _looks_like_code(name: str) -> bool:
    head = name.partition("-")[0]
    return len(head) >= 3 and head[0].isupper() and head[1].isdigit()


# --- one reader for each kind -------------------------------------------------------------------

_Entries = dict[str, YamlValue]


def _connective(
    make: Callable[..., c.Criterion],
) -> Callable[[CriteriaReader, YamlValue, _Entries, dict[str, Any], set[str]], c.Criterion | None]:
    def read(
        reader: CriteriaReader,
        value: YamlValue,
        _: _Entries,
        common: dict[str, Any],
        used: set[str],
    ) -> c.Criterion | None:
        parts = [reader.read(part, common["rests_on"], used) for part in value.items()]
        children = tuple(part for part in parts if part is not None)
        if not parts:
            value.complain("a connective needs at least one criterion")
        if not children:
            return None
        return make(children=children, **common)

    return read


def _at_least(
    reader: CriteriaReader,
    value: YamlValue,
    entries: _Entries,
    common: dict[str, Any],
    used: set[str],
) -> c.Criterion | None:
    number = value.whole_number()
    if "of" not in entries:
        value.complain("at_least needs its criteria", "add of: [...]")
        return None
    parts = [reader.read(part, common["rests_on"], used) for part in entries["of"].items()]
    children = tuple(part for part in parts if part is not None)
    if not 1 <= number <= len(children):
        value.complain(f"at_least {number} of {len(children)} criteria can never be decided so")
    return c.AtLeast(number=number, children=children, **common)


def _flag(
    reader: CriteriaReader, value: YamlValue, _: _Entries, common: dict[str, Any], used: set[str]
) -> c.Criterion | None:
    known = reader.fact(value, "flag")
    return c.Flag(fact=known.id, **common) if known else None


def _quantity(
    reader: CriteriaReader,
    value: YamlValue,
    entries: _Entries,
    common: dict[str, Any],
    used: set[str],
) -> c.Criterion | None:
    known = reader.fact(value, "quantity")
    if known is None:
        return None
    bound = reader.bound(entries, known.unit, _BOUND_KEYS)
    if bound == Bound():
        value.complain("a quantity needs a comparison", f"one of {', '.join(_BOUND_KEYS)}")
        return None
    return c.Quantity(fact=known.id, bound=bound, **common)


def _choice(
    reader: CriteriaReader,
    value: YamlValue,
    entries: _Entries,
    common: dict[str, Any],
    used: set[str],
) -> c.Criterion | None:
    known = reader.fact(value, "choice", "text", "code", "drug")
    raw = entries.get("in") or entries.get("not_in")
    if raw is None or ("in" in entries and "not_in" in entries):
        value.complain("a choice needs either in: [...] or not_in: [...]")
        return None
    if known is None:
        return None
    values = reader.choice_values(raw, known)
    return c.Choice(fact=known.id, values=values, negated="not_in" in entries, **common)


def _diagnosis(
    reader: CriteriaReader,
    value: YamlValue,
    entries: _Entries,
    common: dict[str, Any],
    used: set[str],
) -> c.Criterion | None:
    among = (
        entries["among"].one_of(("item", "request"), "item or request")
        if "among" in entries
        else "item"
    )
    return c.DiagnosisIn(
        sets=reader.diagnoses(value), among="request" if among == "request" else "item", **common
    )


def _also_requested(
    reader: CriteriaReader,
    value: YamlValue,
    entries: _Entries,
    common: dict[str, Any],
    used: set[str],
) -> c.Criterion | None:
    exempt = entries.get("except_diagnoses")
    return c.AlsoRequested(
        services=reader.services(value),
        except_diagnoses=reader.diagnoses(exempt) if exempt else (),
        **common,
    )


def _event(
    reader: CriteriaReader,
    value: YamlValue,
    entries: _Entries,
    common: dict[str, Any],
    used: set[str],
) -> c.Criterion | None:
    known = reader.event(value)
    if known is None:
        return None
    distinct = entries["distinct"].text() if "distinct" in entries else None
    if distinct is not None and distinct not in known.attributes:
        entries["distinct"].complain(f"'{distinct}' is not an attribute of {known.id}")
    return c.EventKnown(
        event=known.id,
        where=reader.where(entries.get("where"), known),
        within=entries["within"].tried(parse_window, None) if "within" in entries else None,
        number=entries["number"].whole_number() if "number" in entries else 1,
        distinct=distinct,
        **common,
    )


def _count(
    reader: CriteriaReader,
    value: YamlValue,
    entries: _Entries,
    common: dict[str, Any],
    used: set[str],
) -> c.Criterion | None:
    known = reader.event(value)
    if known is None:
        return None
    if "at_most" not in entries:
        value.complain("a count needs at_most: number")
        return None
    window = entries.get("window")
    lifetime = window is None or (not window.is_map and window.text() == "lifetime")
    return c.EventCount(
        event=known.id,
        at_most=entries["at_most"].whole_number(),
        where=reader.where(entries.get("where"), known),
        window=None if lifetime or window is None else window.tried(parse_window, None),
        requested=entries["requested"].flag() if "requested" in entries else True,
        **common,
    )


def _days(value: YamlValue) -> int:
    read = value.tried(lambda raw: parse_quantity(raw, "days"), Range(0.0, 0.0))
    return int(read.low or 0)


def _time_since(
    reader: CriteriaReader,
    value: YamlValue,
    entries: _Entries,
    common: dict[str, Any],
    used: set[str],
) -> c.Criterion | None:
    known = reader.event(value)
    if known is None:
        return None
    if "at_least" not in entries:
        value.complain("time_since needs at_least: a duration")
        return None
    return c.TimeSince(
        event=known.id,
        days=_days(entries["at_least"]),
        where=reader.where(entries.get("where"), known),
        **common,
    )


def _sequence(
    reader: CriteriaReader,
    value: YamlValue,
    entries: _Entries,
    common: dict[str, Any],
    used: set[str],
) -> c.Criterion | None:
    known = reader.event(value)
    if known is None:
        return None
    same = entries["same"].texts() if "same" in entries else ()
    for name in same:
        if name not in known.attributes:
            entries["same"].complain(f"'{name}' is not an attribute of {known.id}")
    return c.Sequence(
        event=known.id,
        length=entries["length"].whole_number() if "length" in entries else 2,
        where=reader.where(entries.get("where"), known),
        each=reader.where(entries.get("each"), known),
        same=same,
        gap_days=_days(entries["gap"]) if "gap" in entries else 0,
        **common,
    )


def _change(
    reader: CriteriaReader,
    value: YamlValue,
    entries: _Entries,
    common: dict[str, Any],
    used: set[str],
) -> c.Criterion | None:
    known = reader.fact(value, "quantity")
    if "from" not in entries or "fall" not in entries:
        value.complain("a change needs from: (the baseline fact) and fall: {at_least: ...}")
        return None
    baseline = reader.fact(entries["from"], "quantity")
    if known is None or baseline is None:
        return None
    if base_unit(known.unit) != base_unit(baseline.unit):
        value.complain(f"'{known.id}' is in {known.unit} but '{baseline.id}' in {baseline.unit}")
    fall = dict(entries["fall"].entries())
    percent = any("percent" in part.text() or "%" in part.text() for part in fall.values())
    bound = reader.bound(fall, "percent" if percent else known.unit, _BOUND_KEYS)
    return c.Change(fact=known.id, baseline=baseline.id, bound=bound, percent=percent, **common)


_COUNTED = ("regions", "levels", "muscles", "services", "sides", "units")


def _session(
    reader: CriteriaReader,
    value: YamlValue,
    entries: _Entries,
    common: dict[str, Any],
    used: set[str],
) -> c.Criterion | None:
    what = value.one_of(_COUNTED, "something counted in a session")
    if "at_most" not in entries or what is None:
        value.complain("a session limit needs at_most: number")
        return None
    return c.SessionLimit(
        what=what,  # type: ignore[arg-type]  # one_of has checked it against the same words
        at_most=entries["at_most"].whole_number(),
        of=reader.services(entries["of"]) if "of" in entries else (),
        **common,
    )


def _dose(
    reader: CriteriaReader,
    value: YamlValue,
    entries: _Entries,
    common: dict[str, Any],
    used: set[str],
) -> c.Criterion | None:
    drug = value.text()
    reader.check_name(value, "drugs", drug)
    epinephrine: bool | None = None
    if "where" in entries:
        for key, entry in entries["where"].entries():
            if key == "epinephrine":
                epinephrine = entry.flag()
            else:
                entry.complain(f"'{key}' is not known here", "only epinephrine")
    unit = (
        "units"
        if any("unit" in entries[key].text() for key in ("at_most",) if key in entries)
        else "mg"
    )
    limits: dict[str, float | None] = {}
    for key in ("at_most", "at_most_per_kg"):
        if key in entries:
            limits[key] = _amount(entries[key], unit)
    if not limits:
        value.complain("a dose limit needs at_most or at_most_per_kg")
    return c.DoseLimit(
        drug=drug,
        at_most=limits.get("at_most"),
        per_kg=limits.get("at_most_per_kg"),
        unit=unit,
        epinephrine=epinephrine,
        over=entries["over"].tried(parse_window, None) if "over" in entries else None,
        **common,
    )


def _amount(value: YamlValue, unit: str) -> float | None:
    """A dose limit: `300 mg`, or `4.5 mg` and `4.5 mg/kg` where it is by weight."""
    text = value.text().replace("/kg", "")
    return value.tried(lambda _: parse_quantity(text, unit).low, None)


#: Leaves whose kind key holds the name they read, which is then their default id.
_NAMED = frozenset({"flag", "quantity", "choice", "event", "change", "time_since", "dose"})
_READERS: dict[str, tuple[Callable[..., c.Criterion | None], tuple[str, ...]]] = {
    "all_of": (_connective(c.AllOf), ()),
    "any_of": (_connective(c.AnyOf), ()),
    "none_of": (_connective(c.NoneOf), ()),
    "at_least": (_at_least, ("of",)),
    "flag": (_flag, ()),
    "quantity": (_quantity, _BOUND_KEYS),
    "choice": (_choice, ("in", "not_in")),
    "diagnosis": (_diagnosis, ("among",)),
    "also_requested": (_also_requested, ("except_diagnoses",)),
    "event": (_event, ("where", "within", "number", "distinct")),
    "count": (_count, ("where", "window", "at_most", "requested")),
    "time_since": (_time_since, ("where", "at_least")),
    "sequence": (_sequence, ("where", "each", "length", "same", "gap")),
    "change": (_change, ("from", "fall")),
    "session": (_session, ("of", "at_most")),
    "dose": (_dose, ("where", "at_most", "at_most_per_kg", "over")),
}
