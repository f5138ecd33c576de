"""Technique and safety, contraindications, pitfalls, limits: the cited sentences of the policies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

from ..model.determination import Finding
from ..policy.policy import CitedText, Contraindication, Policy
from ..policy.prose import join
from .article import Bullets, Line, Prose, Section
from .citations import CitationList
from .text import clean, counted, lower_first, sentence, upper_first
from .view import ArticleView, Named
from .words import Audience


def care_sections(
    view: ArticleView, citations: CitationList, audience: Audience
) -> tuple[Section, ...]:
    """The sections that have something to say, in the article's order."""
    plain = audience == "patient"
    titles = (
        ("technique", "How it is done, and safety" if plain else "Technique and safety"),
        ("contraindications", "When it must not be done" if plain else "Contraindications"),
        ("pitfalls", "Common mistakes" if plain else "Pitfalls"),
        ("limits", "What is not known" if plain else "Limits of the evidence"),
    )
    technique = _texts(view, citations, plain, lambda policy: policy.technique)
    cautions = _cautions(view, citations, plain)
    blocks: dict[str, list[Any]] = {
        "technique": [*technique, *cautions],
        "contraindications": _contraindications(view, citations, plain),
        "pitfalls": _texts(view, citations, plain, lambda policy: policy.pitfalls),
        "limits": _texts(view, citations, plain, lambda policy: policy.limits),
    }
    return tuple(
        Section(id=name, title=title, blocks=tuple(blocks[name]))
        for name, title in titles
        if blocks[name]
    )


def safety_section(
    view: ArticleView, citations: CitationList, audience: Audience
) -> Section | None:
    """Brief: what is present, what the record says twice, what to confirm, in a line each."""
    plain = audience == "patient"
    leads = {
        "contraindication": "This is known about you:" if plain else "Present, refers:",
        "conflicting": "The notes say both:" if plain else "The record says both:",
        "confirm": "Tell your doctor first if one is true:" if plain else "Confirm first:",
    }
    lines = []
    for kind, lead in leads.items():
        told = [
            _finding_line(citations, one, plain) for one in _safety(view, partial(_is_of, kind))
        ]
        if told:
            text = "; ".join(lower_first(line.text.rstrip(".")) for line in told)
            cites = dict.fromkeys(cite for line in told for cite in line.cites)
            ordered = tuple(sorted(cites, key=lambda cite: cite.n))
            lines.append(Line(lead=lead, text=sentence(text), cites=ordered))
    known, possible = [], 0
    for one in _safety(view, partial(_is_of, "caution")):
        if one.finding.severity == "caution":
            known.append(_finding_line(citations, one, plain))
        else:
            possible += 1
    lines += [Line(lead="Care is needed:", text=line.text, cites=line.cites) for line in known]
    if possible and not plain:
        more = "further caution" if known else "caution"
        lines.append(Line(text=f"{counted(possible, more)} for particular patients: --full."))
    if not lines:
        return None
    title = "Is it safe?" if plain else "Safety"
    return Section(id="contraindications", title=title, blocks=(Bullets(tuple(lines)),))


def _texts(
    view: ArticleView,
    citations: CitationList,
    plain: bool,
    part: Callable[[Policy], Iterable[CitedText]],
) -> list[Any]:
    """Sentences told once each, under the services they are for."""
    found: dict[str, tuple[CitedText, dict[Named, None], str]] = {}
    for pair in view.pairs:
        for policy in view.policies(pair):
            whose = "" if policy.is_guideline else f"{clean(policy.publisher)}:"
            for text in part(policy):
                if plain and not text.plain:
                    continue
                key = clean(text.plain if plain else text.message)
                found.setdefault(key, (text, {}, whose))[1][pair.service] = None
    groups: dict[tuple[Named, ...], list[Line]] = {}
    for key, (text, services, whose) in found.items():
        line = citations.cited_line(key, text.rests_on, lead=whose, marks=not plain)
        groups.setdefault(_in_order(services, view), []).append(line)
    return _grouped(groups, view, plain)


def _in_order(services: Iterable[Named], view: ArticleView) -> tuple[Named, ...]:
    wanted = set(services)
    return tuple(service for service in view.services if service in wanted)


def _grouped(
    groups: dict[tuple[Named, ...], list[Line]], view: ArticleView, plain: bool
) -> list[Any]:
    """What holds for most services first."""
    blocks: list[Any] = []
    for services in sorted(groups, key=lambda group: -len(group)):
        if len(view.services) > 1:
            if len(services) == len(view.services):
                lead = "All treatments" if plain else "All services"
            else:
                named = join(
                    (one.plain if plain else lower_first(one.full) for one in services), "and"
                )
                lead = upper_first(named)
            blocks.append(Prose((Line(lead=lead),)))
        blocks.append(Bullets(tuple(groups[services])))
    return blocks


class _Told(NamedTuple):
    """A safety finding of the engine with the sentence it was made from and the services it is for."""

    finding: Finding
    written: Contraindication | CitedText | None
    services: dict[Named, None]


def _safety(view: ArticleView, wanted: Callable[[Finding], bool]) -> Iterable[_Told]:
    found: dict[tuple[str, str], _Told] = {}
    for pair in view.pairs:
        for finding in pair.item.safety:
            if wanted(finding):
                key = (finding.kind, finding.message)
                if key not in found:
                    found[key] = _Told(finding, _written(view.policies(pair), finding.id), {})
                found[key].services[pair.service] = None
    return found.values()


def _written(policies: Iterable[Policy], name: str) -> Contraindication | CitedText | None:
    for policy in policies:
        for contraindication in policy.contraindications:
            if contraindication.id == name:
                return contraindication
        for caution in policy.cautions:
            if caution.id == name:
                return caution
    return None


def _finding_line(citations: CitationList, told: _Told, plain: bool) -> Line:
    written = told.written
    if written is None:
        cites = citations.of_sources((told.finding.source,))
        return Line(text=sentence(clean(told.finding.message)), cites=cites)
    text = written.plain if plain and written.plain else written.message
    note = citations.support(written.rests_on)
    if plain and not note.startswith("shown only"):
        note = ""
    cites = citations.of_statements(written.rests_on)
    return Line(
        text=sentence(clean(text)),
        cites=cites or citations.of_sources((told.finding.source,)),
        note=note,
    )


def _contraindications(view: ArticleView, citations: CitationList, plain: bool) -> list[Any]:
    leads = {
        "contraindication": ("This is known about you", "Present: a clinician must look"),
        "conflicting": (
            "The notes say both yes and no",
            "The record says both: settle before the procedure",
        ),
        "confirm": (
            "Tell your doctor first if one of these is true",
            "Confirm before the procedure",
        ),
    }
    blocks: list[Any] = []
    for kind, titles in leads.items():
        groups: dict[tuple[Named, ...], list[Line]] = {}
        for told in _safety(view, partial(_is_of, kind)):
            line = _finding_line(citations, told, plain)
            groups.setdefault(_in_order(told.services, view), []).append(line)
        if not groups:
            continue
        blocks.append(Prose((Line(lead=titles[0 if plain else 1]),)))
        for services in sorted(groups, key=lambda group: -len(group)):
            lines = groups[services]
            if len(services) < len(view.services):
                named = join(
                    (one.plain if plain else lower_first(one.full) for one in services), "and"
                )
                lines = [_with_services(line, named) for line in lines]
            blocks.append(Bullets(tuple(lines)))
    return blocks


def _is_of(kind: str, finding: Finding) -> bool:
    return finding.kind == kind


def _with_services(line: Line, named: str) -> Line:
    return Line(
        text=line.text, cites=line.cites, note="; ".join(filter(None, (f"for {named}", line.note)))
    )


def _cautions(view: ArticleView, citations: CitationList, plain: bool) -> list[Any]:
    known: list[Line] = []
    groups: dict[tuple[Named, ...], list[Line]] = {}
    for told in _safety(view, partial(_is_of, "caution")):
        line = _finding_line(citations, told, plain)
        if told.finding.severity == "caution":
            known.append(line)
        else:
            groups.setdefault(_in_order(told.services, view), []).append(line)
    blocks: list[Any] = []
    if known:
        lead = "This matters for you" if plain else "Cautions that apply here"
        blocks += [Prose((Line(lead=lead),)), Bullets(tuple(known))]
    for services in sorted(groups, key=lambda group: -len(group)):
        named = join((one.plain if plain else lower_first(one.full) for one in services), "and")
        whom = "" if len(services) == len(view.services) else f": {named}"
        lead = "Care is needed, if it is true of you" if plain else "Cautions, where they apply"
        blocks += [Prose((Line(lead=f"{lead}{whom}"),)), Bullets(tuple(groups[services]))]
    return blocks
