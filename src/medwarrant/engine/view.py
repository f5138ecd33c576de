"""What is known for one review item, arranged so that criteria can be evaluated fast.

Facts about one thing are combined here: what a person confirmed outweighs the rest; assertions that
contradict each other become *conflicting* and decide nothing; ranges of one quantity are narrowed to
what they share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ..model.dates import DateSpan
from ..model.facts import EventValue, Fact, History, Value, fact_ids
from ..model.measures import Range
from ..model.request import LINE_FACTS, Diagnosis, Request, ServiceLine
from ..model.status import Status
from ..policy.library import Library

if TYPE_CHECKING:
    from ..model.determination import CriterionResult, Finding
    from .compile import Compiled

EventAttributes = Mapping[str, Value]


class KnownEvent:
    """One event with the attributes that follow from others filled in."""

    __slots__ = ("attributes", "date", "disputed", "fact_id", "stated")

    def __init__(self, fact_id: str, stated: EventValue, attributes: EventAttributes) -> None:
        self.disputed = False  # another statement denies it
        self.fact_id = fact_id
        self.stated = stated
        self.attributes = attributes
        when = attributes.get("date")
        self.date = when if isinstance(when, DateSpan) else None


class Events:
    """All that is known of one kind of event: the events, and the periods in which all are listed."""

    __slots__ = ("closed", "known", "ids")

    def __init__(self) -> None:
        self.known: list[KnownEvent] = []
        self.closed: list[History] = []
        self.ids: list[str] = []


class Settled:
    """What has been worked out for one service line, whatever the diagnosis.

    Keys are those of `Compiled.key`: criteria and findings that say the same are worked out once.
    """

    __slots__ = ("findings", "results", "statuses")

    def __init__(self) -> None:
        self.statuses: dict[int, Status] = {}
        self.results: dict[int, CriterionResult] = {}
        self.findings: dict[int, Finding | None] = {}


_OF_LINE = (
    "request", "library", "compiled", "as_of", "events", "bases", "scoped", "flags", "quantities", "choices",
    "excluded", "vague", "conflicts", "ids", "line", "line_number", "patient_diagnoses", "settled",
)  # fmt: skip
_SHARED = ("request", "library", "compiled", "as_of", "events", "bases", "scoped")


class View:
    """The facts of one item: patient, plan of care, coverage, and the item's own service line."""

    __slots__ = (
        "as_of", "bases", "choices", "compiled", "conflicts", "diagnosis", "events", "excluded", "flags",
        "ids", "library", "line", "line_number", "own", "patient_diagnoses", "quantities", "request", "scoped",
        "settled", "vague",
    )  # fmt: skip

    def __init__(self, request: Request, library: Library, compiled: Compiled) -> None:
        self.request = request
        self.library = library
        self.compiled = compiled
        self.as_of: date = request.as_of
        self.flags: dict[str, Status] = {}
        self.quantities: dict[str, Range] = {}
        self.choices: dict[str, frozenset[str]] = {}
        self.excluded: dict[str, frozenset[str]] = {}
        self.vague: dict[str, frozenset[str]] = {}
        self.conflicts: set[str] = set()
        self.events: dict[str, Events] = {}
        self.ids: dict[str, tuple[str, ...]] = {}
        self.scoped: tuple[tuple[Fact, str], ...] = ()
        self.bases: dict[str, str] = {}
        self.line: ServiceLine | None = None
        self.line_number = 0
        self.diagnosis = ""
        self.settled = Settled()
        self.own: dict[int, Status] = {}
        self.patient_diagnoses: frozenset[str] = frozenset(d.code for d in request.diagnoses)

    def for_item(self, line: ServiceLine, number: int, diagnosis: Diagnosis) -> View:
        """The same facts as seen from one service line and diagnosis."""
        return self.for_line(line, number).for_diagnosis(diagnosis.code)

    def for_diagnosis(self, code: str) -> View:
        """The same view of a service line for one diagnosis; it shares what it holds."""
        seen = View.__new__(View)
        for name in _OF_LINE:
            setattr(seen, name, getattr(self, name))
        seen.diagnosis = code
        seen.own = {}
        return seen

    def for_line(self, line: ServiceLine, number: int) -> View:
        """The same facts as seen from one service line."""
        seen = View.__new__(View)
        for name in _SHARED:
            setattr(seen, name, getattr(self, name))
        seen.flags = dict(self.flags)
        seen.quantities = dict(self.quantities)
        seen.choices = dict(self.choices)
        seen.excluded = self.excluded
        seen.patient_diagnoses = self.patient_diagnoses
        seen.vague = dict(self.vague)
        seen.conflicts = set(self.conflicts)
        seen.ids = dict(self.ids)
        seen.line = line
        seen.line_number = number
        seen.diagnosis = self.diagnosis
        seen.settled = Settled()
        seen.own = {}
        scoped = [pair for pair in self.scoped if pair[0].service == line.code]
        if scoped:
            seen._add_facts(scoped, replace=True)
        seen._add_line(line)
        return seen

    # --- building -------------------------------------------------------------------------------

    @staticmethod
    def of(request: Request, library: Library, compiled: Compiled) -> View:
        """The facts that hold for every item of a request."""
        view = View(request, library, compiled)
        pairs = list(zip(request.facts, fact_ids(request.facts, library.events), strict=True))
        # What happened to the patient happened whichever service it was said about.
        general = [pair for pair in pairs if not pair[0].service or pair[0].fact in library.events]
        view.scoped = tuple(pair for pair in pairs if pair not in general)
        view._add_facts(general, replace=False)
        coverage = request.coverage
        for name in ("payer", "line_of_business", "state", "contractor"):
            value = getattr(coverage, name)
            if value is not None and name not in view.choices:
                view._set_choice(name, (value,), (name,))
        if "line_of_business" not in view.choices and "payer" in view.choices:
            view._only_line()
        if "contractor" not in view.choices and "state" in view.choices:
            known = library.contractor_for(next(iter(view.choices["state"])))
            if known:
                view._set_choice("contractor", (known,), view.ids["state"])
        return view

    def _only_line(self) -> None:
        """A payer that sells one line of business is that line (original Medicare)."""
        lines = {
            line
            for payer in self.choices["payer"]
            if payer in self.library.payers
            for line in self.library.payers[payer].lines
        }
        if len(lines) == 1:
            self._set_choice("line_of_business", tuple(lines), self.ids["payer"])

    def _add_facts(self, facts: Iterable[tuple[Fact, str]], *, replace: bool) -> None:
        """Add facts with their ids; `replace` lets those about one service outweigh the general."""
        by_name: dict[str, list[tuple[Fact, str]]] = {}
        for fact, fact_id in facts:
            if fact.status != "unknown":
                by_name.setdefault(fact.fact, []).append((fact, fact_id))
        for name, stated in by_name.items():
            if name in self.library.events:
                self._add_events(name, stated)
                continue
            if replace:
                for table in (self.flags, self.quantities, self.choices):
                    table.pop(name, None)
                self.conflicts.discard(name)
            confirmed = [pair for pair in stated if pair[0].basis == "confirmed"]
            self._combine(name, confirmed or stated)

    def _combine(self, name: str, stated: list[tuple[Fact, str]]) -> None:
        definition = self.library.facts.get(name)
        kind = definition.kind if definition else "choice"
        facts = [fact for fact, _ in stated]
        self.ids[name] = tuple(fact_id for _, fact_id in stated)
        for fact, fact_id in stated:
            self.bases[fact_id] = fact.basis
        if any(fact.status == "conflicting" for fact in facts):
            self.conflicts.add(name)
        elif kind == "flag":
            said = {fact.status for fact in facts}
            if len(said) > 1:
                self.conflicts.add(name)
            else:
                self.flags[name] = Status.MET if said == {"present"} else Status.NOT_MET
        elif kind == "quantity":
            self._narrow(
                name,
                [
                    fact.value
                    for fact in facts
                    if fact.status == "present" and isinstance(fact.value, Range)
                ],
            )
        elif name == "diagnosis":
            self._add_diagnoses(facts)
        else:
            self._choose(name, facts, many=definition.many if definition else False)

    def _narrow(self, name: str, ranges: list[Range]) -> None:
        lows = [r.low for r in ranges if r.low is not None]
        highs = [r.high for r in ranges if r.high is not None]
        low, high = max(lows, default=None), min(highs, default=None)
        if low is not None and high is not None and low > high:
            self.conflicts.add(name)
        elif ranges:
            self.quantities[name] = Range(low, high)

    def _choose(self, name: str, facts: list[Fact], *, many: bool) -> None:
        said: dict[str, None] = {}
        denied: set[str] = set()
        for fact in facts:
            values = fact.value if isinstance(fact.value, tuple) else (fact.value,)
            for value in values:
                text = value.text() if isinstance(value, DateSpan | Range) else value
                if not isinstance(text, str):
                    continue
                if fact.status == "absent":
                    denied.add(text)
                else:
                    said[text] = None
        if denied & set(said) or (len(said) > 1 and not many):
            self.conflicts.add(name)
            return
        if said:
            self._set_choice(name, tuple(said), self.ids[name])
            if many and name not in LINE_FACTS:
                known = self.library.facts[name].values
                self.vague[name] = frozenset(known) - frozenset(said) - denied
        if denied:
            self.excluded = {**self.excluded, name: frozenset(denied)}

    def _set_choice(self, name: str, values: tuple[str, ...], ids: tuple[str, ...]) -> None:
        if name == "nerve":
            lineage = [
                part for value in values for part in self.library.nerve_line(value) or (value,)
            ]
            branches = self.library.nerve_branches
            self.vague[name] = frozenset().union(*(branches.get(value, ()) for value in values))
            values = tuple(lineage)
        self.choices[name] = frozenset(values)
        self.ids.setdefault(name, ids)

    def _add_diagnoses(self, facts: list[Fact]) -> None:
        said: set[str] = set()
        denied: set[str] = set()
        for fact in facts:
            codes = fact.value if isinstance(fact.value, tuple) else (fact.value,)
            (denied if fact.status == "absent" else said).update(
                c for c in codes if isinstance(c, str)
            )
        if said & denied:
            self.conflicts.add("diagnosis")
            return
        self.patient_diagnoses |= said
        self.excluded = {**self.excluded, "diagnosis": frozenset(denied)}

    def _add_events(self, name: str, stated: list[tuple[Fact, str]]) -> None:
        events = self.events.setdefault(name, Events())
        for fact, fact_id in stated:
            self.bases[fact_id] = fact.basis
            if isinstance(fact.value, EventValue) and fact.status == "present":
                attributes = self._derived(fact.value)
                events.known.append(KnownEvent(fact_id, fact.value, attributes))
        events.known.sort(key=lambda event: event.fact_id)
        for fact, _ in stated:
            if isinstance(fact.value, History):
                events.closed.append(fact.value)
            elif fact.status == "absent":
                where = fact.value.attributes if isinstance(fact.value, EventValue) else ()
                closing = History(where=where)
                denied = [event for event in events.known if _denied(event, closing)]
                if denied:
                    self.conflicts.add(name)
                    for event in denied:
                        event.disputed = True
                else:
                    events.closed.append(closing)
            elif fact.status == "conflicting":
                self.conflicts.add(name)
        self.ids[name] = tuple(fact_id for _, fact_id in stated)

    def _derived(self, event: EventValue) -> dict[str, Value]:
        """The attributes of an event with those that follow: a drug's class, a procedure's kind."""
        attributes: dict[str, Value] = dict(event.attributes)
        drug = attributes.get("drug")
        if isinstance(drug, str):
            known = self.library.drugs.get(drug)
            classes = (
                known.classes if known else (drug,) if drug in self.library.drug_classes else ()
            )
            if classes:
                attributes.setdefault("drug_class", classes)
        procedure = attributes.get("procedure")
        if isinstance(procedure, str) and procedure in self.library.procedures:
            found = self.library.procedures[procedure]
            attributes.setdefault("kind", found.kind)
            if found.region:
                attributes.setdefault("region", found.region)
            if len(found.nerves) == 1:
                attributes.setdefault("nerve", found.nerves[0])
        return attributes

    def _add_line(self, line: ServiceLine) -> None:
        for name in LINE_FACTS:
            value = line.attribute(name)
            if value is None:
                continue
            ids = (f"{name}@{line.code}",)
            self.conflicts.discard(name)
            if isinstance(value, Range):
                self.quantities[name] = value
            else:
                self._set_choice(name, value if isinstance(value, tuple) else (value,), ids)
            self.ids[name] = ids
        procedure = self.library.procedure(line.code)
        if procedure is None:
            return
        if "nerve" not in self.choices and procedure.nerves and "nerve" not in self.conflicts:
            if len(procedure.nerves) == 1:
                self._set_choice("nerve", procedure.nerves, ())
        if "region" not in self.choices and procedure.region:
            self._set_choice("region", (procedure.region,), ())
        if "region" not in self.choices and "muscles" in self.choices:
            regions = {
                self.library.muscles[name].region
                for name in self.choices["muscles"]
                if name in self.library.muscles
            }
            if regions and None not in regions:
                self.choices["region"] = frozenset(name for name in regions if name)
        if line.drugs:
            self.choices["drugs"] = frozenset(dose.drug for dose in line.drugs)

    def requested(self, name: str) -> Any:
        """What the plan of care says of an attribute: a set of words, a range, or None."""
        if name in self.choices:
            return self.choices[name]
        return self.quantities.get(name)


def _denied(event: KnownEvent, closing: History) -> bool:
    """Whether a statement of absence denies an event that is listed: neither is then relied on."""
    return all(event.attributes.get(name) == value for name, value in closing.where)
