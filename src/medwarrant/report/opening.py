"""The opening of the article: review, reader, reading of the question, bottom line and grid."""

from __future__ import annotations

from typing import Any

from ..policy.prose import join, value_title
from .article import (
    Bullets,
    Callout,
    Cell,
    Choice,
    Choices,
    Grid,
    GridRow,
    Head,
    Line,
    Prose,
    Section,
    Step,
    Tracker,
)
from .criteria import conditions
from .text import clean, counted, date_words, lower_first, sentence, shortened, upper_first
from .view import ArticleView, Named, Pair
from .words import (
    AUDIENCE_WORDS,
    AUDIENCES,
    BASIS_WORDS,
    OUTCOME_WORDS,
    Audience,
    outcome_words,
    reason_words,
)

_STEPS = (("submitted", "Submitted"), ("under_review", "Under Review"), ("approved", "Approved"))
_ORDER = ("meets_criteria", "needs_information", "needs_clinical_review", "no_policy")


def review_section(view: ArticleView, audience: Audience) -> Section:
    """Where the review stands, with the caution until a person has signed."""
    review = view.review
    current = str(review["status"])
    reached = next((n for n, (name, _) in enumerate(_STEPS) if name == current), 0)
    dates = {str(entry["status"]): entry for entry in review["history"]}
    steps = []
    for number, (name, label) in enumerate(_STEPS):
        entry = dates.get(name)
        detail = date_words(entry["on"]) if entry else ""
        if entry and entry.get("by"):
            detail += f", {clean(str(entry['by']))}"
        state = "done" if number < reached else "current" if number == reached else "ahead"
        steps.append(Step(label, detail, state))  # type: ignore[arg-type]  # one of three words
    blocks: list[Any] = [Tracker("Review status of this proposal", tuple(steps))]
    if current != "approved":
        said = (
            "No person has signed this yet. Software made it to help people decide. It is not an approval."
            if audience == "patient"
            else "Pending human review: no person has signed this proposal. Software proposes; people decide."
        )
        blocks.append(Callout("caution", "Exercise caution", (Line(text=said), *_content(view, audience))))
    last = max((str(entry["on"]) for entry in review["history"]), default=view.determination.as_of)
    blocks.append(Prose((Line(lead="Last updated:", text=f"{date_words(last)}. Judged for the date of service {date_words(view.determination.as_of)}."),)))
    return Section(id="review", title="Review status", blocks=tuple(blocks))


def _content(view: ArticleView, audience: Audience) -> tuple[Line, ...]:
    pending = [entry for entry in view.review.get("content", ()) if entry["status"] != "approved"]
    if not pending:
        return ()
    if audience == "patient":
        return (Line(text="The medical content is still being checked by people."),)
    named = []
    for entry in pending:
        words = entry["status"].replace("_", " ")
        since = f" since {entry['submitted']}" if entry.get("submitted") else ""
        named.append(f"{clean(entry['pack'])} {clean(entry['version'])} ({words}{since})")
    return (Line(text=f"Medical content pending approval by its editors: {join(named, 'and')}."),)


def reader_section(audience: Audience, links: dict[str, str]) -> Section:
    """Which best describes you."""
    choices = tuple(
        Choice(name, AUDIENCE_WORDS[name], name == audience, links.get(name, "")) for name in AUDIENCES
    )
    hint = "" if links else "For another reader, ask again with --for and one of these names."
    return Section(
        id="reader",
        title="Which best describes you?",
        blocks=(Choices("Wording and depth change with the reader; outcomes never do.", choices, hint),),
    )


# --- reading ------------------------------------------------------------------------------------


def reading_section(view: ArticleView, audience: Audience) -> Section:
    """What was understood, what was corrected or assumed, and what was not understood."""
    plain = audience == "patient"
    reading = view.reading
    services = [service.plain if plain else service.full for service in view.services]
    diagnoses = [entry.plain if plain else entry.full for entry in view.diagnoses]
    lines = [
        Line(lead="Treatments:" if plain else "Services:", text=_listed(services, "none was recognised")),
        Line(lead="Conditions:" if plain else "Diagnoses:", text=_listed(diagnoses, "none was recognised")),
    ]
    facts = [_fact_line(view, fact, audience) for fact in reading.facts]
    lines.append(
        Line(lead="What we know about you:" if plain else "Facts:", inner=tuple(facts))
        if facts
        else Line(
            lead="What we know about you:" if plain else "Facts:",
            text="nothing more was said." if plain else "none stated.",
        )
    )
    lines.append(Line(lead="Health plan:" if plain else "Coverage:", text=_coverage(view, plain)))
    blocks: list[Any] = [Bullets(tuple(lines))]
    remarks: list[Line] = []
    if reading.corrections:
        if plain:
            many = counted(len(reading.corrections), "thing")
            said = (Line(text=f"We had to set {many} right. Your doctor's office can see what in the full report."),)
        else:
            said = tuple(Line(text=sentence(clean(entry.message))) for entry in reading.corrections)
        blocks.append(Callout("correction", "Corrections", said))
    if reading.assumptions and not plain:
        remarks += [
            Line(lead="Assumed:", text=sentence(clean(entry.message))) for entry in reading.assumptions
        ]
    for entry in reading.unrecognised:
        remarks.append(Line(lead="Not understood:", text=f"“{clean(shortened(entry.text, 200))}”"))
    if remarks:
        blocks.append(Bullets(tuple(remarks)))
    if view.answer.question and len(clean(view.answer.question)) > 400:
        asked = Line(text=clean(view.answer.question))
        blocks.append(Callout("note", "The question in full", (asked,)))
    return Section(
        id="reading",
        title="What we understood" if plain else "How the question was read",
        blocks=tuple(blocks),
    )


def _listed(names: list[str], none: str) -> str:
    return sentence("; ".join(dict.fromkeys(names)) or none)


def _coverage(view: ArticleView, plain: bool) -> str:
    coverage = view.reading.coverage
    parts = []
    for name in ("payer", "line_of_business", "contractor"):
        value = getattr(coverage, name)
        if value:
            parts.append(clean(value_title(name, value, view.library)))
    if coverage.state:
        parts.append(f"state {clean(coverage.state)}")
    if parts:
        return sentence("; ".join(parts))
    return "none named." if plain else "no payer named."


def _fact_line(view: ArticleView, fact: Any, audience: Audience) -> Line:
    library = view.library
    entry = library.facts.get(fact.fact) or library.events.get(fact.fact)
    plain = audience == "patient"
    title = (entry.plain if plain and entry.plain else entry.title) if entry else fact.fact
    value = fact_words(view, fact.fact, fact.value)
    said = fact.status if not value or fact.status != "present" else value
    notes = [] if plain else [BASIS_WORDS.get(fact.basis, fact.basis)]
    if fact.quote and not plain:
        notes.append(f"“{shortened(clean(fact.quote), 160)}”")
    if fact.document and audience in ("reviewer", "auditor"):
        notes.append(clean(fact.document))
    if audience in ("reviewer", "auditor"):
        notes.append(fact.id)
    return Line(text=sentence(f"{clean(title)}: {clean(said)}"), note="; ".join(notes))


def fact_words(view: ArticleView, name: str, value: Any) -> str:
    """The value of a fact in words."""
    match value:
        case None:
            return ""
        case dict():
            parts = []
            event = view.library.events.get(name)
            for key, entry in value.items():
                if key == "history":
                    parts.append("history complete")
                    continue
                attribute = event.attributes.get(key) if event else None
                title = (attribute.title if attribute and attribute.title else key).replace("_", " ")
                parts.append(f"{title.lower()} {_value_words(view, key, entry)}")
            return ", ".join(parts)
        case _:
            return _value_words(view, name, value)


def _value_words(view: ArticleView, name: str, value: Any) -> str:
    match value:
        case list() | tuple():
            return " to ".join(map(str, value)) if _numbers(value) else ", ".join(
                _value_words(view, name, entry) for entry in value
            )
        case dict():
            return ", ".join(f"{key.replace('_', ' ')} {entry}" for key, entry in value.items())
        case str():
            if name == "drug" and value in view.library.drugs:
                return view.library.drugs[value].name
            return value_title(name, value, view.library)
        case _:
            return str(value)


def _numbers(values: Any) -> bool:
    return len(values) == 2 and all(str(value)[:1].isdigit() for value in values)


# --- bottom line --------------------------------------------------------------------------------


def bottom_line_section(view: ArticleView, audience: Audience) -> Section:
    """The answer in a few sentences, grouped by service."""
    plain = audience == "patient"
    if not view.pairs:
        return Section(id="bottom-line", title="Bottom line", blocks=(Prose(_nothing(view, plain)),))
    blocks: list[Any] = [Prose((_overall(view, plain),))]
    lines = []
    for service in view.services:
        pairs = view.of_service(service)
        if not pairs:
            continue
        inner = tuple(
            _outcome_line(view, outcome, [pair for pair in pairs if pair.item.outcome == outcome], plain)
            for outcome in _ORDER
            if any(pair.item.outcome == outcome for pair in pairs)
        )
        lines.append(Line(lead=upper_first(service.plain if plain else service.full), inner=inner))
    blocks.append(Bullets(tuple(lines)))
    if any(pair.item.provisional for pair in view.pairs):
        said = (
            "Some of this rests on notes that a computer read. A person must check it first."
            if plain
            else "Outcomes marked provisional rest on facts that the machine read from text; nothing is "
            "approved or sent before a person has confirmed them."
        )
        blocks.append(Callout("caution", "Provisional", (Line(text=said),)))
    return Section(id="bottom-line", title="Bottom line", blocks=tuple(blocks))


def _nothing(view: ArticleView, plain: bool) -> tuple[Line, ...]:
    missing = []
    if not view.services:
        missing.append("no treatment" if plain else "no service")
    if not view.diagnoses:
        missing.append("no condition" if plain else "no diagnosis")
    why = f"{join(missing, 'and')} was recognised" if missing else "no service is linked to a diagnosis"
    mend = (
        "Name the treatment and the condition, and ask again."
        if plain
        else "Name at least one service (a procedure code or its name) and one diagnosis (an ICD-10-CM code or its name), and ask again."
    )
    return (
        Line(lead="Nothing could be judged:", text=f"{why} in what was asked."),
        Line(text=mend),
    )


def _overall(view: ArticleView, plain: bool) -> Line:
    counts = {
        outcome: sum(pair.item.outcome == outcome for pair in view.pairs) for outcome in _ORDER
    }
    if len(view.pairs) == 1:
        pair = view.pairs[0]
        words = outcome_words(pair.item.outcome, payer_applied=pair.payer_applied)
        return Line(
            sign=pair.item.outcome,
            lead=f"{words}.",
            text="One treatment was looked at for one condition." if plain else "One service for one diagnosis was judged.",
        )
    met = [pair for pair in view.pairs if pair.item.outcome == "meets_criteria"]
    applied = any(pair.payer_applied for pair in met)
    parts = [
        f"{lower_first(outcome_words(outcome, payer_applied=applied)).replace(';', ',')}: {count}"
        for outcome, count in counts.items()
        if count
    ]
    if plain:
        return Line(
            text=f"We looked at {len(view.pairs)} pairs of a treatment and a condition. "
            f"{upper_first('; '.join(parts))}."
        )
    text = f"{len(view.pairs)} pairs of service and diagnosis were judged, each on its own ({'; '.join(parts)})."
    overall = view.determination.outcome
    if overall and len(view.determination.services) > 1:
        worst = lower_first(outcome_words(overall, payer_applied=applied))
        text += f" The request as a whole stands with its least settled service: {worst.removesuffix(' …')}."
    return Line(text=text)


def _outcome_line(view: ArticleView, outcome: str, pairs: list[Pair], plain: bool) -> Line:
    words = outcome_words(outcome, payer_applied=all(pair.payer_applied for pair in pairs))
    marked = " (provisional)" if any(pair.item.provisional for pair in pairs) else ""
    lead = words.removesuffix(" if …") + marked
    if outcome == "needs_information":
        phrases = ". For ".join(_if_phrases(view, pairs, plain))
        return Line(sign=outcome, lead=lead, text=f"for {phrases}.")
    if outcome == "needs_clinical_review":
        return Line(sign=outcome, lead=lead, text=sentence(f"for {_by_reason(pairs, plain)}"))
    named = join((pair.diagnosis.called(plain=plain) for pair in pairs), "and")
    return Line(sign=outcome, lead=lead, text=f"for {named}.")


def _if_phrases(view: ArticleView, pairs: list[Pair], plain: bool) -> list[str]:
    """What is still needed, told once for diagnoses that need the same."""
    groups: dict[tuple[tuple[str, ...], int], list[Named]] = {}
    for pair in pairs:
        changes = pair.item.would_change
        asked = conditions(view, pair, changes[0], plain=plain) if changes else ()
        groups.setdefault((asked, len(changes)), []).append(pair.diagnosis)
    found = []
    for (asked, ways), named in groups.items():
        text = join((entry.called(plain=plain) for entry in named), "and")
        if asked:
            text += f"{', when we know' if plain else ' if'} {_numbered(asked)}"
            if ways > 1 and not plain:
                text += f", or in {counted(ways - 1, 'other way')}"
        found.append(text)
    return found


def _numbered(parts: tuple[str, ...]) -> str:
    """Conditions in one sentence, numbered where there are several, since they may hold commas."""
    lowered = [lower_first(part) for part in parts]
    if len(lowered) == 1:
        return lowered[0]
    return "; ".join(f"({number}) {part}" for number, part in enumerate(lowered, start=1))


def _by_reason(pairs: list[Pair], plain: bool) -> str:
    groups: dict[str, list[Named]] = {}
    for pair in pairs:
        why = "; ".join(reason_words(reason, plain=plain) for reason in pair.item.reasons)
        groups.setdefault(why, []).append(pair.diagnosis)
    parts = []
    for why, named in groups.items():
        listed = join((entry.called(plain=plain) for entry in named), "and")
        parts.append(f"{listed}: {why}" if why else listed)
    return ". For ".join(parts)


# --- grid ---------------------------------------------------------------------------------------


def grid_section(view: ArticleView, audience: Audience, targets: dict[str, str]) -> Section:
    """Services by diagnoses, no pair dropped; the shorter side makes the columns."""
    plain = audience == "patient"
    services = [service for service in view.services if view.of_service(service)]
    diagnoses = list(view.diagnoses)
    by_pair = {(pair.service, pair.diagnosis): pair for pair in view.pairs}

    def cell(service: Named, diagnosis: Named) -> Cell:
        pair = by_pair.get((service, diagnosis))
        if pair is None:
            return Cell(outcome="", words="Not linked in the request")
        words = outcome_words(pair.item.outcome, payer_applied=pair.payer_applied)
        return Cell(
            outcome=pair.item.outcome,
            words=words,
            detail=_detail(pair, plain),
            target=targets.get(pair.target, pair.diagnosis.target),
        )

    def head(named: Named) -> Head:
        name = upper_first(named.plain) if plain else upper_first(named.name)
        target = named.target if named in diagnoses else ""
        return Head(name, "" if plain or named.code == name else named.code, target)

    upright = len(services) <= len(diagnoses)
    across, down = (services, diagnoses) if upright else (diagnoses, services)
    rows = tuple(
        GridRow(head(one), tuple(cell(*((other, one) if upright else (one, other))) for other in across))
        for one in down
    )
    names = ("Condition", "Treatment") if plain else ("Diagnosis", "Service")
    corner = f"{names[0]} ↓ {names[1]} →" if upright else f"{names[1]} ↓ {names[0]} →"
    return Section(
        id="grid",
        title="Every treatment for every condition" if plain else "Every service for every diagnosis",
        blocks=(
            Grid(
                "Each cell is one pair, judged on its own. Follow its words to the section that explains it.",
                corner,
                tuple(head(named) for named in across),
                rows,
            ),
        ),
    )


def _detail(pair: Pair, plain: bool) -> str:
    item = pair.item
    parts = []
    if item.provisional:
        parts.append("provisional")
    if item.outcome == "needs_information" and item.would_change:
        fewest = min(len({step.id for step in change.criteria}) for change in item.would_change)
        parts.append(f"{counted(fewest, 'fact')} missing")
    parts += [reason_words(reason, plain=plain) for reason in item.reasons]
    return "; ".join(parts)
