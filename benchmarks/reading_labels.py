"""How one reading of a question compares with its labels: counts, kind by kind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from medwarrant.intake.facts import FactReader
from medwarrant.intake.reading import FactRead, Reading
from medwarrant.model.errors import InputError
from medwarrant.model.facts import EventValue
from medwarrant.policy.library import Library

#: Said of the request rather than of the patient; labels name them under `line` and `coverage`.
_OF_THE_REQUEST = frozenset(
    "side levels intent phase setting guidance modifier units drugs sessions interval muscles nerve region "
    "payer line_of_business state contractor".split()
)


@dataclass
class Tally:
    """Counts of what was right, labelled and read, kind by kind, and what was wrong, in words."""

    right: Counter[str] = field(default_factory=Counter)
    labelled: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    beyond: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def found(self, kind: str, good: bool, what: object) -> None:
        """Count one label, and whether it was read."""
        self.labelled[kind] += 1
        self.right[kind] += good
        if not good:
            self.wrong.append(f"  missed {kind}: {what}")

    def said(self, kind: str, good: bool, what: object) -> None:
        """Count one thing that was read, and whether a label bears it."""
        self.read[kind] += 1
        self.beyond[kind] += not good
        if not good:
            self.wrong.append(f"  beyond {kind}: {what}")


def compare(labels: Mapping[str, Any], reading: Reading, library: Library, tally: Tally) -> None:
    """Add one question to the counts."""
    _services(labels, reading, tally)
    _diagnoses(labels, reading, tally)
    _facts(labels, reading, library, tally)
    _details(labels, reading, tally)


def _services(labels: Mapping[str, Any], reading: Reading, tally: Tally) -> None:
    codes = [service.code for service in reading.services]
    written = [str(code) for code in labels.get("written", ())]
    worded = {words: [str(c) for c in codes] for words, codes in labels.get("worded", {}).items()}
    optional = [str(code) for code in labels.get("optional", ())]
    for code in written:
        tally.found("services written", code in codes, code)
    for words, right in worded.items():
        if not set(right) & set(optional):
            tally.found("services in words", any(code in right for code in codes), words)
    borne = {*written, *optional, *(code for right in worded.values() for code in right)}
    borne |= {str(code) for code in labels.get("may", ())}
    for code in () if labels.get("services_in_part") else codes:
        tally.said("services", code in borne, code)


def _diagnoses(labels: Mapping[str, Any], reading: Reading, tally: Tally) -> None:
    codes = [diagnosis.code for diagnosis in reading.diagnoses]
    borne = [str(code) for right in labels.get("diagnoses", ()) for code in right]
    for right in labels.get("diagnoses", ()):
        tally.found("diagnoses, exact", any(code in right for code in codes), right)
        near = {str(code)[:3] for code in right}
        tally.found("diagnoses, category", any(code[:3] in near for code in codes), right)
    loose = {code[:3] for code in borne} | {str(code)[:3] for code in labels.get("may", ())}
    for code in codes:
        tally.said("diagnoses", code[:3] in loose, code)
    for start in labels.get("not", ()):
        tally.found("negation", not any(code.startswith(start) for code in codes), f"not {start}")


def _facts(labels: Mapping[str, Any], reading: Reading, library: Library, tally: Tally) -> None:
    read = [fact for fact in reading.facts if fact.fact not in _OF_THE_REQUEST]
    used: set[str] = set()
    stated = ((n, v) for entry in labels.get("facts", ()) for n, v in entry.items())
    for name, value in ((n, v) for n, v in stated if n not in _OF_THE_REQUEST):
        right = [
            fact
            for fact in read
            if fact.fact == name and fact.id not in used and _agrees(name, value, fact, library)
        ]
        used |= {fact.id for fact in right[:1]}
        tally.found("facts", bool(right), f"{name} {json.dumps(value, default=str)}")
    may = set(labels.get("optional_absent", ()))
    for name in labels.get("absent", ()):
        right = [fact for fact in read if fact.fact == name and fact.status == "absent"]
        wrong = [fact for fact in read if fact.fact == name and fact.status == "present"]
        if name not in may or wrong:
            tally.found("negation", bool(right) and not wrong, f"{name} absent")
        used |= {fact.id for fact in right}
    for fact in () if labels.get("facts_in_part") else read:
        good = fact.id in used or fact.fact in labels.get("may_facts", ())
        tally.said("facts", good, f"{fact.fact} {fact.status} {fact.value} '{fact.quote}'")


def _agrees(name: str, value: Any, fact: FactRead, library: Library) -> bool:
    if value in ("present", "absent", "unknown"):
        return fact.status == value
    if fact.status != "present":
        return False
    reader = FactReader(library)
    try:
        wanted = reader.fact(name, value, where="label").value
        read = reader.fact(name, fact.value, where="reading").value
    except InputError:  # a label may name a drug that no pack knows: it was not read
        return False
    if isinstance(wanted, EventValue) and isinstance(read, EventValue):
        told = dict(read.attributes)
        return all(told.get(attribute) == own for attribute, own in wanted.attributes)
    return wanted == read


def _details(labels: Mapping[str, Any], reading: Reading, tally: Tally) -> None:
    lines = reading.request.services
    for name, wanted in labels.get("line", {}).items():
        found = [getattr(line, name, None) for line in lines]
        if name == "levels":
            good = set(wanted) <= {level for levels in found for level in levels or ()}
        elif name == "muscles":
            good = any(len(muscles or ()) >= wanted for muscles in found)
        else:
            good = wanted in [getattr(value, "low", value) for value in found]
        tally.found("line details", good, f"{name} {wanted}, read {found}")
    for name, unwanted in labels.get("no_line", {}).items():
        found = [getattr(line, name, None) for line in lines]
        good = not any(unwanted == value or unwanted in _members(value) for value in found)
        tally.found("line details", good, f"not {name} {unwanted}, read {found}")
    for name, wanted in labels.get("coverage", {}).items():
        tally.found("coverage", getattr(reading.coverage, name) == wanted, f"{name} {wanted}")


def _members(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def total(tallies: Iterable[Tally]) -> Tally:
    """Several counts as one."""
    whole = Tally()
    for tally in tallies:
        whole.right += tally.right
        whole.labelled += tally.labelled
        whole.read += tally.read
        whole.beyond += tally.beyond
        whole.wrong += tally.wrong
    return whole
