"""What another payer's policies say of the pairs: determined with that payer, and not kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..answer import Answer
from ..engine.supplied import COVERAGE_FACTS
from ..intake.words.marked import longest
from ..model.determination import CoverageResult
from ..model.facts import Fact
from ..policy.criteria import Choice, walk
from ..policy.fact_words import value_words
from ..policy.library import Library
from ..policy.policy import Policy
from ..policy.prose import join, words_for
from ..report.article import Block, Bullets, Line, Prose
from ..report.citations import CitationList
from ..report.payers import pairs_words, payers_section
from ..report.text import clean, lower_first, sentence, upper_first
from ..report.view import Pair
from ..report.words import AUTHORITY_WORDS, POLICY_STATUS_WORDS, outcome_said
from .changes import changes_between
from .focus import Focus, pairs_of
from .talk import Talk, Told, missing_line

_RANK = {"statute": 0, "national": 1, "local": 2, "plan": 3, "guideline": 4}


def tell_payer(
    talk: Talk, facts: Sequence[Fact], focus: Focus, *, head: Line | None = None
) -> Told:
    """What the policies of the payer named say of the pairs; honest where the library holds none."""
    coverage = [fact for fact in facts if fact.fact in COVERAGE_FACTS]
    after = talk.medwarrant.revise(talk.answer, facts=coverage)
    new = talk.of(after)
    name = _coverage_words(after, coverage, talk.library)
    pairs = pairs_of(new.view, focus) or new.view.pairs
    named: dict[str, list[tuple[Pair, CoverageResult]]] = {}
    perhaps: dict[str, list[tuple[Pair, CoverageResult]]] = {}
    for pair in pairs:
        for entry in pair.item.coverage:
            if entry.applies == "met" or entry.governs:
                named.setdefault(entry.policy, []).append((pair, entry))
            elif entry.applies == "missing" and _speaks_of(entry.policy, coverage, talk.library):
                perhaps.setdefault(entry.policy, []).append((pair, entry))
    blocks: list[Block] = [Prose((head,))] if head is not None else []
    if named:
        blocks += _policies(new, f"{name}:", named)
    elif not perhaps:
        blocks.append(Prose((_none(new, name, coverage),)))
    if perhaps:
        lead = (
            f"{name}: it depends on what kind of plan you have."
            if talk.plain
            else f"{name}; applies only if more is known of the coverage:"
        )
        blocks += _policies(new, lead, perhaps)
    silent = [
        pair for pair in pairs if not any(pair is one for e in named.values() for one, _ in e)
    ]
    if named and silent and not talk.plain:
        told = pairs_words(list(silent), False)
        blocks.append(Prose((Line(lead="Not named by these policies:", text=sentence(told)),)))
    if named or perhaps:
        blocks.append(Prose((_not_kept(talk),)))
    return Told("other_payer", tuple(blocks), changes_between(talk.answer, after), answer=after)


def payers_named(text: str, talk: Talk) -> tuple[str, ...]:
    """The payers that a text names, by id, in its order."""
    marked = talk.readings.marked(text)
    named = (entry.id for mention in longest(marked.of("payer")) for entry in mention.entries)
    return tuple(dict.fromkeys(named))


def tell_payers(talk: Talk, focus: Focus) -> Told:
    """Every coverage policy that names the pairs, where no payer is named."""
    audience = talk.audience
    section = payers_section(talk.view, CitationList({}, talk.library), audience, "brief")
    if section is None:
        said = (
            "We know no health plan rule on this."
            if talk.plain
            else "No coverage policy in the library names any of these pairs."
        )
        return Told("other_payer", (Prose((Line(text=said),)),))
    for pair in pairs_of(talk.view, focus):
        for entry in pair.item.coverage:
            policy = talk.library.policies.get(entry.policy)
            talk.cited.statements(policy.rests_on if policy else ())
    return Told("other_payer", section.blocks)


def _coverage_words(after: Answer, coverage: Iterable[Fact], library: Library) -> str:
    """Who pays, in words."""
    parts = [
        clean(value_words(fact.fact, fact.value, library))
        for name in ("payer", "line_of_business", "contractor", "state")
        for fact in coverage
        if fact.fact == name
    ]
    return ", ".join(parts) or "The coverage named"


def _policies(
    talk: Talk, lead: str, found: dict[str, list[tuple[Pair, CoverageResult]]]
) -> list[Block]:
    """The policies, the governing one first, each with its outcome for the pairs it names."""
    ordered = sorted(
        found.items(),
        key=lambda entry: (
            not any(result.governs for _, result in entry[1]),
            entry[1][0][1].status != "in_force",
            _RANK[entry[1][0][1].authority],
            entry[0],
        ),
    )
    lines = []
    for name, entries in ordered:
        policy = talk.library.policies.get(name)
        lines.append(_policy_line(talk, name, policy, entries))
    return [Prose((Line(lead=lead),)), Bullets(tuple(lines))]


def _policy_line(
    talk: Talk, name: str, policy: Policy | None, entries: list[tuple[Pair, CoverageResult]]
) -> Line:
    first = entries[0][1]
    summary = clean(policy.plain if talk.plain and policy and policy.plain else first.summary)
    by_outcome: dict[str, list[Pair]] = {}
    for pair, entry in entries:
        by_outcome.setdefault(entry.outcome, []).append(pair)
    inner = []
    for outcome, pairs in by_outcome.items():
        words = outcome_said(outcome)
        inner.append(
            Line(
                sign=outcome,
                lead=f"{words}:",
                text=sentence(pairs_words(pairs, talk.plain)),
                inner=missing_line(talk, pairs[0], "Missing:")
                if any(entry.governs for pair, entry in entries if pair in pairs) and not talk.plain
                else (),
            )
        )
    talk.cited.statements(policy.rests_on if policy else ())
    if talk.plain:
        return Line(lead=f"{clean(first.publisher)}:", text=sentence(summary), inner=tuple(inner))
    title = clean(policy.title) if policy else clean(name)
    number = f", {clean(policy.number)}" if policy and policy.number else ""
    facts = [AUTHORITY_WORDS[first.authority], POLICY_STATUS_WORDS.get(first.status, first.status)]
    if first.governs:
        facts.append("would govern")
    elif first.applies == "missing" and policy is not None and policy.applies_to is not None:
        facts.append(f"applies where {clean(words_for(policy.applies_to, talk.library))}")
    else:
        facts.append("would not govern")
    if first.last_seen:
        facts.append(f"last seen in force {first.last_seen}")
    if policy is not None:
        facts.append(talk.cited.statements(policy.rests_on))
    return Line(
        lead=f"{title}{number}.",
        text=sentence(summary),
        note="; ".join(filter(None, facts)),
        inner=tuple(inner),
    )


def _none(talk: Talk, name: str, coverage: Sequence[Fact]) -> Line:
    """That the library holds no policy of the payer on the pairs, and whether it holds any other."""
    others = [
        policy
        for policy in talk.library.policies.values()
        if not policy.is_guideline and _speaks_of(policy.id, coverage, talk.library)
    ]
    if talk.plain:
        return Line(lead=f"{name}:", text="we know no rule of this plan on your treatment.")
    if not others:
        return Line(lead=f"{name}:", text="the library holds no policy of this payer.")
    titles = join((lower_first(clean(policy.title)) for policy in others[:6]), "and")
    return Line(
        lead=f"{name}:",
        text=sentence(
            f"no policy of this payer in the library names these pairs; it holds: {titles}"
        ),
    )


def _speaks_of(policy: str, coverage: Sequence[Fact], library: Library) -> bool:
    """Whether a policy says that it is one of the coverage named."""
    known = library.policies.get(policy)
    if known is None or known.applies_to is None:
        return False
    wanted = {(fact.fact, str(fact.value)) for fact in coverage if fact.fact != "state"}
    return any(
        (node.fact, value) in wanted
        for node in walk(known.applies_to)
        if isinstance(node, Choice) and not node.negated
        for value in node.values
    )


def _not_kept(talk: Talk) -> Line:
    if talk.plain:
        return Line(text="We did not save this plan. Tell us your plan to save it.")
    return Line(text=upper_first("not kept: to have it judged so, say that this is the payer."))
