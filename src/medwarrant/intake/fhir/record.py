"""What is gathered from the resources of one message, with where each part stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ...model.errors import InputError
from ...model.facts import Basis, Fact, Provenance
from ...policy.coded import CodedFact
from ...policy.library import Library
from ...terminology.icd10cm import Icd10cm
from ..facts import FactReader
from ..reading import Remark, Unrecognised
from ..words.document import Document
from ..words.lexicon import Entry, Mention, lexicon_of
from .bundle import Bundle, Resource
from .codes import Coding
from .element import Element, shown


@dataclass(frozen=True, slots=True)
class AttachedText:
    """A text that came with the request, for the reader of notes."""

    name: str
    content_type: str
    text: str


@dataclass
class Record:
    """One patient's part of a message while it is read."""

    bundle: Bundle
    library: Library
    icd: Icd10cm
    as_of: date
    patient: Resource | None = None
    patient_reference: str = ""
    facts: list[Fact] = field(default_factory=list)
    corrections: list[Remark] = field(default_factory=list)
    assumptions: list[Remark] = field(default_factory=list)
    unrecognised: list[Unrecognised] = field(default_factory=list)
    documents: list[AttachedText] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Readers of facts and words, made once."""
        self.reader = FactReader(self.library)
        self.lexicon = lexicon_of(self.library)

    # --- notes ----------------------------------------------------------------------------------

    def assume(self, kind: str, message: str) -> None:
        """Note what was assumed, or deliberately left out."""
        remark = Remark(kind=kind, message=message)
        if remark not in self.assumptions:
            self.assumptions.append(remark)

    def correct(self, kind: str, message: str) -> None:
        """Note what in the message is wrong."""
        self.corrections.append(Remark(kind=kind, message=message))

    def not_understood(self, text: str, resource: Resource) -> None:
        """List something that looks like part of the request and was not understood."""
        found = Unrecognised(text=f"{shown(text)} ({resource.name})")
        if found not in self.unrecognised:
            self.unrecognised.append(found)

    def document(self, name: str, text: str, content_type: str = "text/plain") -> None:
        """Keep a text for the reader of notes."""
        if text.strip():
            self.documents.append(AttachedText(name, content_type, text))

    # --- facts ----------------------------------------------------------------------------------

    def state(
        self,
        name: str,
        value: Any,
        resource: Resource,
        quote: str,
        *,
        basis: Basis = "coded",
    ) -> bool:
        """Add a fact; where the dictionary refuses its value, list it as not understood."""
        provenance = Provenance(document=resource.name, quote=shown(quote))
        try:
            fact = self.reader.fact(name, value, where="", basis=basis, provenance=provenance)
        except InputError as error:
            self.not_understood(f"{quote}: {error.problem}", resource)
            return False
        if fact not in self.facts:
            self.facts.append(fact)
        return True

    def coded(self, found: tuple[Coding, ...], system: str = "") -> list[tuple[Coding, CodedFact]]:
        """What codes state, by the tables of the packs; `system` overrides theirs."""
        return [
            (coding, entry)
            for coding in found
            for entry in self.library.coded.of(system or coding.system, coding.code)
            if entry.fact in self.library.facts
        ]

    # --- words ----------------------------------------------------------------------------------

    def named(self, text: str, *kinds: str) -> list[Entry]:
        """What the words of a short text name, longest names first, none within another."""
        return [mention.of(*kinds)[0] for mention in self.mentions(text, *kinds)]

    def mentions(self, text: str, *kinds: str) -> list[Mention]:
        """Where a short text names something of these kinds."""
        document = Document(text)
        norms = [token.norm for token in document.tokens]
        found = [m for m in self.lexicon.find(document, norms) if m.of(*kinds)]
        chosen: list[Mention] = []
        for mention in sorted(found, key=lambda m: (m.first - m.last, m.first)):
            if all(mention.last <= m.first or m.last <= mention.first for m in chosen):
                chosen.append(mention)
        return sorted(chosen, key=lambda m: m.first)

    def is_name_of(self, text: str, *kinds: str) -> Entry | None:
        """What a text names as a whole, or None."""
        count = len(Document(text).tokens)
        for mention in self.mentions(text, *kinds):
            if (mention.first, mention.last) == (0, count):
                return mention.of(*kinds)[0]
        return None

    # --- whose ----------------------------------------------------------------------------------

    def is_patients(self, resource: Resource, *names: str) -> bool:
        """Whether a resource is about the patient of the request; one that does not say counts."""
        for name in names:
            reference: Element | None = resource.child(name)
            text = reference.raw_text("reference").strip() if reference is not None else ""
            if not text:
                continue
            meant = self.bundle.find(text, resource)
            if meant is not None or self.patient is not None:
                return meant is not None and meant is self.patient
            return not self.patient_reference or _tail(text) == _tail(self.patient_reference)
        return True


def _tail(reference: str) -> str:
    return "/".join(reference.partition("/_history")[0].rsplit("/", 2)[-2:])
