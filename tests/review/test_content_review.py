"""Editorial review: an editor's word on one version of a policy, and what changed since the one before."""

from __future__ import annotations

import dataclasses
import shutil

import msgspec
import pytest

from medwarrant import Medwarrant, load_packs
from medwarrant.model.errors import InputError
from medwarrant.policy.archive import keep_packs
from medwarrant.policy.library import Library
from medwarrant.policy.load import shipped_packs
from medwarrant.review import content, content_versions
from medwarrant.review.errors import NotAllowed, NotFound, Stale
from medwarrant.review.store.audit import entries

POLICY = "greater-occipital-nerve-block/migraine"
NOTE = "Read against the abstract of the guideline and both trials; the examples were run."


def say(desk, person, status, note="", *, policy=POLICY, digest=None):
    digest = digest or content.policy_digest(desk.medwarrant.library, policy)
    with desk.work(person) as work:
        return content.review_content(work, policy, status, note, digest=digest)


def test_an_editor_approves_one_version(any_desk, people):
    editor = people["editor"]
    with any_desk.work(people["auditor"]) as work:
        before = content.standing_of(work.connection, any_desk.medwarrant.library, POLICY)
    assert (before.word, before.status) == (None, "under_review")
    assert say(any_desk, editor, "under_review").word.person_id == editor.id
    with pytest.raises(InputError):
        say(any_desk, editor, "approved")
    approved = say(any_desk, editor, "approved", NOTE)
    assert (approved.status, approved.word.note) == ("approved", NOTE)
    with pytest.raises(NotAllowed, match="already"):
        say(any_desk, editor, "approved", NOTE)
    again = say(any_desk, editor, "under_review", "A reader wrote about the dose.")
    assert again.status == "under_review"
    with any_desk.work(people["auditor"]) as work:
        words = content.words_on(work.connection, POLICY)
        told = [entry.detail for entry in entries(work.connection) if entry.act == "content"]
    assert [word.status for word in words] == ["under_review", "approved", "under_review"]
    assert [one["status"] for one in told] == ["under_review", "approved", "under_review"]


@pytest.mark.parametrize(
    "role", ["requester", "nurse_reviewer", "physician_reviewer", "administrator"]
)
def test_editors_alone_review_content(desk, people, role):
    with pytest.raises(NotAllowed):
        say(desk, people[role], "approved", NOTE)


def test_what_the_editor_did_not_see_is_not_approved(desk, people):
    with pytest.raises(Stale):
        say(desk, people["editor"], "approved", NOTE, digest="sha256:0")
    with pytest.raises(NotFound), desk.work(people["editor"]) as work:
        content.review_content(work, "no/such", "approved", NOTE, digest="sha256:0")
    with pytest.raises(InputError, match="not a status"):
        say(desk, people["editor"], "denied", NOTE)


def altered(library, change):
    """The library with its policy changed."""
    packs = []
    for pack in library.packs:
        policies = {
            name: change(policy) if name == POLICY else policy
            for name, policy in pack.policies.items()
        }
        packs.append(msgspec.structs.replace(pack, policies=policies))
    return Library(packs)


def test_the_approval_lapses_where_the_policy_or_its_sources_change(desk, people, library):
    say(desk, people["editor"], "approved", NOTE)

    def status(other):
        with desk.work(people["auditor"]) as work:
            return content.standing_of(work.connection, other, POLICY).status

    assert status(library) == "approved"
    renamed = altered(
        library, lambda policy: msgspec.structs.replace(policy, summary="Other words.")
    )
    assert status(renamed) == "under_review"
    moved = altered(library, lambda policy: msgspec.structs.replace(policy, line=policy.line + 40))
    assert status(moved) == "approved", "where it stands in its file is no part of what it says"
    statement = next(
        library.statements[name]
        for indication in library.policies[POLICY].indications
        for name in indication.rests_on
    )
    packs = [
        msgspec.structs.replace(
            pack,
            sources={
                name: msgspec.structs.replace(source, status="retracted")
                if name == statement.source
                else source
                for name, source in pack.sources.items()
            },
        )
        for pack in library.packs
    ]
    assert status(Library(packs)) == "under_review"


def test_a_policy_whose_examples_fail_is_not_approved(desk, people, library):
    """A policy that lost the requirement its examples are about."""
    changed = altered(library, lambda policy: msgspec.structs.replace(policy, indications=()))
    broken = dataclasses.replace(desk, medwarrant=Medwarrant(changed, desk.medwarrant.icd))
    with pytest.raises(NotAllowed, match="do not hold"):
        say(broken, people["editor"], "approved", NOTE)
    bare = Library([msgspec.structs.replace(pack, examples=()) for pack in library.packs])
    without = dataclasses.replace(desk, medwarrant=Medwarrant(bare, desk.medwarrant.icd))
    with pytest.raises(NotAllowed, match="no examples"):
        say(without, people["editor"], "approved", NOTE)


def test_an_answer_says_which_content_is_approved(desk, people):
    say(desk, people["editor"], "approved", NOTE)
    answer = desk.medwarrant.ask(
        "Is 64405 medically necessary for G43.919?",
        facts=["intent=acute", "setting=emergency"],
        as_of="2026-11-23",
    )
    assert content.policies_used(answer) == (POLICY,)
    with desk.work(people["requester"]) as work:
        (one,) = content.content_status(work.connection, answer)
        assert (one.policy, one.status) == (POLICY, "approved")
        assert content.pending_content(work, answer) == ()
        every = content.standings(work.connection, desk.medwarrant.library)
    assert len(every) == len(desk.medwarrant.library.policies)
    assert [one.policy for one in every if one.word] == [POLICY]


def test_versions_before_and_what_changed(desk, tmp_path):
    """The pack as it was an edition ago, from the kept packs."""
    keep_packs(desk.kept_packs)
    (folder,) = [path for path in shipped_packs() if path.name == "head-neck-injections"]
    old = tmp_path / "old" / folder.name
    shutil.copytree(folder, old)
    file = old / "policies" / "gon-migraine.yaml"
    text = file.read_text(encoding="utf-8")
    title = desk.medwarrant.library.policies[POLICY].title
    assert title in text
    file.write_text(text.replace(title, "Occipital block for attacks", 1), encoding="utf-8")
    pack = old / "pack.yaml"
    pack.write_text(
        pack.read_text(encoding="utf-8").replace("version: 1.", "version: 0.", 1), encoding="utf-8"
    )
    others = [path for path in shipped_packs() if path != folder]
    load_packs(old, *others, shipped=False)
    keep_packs(desk.kept_packs, [old])
    (before,) = content_versions.versions_before(desk, POLICY)
    assert before.version.startswith("0.")
    now = content_versions.version_of(desk.medwarrant.library, POLICY)
    changed = content_versions.difference(before, now)
    assert "-Occipital block for attacks" in changed.prose
    assert f"+{title}" in changed.prose
    assert changed.data.count("\n-") >= 1
    unchanged = next(name for name in desk.medwarrant.library.policies if name != POLICY)
    assert content_versions.versions_before(desk, unchanged) == []
