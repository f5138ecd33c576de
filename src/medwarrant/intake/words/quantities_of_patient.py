"""Numbers about the patient in a text: age, weight, scores, days a month, and the packs' quantities."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Final

from ...model.facts import Fact
from ...model.measures import Range, base_unit, parse_quantity
from ...policy.fact_dictionary import FactDefinition
from .lexicon import Mention
from .marked import Marked, longest
from .quantities import bounded, durations

_NUMBER: Final = re.compile(
    r"(?:(?P<bound>at least|more than|over|greater than|at most|less than|under|up to|about|approximately|around|>=|<=|>|<|~)\s*)?"
    r"(?P<low>\d{1,4}(?:\.\d+)?)(?:\s*(?:-|\u2013|to)\s*(?P<high>\d{1,4}(?:\.\d+)?))?",
    re.IGNORECASE,
)
_OUT_OF_TEN: Final = re.compile(
    r"(?P<bound>)(?<![\d/.])(?P<low>\d{1,2}(?:\.\d)?)(?:\s*(?:-|\u2013|to)\s*(?P<high>\d{1,2}))?\s*(?:/\s?10\b|out of (?:10|ten)\b)(?!/)",
    re.IGNORECASE,
)
_AGE: Final = re.compile(
    r"(?P<bound>)\b(?:(?P<low>\d{1,3})[\s-]*(?:year|yr)s?[\s-]*old\b|(?P<low2>\d{1,3})\s*(?:(?:y/o|yo|yof|yom|yoF|yoM)\b|y\.o\.)|(?:aged?|age of|age:)\s*(?P<low3>\d{1,3})\b(?!\s*(?:%|/))"
    r"|(?P<low4>\d{2})[\s-]?(?P<sexed>[MF])\b)",
    re.IGNORECASE,
)
_WEIGHT: Final = re.compile(
    r"(?:weigh(?:s|ing|t)?|wt)\W{0,3}(?:is|of|:)?\s*(?P<low>\d{2,3}(?:\.\d+)?)\s*(?P<unit>kg|kilograms?|lbs?|pounds?)\b",
    re.IGNORECASE,
)
_DAYS_A_MONTH: Final = re.compile(
    r"\b(?P<what>[A-Za-z]{1,30})\s+(?:on\s+|occurring\s+|up to\s+)?(?P<bound>at least|more than|over|about|approximately|around|>=|>)?\s*(?P<low>\d{1,2})(?:\s*(?:-|\u2013|to|/)\s*(?P<high>\d{1,2}))?\+?\s*(?:days?|times)?\s*(?:a|per|each|/|out of the|of the)\s*month",
    re.IGNORECASE,
)
_CAME_DOWN: Final = re.compile(
    r"\W{0,2}(?:(?:have|has|had|were|was|are|is)\s+)?(?:(?:gone|went|going|come|came)\s+)?"
    r"(?:down|reduced|decreased|fell|fallen|dropped|improved|declined)?\s*"
    r"from\s+(\d{1,3})(?:\s*(?:/|per|a)\s*month)?\s*(?:down\s+)?to\s+(\d{1,3})\b",
    re.IGNORECASE,
)
_SEX: Final = re.compile(r"\s*[-,/]?\s*(?P<letter>[MF])\b")
_KILOGRAM_OF_POUND: Final = 0.45359237
_RATED: Final = re.compile(
    r"scale (?:of |from )?(?:0|zero|1|one)\s*(?:to|-|\u2013)\s*(?:10|ten)\b[^.;\n\d]{0,40}?\b(?P<bound>)(?P<low>\d{1,2}(?:\.\d)?)(?:\s*(?:-|\u2013|to)\s*(?P<high>\d{1,2}))?\b(?!\s*(?:%|/|weeks|months|days|years))",
    re.IGNORECASE,
)
#: The best and the worst score say nothing of the present one.
_AT_OTHER_TIMES: Final = re.compile(
    r"\W*(?:(?:at|her|his|the)\s+)*\b(?:best|worst|least|most|lowest|highest|goal|target|maximum|minimum|acceptable)\b(?:\s+(?:is|was|of|at|pain|score))*\W*$|\s*(?:at\s+(?:its\s+)?)(?:best|worst|least|most)\b",
    re.IGNORECASE,
)
_THEN: Final = re.compile(r"\s*(?:then|at that time|afterwards?)\b", re.IGNORECASE)
#: *Before Botox she had 24 headache days*; *she now has 9*.
_BEFORE_TREATMENT: Final = re.compile(
    r"\b(?:before|prior to|pre-?treatment|at baseline|baseline):?\s+[a-z][^.;,\n]{0,60}$",
    re.IGNORECASE,
)
_NOW: Final = re.compile(
    r"[^.\n]{0,60}?\b(?:now|currently|presently)\b(?:\s+(?:has|have|had|is|are|down|to|at|about|only|reports)){0,3}\s*:?\s*(?P<low>\d{1,2})\b(?!\s*(?:%|/10|years|months|weeks|mg))",
    re.IGNORECASE,
)
_RELIEF: Final = frozenset({"relief", "improvement", "reduction", "relieved"})
_OCCUR: Final = frozenset(
    {
        "occur",
        "occurs",
        "occurring",
        "present",
        "happen",
        "happens",
        "about",
        "approximately",
        "on",
        "averaging",
        "experienced",
    }
)
_WEEK_IN_MONTH: Final = 4


def age(marked: Marked) -> Iterator[Fact]:
    """The age of the patient, where it is told."""
    if "age" not in marked.library.facts:
        return
    for found in _AGE.finditer(marked.document.text):
        low = found["low"] or found["low2"] or found["low3"] or found["low4"]
        if found["low4"] and found["sexed"].islower():
            continue
        years = float(low)
        span = found.span()
        first, last = marked.document.at(span[0]), marked.document.at(span[1])
        if years > 125 or marked.scopes.has("family", first, max(last, first + 1)):
            continue
        days = parse_quantity(years, marked.library.facts["age"].unit)
        yield Fact(fact="age", value=days, provenance=marked.document.provenance_of(span))
        yield from _sex_beside(
            marked,
            span[1],
            (found["sexed"] or found[0][-1])
            if found["low4"] or found[0][-3:].lower() in ("yof", "yom")
            else "",
        )
        return


def weight(marked: Marked) -> Iterator[Fact]:
    """The weight of the patient, in kilograms."""
    found = _WEIGHT.search(marked.document.text)
    if found is None or "weight" not in marked.library.facts:
        return
    amount = float(found["low"])
    if found["unit"].lower().startswith(("lb", "p")):
        amount = round(amount * _KILOGRAM_OF_POUND, 1)
    yield Fact(
        fact="weight",
        value=Range(amount, amount),
        provenance=marked.document.provenance_of(found.span()),
    )


def scores(marked: Marked) -> Iterator[Fact]:
    """Pain out of ten, now and before."""
    if "pain-score" not in marked.library.facts:
        return
    for found in (
        *_OUT_OF_TEN.finditer(marked.document.text),
        *_RATED.finditer(marked.document.text),
    ):
        value = bounded(found)
        if (value.high or 0) > 10:
            continue
        before = marked.document.text[max(0, found.start() - 40) : found.start()].lower()
        if (
            _AT_OTHER_TIMES.search(before)
            or _AT_OTHER_TIMES.match(marked.document.text, found.end())
            or _THEN.match(marked.document.text, found.end())
        ):
            continue
        after = marked.document.text[found.end() : found.end() + 24].lower()
        if re.match(r"\s*(?:immediately\s+|right\s+)?(?:after|following|post)\b", after):
            continue
        name = (
            "baseline-pain-score"
            if re.match(r"\s*before\b", after)
            or re.search(r"baseline|before (?:treatment|the injection)|\bfrom\s*$", before)
            else "pain-score"
        )
        if name in marked.library.facts:
            yield Fact(
                fact=name, value=value, provenance=marked.document.provenance_of(found.span())
            )


def quantities(marked: Marked) -> Iterator[Fact]:
    """Numbers beside the packs' words for a quantity, and days a month."""
    by_fact: dict[str, list[Mention]] = {}
    for mention in marked.of("quantity"):
        for entry in mention.entries:
            by_fact.setdefault(entry.id, []).append(
                Mention(mention.first, mention.last, (entry,), mention.written)
            )
    for name, mentions in by_fact.items():
        definition = marked.library.facts[name]
        if name in ("age", "weight"):
            continue
        for mention in longest(mentions):
            if marked.dropped(mention.first, mention.last) or _RELIEF & set(
                marked.norms[max(0, mention.first - 4) : mention.first]
            ):
                continue
            value = _beside(marked, definition, mention)
            fell = _fell(marked, value) or _came_down(marked, mention)
            if fell is not None:
                value = (Range(fell[1], fell[1]), fell[2])
                if f"baseline-{name}" in marked.library.facts:
                    yield Fact(
                        fact=f"baseline-{name}",
                        value=Range(fell[0], fell[0]),
                        provenance=marked.document.provenance_of(fell[2]),
                    )
            if fell is None and value is not None and f"baseline-{name}" in marked.library.facts:
                value = yield from _before_treatment(marked, name, value)
            if value is not None and _possible(value[0], definition):
                yield Fact(
                    fact=name, value=value[0], provenance=marked.document.provenance_of(value[1])
                )
    yield from _days_a_month(marked)


def _before_treatment(
    marked: Marked, name: str, value: tuple[Range, tuple[int, int]]
) -> Generator[Fact, None, tuple[Range, tuple[int, int]] | None]:
    """*Before treatment she had 24 headache days a month; she now has 9*: a baseline, and the figure of now."""
    text = marked.document.text
    if not _BEFORE_TREATMENT.search(text, 0, value[1][0]):
        return value
    yield Fact(
        fact=f"baseline-{name}",
        value=value[0],
        provenance=marked.document.provenance_of(value[1]),
    )
    now = _NOW.match(text, value[1][1])
    return (Range(float(now["low"]), float(now["low"])), now.span("low")) if now else None


def _fell(
    marked: Marked, value: tuple[Range, tuple[int, int]] | None
) -> tuple[float, float, tuple[int, int]] | None:
    """*From 22 to 8 headache days*: what was before, and what is now."""
    if value is None or value[0].exact:
        return None
    text = marked.document.text
    found = re.match(
        r"(\d{1,4}(?:\.\d+)?)\s*to\s*(\d{1,4}(?:\.\d+)?)", text[value[1][0] : value[1][1]]
    )
    if found is None or not re.search(r"\bfrom\s*$", text[: value[1][0]], re.IGNORECASE):
        return None
    return float(found[1]), float(found[2]), value[1]


def _came_down(marked: Marked, mention: Mention) -> tuple[float, float, tuple[int, int]] | None:
    """*Headache days down from 22 to 9*."""
    start, end = marked.document.span(mention.first, mention.last)
    found = _CAME_DOWN.match(marked.document.text, end)
    return (float(found[1]), float(found[2]), (start, found.end())) if found else None


def _days_a_month(marked: Marked) -> Iterator[Fact]:
    """*headaches 20 days a month*, *migraine 15 to 20 days per month*."""
    named = {
        "headache": "headache-days",
        "headaches": "headache-days",
        "migraine": "migraine-days",
        "migraines": "migraine-days",
    }
    facts = marked.library.facts
    for found in _DAYS_A_MONTH.finditer(marked.document.text):
        what = found["what"].lower()
        if what in _OCCUR:  # of what, is said before
            before = re.findall(
                r"\b(?:headaches?|migraines?)\b",
                marked.document.text[max(0, found.start() - 150) : found.start()].lower(),
            )
            what = before[-1] if before else what
        name = next((f for f in (named.get(what),) if f in facts), None)
        if name and not re.match(r"\s*\d+\s+to\s", marked.document.text[found.start("low") - 1 :]):
            yield Fact(
                fact=name,
                value=bounded(found),
                provenance=marked.document.provenance_of(found.span()),
            )


def _beside(
    marked: Marked, definition: FactDefinition, mention: Mention
) -> tuple[Range, tuple[int, int]] | None:
    """The number right before the words, or after them."""
    text = marked.document.text
    start, end = marked.document.span(mention.first, mention.last)
    unit = base_unit(definition.unit)
    if unit == "days":
        for found in durations(text, end, min(len(text), end + 40)):
            if re.fullmatch(
                r"\W*(?:for|x|of|is|was|over|lasting|the past|the last|past|last|at least|about|\s|:)*\W*",
                text[end : found.start],
                re.IGNORECASE,
            ):
                return found.value, (start, found.end)
        for found in durations(text, max(0, start - 30), start):
            if re.fullmatch(r"[\s-]*(?:of|long)?\s*", text[found.end : start], re.IGNORECASE):
                return found.value, (found.start, end)
        return None
    if unit == "points" and definition.id.endswith("pain-score"):
        after = re.match(
            r"\s*(?:score|scale)?\W{0,2}(?:is|was|of|at|rated|:|=)?\s*(?P<bound>)(?P<low>\d{1,2}(?:\.\d)?)(?:\s*(?:-|to)\s*(?P<high>\d{1,2}))?(?!\s*(?:/|out of|%|weeks|months|days|years|\d))",
            text[end : end + 30],
            re.IGNORECASE,
        )
        return (bounded(after), (start, end + after.end())) if after else None
    before = None
    for counted in _NUMBER.finditer(text, max(0, start - 30), start):
        if re.fullmatch(r"\+?\s*(?:\w+\s)?", text[counted.end() : start]):
            before = counted
    if before is not None:
        return bounded(before), (before.start(), end)
    after = re.compile(
        r"\W{0,2}(?:is|was|of|at|are|:|=)?\s*" + _NUMBER.pattern, re.IGNORECASE
    ).match(text, end)
    ordinal = text[start:end].lower().endswith(" day") and after is not None
    if ordinal and text[end : after.start("low")].isspace():  # type: ignore[union-attr]  # just told
        return None  # "headache day 3" counts from the beginning of an attack
    if after is not None and not re.match(
        r"[\s-]*(?:%|mg|years?|weeks?|months?|minutes?|/10)", text[after.end() :]
    ):
        return bounded(after), (start, after.end())
    return None


def _possible(value: Range, definition: FactDefinition) -> bool:
    factor = parse_quantity(1, definition.unit).low or 1
    low = -1.0 if definition.low is None else definition.low * factor
    high = float("inf") if definition.high is None else definition.high * factor
    return all(low <= bound <= high for bound in (value.low, value.high) if bound is not None)


def _sex_beside(marked: Marked, end: int, letter: str) -> Iterator[Fact]:
    """*59 yo F*, *59M*: the letter beside an age."""
    after = _SEX.match(marked.document.text, end)
    letter = letter or (after["letter"] if after else "")
    if not letter or "sex" not in marked.library.facts:
        return
    span = after.span("letter") if after else (end - 1, end)
    value = "female" if letter.upper() == "F" else "male"
    yield Fact(fact="sex", value=value, provenance=marked.document.provenance_of(span))
