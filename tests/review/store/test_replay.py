"""Replaying stored determinations: the same bytes, or why not."""

from __future__ import annotations

import msgspec
import pytest
from rows import QUESTION, row, write_case, write_inquiry

from medwarrant import Medwarrant, load_packs
from medwarrant.model.canonical import case_digest, record_digest
from medwarrant.policy.archive import keep_packs
from medwarrant.review import inquiries
from medwarrant.review.store.replay import replay_all
from medwarrant.review.store.schema import record
from medwarrant.review.work import Desk

NOTE = "Seen in the emergency department with an acute migraine attack.\nTakes warfarin.\n"


def write_record(desk, people, change):
    """A record as it would be stored if its determination had come out so."""
    kept, _ = write_inquiry(desk, people["requester"])
    said = msgspec.json.decode(
        msgspec.json.encode(desk.medwarrant.ask(QUESTION, as_of=desk.clock().date()).to_dict())
    )
    change(said)
    said["digest"] = case_digest(said)
    said["record_digest"] = record_digest(said)
    with desk.work(people["requester"]) as work:
        return row(
            work,
            record,
            inquiry_id=kept.id,
            number=9,
            digest=said["digest"],
            record_digest=said["record_digest"],
            outcome=said["outcome"],
            body=msgspec.json.encode(said).decode(),
        )


def test_what_is_stored_comes_out_the_same(any_desk, people):
    write_case(any_desk, people)
    found = replay_all(any_desk)
    assert (found.same, found.other) == (3, ())


def test_with_notes_facts_and_confirmations_too(desk, people):
    app = desk.medwarrant
    answer = app.ask(QUESTION, notes=[("visit.txt", NOTE)], payer="aetna", as_of="2026-11-23")
    read = [fact.id for fact in answer.reading.facts if fact.basis == "read"]
    assert read
    with desk.work(people["requester"]) as work:
        kept, _ = inquiries.keep_inquiry(work, answer)
        for number, again in enumerate(
            (
                app.revise(answer, confirmed=read[:1]),
                app.revise(answer, rejected=read),
                app.revise(answer, facts=["intent=acute", "setting=emergency"]),
                app.determine({"services": ["64405"], "diagnoses": ["G43.919"]}),
            ),
            start=1,
        ):
            inquiries.revise_inquiry(work, kept.id, again, why="answered", expected=number)
    found = replay_all(desk)
    assert (found.same, found.other) == (5, ())


def test_the_version_that_is_named_may_differ(desk, people):
    write_record(desk, people, lambda said: said.update(engine="0.0.1"))
    assert replay_all(desk).other == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda said: said.update(outcome="no_policy"), "it comes out different in outcome"),
        (
            lambda said: said["items"][0].update(outcome="no_policy"),
            "it comes out different in items",
        ),
        (
            lambda said: said.update(outcome="no_policy", engine="0.0.1"),
            "it comes out different in outcome: it was judged by medwarrant 0.0.1",
        ),
        (
            lambda said: said["code_sets"][0].update(release="April 1999"),
            "it comes out different in code_sets: it was judged with another release of a code set",
        ),
        (
            lambda said: said["packs"][0].update(digest=f"sha256:{'0' * 64}"),
            f"the archive does not hold sha256:{'0' * 64}",
        ),
        (lambda said: said.update(reading={}), "this is not a stored answer"),
    ],
)
def test_what_comes_out_different_is_named_with_its_reason(desk, people, change, why):
    altered = write_record(desk, people, change)
    found = replay_all(desk)
    assert found.same == 2
    ((which, said),) = found.other
    assert which == altered
    assert why in said


def test_records_of_older_packs_are_judged_with_those(desk, people, tmp_path):
    """A pack that has changed since is taken from the archive, in the version that judged."""
    write_inquiry(desk, people["requester"])
    pack = tmp_path / "own"
    pack.mkdir()
    judges = []
    for version in ("1", "2"):
        text = f"pack: own\nversion: '{version}'\ntitle: Own\nrequires: [common]\n"
        (pack / "pack.yaml").write_text(text)
        judges.append(Medwarrant(load_packs(pack), desk.medwarrant.icd))
        keep_packs(tmp_path / "kept", [pack])
    for judge in judges:
        now = Desk(desk.database, judge, desk.audit_key, tmp_path / "kept", desk.clock)
        write_inquiry(now, people["requester"])
    found = replay_all(now)
    assert (found.same, found.other) == (6, ())


@pytest.mark.parametrize(("most", "same"), [(1, 1), (3, 3), (4, 4), (6, 6), (7, 6), (None, 6)])
def test_a_part_spread_over_all(desk, people, most, same):
    for _ in range(3):
        write_inquiry(desk, people["requester"])
    assert replay_all(desk, most=most).same == same
