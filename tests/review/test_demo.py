"""The demonstration: filled through the command once, and looked at from every side."""

from __future__ import annotations

import contextlib
import io
import os
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from medwarrant.cli.main import run
from medwarrant.intake.files.read import read_file
from medwarrant.model.errors import InputError
from medwarrant.report.words import OUTCOME_WORDS
from medwarrant.review import accounts, cases, letters, second_reviews, second_sample
from medwarrant.review.accounts import COMMAND_LINE
from medwarrant.review.appeal_result import stages_of
from medwarrant.review.content import standings
from medwarrant.review.decisions import decisions_of
from medwarrant.review.demo import fill
from medwarrant.review.demo.around import LEFT_OPEN, SAMPLE
from medwarrant.review.demo.cast import CAST, HEADACHE
from medwarrant.review.demo.fill import STORIES
from medwarrant.review.demo.notes import NOTES
from medwarrant.review.inquiries import inquiries_of, thread_of
from medwarrant.review.people import ROLES
from medwarrant.review.states import STATES
from medwarrant.review.store import schema
from medwarrant.review.store.open import find_desk
from medwarrant.review.store.replay import replay_all
from medwarrant.review.store.verify import verify
from medwarrant.review.work import Desk

END = datetime(2026, 11, 20, 20, tzinfo=UTC)


def made_once(root: Path) -> tuple[Path, str]:
    """A desk that the command filled, once for all workers of a run: its folder, and what was printed."""
    folder, said = root / "demonstration", root / "demonstration.said"
    try:
        folder.mkdir()
    except FileExistsError:
        until = time.monotonic() + 200
        while not said.exists() and time.monotonic() < until:
            time.sleep(0.2)
        return folder, said.read_text()
    printed, status = io.StringIO(), None
    try:
        with contextlib.redirect_stdout(printed):
            status = run(["demo-data", "--data", str(folder), "--as-of", END.date().isoformat()])
    finally:
        ready = root / "demonstration.ready"
        ready.write_text(printed.getvalue() if status == 0 else "")
        ready.rename(said)
    return folder, said.read_text()


@pytest.fixture(scope="module")
def played(medwarrant, tmp_path_factory):
    """The desk as the command left it, its clock at the end, and what the command printed."""
    root = tmp_path_factory.getbasetemp()
    data, said = made_once(root.parent if "PYTEST_XDIST_WORKER" in os.environ else root)
    assert said, "the command failed"
    database, key = find_desk(data)
    yield Desk(database, medwarrant, key, data / "packs", lambda: END), said
    database.close()


@pytest.fixture
def desk(played):
    return played[0]


@pytest.fixture
def people(desk):
    with desk.work(COMMAND_LINE) as work:
        return {one.person.login: one.person for one in accounts.people(work)}


@pytest.fixture
def found(desk):
    """Every case."""
    with desk.work(COMMAND_LINE) as work:
        ids = work.connection.execute(select(schema.review_case.c.id)).scalars().all()
        return [cases.find_case(work.connection, one) for one in ids]


def decisions(desk, found):
    with desk.database.read() as connection:
        return [one for case in found for one in decisions_of(connection, case.id)]


def test_the_command_says_what_to_do_next(played):
    _, said = played
    assert f"{len(CAST)} people" in said
    assert "Next: medwarrant serve --data" in said
    assert "work as anybody" in said


def test_every_role_has_somebody_and_nobody_has_a_password(desk):
    with desk.work(COMMAND_LINE) as work:
        kept = accounts.people(work)
    assert {role for one in kept for role in one.person.roles} == set(ROLES)
    assert not any(one.has_password for one in kept)


def test_every_state_is_there(found):
    assert {case.state for case in found} == set(STATES)


def test_every_kind_of_decision_is_there(desk, found):
    made = decisions(desk, found)
    kinds = Counter(one.kind for one in made)
    assert set(kinds) == {"approved", "partially_approved", "modified", "adverse"}
    signed = {(one.kind, one.said().signer.role) for one in made}
    assert ("approved", "nurse_reviewer") in signed
    assert any(one.kind == "approved" and one.said().overrides for one in made)
    assert any(one.said().information for one in made), "one for lack of information"


def test_clocks_of_every_sort_are_there(found):
    still_open = [case for case in found if case.is_open and case.paused_since is None]
    left = sorted((case.due_at - END, case.urgency) for case in still_open)
    assert any(after < timedelta(0) for after, _ in left), "one is overdue"
    assert any(timedelta(0) < after < timedelta(hours=6) for after, _ in left), (
        "one is due in hours"
    )
    assert {urgency for _, urgency in left} == {"standard", "expedited"}
    assert any(case.clock.extensions for case in found)
    (paused,) = [case for case in found if case.paused_since]
    assert (paused.state, paused.line_of_business) == ("awaiting_information", "marketplace")


def test_appeals_were_upheld_and_overturned_and_two_are_open(desk, found):
    with desk.work(COMMAND_LINE) as work:
        results = Counter(
            stage.result
            for case in found
            for stage in stages_of(work, case)
            if stage.stage == "appeal"
        )
    assert results == {"upheld": 1, "overturned": 1, None: 2}


def test_facts_are_unread_in_one_case_and_accepted_in_another(desk, found):
    with desk.database.read() as connection:
        acts = set(connection.execute(select(schema.fact_review.c.act)).scalars())
    assert any(case.provisional and case.state == "nurse_review" for case in found)
    assert {"accepted", "corrected", "added"} <= acts


@pytest.mark.parametrize(
    ("table", "column", "wanted"),
    [
        ("peer_to_peer", "state", {"offered", "held", "declined", "unanswered"}),
        ("comment", "act", {"comment", "refer", "withdraw", "extend_told", "end_waiting"}),
        (
            "letter",
            "kind",
            {
                "approval_letter",
                "adverse_notice",
                "information_request_letter",
                "peer_to_peer_brief",
                "submission_checklist",
            },
        ),
    ],
)
def test_there_is_something_of_every_kind(desk, table, column, wanted):
    held = getattr(schema, table).c[column]
    with desk.database.read() as connection:
        assert wanted <= set(connection.execute(select(held)).scalars())


def test_information_was_answered_once_and_is_awaited_elsewhere(desk):
    asked = schema.information_request.c
    with desk.database.read() as connection:
        rows = connection.execute(select(asked.answered_at, asked.ended_at)).all()
    assert any(row.answered_at for row in rows)
    assert any(row.ended_at is None for row in rows)


def test_threads_and_a_shared_inquiry_are_there(desk, people):
    with desk.work(people[HEADACHE]) as work:
        own = inquiries_of(work)
        shared = [one for one in own if one.shared]
        assert len(thread_of(work, shared[0].id)) == 4


def test_the_audit_log_verifies_and_its_times_go_forward(desk):
    result = verify(desk.database, desk.audit_key)
    assert result.alterations == ()
    with desk.database.read() as connection:
        times = (
            connection.execute(select(schema.audit.c.at).order_by(schema.audit.c.seq))
            .scalars()
            .all()
        )
    assert times == sorted(times)
    assert END - timedelta(days=72) < times[0] < times[-1] <= END


def test_every_letter_draws(desk, found):
    with desk.work(COMMAND_LINE) as work:
        kept = [(case, one) for case in found for one in letters.letters_of(work, case)]
    assert len(kept) > 30
    for case, one in kept:
        for drawn in (one.drawn("text"), one.drawn("html")):
            assert case.number in drawn.decode()
            assert case.member_name in drawn.decode()
    for one in {one.kind: one for _, one in kept}.values():
        assert one.drawn("pdf").startswith(b"%PDF")


def test_records_replay(desk):
    result = replay_all(desk, most=20)
    assert (result.same, result.other) == (20, ())


def test_second_reviews_agree_mostly_and_some_are_left(desk, people):
    with desk.work(people["arthur"]) as work:
        report = second_sample.sample_agreement(work, SAMPLE)
    assert report.outcomes.kappa is not None
    assert 0 < report.outcomes.kappa < 1
    left = set()
    for person in people.values():
        if person.is_a("nurse_reviewer", "physician_reviewer"):
            with desk.work(person) as work:
                left |= {one.id for one in second_reviews.second_reviews_open(work)}
    assert len(left) == LEFT_OPEN


def test_two_policies_are_approved_and_one_is_under_review(desk):
    with desk.database.read() as connection:
        words = [one.word for one in standings(connection, desk.medwarrant.library) if one.word]
    assert Counter(word.status for word in words) == {"approved": 2, "under_review": 1}


def test_outcomes_of_every_kind_are_there(found):
    assert {case.outcome for case in found} >= {*OUTCOME_WORDS} - {"no_policy"}


def test_decisions_are_spread_over_ten_weeks(desk, found):
    weeks = {(END - one.signed_at).days // 7 for one in decisions(desk, found)}
    assert len(weeks) >= 7


def test_a_desk_that_holds_something_is_refused_and_stays(desk):
    before = verify(desk.database, desk.audit_key).head
    with pytest.raises(InputError, match="holds cases and inquiries already"):
        fill(desk, END)
    assert verify(desk.database, desk.audit_key).head == before


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_the_steps_of_a_story_follow_each_other(story):
    moments = [story.ago, *(step.ago for step in story.steps)]
    assert all(first > then for first, then in zip(moments, moments[1:], strict=False))
    assert moments[-1] > 0


@pytest.mark.parametrize("name", NOTES)
def test_notes_say_that_they_are_invented_and_can_be_read(name):
    assert NOTES[name].startswith("DEMONSTRATION NOTE, INVENTED")
    assert read_file(NOTES[name].encode(), name).name == name
