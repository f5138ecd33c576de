"""What was tried before, as a text tells it: drugs, therapies, injections, operations, imaging.

An event has the attributes that the text gives it and no others: *failed conservative treatment* is a
therapy with an outcome, of unknown kind and length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ...model.facts import EventValue, Fact, FactStatus, Value
from ...model.measures import Range
from ..reading import Remark
from .anatomy_in_text import levels_in
from .document import phrase
from .lexicon import Mention
from .marked import Marked, longest
from .quantities import dates, durations, percentages
from .service_found import Performed, ServicesRead

#: An outcome that ends with one of these governs what follows it, else what precedes it.
_GOVERNS_AFTER: Final = frozenset(
    "of to from with by on after failed fail failing despite exhausted tolerate take for".split()
)
#: *Significant relief from diagnostic blocks* speaks of the blocks, and of nothing before it.
_LEADS_ON: Final = frozenset({"from"})
_BREAKS: Final = frozenset(
    "but however now is currently continue requesting although except whereas medically patient".split()
)
_TAKING: Final = frozenset("on taking take using use currently continue".split())
_SHOWS: Final = frozenset(
    "show showed showing shown demonstrate demonstrated demonstrating reveal revealed revealing confirm confirmed finding evidence consistent".split()
)
_AFTER_RELIEF: Final = re.compile(
    r"\W{0,3}(?:of\s+)?(?:(?:pain|symptom|sustained|significant|overall|symptomatic|headache|functional)\s+){0,2}(?:relief|improvement|reduction|better|improved|decrease|benefit)\b",
    re.IGNORECASE,
)
_PAIR_OF_PERCENT: Final = re.compile(r"\b(\d{1,3})\s*%?\s*(?:and|&|then|,)\s*(\d{1,3})\s*%")
_BEFORE_RELIEF: Final = re.compile(
    r"(?:relief|improvement|reduction|improved|decreased|better|benefit)\s*(?:of|by|was|:|in pain of|in pain by)?\s*$"
    r"|(?:helped|improved|decreased|reduced|relieved|eased)(?:\s+(?:(?:her|his|the|their|my)\s+)?(?:(?:axial|back|neck|leg|arm|head|low|lower|headache|pain|symptoms|headaches)\s+){1,4})?\s*(?:by\s+)?$",
    re.IGNORECASE,
)
_RELIEF_FOR: Final = re.compile(
    r"(?:relief|improvement|benefit|better|lasted|lasting|last|reduction|improved)\W{1,3}(?:that\s+|which\s+|of\s+(?:pain|symptoms)\s+|in\s+pain\s+)?(?:lasted\s+|lasting\s+)?(?:for\s+|x\s+|of\s+|about\s+|approximately\s+|anywhere\s+|from\s+|between\s+|nearly\s+|almost\s+)*$|%\s+for\s+(?:about\s+|approximately\s+)?$",
    re.IGNORECASE,
)
_FUNCTION: Final = re.compile(
    r"\W{0,3}(?:functional improvement|improvement in function|function)", re.IGNORECASE
)
_ORDINALS: Final = frozenset(
    {"first", "second", "third", "fourth", "initial", "1st", "2nd", "3rd", "other"}
)
_ANOTHER: Final = _ORDINALS | {
    "repeat",
    "another",
    "next",
    "later",
    "subsequent",
    "further",
    "prior",
    "previous",
    "last",
    "two",
    "three",
}
_DASH: Final = re.compile(r"[^.;\n]*\s[-\u2013\u2014]+\s[^.;\n]*")
_MODAL: Final = frozenset(
    {"may", "might", "could", "should", "would", "will", "can", "hopefully", "if"}
)
_SUBJECTS: Final = frozenset({"she", "he", "they", "patient", "but", "was", "were", "is", "and"})
_A_MONTH: Final = re.compile(r"\s*(?:a|per|each|every|/)\s*(?:week|month|year)", re.IGNORECASE)
_VISITS: Final = re.compile(r"\b(?:visits?|sessions?|treatments?|appointments?)\b", re.IGNORECASE)
_COMES_BACK: Final = re.compile(
    r"\b(?:return|follow|scheduled|appointment|next|until|repeat)\b", re.IGNORECASE
)
_NOT_OF_THE_PAST: Final = frozenset(
    "at that is today planned indicated recommended needed necessary required warranted until scheduled currently".split()
)
#: Kinds of service that are no injection, block or ablation.
NO_INJECTION: Final = ("surgery", "imaging", "drug", "test", "equipment")
_REACH: Final = 24


@dataclass
class EventsRead:
    """The events of a text, with what was assumed about them."""

    facts: list[Fact] = field(default_factory=list)
    assumptions: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class _Tried:
    """Words that name something tried, with the attributes that the name itself gives."""

    first: int
    last: int
    attributes: tuple[tuple[str, Value], ...]
    outcome: str | None = None
    also: tuple[str, ...] = ()


def read_events(marked: Marked, services: ServicesRead) -> EventsRead:
    """All events of a document; absent ones close the history they speak of."""
    reader = _Reader(marked, services)
    reader.closed_histories()
    reader.drugs()
    reader.therapies()
    reader.procedures()
    reader.operations()
    reader.imaging()
    reader.result.facts.sort(key=lambda fact: fact.provenance.span or (0, 0))
    return reader.result


class _Reader:
    def __init__(self, marked: Marked, services: ServicesRead) -> None:
        self.marked = marked
        self.document = marked.document
        self.library = marked.library
        self.norms = marked.norms
        self.services = services
        self.result = EventsRead()
        self._attributes: dict[tuple[str, str], list[Mention]] = {}

    def _add(
        self,
        event: str,
        first: int,
        last: int,
        attributes: dict[str, Value],
        status: FactStatus = "present",
    ) -> None:
        known = (
            set(self.library.events[event].attributes) if event in self.library.events else set()
        )
        kept = {name: value for name, value in attributes.items() if name in known}
        value = EventValue.of(kept) if kept or status == "present" else None
        self.result.facts.append(
            Fact(
                fact=event,
                status=status,
                value=value,
                provenance=self.document.provenance(first, last),
            )
        )

    def closed_histories(self) -> None:
        """*No prior injections*: there was none, ever."""
        seen: set[str] = set()
        for mention in longest(self.marked.of("no_event")):
            for entry in mention.entries:
                if entry.id not in seen and not self._says_no_more(mention):
                    seen.add(entry.id)
                    self._add(entry.id, mention.first, mention.last, {}, "absent")
        self.closed = seen

    def _says_no_more(self, mention: Mention) -> bool:
        """*No surgery is planned* and *no injections today* say nothing of earlier ones."""
        after = self.norms[mention.last : mention.last + 1]
        scopes = self.marked.scopes
        dropped = any(
            scopes.has(effect, mention.first, mention.last) for effect in ("family", "conditional")
        )
        return dropped or bool(_NOT_OF_THE_PAST & set(after))

    # --- drugs and therapies -------------------------------------------------------------------------

    def drugs(self) -> None:
        """One event for every drug tried; a class where no drug of it is named."""
        if "drug-trial" not in self.library.events:
            return
        found: list[_Tried] = []
        for mention in longest(self.marked.of("drug", "drug_class", "flag")):
            entry = next((e for e in mention.entries if e.kind in ("drug", "drug_class")), None)
            if entry is None or self._is_service(mention) or self._is_injected(mention):
                continue
            name = "drug" if entry.kind == "drug" else "drug_class"
            tried = self._tried(
                "drug-trial", mention, ((name, entry.id),), also_taken=not mention.of("flag")
            )
            if tried is not None:
                found.append(tried)
        found = self._without_classes_of(self._one_a_drug(found))
        outcomes = {tried.outcome for tried in found}
        for mention in self._generic("drug-trial", "used_for"):
            tried = self._tried(
                "drug-trial", mention, self._own_attributes(mention), also_taken=False
            )
            if tried is not None and not (found and tried.outcome in outcomes):
                found.append(tried)
        for tried in found:
            self._drug_trial(tried)

    def _is_injected(self, mention: Mention) -> bool:
        """*Steroid injections* are a procedure, not a drug that was taken."""
        after = self.norms[mention.last : mention.last + 1]
        before = self.norms[max(0, mention.first - 4) : mention.first]
        if {"inject", "injected", "infiltrated", "ml", "cc"} & set(before):
            return True
        return (
            bool({"injection", "block", "infiltration", "solution"} & set(after))
            and not self.document.gap(mention.last).strip()
        )

    def _drug_trial(self, tried: _Tried) -> None:
        attributes = self._with_time(tried)
        if tried.outcome:
            attributes["outcome"] = tried.outcome
        if "used_for" not in attributes:
            stated = self._used_for(tried)
            usual = self._usual_use(attributes)
            if stated:
                attributes["used_for"] = stated
            elif usual:
                attributes["used_for"] = usual
                self.result.assumptions.append(
                    Remark(
                        kind="usual_use",
                        message=f"'{self.document.quote(tried.first, tried.last)}' was taken as a drug for {usual}, its usual use; say so if it was given for something else.",
                    )
                )
        self._add("drug-trial", tried.first, tried.last, attributes)

    def _usual_use(self, attributes: dict[str, Value]) -> str | None:
        drug, drug_class = attributes.get("drug"), attributes.get("drug_class")
        known = self.library.drugs.get(str(drug)) or self.library.drug_classes.get(str(drug_class))
        return known.usual_use if known else None

    def _used_for(self, tried: _Tried) -> str | None:
        best = None
        for mention in longest(self.marked.of("attribute")):
            entry = next(
                (e for e in mention.entries if e.id == "drug-trial" and e.attribute == "used_for"),
                None,
            )
            if (
                entry is None
                or self.document.sentence[mention.first] != self.document.sentence[tried.first]
            ):
                continue
            if 0 <= tried.first - mention.last < 8 and not self._broken(mention.last, tried.first):
                best = entry.value
            elif (
                0 <= mention.first - tried.last < 3
                and not self._broken(tried.last, mention.first)
                and best is None
            ):
                best = entry.value
        return best

    def therapies(self) -> None:
        """Treatments without drugs, by kind where it is named."""
        if "therapy" not in self.library.events:
            return
        found: list[_Tried] = []
        for mention in self._attribute_mentions("therapy", "kind"):
            value = mention.entries[0].value
            tried = self._tried("therapy", mention, (("kind", value),), also_taken=False)
            dropped = self.marked.dropped(mention.first, mention.last) or self._is_intended(mention)
            if tried is None and not dropped and self._has_length(mention):
                tried = _Tried(mention.first, mention.last, (("kind", value),))
            if tried is not None:
                found.append(tried)
        found = self._one_a_drug(found)
        for mention in self._generic("therapy", None):
            tried = self._tried("therapy", mention, (), also_taken=False)
            if tried is not None and not any(self._explains(mention, kind) for kind in found):
                found.append(tried)
        for tried in found:
            attributes = self._with_time(tried)
            if tried.outcome:
                attributes["outcome"] = tried.outcome
            self._add("therapy", tried.first, tried.last, attributes)

    def _explains(self, mention: Mention, tried: _Tried) -> bool:
        """*Conservative treatment including physical therapy*: the kinds say what was meant."""
        return (
            0 <= tried.first - mention.last < 4
            and self.document.sentence[mention.first] == self.document.sentence[tried.first]
        )

    def _attribute_mentions(self, event: str, attribute: str) -> list[Mention]:
        if (event, attribute) not in self._attributes:
            self._attributes[event, attribute] = self._find_attributes(event, attribute)
        return self._attributes[event, attribute]

    def _find_attributes(self, event: str, attribute: str) -> list[Mention]:
        own = [
            Mention(m.first, m.last, entries, m.written)
            for m in self.marked.of("attribute")
            if (
                entries := tuple(e for e in m.entries if e.id == event and e.attribute == attribute)
            )
        ]
        return longest(own)

    def _generic(self, event: str, attribute: str | None) -> list[Mention]:
        own = [
            Mention(m.first, m.last, entries, m.written)
            for m in self.marked.mentions
            if (
                entries := tuple(
                    e
                    for e in m.entries
                    if e.id == event
                    and (e.kind == "event" or (attribute and e.attribute == attribute))
                )
            )
        ]
        return longest(own)

    @staticmethod
    def _own_attributes(mention: Mention) -> tuple[tuple[str, Value], ...]:
        return tuple((e.attribute, e.value) for e in mention.entries if e.kind == "attribute")[:1]

    def _is_service(self, mention: Mention) -> bool:
        if (mention.first, mention.last) in self.services.drugs_used:
            return True
        if any(
            first < mention.last
            and mention.first < last
            and last - first > mention.last - mention.first
            for first, last in self.services.understood
        ):
            return not self._names_drug(mention)
        return any(
            s.first < mention.last and mention.first < s.last and not s.in_code
            for s in self.services.found
        )

    def _names_drug(self, mention: Mention) -> bool:
        """Whether the service around a drug is the drug itself (*Botox injections*), done before."""
        for performed in self.services.performed:
            if (
                performed.first <= mention.first
                and mention.last <= performed.last
                and performed.procedure
            ):
                return (
                    self.library.procedures[performed.procedure].kind == "drug"
                    and not performed.denied
                )
        return False

    def _tried(
        self,
        event: str,
        mention: Mention,
        attributes: tuple[tuple[str, Value], ...],
        *,
        also_taken: bool,
    ) -> _Tried | None:
        first, last = mention.first, mention.last
        scopes = self.marked.scopes
        if any(
            scopes.has(effect, first, last)
            for effect in ("family", "conditional", "ruled_out", "allergy")
        ):
            return None
        cue = scopes.cue("denied", first, last)
        if cue is not None:
            around = self.norms[cue[0] : first]
            if (
                cue[0] < 0
            ):  # an answer in a form: of what was done before, if the form asks for that
                if scopes.has("earlier", first, last):
                    self._add(event, first, last, dict(attributes), "absent")
            elif {"tried", "trial", "taken", "had", "prior", "previous"} & set(
                around
            ) or self.norms[cue[0]] == "never":
                self._add(event, first, last, dict(attributes), "absent")
            return None
        outcomes = self._outcomes(event, first, last)
        outcome = outcomes[0] if outcomes else None
        taken = also_taken and bool(_TAKING & set(self.norms[max(0, first - 3) : first]))
        taken = taken or (also_taken and self._in_list_of_taken(first))
        if event == "therapy":
            taken = bool(
                {"continue", "continuing"} & set(self.norms[max(0, first - 3) : first])
                or {"ongoing"} & set(self.norms[last : last + 2])
            )
        taken = taken or (also_taken and scopes.has("listed", first, last))
        if self._is_intended(mention) and not taken:
            return None
        if outcome is None and not scopes.has("earlier", first, last) and not taken:
            return None
        return _Tried(first, last, attributes, outcome, outcomes[1:])

    def _is_intended(self, mention: Mention) -> bool:
        """Whether a note tells it as planned, or as part of the visit itself, and not as done before."""
        scopes, first, last = self.marked.scopes, mention.first, mention.last
        told = scopes.has("planned", first, last) or scopes.has("performed", first, last)
        return told and not scopes.has("earlier", first, last)

    def _outcomes(self, event: str, first: int, last: int) -> tuple[str, ...]:
        """The outcomes told of words: the nearest, and one that *but* sets against it."""
        before: tuple[int, str] | None = None
        after: tuple[int, str] | None = None
        contrast: str | None = None
        for mention in self._attribute_mentions(event, "outcome"):
            if not self._in_one_breath(first, last, mention):
                continue
            if self.marked.scopes.has("denied", mention.first, mention.last) or self._may_be(
                mention
            ):
                continue
            value = mention.entries[0].value
            if first <= mention.first and mention.last <= last:
                return (value,)
            governs_after = self.norms[mention.last - 1] in _GOVERNS_AFTER or bool(
                _LEADS_ON & set(self.norms[mention.last : mention.last + 1])
            )
            follows = mention.last < len(self.norms) and self.norms[mention.last] in (
                "from",
                "with",
                "to",
            )
            if mention.last <= first and (
                governs_after or (follows and not self._told_of_another(event, mention.first))
            ):
                if first - mention.last < _REACH and not self._broken(mention.last, first):
                    before = (first - mention.last, value)
            elif mention.first >= last and mention.first - last < _REACH:
                between = self.norms[last : mention.first]
                clause = bool({"which", "that"} & set(between))
                if governs_after and not clause and self.norms[mention.last - 1] != "failed":
                    if not (between and between[-1] in _SUBJECTS) and after is None:
                        continue
                others = self._others_between(event, last, mention.first)
                if others and clause and "which" in self.norms[others[-1] : mention.first]:
                    continue  # the clause belongs to the one named last
                if self._broken(last, mention.first):
                    if not others and {"but", "however", "although"} & set(between):
                        if after is None:
                            after = (mention.first - last, value)
                        else:
                            contrast = value
                elif after is None:
                    after = (mention.first - last, value)
        if before and after:
            before, after = min(before, after), None
        found = before or after
        if found is None:
            return ()
        return (found[1], contrast) if contrast not in (None, found[1]) else (found[1],)

    def _in_list_of_taken(self, first: int) -> bool:
        """*She takes A as needed and B daily*."""
        at = first - 1
        while (
            at >= max(0, first - 16) and self.document.sentence[at] == self.document.sentence[first]
        ):
            if self.norms[at] in ("take", "taking"):
                return True
            if self._broken(at, at + 1) or self.norms[at] in ("not", "if", "stopped", "failed"):
                return False
            at -= 1
        return False

    def _in_one_breath(self, first: int, last: int, mention: Mention) -> bool:
        """In the same sentence, or after a dash: *drug x 6 months - no relief*."""
        sentence = self.document.sentence
        if sentence[mention.first] == sentence[first]:
            return True
        if sentence[mention.first] != sentence[first] + 1 or mention.first < last:
            return False
        between = self.document.text[
            self.document.tokens[last - 1].end : self.document.tokens[mention.first].start
        ]
        return _DASH.fullmatch(between) is not None

    def _may_be(self, mention: Mention) -> bool:
        """*May be helpful* and *should help* tell no result."""
        return bool(_MODAL & set(self.norms[max(0, mention.first - 3) : mention.first]))

    def _told_of_another(self, event: str, at: int) -> bool:
        """Whether the word before a result names what it is the result of."""
        return any(
            m.last <= at <= m.last + 8
            for m in self._named(event)
            if self.document.sentence[m.first] == self.document.sentence[at]
        )

    def _others_between(self, event: str, start: int, end: int) -> list[int]:
        return [m.first for m in self._named(event) if start <= m.first < end]

    def _named(self, event: str) -> list[Mention]:
        """Everything in the document that such an event may be of."""
        if event == "drug-trial":
            return self.marked.of("drug", "drug_class")
        return self._attribute_mentions(event, "kind")

    def _broken(self, start: int, end: int) -> bool:
        return any(norm in _BREAKS for norm in self.norms[start:end])

    @staticmethod
    def _one_a_drug(found: Sequence[_Tried]) -> list[_Tried]:
        """One trial of each drug or kind; two where the text tells two outcomes."""
        by_drug: dict[tuple[tuple[str, Value], ...], dict[str | None, _Tried]] = {}
        for tried in found:
            by_drug.setdefault(tried.attributes, {}).setdefault(tried.outcome, tried)
            for outcome in tried.also:
                by_drug[tried.attributes].setdefault(
                    outcome, replace(tried, outcome=outcome, also=())
                )
        return [
            tried
            for told in by_drug.values()
            for outcome, tried in told.items()
            if outcome is not None or len(told) == 1
        ]

    def _without_classes_of(self, found: list[_Tried]) -> list[_Tried]:
        """*Triptans (sumatriptan)* is one trial, of the drug."""
        held = {
            (name, tried.outcome)
            for tried in found
            for attribute, drug in tried.attributes
            if attribute == "drug" and str(drug) in self.library.drugs
            for name in self.library.drugs[str(drug)].classes
        }
        return [
            t
            for t in found
            if t.attributes[0][0] != "drug_class" or (t.attributes[0][1], t.outcome) not in held
        ]

    def _with_time(self, tried: _Tried) -> dict[str, Value]:
        attributes = dict(tried.attributes)
        text = self.document.text
        start, end = self.document.span(tried.first, tried.last)
        limit = min(
            [
                len(text),
                end + 70,
                *(
                    self.document.tokens[at].start
                    for at in self._others_between(
                        self._kind_of(tried), tried.last, tried.last + 12
                    )
                ),
            ]
        )
        for found in durations(text, max(0, start - 40), start):
            if re.fullmatch(
                r"\s*(?:course\s+)?(?:of|trial of|course of|on|with)?\s*(?:(?!and\b|or\b)\w+\s+)?",
                text[found.end : start],
            ):
                attributes["duration"] = found.value
        for found in durations(text, end, limit) if "duration" not in attributes else ():
            gap = text[end : found.start]
            told = re.fullmatch(
                r"[\s\w()./%:]{0,50}?\b(?:for|x|over|lasting|of|after)\s+(?:the\s+|an?\s+)?(?:past\s+|last\s+)?",
                gap,
            )
            if (
                self.document.sentence[self.document.at(found.start)]
                != self.document.sentence[tried.first]
            ):
                break
            if _A_MONTH.match(text, found.end) or self._broken(
                tried.last, self.document.at(found.start)
            ):
                break
            if (
                told
                or not gap.strip(" (,x:")
                or (_VISITS.search(gap) and text[found.start :].startswith("over "))
            ):
                attributes["duration"] = (
                    _exactly(found.value)
                    if _VISITS.search(text, max(0, start - 30), found.start)
                    else found.value
                )
            break
        for found in (
            durations(text, end, min(len(text), end + 120)) if "duration" not in attributes else ()
        ):
            # "amitriptyline and topiramate for 3 months each": the length is everyone's
            same = (
                self.document.sentence[self.document.at(found.start)]
                == self.document.sentence[tried.first]
            )
            if same and re.match(r"\s*(?:each|apiece)\b", text[found.end :]):
                attributes["duration"] = found.value
            break
        for dated in dates(text, end, min(len(text), end + 30), day=self.document.day):
            if re.fullmatch(r"\s*\(?(?:in|on|since|from|started|,)?\s*", text[end : dated.start]):
                attributes["date"] = dated.value
            break
        return attributes

    @staticmethod
    def _kind_of(tried: _Tried) -> str:
        return (
            "drug-trial"
            if tried.attributes and tried.attributes[0][0].startswith("drug")
            else "therapy"
        )

    def _has_length(self, mention: Mention) -> bool:
        return "duration" in self._with_time(_Tried(mention.first, mention.last, ()))

    # --- procedures ----------------------------------------------------------------------------------

    def procedures(self) -> None:
        """Earlier injections, blocks and ablations, with relief, its length and the date."""
        if "procedure" not in self.library.events:
            return
        items = list(self._performed())
        seen: set[EventValue] = set()
        told: dict[str, tuple[int, int, dict[str, Value]]] = {}
        for number, (first, last, attributes, status) in enumerate(items):
            if status != "present":
                self._add("procedure", first, last, attributes, status)
                continue
            names = str(sorted((name, str(value)) for name, value in attributes.items()))
            limits = self._limits(items, number)
            parts = self._in_turn(last, limits[1])
            for low, high in parts:
                self._add(
                    "procedure",
                    first,
                    last,
                    attributes | self._result_of(low, low + 1, (low, high)),
                )
            if parts:
                continue
            pair = self._two_reliefs(last, limits[1])
            for relief in pair:
                self._add("procedure", first, last, {**attributes, "relief": relief})
            if pair:
                continue
            result = self._result_of(first, last, limits)
            known = told.get(names)
            # Named again without a date or result of its own, it is the one already told; so it is
            # where what is told now only completes it.
            if EventValue.of(attributes | result) in seen or (known and not result):
                continue
            seen.add(EventValue.of(attributes | result))
            if known and not (known[2].keys() & result.keys()) and self._goes_on(known[1], first):
                self._add("procedure", first, last, attributes | result | known[2])
                del self.result.facts[known[0]]
                told[names] = (len(self.result.facts) - 1, last, result | known[2])
                continue
            self._add("procedure", first, last, attributes | result)
            told[names] = (len(self.result.facts) - 1, last, result)

    def _two_reliefs(self, last: int, until: int) -> list[Range]:
        """*Two blocks gave 85% and 90% relief*: each had its own."""
        end = self.document.span(last - 1, min(until, last + 16, len(self.norms)))[1]
        start = self.document.span(last - 1, last)[1]
        found = _PAIR_OF_PERCENT.search(self.document.text, start, end)
        if found is None or not _AFTER_RELIEF.match(self.document.text, found.end()):
            return []
        if (
            self.document.sentence[self.document.at(found.start())]
            != self.document.sentence[last - 1]
        ):
            return []
        return [Range(float(value), float(value)) for value in found.groups()]

    def _in_turn(self, last: int, until: int) -> list[tuple[int, int]]:
        """*Two injections: the first in June with ..., the second on ...*: the words on each."""
        sentence = self.document.sentence[last - 1]
        end = min(until, len(self.norms))
        starts = [
            at
            for at in range(last, end)
            if self.norms[at] in _ORDINALS and self.document.sentence[at] <= sentence + 1
        ]
        if len(starts) < 2 or self.norms[starts[0]] == self.norms[starts[1]]:
            return []
        while (
            end > starts[-1]
            and self.document.sentence[end - 1] > self.document.sentence[starts[-1]]
        ):
            end -= 1
        return list(zip(starts, [*starts[1:], end], strict=True))

    def _goes_on(self, before: int, first: int) -> bool:
        """Whether words named again soon after mean the same occasion."""
        near = self.document.sentence[first] - self.document.sentence[before - 1] <= 2
        return near and not (_ANOTHER & set(self.norms[max(0, first - 4) : first]))

    def _performed(self) -> Iterator[tuple[int, int, dict[str, Value], FactStatus]]:
        named = [p for p in self.services.performed if self._is_injection(p)]
        for performed in named:
            attributes = self._names(performed)
            if performed.denied:
                if attributes:
                    yield performed.first, performed.last, attributes, "absent"
                continue
            yield performed.first, performed.last, attributes, "present"
        taken = [(p.first, p.last) for p in named]
        taken += [(m.first, m.last) for m in self.marked.of("no_event")]
        for first, last in self._generic_procedures():
            if any(f - 3 <= first < t or f < last <= t for f, t in taken):
                continue
            taken.append((first, last))
            attributes = self._intent(first, last)
            yield first, last, attributes, "present"

    def _is_injection(self, performed: Performed) -> bool:
        if performed.procedure is None:
            return performed.kind is not None and performed.kind not in NO_INJECTION
        return self.library.procedures[performed.procedure].kind not in NO_INJECTION

    def _names(self, performed: Performed) -> dict[str, Value]:
        attributes: dict[str, Value] = {}
        if performed.procedure:
            attributes["procedure"] = performed.procedure
        elif performed.kind:
            attributes["kind"] = performed.kind
        attributes |= self._intent(performed.first, performed.last)
        start, end = self.document.span(
            max(0, performed.first - 4), min(len(self.norms), performed.last + 4)
        )
        levels = [
            level for found in levels_in(self.document.text, start, end) for level in found.levels
        ]
        if levels:
            attributes["levels"] = tuple(dict.fromkeys(levels))
        for mention in longest(self.marked.of("choice")):
            side = next((e.value for e in mention.entries if e.id == "side"), None)
            if side and 0 <= performed.first - mention.last < 3:
                attributes["side"] = side
        return attributes

    def _intent(self, first: int, last: int) -> dict[str, Value]:
        values = [
            e.value
            for m in self.marked.of("choice")
            for e in m.entries
            if e.id == "intent" and m.first < last and first <= m.last
        ]
        if values or "intent" not in self.library.facts:
            return {"intent": values[0]} if values else {}
        low = max(
            [
                0,
                first - 8,
                *(m.last for m in self.marked.of("procedure", "family") if m.last <= first),
            ]
        )
        before = [
            n
            for at, n in enumerate(self.norms[low:first], low)
            if self.document.sentence[at] == self.document.sentence[first]
        ]
        for value in self.library.facts["intent"].values.values():
            # The word that "diagnostic block" begins with, apart from the noun by a level or a nerve.
            if value.id in before and any(
                w.startswith(f"{value.id} ") and w.endswith(" block") for w in value.words
            ):
                return {"intent": value.id}
        return {}

    def _generic_procedures(self) -> Iterator[tuple[int, int]]:
        """*prior injections*, *relief from diagnostic blocks*: something was done; not said what."""
        own = [
            m
            for m in self.marked.mentions
            if any(e.kind == "event" and e.id == "procedure" for e in m.entries)
            or (
                any(e.kind == "choice" and e.id == "intent" for e in m.entries) and self._is_noun(m)
            )
        ]
        for mention in longest(own):
            if self.marked.dropped(mention.first, mention.last):
                continue
            told = any(e.kind == "event" for e in mention.entries)
            if (
                told
                or self.marked.scopes.has("earlier", mention.first, mention.last)
                or self._had_relief(mention)
            ):
                yield mention.first, mention.last

    def _had_relief(self, mention: Mention) -> bool:
        """*Two diagnostic blocks with 80% relief*: what gave relief was done."""
        end = self.document.span(mention.first, mention.last)[1]
        for percent in percentages(self.document.text, end, min(len(self.document.text), end + 60)):
            at = min(self.document.at(percent.start), len(self.norms) - 1)
            if self.document.sentence[at] == self.document.sentence[mention.first]:
                return _AFTER_RELIEF.match(self.document.text, percent.end) is not None
        return False

    def _is_noun(self, mention: Mention) -> bool:
        return self.norms[mention.last - 1] in ("block", "injection", "ablation")

    @staticmethod
    def _limits(
        items: Sequence[tuple[int, int, dict[str, Value], FactStatus]], number: int
    ) -> tuple[int, int]:
        """The words that may speak of one event: up to its neighbours."""
        before = max(
            (last for at, (_, last, _, s) in enumerate(items) if at < number and s == "present"),
            default=0,
        )
        after = min(
            (first for at, (first, _, _, s) in enumerate(items) if at > number and s == "present"),
            default=10**9,
        )
        return before, after

    def _result_of(self, first: int, last: int, limits: tuple[int, int]) -> dict[str, Value]:
        text = self.document.text
        low, high = max(limits[0], first - 20), min(limits[1], last + 26, len(self.norms))
        while low < first and self.document.sentence[low] != self.document.sentence[first]:
            low += 1
        while high > last and self.document.sentence[high - 1] > self.document.sentence[first] + 1:
            high -= 1
        start, end = self.document.span(low, high)
        found: dict[str, Value] = {}
        for percent in percentages(text, start, end):
            if _FUNCTION.match(text, percent.end) or self._measures("function_gain", percent.end):
                found.setdefault("function_gain", percent.value)
            elif (
                _AFTER_RELIEF.match(text, percent.end)
                or self._measures("relief", percent.end)
                or _BEFORE_RELIEF.search(text, start, percent.start)
            ):
                found["relief"] = _both(found.get("relief"), percent.value)
        ends = self.document.span(first, last)
        told = bool(re.search(r"\brelief\b", text[start : ends[0]], re.IGNORECASE))
        for length in durations(text, start, end):
            right_after = told and re.fullmatch(
                r"\s+for\s+(?:about\s+|approximately\s+)?", text[ends[1] : length.start]
            )
            if (
                right_after
                or _RELIEF_FOR.search(text, start, length.start)
                or re.match(r"\s*(?:of\s+)?(?:pain\s+)?relief", text[length.end :])
            ):
                found.setdefault("relief_duration", length.value)
        found |= self._date_of(first, last, ends, (start, end))
        return found

    def _measures(self, attribute: str, end: int) -> bool:
        """Whether the packs' words for an attribute follow a figure: *80% pain reduction*."""
        after = self.document.at(end)
        said = self.norms[after : after + 6]
        words = (
            self.library.events["procedure"].attributes[attribute].words
            if "procedure" in self.library.events
            else ()
        )
        forms = (phrase(each) for each in words)
        return any(
            said[skipped : skipped + len(form)] == list(form)
            for form in forms
            for skipped in (0, 1)
            if not skipped or said[:1] == ["of"]
        )

    def _date_of(
        self, first: int, last: int, ends: tuple[int, int], around: tuple[int, int]
    ) -> dict[str, Value]:
        """The date told after a procedure; else one before it in its own sentence."""
        text, day = self.document.text, self.document.day
        for dated in dates(text, ends[0], around[1], day=day):
            if not _COMES_BACK.search(text, max(ends[0], dated.start - 30), dated.start):
                return {"date": dated.value}
        before = [d.value for d in dates(text, around[0], ends[0], day=day)]
        return {"date": before[-1]} if before else {}

    # --- operations and imaging ----------------------------------------------------------------------

    def operations(self) -> None:
        """Operations told as done."""
        if "surgery" not in self.library.events:
            return
        seen: set[str] = set()
        for mention in self._attribute_mentions("surgery", "kind"):
            first, last = mention.first, mention.last
            if self.marked.dropped(first, last) or not self.marked.scopes.has(
                "earlier", first, last
            ):
                continue
            if any(s.first < last and first < s.last for s in self.services.found):
                continue
            value = mention.entries[0].value
            if value in seen:
                continue
            seen.add(value)
            attributes: dict[str, Value] = {"kind": value}
            start, end = self.document.span(max(0, first - 5), min(len(self.norms), last + 3))
            levels = [
                level
                for found in levels_in(self.document.text, start, end)
                for level in found.levels
            ]
            if levels:
                attributes["levels"] = tuple(dict.fromkeys(levels))
            text = self.document.text
            for dated in dates(
                text,
                self.document.span(first, last)[1],
                min(len(text), end + 40),
                day=self.document.day,
            ):
                if (
                    self.document.sentence[self.document.at(dated.start)]
                    != self.document.sentence[first]
                ):
                    break
                attributes["date"] = dated.value
                break
            self._add("surgery", first, last, attributes)

    def imaging(self) -> None:
        """Imaging that is told to have shown something."""
        if "imaging" not in self.library.events:
            return
        seen: set[str] = set()
        for mention in self._attribute_mentions("imaging", "modality"):
            first, last = mention.first, mention.last
            value = mention.entries[0].value
            if value in seen or self._test_dropped(first, last):
                continue
            if any(s.first < last and first < s.last for s in self.services.found):
                continue
            before = self.norms[max(0, first - 3) : first]
            after = self.norms[last : last + 5]
            told = {"on", "by", "per", "recent", "prior", "previous"} & set(before) or _SHOWS & set(
                after
            )
            if told or self.marked.scopes.has("earlier", first, last):
                seen.add(value)
                attributes: dict[str, Value] = {"modality": value}
                text = self.document.text
                end = self.document.span(first, last)[1]
                for dated in dates(text, end, min(len(text), end + 40), day=self.document.day):
                    attributes["date"] = dated.value
                    break
                self._add("imaging", first, last, attributes)

    def _test_dropped(self, first: int, last: int) -> bool:
        """Whether a test was not done; one that *was negative* was."""
        denied = self.marked.scopes.cue("denied", first, last)
        others = any(
            self.marked.scopes.has(effect, first, last)
            for effect in ("ruled_out", "conditional", "family")
        )
        return others or (
            denied is not None and denied[0] < first and self.norms[denied[0]] != "negative"
        )


def _both(known: Value | None, other: Range) -> Range:
    """Two figures told of one treatment, as the range that holds both."""
    if not isinstance(known, Range) or known == other:
        return other
    lows = [bound for bound in (known.low, other.low) if bound is not None]
    highs = [bound for bound in (known.high, other.high) if bound is not None]
    return Range(min(lows) if len(lows) == 2 else None, max(highs) if len(highs) == 2 else None)


def _exactly(value: Range) -> Range:
    """*12 visits over 6 weeks* took six weeks, not more."""
    bound = value.low if value.low is not None else value.high
    return Range(bound, bound) if value.high is None else value
