"""What can be found: each thing the packs say, with its words, its sources and what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypedDict

import msgspec

from ..model.sources import EvidenceStatement, HowVerified, Source
from ..policy.library import ANY, Library
from ..policy.policy import CitedText, Contraindication, Policy

Kind = Literal["statement", "source", "policy", "indication", "conflict", "coding", "caution"]
_TRUST: tuple[HowVerified, ...] = ("primary", "secondary", "unverified")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Something the library holds that is near the words asked.

    `verification` is the best of what it rests on; `retracted` says that a source of it was withdrawn.
    `plain` is the same for patients, where the packs have it.
    """

    kind: Kind
    id: str
    text: str
    sources: tuple[str, ...]
    verification: HowVerified
    retracted: bool = False
    plain: str = ""
    score: float = 0.0


class Kept(msgspec.Struct, frozen=True):
    """One thing to be found; `about` are the concepts that its place in the packs gives it."""

    found: Found
    words: str
    about: frozenset[str] = frozenset()


def everything(library: Library) -> tuple[Kept, ...]:
    """All that may be found, in the order of the packs; a caution of several policies once."""
    found: dict[tuple[str, str], Kept] = {}
    for kept in _everything(library):
        key = (kept.found.kind, kept.found.id)
        if kept.found.kind == "caution":
            key = ("caution", kept.found.text)
        if (before := found.get(key)) is not None:
            kept = Kept(before.found, before.words, before.about | kept.about)
        found[key] = kept
    return tuple(found.values())


def _everything(library: Library) -> Iterator[Kept]:
    about = _about_statements(library)
    for statement in library.statements.values():
        yield _statement(statement, library, about.get(statement.id, frozenset()))
    for source in library.sources.values():
        yield _source(source)
    for policy in library.policies.values():
        yield from _policy(policy, library)
    for record in library.conflicts:
        claims = [library.statements[name] for name in record.statements]
        found = Found(
            kind="conflict",
            id=record.about,
            text=record.about,
            **_support(record.statements, library),
        )
        # What the sources disagree about counts for more than what each of them says.
        words = " ".join([record.about] * 3 + [claim.claim for claim in claims])
        yield Kept(found, words, _concepts(record.services, record.diagnoses, library))
    for rule in library.coding:
        found = Found(
            kind="coding", id=rule.id, text=rule.message, **_support(rule.rests_on, library)
        )
        asked = " ".join(question.question for question in rule.ask)
        codes = " ".join(library.codes_of(rule.services))
        words = f"{rule.message} {asked} {codes} {rule.id.replace('-', ' ')}"
        yield Kept(found, words, _concepts(rule.services, rule.diagnoses, library))


def _statement(statement: EvidenceStatement, library: Library, about: frozenset[str]) -> Kept:
    source = library.sources.get(statement.source)
    found = Found(
        kind="statement",
        id=statement.id,
        text=statement.claim,
        sources=(statement.source,),
        verification=statement.verified.how,
        retracted=source is not None and source.retracted,
    )
    named = _names(source) if source is not None else ""
    more = (statement.population, statement.intent, statement.setting, statement.grade)
    words = " ".join(filter(None, (statement.claim, named, *more)))
    return Kept(found, words, about)


def _source(source: Source) -> Kept:
    found = Found(
        kind="source",
        id=source.id,
        text=source.title,
        sources=(source.id,),
        verification=source.verified.how,
        retracted=source.retracted,
    )
    words = " ".join(filter(None, (source.title, _names(source), source.design, source.container)))
    return Kept(found, words)


def _names(source: Source) -> str:
    """Who wrote a source, when, and its number: words by which people ask for it."""
    authors = " ".join(name for author in source.author for name in author.values())
    return " ".join(filter(None, (authors, str(source.year or ""), source.number)))


def _policy(policy: Policy, library: Library) -> Iterator[Kept]:
    every = tuple(dict.fromkeys(n for entry in policy.indications for n in entry.diagnoses))
    rests_on = policy.rests_on or tuple(
        dict.fromkeys(name for entry in policy.indications for name in entry.rests_on)
    )
    found = Found(
        kind="policy",
        id=policy.id,
        text=policy.summary or policy.title,
        plain=policy.plain,
        **_support(rests_on, library),
    )
    words = f"{policy.title} {policy.publisher} {policy.number} {policy.summary}"
    yield Kept(found, words, _concepts(policy.services, every, library))
    for entry in policy.indications:
        found = Found(
            kind="indication",
            id=f"{policy.id}/{entry.id}",
            text=f"{policy.title} ({policy.publisher}): {entry.title}",
            plain=entry.plain,
            **_support(entry.rests_on, library),
        )
        words = f"{policy.title} {policy.publisher} {entry.title} {entry.note}"
        yield Kept(found, words, _concepts(policy.services, entry.diagnoses, library))
    about = _concepts(policy.services, (), library)
    cautions: Iterable[CitedText | Contraindication] = (
        *policy.contraindications,
        *policy.cautions,
        *policy.technique,
        *policy.pitfalls,
        *policy.limits,
    )
    for caution in cautions:
        found = Found(
            kind="caution",
            id=f"{policy.id}/{caution.id}",
            text=caution.message,
            plain=caution.plain,
            **_support(caution.rests_on, library),
        )
        yield Kept(found, f"{caution.message} {caution.id.replace('-', ' ')}", about)


class _Support(TypedDict):
    """The fields of `Found` that tell what a sentence rests on."""

    sources: tuple[str, ...]
    verification: HowVerified
    retracted: bool


def _support(names: Iterable[str], library: Library) -> _Support:
    """Sources, best verification and retraction of what some statements carry."""
    statements = [library.statements[name] for name in names if name in library.statements]
    sources = tuple(dict.fromkeys(statement.source for statement in statements))
    verified: list[HowVerified] = [entry.verified.how for entry in statements]
    how: HowVerified = "unverified"
    if verified:
        how = min(verified, key=_TRUST.index)
    retracted = any(library.sources[name].retracted for name in sources)
    return {"sources": sources, "verification": how, "retracted": retracted}


def _about_statements(library: Library) -> dict[str, frozenset[str]]:
    """What each statement is used for: services and diagnoses of the indications that rest on it."""
    found: dict[str, set[str]] = {}
    for policy in library.policies.values():
        for entry in policy.indications:
            concepts = _concepts(policy.services, entry.diagnoses, library)
            for name in entry.rests_on:
                found.setdefault(name, set()).update(concepts)
    return {name: frozenset(concepts) for name, concepts in found.items()}


def _concepts(
    services: Iterable[str], diagnoses: Iterable[str], library: Library
) -> frozenset[str]:
    """The concepts that rules name by id: procedures with their nerves, and value sets."""
    found: set[str] = set()
    for code in library.codes_of(services):
        procedure = library.procedure(code)
        if procedure is not None:
            found.add(f"procedure:{procedure.id}")
            found.add(f"code:{code}")
            found.update(f"nerve:{nerve}" for nerve in procedure.nerves)
    for name in diagnoses:
        if name in library.valuesets:
            found.add(f"diagnosis:{name}")
        elif name != ANY:
            found.update(f"diagnosis:{known}" for known in sets_of(name.partition("-")[0], library))
    return frozenset(found)


def sets_of(code: str, library: Library) -> tuple[str, ...]:
    """The value sets named in words that hold a diagnosis code.

    >>> from medwarrant import load_packs
    >>> "migraine" in sets_of("G43.919", load_packs())
    True
    """
    return tuple(
        known.id for known in library.valuesets.values() if known.words and known.contains(code)
    )
