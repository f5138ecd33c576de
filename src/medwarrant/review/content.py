"""Editorial review of content: an editor's word on one version of a policy, by the digest of what it says.

The digest is over the policy with everything that its meaning rests on: value sets, evidence statements and
their sources. Where one of them changes, the approval lapses by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal, get_args

import msgspec
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from ..answer import Answer
from ..examples import ExampleResult, run_examples
from ..model.canonical import sha256
from ..model.errors import InputError
from ..policy.library import Library
from ..policy.policy import Policy
from . import written
from .errors import NotAllowed, NotFound, Stale
from .store.schema import content_review
from .work import Work, new_id

ContentStatus = Literal["submitted", "under_review", "approved"]
CONTENT_STATUSES: Final[tuple[ContentStatus, ...]] = get_args(ContentStatus)
#: Where a policy stands in its file: no part of what it says.
_PLACES: Final = frozenset({"line", "file"})


class ContentWord(msgspec.Struct, frozen=True, kw_only=True):
    """An editor's word on one version of a policy."""

    id: str
    policy: str
    policy_digest: str
    pack_digest: str
    status: ContentStatus
    note: str
    person_id: str
    created_at: datetime


class PolicyStanding(msgspec.Struct, frozen=True, kw_only=True):
    """Where a policy of the library stands in editorial review.

    `word` is the last word of an editor on exactly this version; without one, the status of its pack holds.
    """

    policy: str
    title: str
    pack: str
    version: str
    digest: str
    status: ContentStatus
    word: ContentWord | None = None


@lru_cache(maxsize=4096)
def policy_digest(library: Library, policy_id: str) -> str:
    """The digest of what a policy says, with what its meaning rests on."""
    return sha256(policy_content(library, policy_id))


def policy_content(library: Library, policy_id: str) -> dict[str, Any]:
    """What a policy says, as plain data: the policy, its value sets, its statements and their sources."""
    plain = _without_places(msgspec.to_builtins(library.policies[policy_id]))
    statements = sorted({name for key, name in _names(plain) if key == "rests_on"})
    known = [library.statements[name] for name in statements if name in library.statements]
    sets = sorted(
        {
            name
            for key, name in _names(plain)
            if key in ("diagnoses", "sets") and name in library.valuesets
        }
    )
    sources = sorted({statement.source for statement in known} & set(library.sources))
    return {
        "policy": plain,
        "valuesets": {name: _plain(library.valuesets[name]) for name in sets},
        "statements": {statement.id: _plain(statement) for statement in known},
        "sources": {name: _plain(library.sources[name]) for name in sources},
    }


def standing_of(connection: Connection, library: Library, policy_id: str) -> PolicyStanding:
    """Where a policy stands; raises `NotFound` where the library holds none of that id."""
    policy = library.policies.get(policy_id)
    if policy is None:
        raise NotFound("there is no such policy")
    return _standing(library, policy, _last_words(connection))


def standings(connection: Connection, library: Library) -> list[PolicyStanding]:
    """Where every policy of the library stands, by id."""
    words = _last_words(connection)
    found = (_standing(library, policy, words) for policy in library.policies.values())
    return sorted(found, key=lambda one: one.policy)


def content_status(connection: Connection, answer: Answer) -> list[PolicyStanding]:
    """Where the policies that an answer rests on stand: those that govern, and the guideline layer."""
    words = _last_words(connection)
    library = answer.library
    return [
        _standing(library, library.policies[name], words)
        for name in policies_used(answer)
        if name in library.policies
    ]


def policies_used(answer: Answer) -> tuple[str, ...]:
    """The policies that an answer rests on: those that may govern, and the guideline layer."""
    found: dict[str, None] = {}
    for item in answer.determination.items:
        found |= dict.fromkeys(item.selection.candidates)
        for indication in item.indications:
            known = answer.library.policies.get(indication.policy)
            if known is not None and known.is_guideline:
                found[known.id] = None
    return tuple(found)


def pending_content(work: Work, answer: Answer) -> tuple[str, ...]:
    """The policies that an answer rests on and that no editor has approved in this version."""
    return tuple(
        one.policy for one in content_status(work.connection, answer) if one.status != "approved"
    )


def words_on(connection: Connection, policy_id: str) -> list[ContentWord]:
    """Every editor's word on a policy, on all its versions, the first first."""
    columns = [content_review.c[name] for name in ContentWord.__struct_fields__]
    rows = connection.execute(
        select(*columns)
        .where(content_review.c.policy == policy_id)
        .order_by(content_review.c.number)
    )
    return [ContentWord(**row._mapping) for row in rows]


def run_policy_examples(work: Work, policy_id: str) -> list[ExampleResult]:
    """Run the examples of a policy with the packs of today."""
    return list(run_examples(work.desk.medwarrant, policy_id))


def review_content(
    work: Work, policy_id: str, status: ContentStatus, note: str = "", *, digest: str
) -> PolicyStanding:
    """Say, as an editor, where the version of a policy with this digest stands.

    An approval needs examples, all of which hold, and a sentence on what was checked. Raises `Stale` where
    the policy says something else by now, and `NotAllowed` where an approval may not be.
    """
    work.require("editor")
    library = work.desk.medwarrant.library
    before = standing_of(work.connection, library, policy_id)
    if status not in CONTENT_STATUSES:
        raise InputError(
            "this is not a status", where="status", mend=f"known: {', '.join(CONTENT_STATUSES)}"
        )
    if before.digest != digest:
        raise Stale("the policy says something else than what you saw", mend="open it again")
    if before.word is not None and before.status == status:
        raise NotAllowed(f"it is {status.replace('_', ' ')} already")
    said = written.passage(note, "note", needed=False)
    if status == "approved":
        said = written.reason(note, "note")
        _refuse_failing(work, policy_id)
    pack = next(pack for pack in library.packs if pack.id == before.pack)
    row = {
        "id": new_id(),
        "pack": pack.id,
        "policy": policy_id,
        "number": _next(work, policy_id),
        "policy_digest": digest,
        "pack_digest": pack.digest,
        "status": status,
        "note": said,
        "person_id": work.person.id,
        "created_at": work.now,
    }
    try:
        work.connection.execute(insert(content_review), row)
    except IntegrityError:
        raise Stale("another editor said something at this moment", mend="open it again") from None
    work.log(
        "content", f"policy:{policy_id}"[:120], status=status, digest=digest, before=before.status
    )
    return standing_of(work.connection, library, policy_id)


def _next(work: Work, policy_id: str) -> int:
    last = work.connection.scalar(
        select(func.max(content_review.c.number)).where(content_review.c.policy == policy_id)
    )
    return (last or 0) + 1


def _refuse_failing(work: Work, policy_id: str) -> None:
    results = run_policy_examples(work, policy_id)
    if not results:
        raise NotAllowed(
            "this policy has no examples", mend="have its author add some, then approve it"
        )
    failing = [result.example.it for result in results if not result.holds]
    if failing:
        raise NotAllowed(
            f"{len(failing)} of {len(results)} examples do not hold: {failing[0][:120]}",
            mend="have its author mend the policy or the examples",
        )


def _last_words(connection: Connection) -> dict[tuple[str, str], ContentWord]:
    columns = [content_review.c[name] for name in ContentWord.__struct_fields__]
    rows = connection.execute(
        select(*columns).order_by(content_review.c.policy, content_review.c.number)
    )
    words = (ContentWord(**row._mapping) for row in rows)
    return {(word.policy, word.policy_digest): word for word in words}


def _standing(
    library: Library, policy: Policy, words: dict[tuple[str, str], ContentWord]
) -> PolicyStanding:
    digest = policy_digest(library, policy.id)
    word = words.get((policy.id, digest))
    pack = next(pack for pack in library.packs if pack.id == policy.pack)
    return PolicyStanding(
        policy=policy.id,
        title=policy.title,
        pack=pack.id,
        version=pack.version,
        digest=digest,
        status=word.status if word else pack.review.status,
        word=word,
    )


def _plain(value: Any) -> Any:
    return _without_places(msgspec.to_builtins(value))


def _without_places(value: Any) -> Any:
    match value:
        case dict():
            return {key: _without_places(part) for key, part in value.items() if key not in _PLACES}
        case list() | tuple():
            return [_without_places(part) for part in value]
        case _:
            return value


def _names(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in plain data with the key that it stands under."""
    match value:
        case str():
            yield key, value
        case dict():
            for name, part in value.items():
                yield from _names(part, str(name))
        case list() | tuple():
            for part in value:
                yield from _names(part, key)
