"""Editorial review of content: the policies of the packs, what each says, and where each stands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from ...examples import ExampleResult
from ...model.sources import EvidenceStatement, Source
from ...policy import criteria as c
from ...policy.library import Library
from ...policy.policy import Policy
from ...policy.prose import words_for
from ...policy.show import policy_prose
from ...review import content
from ...review.content import CONTENT_STATUSES, ContentStatus, ContentWord, PolicyStanding
from ...review.content_versions import difference, version_of, versions_before
from ...review.errors import NotFound
from ...review.names import names_of
from ...review.work import Work

#: What each status means, in the words of every page.
STATUS_WORDS: Final[dict[ContentStatus, str]] = {
    "submitted": "Submitted",
    "under_review": "Under review",
    "approved": "Approved",
}
#: The three statuses as they are explained.
STATUS_MEANS: Final[dict[ContentStatus, str]] = {
    "submitted": "An author handed it in. Nobody who edits has read it against its sources yet.",
    "under_review": "An editor is reading it against its sources. It may still change.",
    "approved": (
        "An editor read this version, checked it against its sources, saw all its examples hold, and said in a "
        "sentence what was checked."
    ),
}
#: How content is reviewed, as paragraphs.
EDITORIAL_POLICY: Final = (
    (
        "Everything that a determination rests on stands in packs: policies, the sources they cite, what each source "
        "says, and examples with the outcome that each must have. Packs are written by authors; the software only "
        "reads them."
    ),
    (
        "A policy is reviewed by an editor, a person of this desk with that role. The editor opens one version with its "
        "sources, its statements, its examples and what changed since the version before, and says where it stands: "
        "submitted, under review or approved."
    ),
    (
        "An approval is for exactly what was read. It holds for the policy with its value sets, its statements and its "
        "sources, by their digest: where a word of them changes, the approval lapses, and the policy shows the status "
        "of its pack again until an editor has read the new version."
    ),
    (
        "A policy is approved only where it has examples and all of them hold. A source that was retracted, or a "
        "statement that nobody verified, carries no rule, whatever the status."
    ),
    (
        "Approval says that the words of a policy agree with its sources. It does not say that a service is covered, "
        "and it decides nothing about a patient: every determination shows which of its content is approved and which "
        "is pending, and people decide."
    ),
)

Note = Annotated[str, Meta(max_length=20_000, examples=["Read against the 2026 bulletin."])]


class PolicyLine(msgspec.Struct, frozen=True, kw_only=True):
    """A policy in the list."""

    id: str
    publisher: str
    name: str
    title: str
    pack: str
    version: str
    in_force: str
    status: ContentStatus
    digest: str
    by: str = ""
    at: datetime | None = None


class PackLine(msgspec.Struct, frozen=True, kw_only=True):
    """A pack, with how many of its policies have each status."""

    id: str
    title: str
    version: str
    digest: str
    status: ContentStatus
    counts: dict[ContentStatus, int]


class ContentView(msgspec.Struct, frozen=True, kw_only=True):
    """How content is reviewed, the packs, and the policies that fit the filter."""

    editorial_policy: tuple[str, ...]
    statuses: dict[ContentStatus, str]
    packs: tuple[PackLine, ...]
    policies: tuple[PolicyLine, ...]
    total: int


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion of a policy, with what it rests on."""

    id: str
    kind: str
    title: str
    editorial: bool
    because: str
    verified: bool
    rests_on: tuple[str, ...]
    children: tuple[Criterion, ...] = ()


class IndicationView(msgspec.Struct, frozen=True, kw_only=True):
    """An indication with its criteria."""

    id: str
    title: str
    direction: str
    scope: Criterion | None
    requires: Criterion | None
    rests_on: tuple[str, ...]


class StatementView(msgspec.Struct, frozen=True, kw_only=True):
    """A claim of a source that the policy rests on; `supports` says whether it may carry a rule.

    `quote` are words of the source itself, empty where none are held; `quoted_by` says whose account they
    were read in, where it was not the source.
    """

    id: str
    claim: str
    locator: str
    quote: str
    quoted_by: str
    direction: str
    strength: str
    certainty: str
    verified: str
    verified_on: str
    supports: bool


class SourceView(msgspec.Struct, frozen=True, kw_only=True):
    """A source of the policy, with how it was verified and what it says."""

    id: str
    title: str
    author: str
    issued: str
    number: str
    kind: str
    status: str
    retracted: bool
    contested: bool
    verified: str
    verified_on: str
    via: str
    url: str
    note: str
    statements: tuple[StatementView, ...]


class WordView(msgspec.Struct, frozen=True, kw_only=True):
    """An editor's word; `on_this` is false where it was on another version."""

    status: ContentStatus
    note: str
    by: str
    at: datetime
    digest: str
    on_this: bool


class PolicyView(msgspec.Struct, frozen=True, kw_only=True):
    """One policy as an editor reads it; `digest` is what an editor's word is bound to."""

    id: str
    publisher: str
    name: str
    title: str
    pack: str
    version: str
    digest: str
    pack_digest: str
    status: ContentStatus
    pack_status: ContentStatus
    prose: str
    indications: tuple[IndicationView, ...]
    rules: tuple[Criterion, ...]
    sources: tuple[SourceView, ...]
    words: tuple[WordView, ...]
    examples: int
    approved_by: str
    file: str

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers of the statements on the page, by id."""
        listed = (one.id for source in self.sources for one in source.statements)
        return {name: number for number, name in enumerate(listed, start=1)}


class ExampleView(msgspec.Struct, frozen=True, kw_only=True):
    """An example that was run: what was asked, what must come out, and what came out otherwise."""

    it: str
    indication: str
    request: str
    expect: str
    holds: bool
    differences: tuple[str, ...]


class ExamplesView(msgspec.Struct, frozen=True, kw_only=True):
    """The examples of a policy, run with the packs of today."""

    id: str
    publisher: str
    name: str
    title: str
    holding: int
    examples: tuple[ExampleView, ...]


class DiffLine(msgspec.Struct, frozen=True):
    """A line of a difference."""

    kind: Literal["same", "added", "removed", "place"]
    text: str


class VersionView(msgspec.Struct, frozen=True, kw_only=True):
    """A version before, and what changed from it to the version of today."""

    version: str
    digest: str
    prose: tuple[DiffLine, ...]
    data: tuple[DiffLine, ...]


class VersionsView(msgspec.Struct, frozen=True, kw_only=True):
    """The versions of a policy that were kept, the latest first."""

    id: str
    publisher: str
    name: str
    title: str
    version: str
    digest: str
    versions: tuple[VersionView, ...]


class EditorWord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an editor says that a version stands; `digest` is that of what the editor saw."""

    status: ContentStatus
    note: Note = ""
    digest: Annotated[str, Meta(min_length=1, max_length=100)]


# --- views ----------------------------------------------------------------------------------------


def policies(work: Work, pack: str = "", status: str = "") -> ContentView:
    """The policies of a pack and a status; of all where none is named.

    Raises `NotFound` for a pack that is not loaded.
    """
    library = work.desk.medwarrant.library
    if pack and pack not in {one.id for one in library.packs}:
        raise NotFound("there is no such pack")
    found = content.standings(work.connection, library)
    names = names_of(work.connection, (one.word.person_id for one in found if one.word))
    lines = tuple(_line(one, library.policies[one.policy], names) for one in found)
    return ContentView(
        editorial_policy=EDITORIAL_POLICY,
        statuses=STATUS_MEANS,
        packs=tuple(
            PackLine(
                id=one.id,
                title=one.title,
                version=one.version,
                digest=one.digest,
                status=one.review.status,
                counts={
                    word: sum(line.pack == one.id and line.status == word for line in lines)
                    for word in CONTENT_STATUSES
                },
            )
            for one in library.packs
        ),
        policies=tuple(
            line for line in lines if pack in ("", line.pack) and status in ("", line.status)
        ),
        total=len(lines),
    )


def policy(work: Work, policy_id: str) -> PolicyView:
    """A policy with everything an editor reads. Raises `NotFound` where there is none."""
    library = work.desk.medwarrant.library
    standing = content.standing_of(work.connection, library, policy_id)
    found = library.policies[policy_id]
    pack = next(one for one in library.packs if one.id == found.pack)
    words = content.words_on(work.connection, policy_id)
    names = names_of(work.connection, (one.person_id for one in words))
    publisher, name = parts(policy_id)
    return PolicyView(
        id=policy_id,
        publisher=publisher,
        name=name,
        title=found.title,
        pack=pack.id,
        version=pack.version,
        digest=standing.digest,
        pack_digest=pack.digest,
        status=standing.status,
        pack_status=pack.review.status,
        prose=policy_prose(found, library),
        indications=tuple(
            IndicationView(
                id=one.id,
                title=one.title,
                direction=one.position.direction.replace("_", " "),
                scope=_criterion(one.scope, library),
                requires=_criterion(one.requires, library),
                rests_on=one.rests_on,
            )
            for one in found.indications
        ),
        rules=tuple(
            node
            for node in (_criterion(rule.rule, library) for rule in found.request_rules)
            if node is not None
        ),
        sources=_sources(library, policy_id),
        words=tuple(_word(one, names, standing) for one in reversed(words)),
        examples=sum(
            example.policy == policy_id for each in library.packs for example in each.examples
        ),
        approved_by=_approved_by(standing, names),
        file=found.file,
    )


def examples(work: Work, policy_id: str) -> ExamplesView:
    """The examples of a policy, run now. Raises `NotFound` where there is no such policy."""
    title = _known(work, policy_id).title
    results = content.run_policy_examples(work, policy_id)
    publisher, name = parts(policy_id)
    return ExamplesView(
        id=policy_id,
        publisher=publisher,
        name=name,
        title=title,
        holding=sum(one.holds for one in results),
        examples=tuple(map(_example, results)),
    )


def versions(work: Work, policy_id: str) -> VersionsView:
    """The kept versions of a policy, each compared with that of today."""
    title = _known(work, policy_id).title
    now = version_of(work.desk.medwarrant.library, policy_id)
    publisher, name = parts(policy_id)
    found = []
    for before in versions_before(work.desk, policy_id):
        changed = difference(before, now)
        found.append(
            VersionView(
                version=before.version,
                digest=before.digest,
                prose=diff_lines(changed.prose),
                data=diff_lines(changed.data),
            )
        )
    return VersionsView(
        id=policy_id,
        publisher=publisher,
        name=name,
        title=title,
        version=now.version,
        digest=now.digest,
        versions=tuple(found),
    )


def say(work: Work, policy_id: str, word: EditorWord) -> PolicyView:
    """Say, as an editor, where a version stands."""
    content.review_content(work, policy_id, word.status, word.note, digest=word.digest)
    return policy(work, policy_id)


def parts(policy_id: str) -> tuple[str, str]:
    """The two parts of a policy's id: who publishes it, and its own name.

    >>> parts("aetna/nerve-block")
    ('aetna', 'nerve-block')
    """
    publisher, _, name = policy_id.partition("/")
    return publisher, name


def diff_lines(unified: str) -> tuple[DiffLine, ...]:
    r"""A unified difference line by line; its two lines of names are left out.

    >>> [line.kind for line in diff_lines("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n z")]
    ['place', 'removed', 'added', 'same']
    """
    found = []
    for number, line in enumerate(unified.splitlines()):
        if number < 2:
            continue
        if line.startswith("@@"):
            found.append(DiffLine("place", line))
        elif line.startswith("+"):
            found.append(DiffLine("added", line[1:]))
        elif line.startswith("-"):
            found.append(DiffLine("removed", line[1:]))
        else:
            found.append(DiffLine("same", line[1:]))
    return tuple(found)


# --- parts ----------------------------------------------------------------------------------------


def _known(work: Work, policy_id: str) -> Policy:
    found = work.desk.medwarrant.library.policies.get(policy_id)
    if found is None:
        raise NotFound("there is no such policy")
    return found


def _line(standing: PolicyStanding, found: Policy, names: dict[str, str]) -> PolicyLine:
    publisher, name = parts(standing.policy)
    word = standing.word
    return PolicyLine(
        id=standing.policy,
        publisher=publisher,
        name=name,
        title=standing.title,
        pack=standing.pack,
        version=standing.version,
        in_force=found.status.replace("_", " "),
        status=standing.status,
        digest=standing.digest,
        by=names.get(word.person_id, "somebody") if word else "",
        at=word.created_at if word else None,
    )


def _criterion(node: c.Criterion | None, library: Library) -> Criterion | None:
    if node is None:
        return None
    below = getattr(node, "children", ())
    shown = [_criterion(child, library) for child in below]
    return Criterion(
        id=node.id,
        kind=_KINDS.get(str(node.__struct_config__.tag), ""),
        title=(node.title or "") if below else words_for(node, library),
        editorial=node.editorial,
        because=node.because,
        verified=node.verified,
        rests_on=node.rests_on,
        children=tuple(child for child in shown if child is not None),
    )


#: How the criteria of a group are joined.
_KINDS: Final = {
    "all_of": "all of these",
    "any_of": "one of these",
    "none_of": "none of these",
    "at_least": "at least so many of these",
}


def _sources(library: Library, policy_id: str) -> tuple[SourceView, ...]:
    said = content.policy_content(library, policy_id)
    by_source: dict[str, list[EvidenceStatement]] = {}
    for name in said["statements"]:
        statement = library.statements[name]
        by_source.setdefault(statement.source, []).append(statement)
    return tuple(
        _source(library.sources[name], by_source.get(name, ()), library) for name in said["sources"]
    )


def _source(source: Source, statements: Any, library: Library) -> SourceView:
    return SourceView(
        id=source.id,
        title=source.title,
        author=", ".join(
            one.get("literal") or " ".join(filter(None, (one.get("family"), one.get("given"))))
            for one in source.author
        ),
        issued=source.issued or "",
        number=source.number or "",
        kind=source.kind,
        status=source.status,
        retracted=source.retracted,
        contested=source.contested,
        verified=source.verified.how,
        verified_on=source.verified.on or "",
        via=source.verified.via,
        url=source.url or "",
        note=source.note,
        statements=tuple(
            StatementView(
                id=one.id,
                claim=one.claim,
                locator=one.locator,
                quote=one.quote or "",
                quoted_by=one.quoted_by,
                direction=one.direction,
                strength=one.strength or "",
                certainty=one.certainty or "",
                verified=one.verified.how,
                verified_on=one.verified.on or "",
                supports=library.supports(one.id),
            )
            for one in statements
        ),
    )


def _word(one: ContentWord, names: dict[str, str], standing: PolicyStanding) -> WordView:
    return WordView(
        status=one.status,
        note=one.note,
        by=names.get(one.person_id, "somebody"),
        at=one.created_at,
        digest=one.policy_digest,
        on_this=one.policy_digest == standing.digest,
    )


def _approved_by(standing: PolicyStanding, names: dict[str, str]) -> str:
    word = standing.word
    if word is None or word.status != "approved":
        return ""
    return names.get(word.person_id, "somebody")


def _example(result: ExampleResult) -> ExampleView:
    return ExampleView(
        it=result.example.it,
        indication=result.example.indication or "",
        request=_indented(result.example.request),
        expect=_indented(result.example.expect),
        holds=result.holds,
        differences=result.differences,
    )


def _indented(data: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode()
