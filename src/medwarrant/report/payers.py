"""What the payer layers say: every coverage policy that names a pair, whether it governs or not."""

from __future__ import annotations

from ..model.determination import CoverageResult
from ..policy.policy import Policy
from ..policy.prose import join
from .article import (
    Bullets,
    Line,
    Prose,
    Section,
    Table,
)
from .citations import CitationList
from .request_limits import limits_blocks
from .text import clean, lower_first, sentence, shortened
from .view import ArticleView, Named, Pair
from .words import (
    AUTHORITY_WORDS,
    POLICY_STATUS_WORDS,
    Audience,
    Depth,
    outcome_said,
)

#: What is longer is cut in a brief table, so that a policy takes two lines of a terminal.
_LONG_PUBLISHER = 24
_LONG_SUMMARY = 80


def payers_section(
    view: ArticleView, citations: CitationList, audience: Audience, depth: Depth = "full"
) -> Section | None:
    """Every coverage policy that names a pair: whose, since when, last seen, and what it says."""
    found: dict[str, list[tuple[Pair, CoverageResult]]] = {}
    for pair in view.pairs:
        for entry in pair.item.coverage:
            found.setdefault(entry.policy, []).append((pair, entry))
    plain = audience == "patient"
    title = "What health plans say" if plain else "What the payer layers say"
    if not found:
        if not view.pairs:
            return None
        said = "No coverage policy in the library names any of these pairs."
        if plain:
            said = "We know no health plan rule on this."
        return Section(id="payers", title=title, blocks=(Prose((Line(text=said),)),))
    governs = any(entry.governs for entries in found.values() for _, entry in entries)
    if plain:
        intro = "Each plan has its own rules. Ask your plan which rule it uses."
    elif governs:
        intro = "The governing policy comes first; the others are shown beside it and decide nothing here."
    else:
        intro = "None of these governs: shown beside the guideline layer, for the case that the payer is the one named. Each is judged alone, on the facts known."
    ordered = sorted(
        found.items(),
        key=lambda entry: (
            not any(result.governs for _, result in entry[1]),
            entry[1][0][1].status == "proposed",
            entry[1][0][1].publisher,
        ),
    )
    limits = limits_blocks(view, audience, depth)
    if depth == "brief" and not plain:
        rows = tuple(_payer_row(view, policy, entries[0][1]) for policy, entries in ordered)
        header = ("Policy", "Last seen", "Says")
        told = Prose((Line(text="The first governs." if governs else "None of these governs."),))
        return Section(id="payers", title=title, blocks=(told, Table("", header, rows), *limits))
    lines = [_payer_line(view, citations, policy, entries, plain) for policy, entries in ordered]
    return Section(
        id="payers",
        title=title,
        blocks=(Prose((Line(text=intro),)), Bullets(tuple(lines)), *limits),
    )


def _payer_row(view: ArticleView, name: str, entry: CoverageResult) -> tuple[Line, ...]:
    """A policy in a row: whose and which, when it was last seen or its status, and what it says."""
    policy = view.library.policies.get(name)
    seen = entry.last_seen or "unrecorded"
    return (
        Line(text=_document(policy, clean(entry.publisher))),
        Line(text=seen if entry.status == "in_force" else entry.status.replace("_", " ")),
        Line(text=shortened(clean(entry.summary), _LONG_SUMMARY)),
    )


def _document(policy: Policy | None, publisher: str) -> str:
    """The publisher and the first number of the document, where it has one."""
    whose = shortened(publisher.partition(" (")[0], _LONG_PUBLISHER)
    number = clean(policy.number or "") if policy is not None else ""
    return f"{whose} {number.partition(';')[0].partition(',')[0].partition(' (')[0]}".strip()


def _payer_line(
    view: ArticleView,
    citations: CitationList,
    name: str,
    entries: list[tuple[Pair, CoverageResult]],
    plain: bool,
) -> Line:
    policy = view.library.policies.get(name)
    first = entries[0][1]
    rests_on = policy.rests_on if policy else ()
    if policy is not None and not rests_on:
        rests_on = tuple(dict.fromkeys(s for i in policy.indications for s in i.rests_on))
    cites = citations.of_statements(rests_on)
    summary = clean(policy.plain if plain and policy and policy.plain else first.summary)
    title = clean(policy.title) if policy else name
    publisher = clean(first.publisher)
    number = (
        f", {clean(policy.number)}"
        if policy and policy.number and policy.number not in title
        else ""
    )
    lead = publisher if plain else f"{policy_words(policy) if policy else title}{number}"
    facts = [AUTHORITY_WORDS[first.authority], POLICY_STATUS_WORDS.get(first.status, first.status)]
    if first.effective.get("from"):
        until = f" to {first.effective['to']}" if first.effective.get("to") else ""
        facts.append(f"effective {first.effective['from']}{until}")
    if first.last_seen:
        facts.append(f"last seen in force {first.last_seen}")
    elif first.status != "proposed":
        facts.append("day last seen in force not recorded")
    if policy is not None and policy.contested:
        facts.append("contested")
    facts.append(
        "governs here"
        if first.governs
        else {
            "met": "applies to the coverage named",
            "not_met": "does not apply to the coverage named",
        }.get(first.applies, "applies if it covers this patient")
    )
    inner = []
    by_outcome: dict[str, list[Pair]] = {}
    for pair, entry in entries:
        by_outcome.setdefault(entry.outcome, []).append(pair)
    for outcome, pairs in by_outcome.items() if not plain else ():
        inner.append(
            Line(
                sign=outcome,
                lead=f"{outcome_said(outcome)}:",
                text=sentence(pairs_words(pairs, plain)),
            )
        )
    if first.status == "proposed" and not plain:
        summary = (
            f"{summary} Proposed only: it governs nothing."
            if "proposal" not in summary
            else summary
        )
    note = ("proposed only" if first.status == "proposed" else "") if plain else "; ".join(facts)
    return Line(lead=f"{lead}.", text=sentence(summary), cites=cites, note=note, inner=tuple(inner))


def policy_words(policy: Policy) -> str:
    """A policy by its title, with its publisher where the title does not name it."""
    title, publisher = clean(policy.title), clean(policy.publisher)
    named = publisher.partition(" (")[0] in title
    return title if named else f"{publisher}: {lower_first(title)}"


def pairs_words(pairs: list[Pair], plain: bool) -> str:
    """Pairs in short: each service with the diagnoses it is for."""
    by_service: dict[Named, list[Named]] = {}
    for pair in pairs:
        by_service.setdefault(pair.service, []).append(pair.diagnosis)
    parts = []
    for service, diagnoses in by_service.items():
        listed = join(
            (entry.called(plain=plain) if plain else entry.code for entry in diagnoses), "and"
        )
        parts.append(f"{service.plain if plain else service.code} for {listed}")
    return "; ".join(parts)
