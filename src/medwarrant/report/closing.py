"""The closing parts: conflicts, payers, algorithm, documents, what would change, references."""

from __future__ import annotations

from typing import Any

from ..model.determination import CoverageResult, CriterionResult
from ..policy.policy import Policy
from ..policy.prose import join
from .article import Bullets, Command, Line, Prose, References, Section, Table
from .citations import CitationList
from .criteria import (
    condition,
    conditions,
    fact_option,
    fact_words_of,
    find,
    plain_condition,
)
from .text import clean, date_words, lower_first, sentence, upper_first
from .view import ArticleView, Named, Pair
from .words import (
    AUTHORITY_WORDS,
    CERTAINTY_WORDS,
    OUTCOME_WORDS,
    POLICY_STATUS_WORDS,
    STATUS_WORDS,
    STRENGTH_WORDS,
    Audience,
    outcome_words,
    reason_words,
)


def conflicts_section(
    view: ArticleView, citations: CitationList, audience: Audience
) -> Section | None:
    """Where sources disagree: both sides, with their dates, never averaged."""
    conflicts = view.determination.conflicts
    if not conflicts:
        return None
    if audience == "patient":
        lines = tuple(
            Line(
                text=sentence(clean(conflict.about)),
                cites=citations.of_sources(side.source for side in conflict.statements),
            )
            for conflict in conflicts
        )
        return Section(
            id="conflicts",
            title="Where experts differ",
            blocks=(Prose((Line(text="Guides and plans do not agree on these points."),)), Bullets(lines)),
        )
    tables = []
    for conflict in conflicts:
        rows = []
        for side in conflict.statements:
            source = view.library.sources.get(side.source)
            named = source.author[0] if source and source.author else {}
            who = named.get("literal") or named.get("family") or (source.title if source else side.source)
            rows.append(
                (
                    Line(text=clean(who), cites=citations.of_sources((side.source,))),
                    Line(text=side.date or "not known"),
                    Line(text=sentence(clean(side.says))),
                )
            )
        tables.append(Table(clean(conflict.about), ("Source", "Date", "Says"), tuple(rows)))
    return Section(id="conflicts", title="Where sources disagree", blocks=tuple(tables))


# --- payers -------------------------------------------------------------------------------------


def payers_section(view: ArticleView, citations: CitationList, audience: Audience) -> Section | None:
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
    lines = [_payer_line(view, citations, policy, entries, plain) for policy, entries in ordered]
    return Section(id="payers", title=title, blocks=(Prose((Line(text=intro),)), Bullets(tuple(lines))))


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
    number = f", {clean(policy.number)}" if policy and policy.number else ""
    lead = clean(first.publisher) if plain else f"{clean(first.publisher)}: {lower_first(title)}{number}"
    facts = [AUTHORITY_WORDS[first.authority], POLICY_STATUS_WORDS.get(first.status, first.status)]
    if first.effective.get("from"):
        until = f" to {first.effective['to']}" if first.effective.get("to") else ""
        facts.append(f"effective {first.effective['from']}{until}")
    facts.append(f"last seen in force {first.last_seen}" if first.last_seen else "day last seen in force not recorded")
    if policy is not None and policy.contested:
        facts.append("contested")
    facts.append(
        "governs here"
        if first.governs
        else {"met": "applies to the coverage named", "not_met": "does not apply to the coverage named"}.get(
            first.applies, "applies if this is the payer"
        )
    )
    inner = []
    by_outcome: dict[str, list[Pair]] = {}
    for pair, entry in entries:
        by_outcome.setdefault(entry.outcome, []).append(pair)
    for outcome, pairs in by_outcome.items():
        inner.append(
            Line(sign=outcome, lead=f"{OUTCOME_WORDS[outcome].removesuffix(' …')}:", text=sentence(_pairs_words(pairs, plain)))
        )
    if first.status == "proposed":
        summary = f"{summary} Proposed only: it governs nothing." if "proposal" not in summary else summary
    note = ("proposed only" if first.status == "proposed" else "") if plain else "; ".join(facts)
    return Line(lead=f"{lead}.", text=sentence(summary), cites=cites, note=note, inner=tuple(inner))


def _pairs_words(pairs: list[Pair], plain: bool) -> str:
    by_service: dict[Named, list[Named]] = {}
    for pair in pairs:
        by_service.setdefault(pair.service, []).append(pair.diagnosis)
    parts = []
    for service, diagnoses in by_service.items():
        listed = join((entry.called(plain=plain) if plain else entry.code for entry in diagnoses), "and")
        parts.append(f"{service.plain if plain else service.code} for {listed}")
    return "; ".join(parts)


# --- algorithm ----------------------------------------------------------------------------------


def algorithm_section(view: ArticleView, citations: CitationList, audience: Audience) -> Section | None:
    """The determination as a numbered list of conditions, each with how it stands."""
    if not view.pairs:
        return None
    plain = audience == "patient"
    seen: dict[Any, tuple[Line, list[Pair]]] = {}
    undecided: dict[tuple[str, ...], list[Pair]] = {}
    for pair in view.pairs:
        policy = view.lead(pair)
        if policy is None or pair.item.criteria is None:
            words = pair.item.reasons or (pair.item.outcome,)
            undecided.setdefault(words, []).append(pair)
        if policy is None:
            continue
        for entry in pair.item.indications:
            if entry.policy != policy.id:
                continue
            tree = find(pair.item.criteria, entry.id, entry.id) if entry.direction == "for" else None
            key = (pair.service, policy.id, entry.id, repr(tree))
            if key not in seen:
                seen[key] = (_rule_line(view, citations, pair, policy, entry, tree, plain), [])
            seen[key][1].append(pair)
    lines = []
    for line, pairs in seen.values():
        listed = join((pair.diagnosis.called(plain=plain) for pair in pairs), "and")
        service = pairs[0].service.called(plain=plain)
        lead = upper_first(f"{service} for {listed}")
        lines.append(Line(lead=f"{lead}.", text=line.text, cites=line.cites, note=line.note, inner=line.inner))
    for reasons, pairs in undecided.items():  # pairs that no policy leads
        named = _pairs_words(pairs, plain)
        if reasons == ("no_policy",):
            text = "No policy found: nothing in the library speaks of it."
        else:
            why = join((reason_words(reason, plain=plain) for reason in reasons if reason in _REASONS), "and")
            text = f"A clinician decides: {why}." if why else "A clinician decides."
        lines.append(Line(lead=f"{upper_first(named)}.", text=text))
    intro = (
        "This is how the answer was made, step by step."
        if plain
        else "Each entry is one indication of the leading policy; all its conditions must be met. Anything not met or not settled goes to a clinician, never to an automatic refusal."
    )
    return Section(
        id="algorithm",
        title="How the answer was made" if plain else "Determination algorithm",
        blocks=(
            Prose((Line(text=intro),)),
            Bullets(tuple(lines), numbered=True),
            *(() if plain else _request_rules(view, citations)),
        ),
    )


def _request_rules(view: ArticleView, citations: CitationList) -> tuple[Any, ...]:
    """Rules about the whole request, once each, with how they stand."""
    found: dict[str, tuple[CriterionResult, dict[str, None]]] = {}
    for pair in view.pairs:
        for rule in pair.item.request_rules:
            key = repr((rule.id, rule.title, rule.status, rule.why))
            found.setdefault(key, (rule, {}))[1][pair.service.code] = None
    lines = []
    for rule, services in found.values():
        status = rule.status if rule.verified else "uncounted"
        everywhere = len(services) == len({service.code for service in view.services})
        whom = "" if everywhere else f"for {join(services, 'and')}; "
        lines.append(
            Line(
                sign=status,
                lead=f"{upper_first(STATUS_WORDS[status])}:",
                text=sentence(upper_first(clean(rule.title))),
                cites=citations.of_sources(rule.sources),
                note=f"{whom}{lower_first(clean(rule.why)).rstrip('.')}",
            )
        )
    if not lines:
        return ()
    return (Prose((Line(lead="Rules about the whole request"),)), Bullets(tuple(lines)))


_REASONS = frozenset(
    (
        "not_met",
        "neither",
        "against",
        "no_support_found",
        "mismatch",
        "contraindication",
        "request_rule",
        "out_of_scope",
        "rule_unverified",
    )
)


def _rule_line(
    view: ArticleView,
    citations: CitationList,
    pair: Pair,
    policy: Policy,
    entry: Any,
    tree: CriterionResult | None,
    plain: bool,
) -> Line:
    written = next((one for one in policy.indications if one.id == entry.id), None)
    cites = citations.of_statements(written.rests_on) if written else ()
    title = clean(written.plain if plain and written and written.plain else entry.title).rstrip(".")
    strength = []
    if entry.strength and entry.strength != "none":
        strength.append(STRENGTH_WORDS[entry.strength])
    if entry.certainty and entry.certainty != "none":
        strength.append(f"certainty {CERTAINTY_WORDS[entry.certainty]}")
    note = "" if plain else "; ".join(strength)
    if tree is not None:
        inner = _condition_lines(view, policy, entry.id, tree, plain)
        if plain:
            return Line(text=f"{title}. It may be needed if all of this is true:", cites=cites, inner=inner)
        words = "medically necessary" if pair.payer_applied else "meets guideline criteria"
        return Line(text=f"{title}: {words} if all of these are met:", cites=cites, note=note, inner=inner)
    scope = "" if entry.scope == "met" else f" (scope {STATUS_WORDS[entry.scope]})"
    reason = {"neither": "neither", "against": "against", "none_found": "no_support_found"}.get(entry.direction, "not_met")
    if plain:
        return Line(text=f"{title}: a doctor has to decide, since {reason_words(reason, plain=True)}.", cites=cites)
    return Line(
        text=f"{title}{scope}: a clinician decides ({reason_words(reason)}).", cites=cites, note=note
    )


def _condition_lines(
    view: ArticleView, policy: Policy, indication: str, result: CriterionResult, plain: bool
) -> tuple[Line, ...]:
    """The conditions below a conjunction; conjunctions inside it are opened up."""
    lines: list[Line] = []
    children = result.children or (result,)
    for child in children:
        if child.children and child.kind == "all_of":
            lines += _condition_lines(view, policy, indication, child, plain)
            continue
        written = view.node(policy, indication, child.id)
        if plain:
            text = plain_condition(written, view.library) if written is not None else ""
            text = upper_first(text or clean(child.title))
        else:
            text = upper_first(condition(child))
        note = ""
        if child.basis == "editorial" and not plain:
            because = f": {clean(written.because)}" if written is not None and written.because else ""
            note = f"asked by the editors{because}"
        inner = ()
        if child.children:
            joins = {"any_of": "one of these", "none_of": "none of these"}.get(child.kind, "enough of these")
            text = f"{text if written is not None and written.title else upper_first(joins)}:"
            inner = _condition_lines(view, policy, indication, child, plain)
        status = child.status if child.verified else "uncounted"
        lines.append(
            Line(
                sign=status,
                lead=f"{upper_first(STATUS_WORDS[status])}:",
                text=text if text.endswith(":") else sentence(text),
                note=note,
                inner=inner,
            )
        )
    return tuple(lines)


# --- documents ----------------------------------------------------------------------------------


def documents_section(view: ArticleView, audience: Audience) -> Section | None:
    """What to send, with the pairs and criteria each document is for."""
    documents = view.determination.documents
    if not documents:
        return None
    plain = audience == "patient"
    if plain:
        asked: dict[str, None] = {}
        for pair in view.pairs:
            for change in pair.item.would_change[:1]:
                for step in change.criteria:
                    words = fact_words_of(step.supply.fact, view.library, plain=True)
                    asked[upper_first(words)] = None
        if not asked:
            return None
        return Section(
            id="documents",
            title="What your doctor's office can send",
            blocks=(
                Prose((Line(text="The office can send notes that show:"),)),
                Bullets(tuple(Line(text=sentence(words)) for words in asked)),
            ),
        )
    ordered = sorted(documents, key=lambda document: -len(document.for_))
    lines = []
    for document in ordered:
        by_service: dict[str, dict[str, None]] = {}
        for wanted in document.for_:
            by_service.setdefault(wanted.service, {})[wanted.diagnosis] = None
        whom = "; ".join(f"{service} for {join(codes, 'and')}" for service, codes in by_service.items())
        criteria = join(dict.fromkeys(wanted.criterion.replace("-", " ") for wanted in document.for_), "and")
        note = f"closes: {criteria}" if audience in ("reviewer", "auditor") else ""
        lines.append(Line(lead=f"{upper_first(clean(document.what))}.", text=f"For {whom}.", note=note))
    return Section(
        id="documents",
        title="What to send" if audience == "practice" else "Documents required",
        blocks=(Bullets(tuple(lines), numbered=audience == "practice"),),
    )


# --- what would change --------------------------------------------------------------------------


#: So many sets are shown to readers who treat or prepare; reviewers see all.
_FEWER_SETS = 3


def would_change_section(view: ArticleView, audience: Audience) -> Section | None:
    """Questions that can be answered, then the sets of facts that turn each pair."""
    plain = audience == "patient"
    blocks: list[Any] = []
    questions: dict[tuple[str, str], tuple[Any, dict[str, None]]] = {}
    for pair in view.pairs:
        for ask in pair.item.ask:
            key = (ask.fact or ask.code or "", ask.question)
            questions.setdefault(key, (ask, {}))[1][f"{pair.service.code} for {pair.diagnosis.code}"] = None
    facts = [(ask, pairs) for ask, pairs in questions.values() if ask.kind == "fact"]
    codes = [(ask, pairs) for ask, pairs in questions.values() if ask.kind == "code"]
    if plain:
        words = dict.fromkeys(
            upper_first(fact_words_of(ask.fact, view.library, plain=True)) for ask, _ in facts if ask.fact
        )
        if not words:
            return None
        return Section(
            id="would-change",
            title="What would help",
            blocks=(
                Prose((Line(text="If we learn more, the answer may change. These help most."),)),
                Bullets(tuple(Line(text=sentence(text)) for text in words)),
            ),
        )
    if facts:
        blocks.append(Prose((Line(lead="Facts to give"),)))
        blocks.append(Bullets(tuple(_question(ask, pairs, audience) for ask, pairs in facts), numbered=True))
    if codes:
        blocks.append(Prose((Line(lead="Whether another code is meant"),)))
        blocks.append(Bullets(tuple(_question(ask, pairs, audience) for ask, pairs in codes)))
    most = 8 if audience in ("reviewer", "auditor") else _FEWER_SETS
    ways = [_ways(view, pair, most) for pair in view.pairs if pair.item.would_change]
    if ways:
        blocks.append(
            Prose(
                (
                    Line(
                        lead="Sets of facts that would do",
                        text="Any one set, given exactly so, meets the criteria of its pair; smallest first.",
                    ),
                )
            )
        )
        blocks.append(Bullets(tuple(ways)))
    if not blocks:
        return None
    return Section(id="would-change", title="What would change this", blocks=tuple(blocks))


def _question(ask: Any, pairs: dict[str, None], audience: Audience) -> Line:
    text = ""
    if ask.code:
        text = f"Then the code would be {clean(ask.code)}."
    if ask.document:
        text += f" Document: {lower_first(sentence(clean(ask.document)))}"
    notes = []
    if ask.kind == "fact" and ask.fact:
        notes.append(f"fact {ask.fact}")
    shown = list(pairs) if audience in ("reviewer", "auditor") or len(pairs) <= 4 else []
    notes.append(join(shown, "and") if shown else f"{len(pairs)} pairs")
    return Line(lead=sentence(clean(ask.question)), text=text.strip(), note="; ".join(notes))


def _ways(view: ArticleView, pair: Pair, most: int) -> Line:
    item = pair.item
    titles = {entry.id: clean(entry.title) for entry in item.indications}
    inner = []
    for change in item.would_change[:most]:
        options = dict.fromkeys(fact_option(step.supply) for step in change.criteria)
        words = join(conditions(view, pair, change, plain=False), "and")
        name = titles.get(change.indication, change.indication)
        inner.append(Line(text=sentence(f"{name}: {words}"), code=clean(" ".join(options))))
    left = len(item.would_change) - most
    if left > 0:
        inner.append(Line(text=f"{left} more in the version for reviewers."))
    whom = f"{pair.service.full} for {pair.diagnosis.called(plain=False)}"
    return Line(lead=f"{upper_first(whom)}", target=pair.target, inner=tuple(inner))


# --- record, references, disclaimer, follow-up --------------------------------------------------


def record_section(view: ArticleView) -> Section:
    """For an auditor: digests, versions, code sets and why each policy was selected."""
    found = view.answer.to_dict()
    rows = [
        (Line(text="Case digest"), Line(code=str(found["digest"]))),
        (Line(text="Record digest"), Line(code=str(found["record_digest"]))),
        (Line(text="Schema"), Line(code=str(found["schema"]))),
        (Line(text="Engine"), Line(text=str(found["engine"]))),
        (Line(text="Date of service"), Line(text=view.determination.as_of)),
    ]
    for code_set in view.determination.code_sets:
        older = "; older than the date of service" if code_set.older_than_service else ""
        rows.append(
            (
                Line(text=clean(code_set.id)),
                Line(text=f"release {code_set.release}, valid until {code_set.valid_until}{older}"),
            )
        )
    for pack in view.determination.packs:
        rows.append((Line(text=f"Pack {clean(pack.id)} {clean(pack.version)}"), Line(code=pack.digest)))
    selected: dict[tuple[str, str], list[Pair]] = {}
    for pair in view.pairs:
        governing = pair.item.governing
        policy = governing.policy if governing else "none"
        why = governing.why if governing else "No policy governs this pair for certain."
        selected.setdefault((policy, why), []).append(pair)
    chosen = tuple(
        (
            Line(text=policy),
            Line(text=_pairs_words(pairs, False)),
            Line(text=clean(why)),
        )
        for (policy, why), pairs in selected.items()
    )
    blocks: list[Any] = [Table("What this was made with", ("Part", "Value"), tuple(rows))]
    if chosen:
        blocks.append(Table("Which policy governs, and why", ("Policy", "Pairs", "Why"), chosen))
    blocks.append(_beside(view))
    return Section(id="record", title="Record", blocks=tuple(blocks))


def _beside(view: ArticleView) -> Table:
    rows: dict[tuple[str, str], tuple[Line, ...]] = {}
    for pair in view.pairs:
        for entry in pair.item.coverage:
            if entry.governs:
                continue
            rows[(entry.policy, entry.applies)] = (
                Line(text=entry.policy),
                Line(text=f"applicability {STATUS_WORDS[entry.applies]}"),
                Line(text=POLICY_STATUS_WORDS.get(entry.status, entry.status)),
                Line(text=entry.last_seen or "not recorded"),
            )
    return Table("Policies shown beside it", ("Policy", "Applies", "Status", "Last seen"), tuple(rows.values()))


def references_section(citations: CitationList, audience: Audience) -> Section | None:
    """The numbered references; numbers are those of the full record for every reader."""
    entries = citations.entries(everything=audience == "auditor")
    if not entries:
        return None
    blocks: list[Any] = []
    if len(entries) < len(citations.references):
        said = (
            "Numbers are the same in every version of this page."
            if audience == "patient"
            else f"Only what is cited here is listed: {len(entries)} of {len(citations.references)} sources in the record, which keep their numbers."
        )
        blocks.append(Prose((Line(text=said),)))
    blocks.append(References(entries))
    return Section(id="references", title="References", blocks=tuple(blocks))


def disclaimer_section(audience: Audience) -> Section:
    """What this is not."""
    if audience == "patient":
        text = "This page helps you talk with your doctor. It does not take the place of a visit. Do not start or stop a treatment because of it."
    else:
        text = "For health professionals. This is a proposal of software from published sources and the facts given; it is no approval and no refusal, and it does not replace clinical judgement. Check sources and coverage before acting. A determination is the signed act of a named person."
    return Section(id="disclaimer", title="Disclaimer", blocks=(Prose((Line(text=text),)),))


def follow_up_section(view: ArticleView, audience: Audience) -> Section:
    """How to ask on."""
    if audience == "patient":
        lines = (
            Line(text="You can ask again and add what you know. The page will then show what changed."),
            Line(text="You can also ask why, what is missing, or what studies say."),
        )
        return Section(id="follow-up", title="More questions?", blocks=(Prose(lines),))
    options = ""
    for pair in view.pairs:
        if pair.item.would_change:
            steps = pair.item.would_change[0].criteria
            options = " ".join(dict.fromkeys(fact_option(step.supply) for step in steps))
            break
    command = f"medwarrant ask \"...\" {options or '--fact NAME=VALUE'}"
    lines = (
        Line(text="Ask again with new facts: the request is kept, and what changes is shown."),
        Line(text="You may also ask: why; why not; what is missing; what does the evidence say; what if."),
    )
    return Section(
        id="follow-up",
        title="Have a follow-up question?",
        blocks=(Prose(lines), Command(clean(command), "For example")),
    )


__all__ = [
    "algorithm_section",
    "conflicts_section",
    "date_words",
    "disclaimer_section",
    "documents_section",
    "follow_up_section",
    "outcome_words",
    "payers_section",
    "record_section",
    "references_section",
    "would_change_section",
]
