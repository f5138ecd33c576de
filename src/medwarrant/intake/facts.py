"""Facts as a request, an example or a command line states them, checked against the dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import yaml
from msgspec.structs import replace

from ..model.dates import DateSpan, parse_date
from ..model.errors import InputError
from ..model.facts import Basis, EventValue, Fact, FactStatus, History, Provenance, Value
from ..model.measures import Range, base_unit, parse_quantity
from ..policy.fact_dictionary import Attribute, EventDefinition, FactDefinition
from ..policy.library import Library
from ..terminology.codes import diagnosis_code

_FLAG: dict[Any, FactStatus] = {
    **dict.fromkeys(("present", "true", "yes", True), "present"),
    **dict.fromkeys(("absent", "false", "no", False), "absent"),
    **dict.fromkeys(("unknown", None), "unknown"),
    "conflicting": "conflicting",
}
_TABLES = {
    "payer": "payers",
    "line_of_business": "lines_of_business",
    "contractor": "contractors",
    "nerve": "nerves",
    "muscles": "muscles",
    "region": "regions",
    "drugs": "drugs",
}


def flow_value(text: str, *, where: str) -> Any:
    """A value as the command line writes it: a word, `[a, b]` or `{attribute: value}`.

    Everything in it stays text; the fact dictionary says what it is.

    >>> flow_value("{used_for: acute}", where="--fact")
    {'used_for': 'acute'}
    """
    try:
        return yaml.load(text.strip() or "present", Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        raise InputError(
            "the value is not readable",
            where=where,
            mend="write a word, a number with its unit, or {attribute: value, ...}",
        ) from None


class FactReader:
    """Reads facts against one library; `InputError` says where, what is wrong and how to mend it."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def assignment(self, text: str, *, basis: Basis = "stated") -> Fact:
        """One `fact=value`, as `--fact` takes it; `CODE:fact=value` limits it to a service.

        >>> from medwarrant import load_packs
        >>> FactReader(load_packs()).assignment("intent=acute").value
        'acute'
        """
        name, equals, raw = text.partition("=")
        where = "--fact"
        if not equals or not name.strip():
            raise InputError(
                "a fact is written fact=value", where=where, mend="for example --fact intent=acute"
            )
        name = name.strip()
        service, colon, rest = name.partition(":")
        if colon:
            name = rest.strip()
        value = flow_value(raw, where=f"{where} {name}")
        return self.fact(
            name,
            value,
            where=where,
            basis=basis,
            service=service.strip().upper() if colon else None,
        )

    def fact(
        self,
        name: str,
        raw: Any,
        *,
        where: str,
        basis: Basis = "stated",
        service: str | None = None,
        provenance: Provenance = Provenance(),
    ) -> Fact:
        """One fact from its name and plain value."""
        where = f"{where} {name}".strip()
        if name in self.library.events:
            return self._event(self.library.events[name], raw, where, basis, service, provenance)
        definition = self.library.facts.get(name)
        if definition is None:
            close = get_close_matches(name, [*self.library.facts, *self.library.events], n=1)
            raise InputError(
                f"'{name[:60]}' is not in the fact dictionary",
                where=where.replace(name, "").strip() or "fact",
                mend=f"did you mean '{close[0]}'?"
                if close
                else "'medwarrant packs --facts' lists it",
            )
        bare = Fact(fact=name, basis=basis, service=service, provenance=provenance)
        if isinstance(raw, str | bool) or raw is None:
            word = raw.strip().lower() if isinstance(raw, str) else raw
            if definition.kind == "flag":
                if word not in _FLAG:
                    raise InputError(
                        f"'{str(raw)[:40]}' is not a value of a yes-or-no fact",
                        where=where,
                        mend="write present, absent or unknown",
                    )
                return replace(bare, status=_FLAG[word])
            if word in ("unknown", None):
                return replace(bare, status="unknown")
            if word == "conflicting":
                return replace(bare, status="conflicting")
        elif definition.kind == "flag":
            raise InputError(
                "a yes-or-no fact takes one word",
                where=where,
                mend="write present, absent or unknown",
            )
        if isinstance(raw, Mapping) and set(raw) == {"not"}:
            return replace(bare, status="absent", value=self._value(definition, raw["not"], where))
        return replace(bare, value=self._value(definition, raw, where))

    def _value(self, definition: FactDefinition, raw: Any, where: str) -> Value:
        if definition.kind == "quantity":
            value = self._quantity(raw, definition.unit, where)
            self._in_range(value, definition, where)
            return value
        if definition.kind == "date":
            return self._date(raw, where)
        table = _TABLES.get(definition.id)
        vocabulary = getattr(self.library, table) if table else definition.values
        if definition.id == "state":
            return self._state(raw, where)
        words = [raw] if not isinstance(raw, list | tuple) else list(raw)
        texts = tuple(self._word(word, vocabulary, definition.kind, where) for word in words)
        if not texts:
            raise InputError("an empty list says nothing", where=where, mend="leave the fact out")
        if definition.many:
            return texts
        if len(texts) > 1:
            raise InputError("one value is needed, not several", where=where)
        return texts[0]

    def _state(self, raw: Any, where: str) -> str:
        text = str(raw).strip().upper()
        if len(text) != 2 or not text.isalpha() or not text.isascii():
            raise InputError(
                f"'{text[:20]}' is not a two-letter state", where=where, mend="for example CA"
            )
        return text

    def _word(self, raw: Any, vocabulary: Mapping[str, Any], kind: str, where: str) -> str:
        if isinstance(raw, Mapping | list):
            raise InputError("a word is needed here", where=where)
        text = str(raw).strip()
        if not vocabulary or kind in ("text", "code") or text in vocabulary:
            if not text or len(text) > 200:
                raise InputError("the value is empty or too long", where=where)
            return diagnosis_code(text) if kind == "code" else text
        lowered = text.lower().replace(" ", "-")
        for name in (lowered, lowered.replace("-", "_")):
            if name in vocabulary:
                return name
        for name, entry in vocabulary.items():
            if text.lower() in (word.lower() for word in getattr(entry, "words", ())):
                return name
        close = get_close_matches(lowered, list(vocabulary), n=1)
        known = ", ".join(list(vocabulary)[:12])
        raise InputError(
            f"'{text[:40]}' is not a known value",
            where=where,
            mend=f"did you mean '{close[0]}'?" if close else f"known: {known}",
        )

    def _quantity(self, raw: Any, unit: str, where: str) -> Range:
        if isinstance(raw, list):
            raw = [_number(part) for part in raw]
        try:
            return parse_quantity(_number(raw), unit)
        except ValueError as error:
            raise InputError(str(error), where=where, mend=f"give a number of {unit}") from None

    def _in_range(self, value: Range, definition: FactDefinition, where: str) -> None:
        unit = base_unit(definition.unit)
        factor = parse_quantity(1, definition.unit).low or 1
        for limit, beyond in (
            (
                definition.low,
                value.low is not None
                and definition.low is not None
                and value.low < definition.low * factor,
            ),
            (
                definition.high,
                value.high is not None
                and definition.high is not None
                and value.high > definition.high * factor,
            ),
        ):
            if beyond:
                raise InputError(
                    f"{value.text(unit)} is out of the possible range",
                    where=where,
                    mend=f"the limit is {limit:g} {definition.unit}",
                )

    def _date(self, raw: Any, where: str) -> DateSpan:
        try:
            return parse_date(raw)
        except ValueError as error:
            raise InputError(str(error), where=where) from None

    # --- events ---------------------------------------------------------------------------------

    def _event(
        self,
        definition: EventDefinition,
        raw: Any,
        where: str,
        basis: Basis,
        service: str | None,
        provenance: Provenance,
    ) -> Fact:
        bare = Fact(fact=definition.id, basis=basis, service=service, provenance=provenance)
        if isinstance(raw, str) and raw.strip().lower() in ("none", "absent", "never"):
            return replace(bare, status="absent")
        if isinstance(raw, str) and raw.strip().lower() == "unknown":
            return replace(bare, status="unknown")
        if isinstance(raw, str) and raw.strip().lower() in ("present", ""):
            return replace(bare, value=EventValue())
        if not isinstance(raw, Mapping):
            raise InputError(
                "an event is written {attribute: value, ...}, or none",
                where=where,
                mend=f"its attributes: {', '.join(definition.attributes)}",
            )
        entries = dict(raw)
        status = str(entries.pop("status", "present"))
        if status not in ("present", "absent", "conflicting", "unknown"):
            raise InputError(
                f"'{status[:20]}' is not a status", where=where, mend="write present or absent"
            )
        history = entries.pop("history", None)
        since, until = entries.pop("from", None), entries.pop("to", None)
        attributes = {
            str(name): self._attribute(definition, str(name), value, f"{where}.{name}")
            for name, value in entries.items()
        }
        if history is not None:
            if str(history) != "complete":
                raise InputError(
                    "history can only be complete", where=where, mend="write {history: complete}"
                )
            return replace(bare, value=self._history(attributes, since, until, where))
        return replace(bare, status=status, value=EventValue.of(attributes))

    def _history(self, attributes: dict[str, Value], since: Any, until: Any, where: str) -> History:
        period = None
        if since is not None or until is not None:
            first = self._date(since if since is not None else "1900-01-01", where).first
            last = self._date(until if until is not None else "2200-12-31", where).last
            if last < first:
                raise InputError("the period ends before it begins", where=where)
            period = DateSpan(first, last)
        return History(where=tuple(sorted(attributes.items())), period=period)

    def _attribute(self, event: EventDefinition, name: str, raw: Any, where: str) -> Value:
        attribute = event.attributes.get(name)
        if attribute is None:
            close = get_close_matches(name, list(event.attributes), n=1)
            raise InputError(
                f"'{name[:40]}' is not an attribute of {event.id}",
                where=where.rpartition(".")[0],
                mend=f"did you mean '{close[0]}'?"
                if close
                else f"known: {', '.join(event.attributes)}",
            )
        if attribute.kind == "quantity":
            return self._quantity(raw, attribute.unit, where)
        if attribute.kind == "date":
            return self._date(raw, where)
        words = list(raw) if isinstance(raw, list | tuple) else [raw]
        texts = tuple(self._attribute_word(attribute, word, where) for word in words)
        if not texts:
            raise InputError("an empty list says nothing", where=where, mend="leave it out")
        return texts if attribute.many or len(texts) > 1 else texts[0]

    def _attribute_word(self, attribute: Attribute, raw: Any, where: str) -> str:
        if attribute.kind == "drug":
            return self._word(
                raw, {**self.library.drugs, **self.library.drug_classes}, "drug", where
            )
        if attribute.kind == "flag":
            return "true" if str(raw).lower() in ("true", "present", "yes") else "false"
        table = "procedures" if attribute.id == "procedure" else _TABLES.get(attribute.id)
        if attribute.id == "procedure":
            found = self.library.procedure(str(raw))
            if found is not None:
                return found.id
        if attribute.id == "drug_class":
            return self._word(raw, self.library.drug_classes, "choice", where)
        if table is not None and not attribute.values and attribute.kind == "choice":
            return self._word(raw, getattr(self.library, table), "choice", where)
        return self._word(raw, attribute.values, attribute.kind, where)


def _number(raw: Any) -> Any:
    """Numbers that YAML read as text, as numbers; everything else unchanged."""
    if isinstance(raw, str):
        try:
            return float(raw)
        except ValueError:
            return raw
    if isinstance(raw, Mapping):
        return {key: _number(value) for key, value in raw.items()}
    return raw
