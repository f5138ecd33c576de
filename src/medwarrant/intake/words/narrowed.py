"""What else a text says of a diagnosis: the part of the spine, or the side, that its words leave open.

*Medial branch block at L4-5 for spondylosis* settles the lumbar region. A code becomes as specific as the
text and never more: what the text says twice and differently settles nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ...model.diagnosis_code import DiagnosisCode
from ...policy.valueset import undotted
from .anatomy_in_text import levels_in, region_of_level
from .marked import Marked, longest
from .service_found import ServiceFound

#: Whether a word counts.
Inside = Callable[[int], bool]
_NEAR = 5
#: A side this many words before or after a diagnosis belongs to it.
_BESIDE = 3


def in_place(
    marked: Marked, code: str, words: tuple[int, int], services: Sequence[ServiceFound]
) -> str | None:
    """The code for the part of the spine that the text names, or None where it names none, or several."""
    by_place = _by_place(marked, code)
    if not by_place:
        return None
    sentence = marked.document.sentence[words[0]]
    for inside in (
        _beside(marked, words),
        lambda at: marked.document.sentence[at] == sentence,
        lambda at: True,
    ):
        named = list(dict.fromkeys(_named(marked, inside)))
        at_levels = list(dict.fromkeys(_at_levels(marked, inside)))
        if named or at_levels:
            place = _one(marked, named, at_levels)
            return by_place.get(place) if place else None
    regions = {p.region for s in services if (p := marked.library.procedure(s.code)) and p.region}
    places = [place.id for place in marked.library.places.values() if place.services_in in regions]
    return by_place.get(places[0]) if len(places) == 1 and len(regions) == 1 else None


def _by_place(marked: Marked, code: str) -> dict[str, str]:
    for question in marked.library.specificity_for(code):
        if question.by_place and any(p.first == p.last == undotted(code) for p in question.codes):
            return question.by_place
    return {}


def _beside(marked: Marked, words: tuple[int, int]) -> Inside:
    """Words of the same phrase: near, with no comma between, and in no other diagnosis or service."""
    others = [
        m
        for m in marked.of("diagnosis", "procedure", "family")
        if m.last - m.first > 1 and not (m.first < words[1] and words[0] < m.last)
    ]

    def inside(at: int) -> bool:
        if not words[0] - _NEAR <= at < words[1] + _NEAR:
            return False
        between = range(at + 1, words[0] + 1) if at < words[0] else range(words[1], at + 1)
        if any("," in marked.document.gap(n) or marked.norms[n] in ("and", "or") for n in between):
            return False
        return not any(m.first <= at < m.last for m in others)

    return inside


def _named(marked: Marked, inside: Inside) -> Iterator[str]:
    for mention in longest(marked.of("place")):
        told = any(
            marked.scopes.has(effect, mention.first, mention.last)
            for effect in ("earlier", "denied", "family", "conditional")
        )
        if inside(mention.first) and not told:
            yield mention.entries[0].id


def _at_levels(marked: Marked, inside: Inside) -> Iterator[str]:
    for found in levels_in(marked.document.text):
        at = marked.document.at(found.start)
        if at >= len(marked.norms) or not inside(at) or marked.scopes.has("earlier", at, at + 1):
            continue
        for level in found.levels:
            for place in marked.library.places.values():
                if level in place.levels or any(
                    level in known.split("-") for known in place.levels
                ):
                    yield place.id
                    break


def _one(marked: Marked, named: list[str], at_levels: list[str]) -> str | None:
    """The place; several levels of one region count as the place of the first."""
    if len(named) > 1:
        return None
    regions = {_region(marked, place) for place in (*named, *at_levels)}
    if len(regions) > 1:
        return None
    return (named or at_levels)[0]


def _region(marked: Marked, place: str) -> str | None:
    levels = marked.library.places[place].levels
    return region_of_level(levels[0], marked.library) if levels else place


def on_side(marked: Marked, known: DiagnosisCode, words: tuple[int, int]) -> str | None:
    """The code of the same name for the side that stands beside a diagnosis of an unspecified side."""
    if "nspecified" not in known.title:
        return None
    side = _side(marked, words)
    tail = _limb(marked, words[1])
    if tail:
        name = known.title.replace(", unspecified", "")
        for match in marked.icd.exact(f"{name} of {tail}"):
            if match.billable and match.code[:3] == known.code[:3]:
                return match.code
    if side is None:
        return None
    stem = known.code[:-1].rstrip(".")
    wanted = known.title.replace("unspecified", side).lower()
    for code in marked.icd.billable_below(stem) if len(stem) > 3 else ():
        other = marked.icd.lookup(code)
        if other is not None and other.title.lower() in (
            wanted,
            wanted.replace(side, f"{side} side"),
        ):
            return other.code
    return None


def _side(marked: Marked, words: tuple[int, int]) -> str | None:
    sides = {
        entry.value
        for mention in marked.of("choice")
        for entry in mention.entries
        if entry.id == "side"
        and words[0] - _BESIDE <= mention.first
        and mention.last <= words[1] + _BESIDE
        and marked.document.sentence[mention.first] == marked.document.sentence[words[0]]
    }
    return next(iter(sides)) if len(sides) == 1 else None


def _limb(marked: Marked, at: int) -> str:
    """What follows a diagnosis, *(of) the left upper limb*, spelt out."""
    norms = marked.norms
    while at < len(norms) and norms[at] in ("of", "in", "the", "affecting"):
        at += 1
    if at >= len(norms) or norms[at] not in ("left", "right", "bilateral"):
        return ""
    following = [marked.spelt_out.get(n, norms[n]) for n in range(at + 1, min(at + 3, len(norms)))]
    if following[:1] and following[0] in ("upper", "lower") and len(following) > 1:
        return f"{norms[at]} {following[0]} limb" if following[1] in ("limb", "extremity") else ""
    return f"{norms[at]} {following[0]}" if following and following[0].endswith("limb") else ""
