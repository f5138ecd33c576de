"""Read the tables of a pack that no rule is needed for: facts, drugs, procedures, sources, ..."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar, get_args, get_type_hints

from msgspec import UNSET

from ..model.measures import UNITS, canonical_unit
from ..model.procedure import (
    Drug,
    DrugClass,
    Muscle,
    Nerve,
    Procedure,
    ProcedureFamily,
    ProcedureKind,
    Region,
    SpinePlace,
)
from ..model.sources import (
    Certainty,
    EvidenceStatement,
    Source,
    SourceKind,
    SourceStatus,
    StatementDirection,
    Strength,
    Verification,
)
from .coded import CodedFact
from .fact_dictionary import Attribute, ChoiceValue, EventDefinition, FactDefinition
from .pack import Contractor, Example, LineOfBusiness, NamedPayer, NoteSection, PackReview
from .read_quote import quote
from .valueset import CodePattern, SpecificityQuestion, ValueSet
from .yaml_source import YamlValue

T = TypeVar("T")
Fields = dict[str, YamlValue]
_ID = re.compile(r"[a-z0-9][a-z0-9._/-]*")


def table(value: YamlValue, read: Callable[[str, YamlValue], T | None]) -> dict[str, T]:
    """A mapping from id to entry, each read by `read`."""
    found: dict[str, T] = {}
    for key, entry in value.entries():
        if not _ID.fullmatch(key) and not key.replace("_", "").isalnum():
            entry.complain(f"'{key}' is not an id", "use lower case letters, digits and hyphens")
        item = read(key, entry)
        if item is not None:
            found[key] = item
    return found


def text_of(fields: Fields, name: str, default: str = "") -> str:
    """A text field, or its default."""
    return fields[name].text() if name in fields else default


def texts_of(fields: Fields, name: str) -> tuple[str, ...]:
    """A list of texts, or nothing."""
    return fields[name].texts() if name in fields else ()


def optional_text(fields: Fields, name: str) -> str | None:
    """A text field, or None where it is absent or null."""
    if name not in fields or (not fields[name].is_map and fields[name].scalar() is None):
        return None
    return fields[name].text()


def required(value: YamlValue, fields: Fields, *names: str) -> None:
    """Note every field that must be there and is not."""
    for name in names:
        if name not in fields:
            value.complain(f"the field '{name}' is missing", f"add {name}: ...")


# --- facts --------------------------------------------------------------------------------------

_KINDS = ("flag", "choice", "quantity", "date", "text", "code", "drug")
_FACT = frozenset(
    {"kind", "about", "title", "question", "plain", "document", "unit", "range", "values", "many"}
    | {"words", "denied", "by_examination", "hard", "note"}
)
_ATTRIBUTE = frozenset(
    {
        "kind",
        "title",
        "plain",
        "told",
        "unit",
        "values",
        "derived_from",
        "many",
        "words",
        "range",
        "question",
        "note",
    }
)
_EVENT = frozenset(
    {"title", "question", "plain", "document", "words", "denied", "attributes", "note"}
)


def fact(name: str, value: YamlValue) -> FactDefinition | None:
    """One entry of the fact dictionary."""
    fields = value.fields(_FACT, "a fact")
    required(value, fields, "kind", "title")
    kind = fields["kind"].one_of(_KINDS, "a kind of fact") if "kind" in fields else None
    if kind is None:
        return None
    about = (
        fields["about"].one_of(("patient", "service", "coverage"), "patient, service or coverage")
        if "about" in fields
        else "patient"
    )
    low = high = None
    if "range" in fields:
        limits = fields["range"].plain()
        if (
            isinstance(limits, list)
            and len(limits) == 2
            and all(limit is None or type(limit) in (int, float) for limit in limits)
        ):
            low, high = (None if limit is None else float(limit) for limit in limits)
        else:
            fields["range"].complain("a range has two numbers", "write [0, 31]")
    unit = _unit(fields)
    if kind == "quantity" and not unit:
        value.complain("a quantity needs its unit", f"one of {', '.join(sorted(UNITS))}")
    return FactDefinition(
        id=name,
        kind=kind,  # type: ignore[arg-type]  # one_of has checked it against the same words
        title=text_of(fields, "title", name),
        about=about or "patient",  # type: ignore[arg-type]  # likewise
        question=text_of(fields, "question"),
        plain=text_of(fields, "plain"),
        document=optional_text(fields, "document"),
        unit=unit,
        low=low,
        high=high,
        values=_values(fields),
        many="many" in fields and fields["many"].flag(),
        words=texts_of(fields, "words"),
        denied=texts_of(fields, "denied"),
        by_examination="by_examination" in fields and fields["by_examination"].flag(),
    )


def _unit(fields: Fields) -> str:
    if "unit" not in fields:
        return ""
    unit = canonical_unit(fields["unit"].text())
    if unit is None:
        fields["unit"].complain(
            f"'{fields['unit'].text()}' is not a unit", f"one of {', '.join(sorted(UNITS))}"
        )
    return unit or ""


def _values(fields: Fields) -> dict[str, ChoiceValue]:
    if "values" not in fields:
        return {}
    values = fields["values"]
    if values.is_list:
        return {
            word: ChoiceValue(id=word, title=word.replace("-", " ").replace("_", " "))
            for word in values.texts()
        }
    return table(values, _choice_value)


def _choice_value(name: str, value: YamlValue) -> ChoiceValue:
    if not value.is_map:
        return ChoiceValue(id=name, title=value.text() or name)
    fields = value.fields(frozenset({"title", "plain", "words", "note"}), "a value")
    return ChoiceValue(
        id=name,
        title=text_of(fields, "title", name.replace("_", " ")),
        plain=text_of(fields, "plain"),
        words=texts_of(fields, "words"),
    )


def event(name: str, value: YamlValue) -> EventDefinition | None:
    """One kind of event."""
    fields = value.fields(_EVENT, "an event")
    required(value, fields, "title", "attributes")
    return EventDefinition(
        id=name,
        title=text_of(fields, "title", name),
        question=text_of(fields, "question"),
        plain=text_of(fields, "plain"),
        document=optional_text(fields, "document"),
        words=texts_of(fields, "words"),
        denied=texts_of(fields, "denied"),
        attributes=table(fields["attributes"], _attribute) if "attributes" in fields else {},
    )


def _attribute(name: str, value: YamlValue) -> Attribute | None:
    fields = value.fields(_ATTRIBUTE, "an attribute")
    required(value, fields, "kind")
    kind = fields["kind"].one_of(_KINDS, "a kind of attribute") if "kind" in fields else None
    if kind is None:
        return None
    told = text_of(fields, "told")
    if told and told.count("{}") != 1:
        fields["told"].complain("'told' needs one place for the value", 'write told: "for {}"')
        told = ""
    return Attribute(
        id=name,
        kind=kind,  # type: ignore[arg-type]  # one_of has checked it against the same words
        title=text_of(fields, "title", name.replace("_", " ")),
        plain=text_of(fields, "plain"),
        told=told,
        unit=_unit(fields),
        values=_values(fields),
        derived_from=optional_text(fields, "derived_from"),
        many="many" in fields and fields["many"].flag(),
        words=texts_of(fields, "words"),
    )


def coded_fact(value: YamlValue) -> CodedFact | None:
    """One entry of a `coded:` table."""
    fields = value.fields(frozenset({"system", "code", "fact", "value", "note"}), "a coded fact")
    required(value, fields, "system", "code", "fact")
    if not {"system", "code", "fact"} <= set(fields):
        return None
    return CodedFact(
        system=fields["system"].text(),
        code=fields["code"].text(),
        fact=fields["fact"].text(),
        value=optional_text(fields, "value"),
        line=value.line,
    )


# --- drugs, procedures, anatomy -----------------------------------------------------------------


def drug(name: str, value: YamlValue) -> Drug:
    """One ingredient."""
    fields = value.fields(
        frozenset({"name", "classes", "words", "hcpcs", "usual_use", "note", "cites"}), "a drug"
    )
    return Drug(
        id=name,
        name=text_of(fields, "name", name.replace("-", " ")),
        classes=texts_of(fields, "classes"),
        words=texts_of(fields, "words"),
        hcpcs=texts_of(fields, "hcpcs"),
        usual_use=optional_text(fields, "usual_use"),
    )


def drug_class(name: str, value: YamlValue) -> DrugClass:
    """One class of drugs."""
    fields = value.fields(
        frozenset({"title", "plain", "words", "usual_use", "note"}), "a drug class"
    )
    return DrugClass(
        id=name,
        title=text_of(fields, "title", name.replace("-", " ")),
        plain=text_of(fields, "plain"),
        words=texts_of(fields, "words"),
        usual_use=optional_text(fields, "usual_use"),
    )


_PROCEDURE = frozenset(
    {
        "codes",
        "name",
        "plain",
        "kind",
        "nerves",
        "region",
        "drug",
        "words",
        "counts",
        "further_level",
        "each_between",
        "cites",
        "note",
    }
)


def procedure(name: str, value: YamlValue) -> Procedure:
    """One procedure."""
    fields = value.fields(_PROCEDURE, "a procedure")
    required(value, fields, "name", "plain", "kind")
    least = most = None
    if "counts" in fields:
        counts = fields["counts"].plain()
        muscles = counts.get("muscles", {}) if isinstance(counts, dict) else {}
        if not isinstance(muscles, dict) or any(type(n) is not int for n in muscles.values()):
            fields["counts"].complain("write counts: {muscles: {at_least: 3}}")
            muscles = {}
        least, most = muscles.get("at_least"), muscles.get("at_most")
    return Procedure(
        id=name,
        name=text_of(fields, "name", name),
        plain=text_of(fields, "plain", name),
        kind=text_of(fields, "kind", "other"),
        codes=tuple(code.upper() for code in texts_of(fields, "codes")),
        nerves=texts_of(fields, "nerves"),
        region=optional_text(fields, "region"),
        drug=optional_text(fields, "drug"),
        words=texts_of(fields, "words"),
        muscles_at_least=least,
        muscles_at_most=most,
        further_level=optional_text(fields, "further_level"),
        each_between="each_between" in fields and fields["each_between"].flag(),
        cites=texts_of(fields, "cites"),
    )


def kind(name: str, value: YamlValue) -> ProcedureKind:
    """One kind of procedure."""
    if not value.is_map:
        return ProcedureKind(id=name, name=value.text())
    fields = value.fields(frozenset({"name", "plain", "note"}), "a procedure kind")
    return ProcedureKind(
        id=name, name=text_of(fields, "name", name), plain=text_of(fields, "plain")
    )


def family(name: str, value: YamlValue) -> ProcedureFamily:
    """Words that name several procedures."""
    fields = value.fields(
        frozenset({"words", "only_with", "candidates", "question", "note"}), "a procedure family"
    )
    required(value, fields, "words", "candidates", "question")
    return ProcedureFamily(
        id=name,
        words=texts_of(fields, "words"),
        candidates=texts_of(fields, "candidates"),
        question=text_of(fields, "question"),
        only_with=texts_of(fields, "only_with"),
    )


def nerve(name: str, value: YamlValue) -> Nerve:
    """One nerve."""
    fields = value.fields(
        frozenset({"name", "plain", "parent", "codes", "words", "cites", "note", "region"}),
        "a nerve",
    )
    return Nerve(
        id=name,
        name=text_of(fields, "name", name),
        plain=text_of(fields, "plain"),
        parent=optional_text(fields, "parent"),
        codes=texts_of(fields, "codes"),
        words=texts_of(fields, "words"),
        cites=texts_of(fields, "cites"),
    )


def muscle(name: str, value: YamlValue) -> Muscle:
    """One muscle."""
    fields = value.fields(
        frozenset({"name", "plain", "region", "words", "note", "cites"}), "a muscle"
    )
    return Muscle(
        id=name,
        name=text_of(fields, "name", name),
        plain=text_of(fields, "plain"),
        region=optional_text(fields, "region"),
        words=texts_of(fields, "words"),
    )


def region(name: str, value: YamlValue) -> Region:
    """One region of the body."""
    fields = value.fields(
        frozenset({"name", "plain", "words", "levels", "note", "cites"}), "a region"
    )
    return Region(
        id=name,
        name=text_of(fields, "name", name),
        plain=text_of(fields, "plain"),
        words=texts_of(fields, "words"),
        levels=texts_of(fields, "levels"),
    )


# --- value sets ---------------------------------------------------------------------------------


def patterns(value: YamlValue) -> tuple[CodePattern, ...]:
    """Codes and ranges."""
    return tuple(CodePattern.read(text) for text in value.texts())


def valueset(name: str, value: YamlValue) -> ValueSet:
    """One value set."""
    known = frozenset({"title", "plain", "codes", "without", "words", "closed", "cites", "note"})
    fields = value.fields(known, "a value set")
    required(value, fields, "title", "codes")
    words = (
        {key.lower(): entry.text() for key, entry in fields["words"].entries()}
        if "words" in fields
        else {}
    )
    return ValueSet(
        id=name,
        title=text_of(fields, "title", name),
        plain=text_of(fields, "plain"),
        codes=patterns(fields["codes"]) if "codes" in fields else (),
        without=patterns(fields["without"]) if "without" in fields else (),
        words=words,
        closed="closed" in fields and fields["closed"].flag(),
        cites=texts_of(fields, "cites"),
        line=value.line,
    )


def specificity(value: YamlValue) -> SpecificityQuestion:
    """One question for codes that say too little."""
    fields = value.fields(
        frozenset({"codes", "question", "candidates", "by_place", "cites", "note"}),
        "a specificity question",
    )
    required(value, fields, "codes", "question")
    return SpecificityQuestion(
        codes=patterns(fields["codes"]) if "codes" in fields else (),
        question=text_of(fields, "question"),
        candidates=texts_of(fields, "candidates"),
        by_place={name: code.text() for name, code in fields["by_place"].entries()}
        if "by_place" in fields
        else {},
        cites=texts_of(fields, "cites"),
    )


def shorthand(name: str, value: YamlValue) -> tuple[str, ...]:
    """The ways people write some words shorter, or otherwise."""
    return value.texts()


def place(name: str, value: YamlValue) -> SpinePlace:
    """One part of the spine."""
    fields = value.fields(frozenset({"words", "levels", "services_in", "note"}), "a place")
    required(value, fields, "words", "levels")
    return SpinePlace(
        id=name,
        words=texts_of(fields, "words"),
        levels=texts_of(fields, "levels"),
        services_in=optional_text(fields, "services_in"),
    )


# --- payers -------------------------------------------------------------------------------------


def payer(name: str, value: YamlValue) -> NamedPayer:
    """One payer."""
    fields = value.fields(
        frozenset({"title", "plain", "words", "lines", "note", "cites"}), "a payer"
    )
    return NamedPayer(
        id=name,
        title=text_of(fields, "title", name),
        plain=text_of(fields, "plain"),
        words=texts_of(fields, "words"),
        lines=texts_of(fields, "lines"),
    )


def line_of_business(name: str, value: YamlValue) -> LineOfBusiness:
    """One line of business."""
    if not value.is_map:
        return LineOfBusiness(id=name, title=value.text())
    fields = value.fields(
        frozenset({"title", "plain", "words", "note", "cites"}), "a line of business"
    )
    return LineOfBusiness(
        id=name,
        title=text_of(fields, "title", name),
        plain=text_of(fields, "plain"),
        words=texts_of(fields, "words"),
    )


def note_section(name: str, value: YamlValue) -> NoteSection | None:
    """One part of a clinical note."""
    fields = value.fields(frozenset({"title", "reads", "words"}), "a section of notes")
    required(value, fields, "title", "words")
    reads = text_of(fields, "reads", "facts")
    known = get_args(get_type_hints(NoteSection)["reads"])
    if reads not in known:
        fields["reads"].complain(f"'{reads}' is no way to read a section", ", ".join(known))
        return None
    return NoteSection(
        id=name,
        title=text_of(fields, "title", name),
        reads=reads,  # type: ignore[arg-type]  # checked above
        words=texts_of(fields, "words"),
    )


def contractor(name: str, value: YamlValue) -> Contractor:
    """One Medicare contractor."""
    fields = value.fields(
        frozenset({"title", "plain", "words", "states", "note", "cites"}), "a contractor"
    )
    states: dict[str, tuple[str, ...]] = {}
    if "states" in fields and (fields["states"].is_map or fields["states"].is_list):
        for state, cites in fields["states"].entries():
            states[state] = cites.texts()
    return Contractor(
        id=name,
        title=text_of(fields, "title", name),
        plain=text_of(fields, "plain"),
        words=texts_of(fields, "words"),
        states=states,
    )


# --- sources and statements ---------------------------------------------------------------------

_SOURCE = frozenset(
    {"type", "kind", "title", "author", "container", "issued", "volume", "issue", "pages", "number"}
    | {
        "doi",
        "pmid",
        "pmcid",
        "url",
        "status",
        "contested",
        "design",
        "verified",
        "note",
        "publisher",
    }
)
_STATEMENT = frozenset(
    {
        "source",
        "locator",
        "claim",
        "direction",
        "strength",
        "grade",
        "certainty",
        "population",
        "intent",
    }
    | {"setting", "searched", "verified", "note", "plain", "quote"}
)


def verification(fields: Fields) -> Verification:
    """The `verified` field."""
    if "verified" not in fields:
        return Verification()
    parts = fields["verified"].fields(frozenset({"how", "on", "via"}), "verified")
    how = (
        parts["how"].one_of(("primary", "secondary", "unverified"), "a way of verifying")
        if "how" in parts
        else None
    )
    return Verification(
        how=how or "unverified",  # type: ignore[arg-type]  # one_of has checked it
        on=optional_text(parts, "on"),
        via=text_of(parts, "via"),
    )


def _word(fields: Fields, name: str, vocabulary: Any) -> Any:
    if optional_text(fields, name) is None:
        return None
    return fields[name].one_of(get_args(vocabulary), f"a {name}")


def source(name: str, value: YamlValue) -> Source | None:
    """One source of the registry."""
    fields = value.fields(_SOURCE, "a source")
    required(value, fields, "kind", "title", "verified")
    kind = _word(fields, "kind", SourceKind)
    if kind is None:
        return None
    authors: list[dict[str, str]] = []
    for author in fields["author"].items() if "author" in fields else ():
        plain = author.plain()
        authors.append(
            {str(key): str(part) for key, part in plain.items()}
            if isinstance(plain, dict)
            else {"literal": str(plain)}
        )
    issued = optional_text(fields, "issued")
    if issued is not None and not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", issued):
        fields["issued"].complain(f"'{issued}' is not a date", "write 2025, 2025-12 or 2025-12-01")
        issued = None
    return Source(
        id=name,
        kind=kind,
        type=text_of(fields, "type", "document"),
        title=text_of(fields, "title", name),
        status=_word(fields, "status", SourceStatus) or "unknown",
        contested="contested" in fields and fields["contested"].flag(),
        verified=verification(fields),
        author=tuple(authors),
        container=optional_text(fields, "container"),
        issued=issued,
        volume=optional_text(fields, "volume"),
        issue=optional_text(fields, "issue"),
        pages=optional_text(fields, "pages"),
        number=optional_text(fields, "number"),
        doi=optional_text(fields, "doi"),
        pmid=optional_text(fields, "pmid"),
        url=optional_text(fields, "url"),
        design=optional_text(fields, "design"),
        note=text_of(fields, "note"),
    )


def statement(name: str, value: YamlValue) -> EvidenceStatement | None:
    """One evidence statement."""
    fields = value.fields(_STATEMENT, "a statement")
    required(value, fields, "source", "claim", "direction", "verified")
    direction = _word(fields, "direction", StatementDirection)
    if direction is None:
        return None
    searched = optional_text(fields, "searched")
    if direction == "none_found" and searched is None:
        value.complain("'none_found' needs the date of the search", "add searched: 2026-11-23")
    verified = verification(fields)
    return EvidenceStatement(
        id=name,
        source=text_of(fields, "source"),
        claim=text_of(fields, "claim"),
        direction=direction,
        locator=text_of(fields, "locator"),
        strength=_word(fields, "strength", Strength),
        grade=optional_text(fields, "grade"),
        certainty=_word(fields, "certainty", Certainty),
        population=optional_text(fields, "population"),
        intent=optional_text(fields, "intent"),
        setting=optional_text(fields, "setting"),
        searched=searched,
        verified=verified,
        quote=quote(fields["quote"], verified) if "quote" in fields else UNSET,
    )


# --- the rest -----------------------------------------------------------------------------------


def review(fields: Fields) -> PackReview:
    """The editorial status of a pack."""
    if "review" not in fields:
        return PackReview()
    parts = fields["review"].fields(frozenset({"status", "submitted", "approved", "by"}), "review")
    status = (
        parts["status"].one_of(("submitted", "under_review", "approved"), "a review status")
        if "status" in parts
        else None
    )
    return PackReview(
        status=status or "submitted",  # type: ignore[arg-type]  # one_of has checked it
        submitted=optional_text(parts, "submitted"),
        approved=optional_text(parts, "approved"),
        by=optional_text(parts, "by"),
    )


_EXAMPLE = frozenset({"it", "policy", "indication", "request", "expect", "note"})
_EXPECT = frozenset(
    {
        "outcome",
        "missing",
        "not_met",
        "reasons",
        "governing",
        "indication_outcomes",
        "coding",
        "safety",
        "items",
    }
)


def example(value: YamlValue) -> Example | None:
    """One example."""
    fields = value.fields(_EXAMPLE, "an example")
    required(value, fields, "it", "request", "expect")
    if "request" not in fields or "expect" not in fields:
        return None
    fields["expect"].fields(_EXPECT, "expect")
    expect, request = fields["expect"].plain(), fields["request"].plain()
    if not isinstance(expect, dict) or not isinstance(request, dict):
        return None
    return Example(
        it=text_of(fields, "it"),
        request=request,
        expect=expect,
        policy=optional_text(fields, "policy"),
        indication=optional_text(fields, "indication"),
        file=value.place.file,
        line=value.line,
    )
