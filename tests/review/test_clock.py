"""The clock of a case: when it ends, what moves its end, and what a rule or a plan may not allow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from medwarrant import InputError
from medwarrant.policy.clock_rule import ClockExtension, ClockPause, ClockRule, TimeLimit
from medwarrant.review.clock import (
    ClockReading,
    Extension,
    Pause,
    UrgencyChange,
    change_urgency,
    due,
    extend,
    pause,
    resume,
)
from medwarrant.review.errors import NotAllowed
from medwarrant.review.plan_clock import rule_for, with_plan
from medwarrant.review.read_plan_clock import read_plan_clock, read_plan_clocks
from medwarrant.review.running_time import days_later, whole_days_between, with_pauses

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RECEIVED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class NewYork(tzinfo):
    """Five hours behind, four in summer; the rule of the years from 2007, so that no data is needed."""

    def utcoffset(self, moment):
        march = datetime(moment.year, 3, 8, 2)
        march += timedelta(days=(6 - march.weekday()) % 7)
        november = datetime(moment.year, 11, 1, 1)
        november += timedelta(days=(6 - november.weekday()) % 7)
        there = moment.replace(tzinfo=None, fold=0)
        if march <= there < march + HOUR:  # a time that the clocks skip
            return timedelta(hours=-4 if moment.fold else -5)
        if november <= there < november + HOUR:  # a time that they show twice
            return timedelta(hours=-5 if moment.fold else -4)
        return timedelta(hours=-4 if march <= there < november else -5)

    def dst(self, moment):
        return self.utcoffset(moment) + timedelta(hours=5)

    def fromutc(self, moment):
        winter = (moment - 5 * HOUR).replace(tzinfo=self)
        summer = (moment - 4 * HOUR).replace(tzinfo=self)
        if (
            self.utcoffset(summer) == -4 * HOUR
            and self.utcoffset(summer.replace(fold=1)) == -4 * HOUR
        ):
            return summer
        if self.utcoffset(summer) == -4 * HOUR:  # shown twice: this is the first
            return summer
        return winter.replace(fold=1) if self.utcoffset(winter) == -4 * HOUR else winter


NEW_YORK = NewYork()


def test_the_zone_of_these_tests_is_that_of_the_time_zone_database():
    try:
        kept = ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        pytest.skip("this machine has no time zone database")
    for hour in range(366 * 24 * 2):
        moment = datetime(2026, 1, 1, 0, 30, tzinfo=UTC) + hour * HOUR
        ours, theirs = moment.astimezone(NEW_YORK), moment.astimezone(kept)
        assert ours.replace(tzinfo=None) == theirs.replace(tzinfo=None)
        assert (ours.utcoffset(), ours.fold) == (theirs.utcoffset(), theirs.fold)


def rule(**changed) -> ClockRule:
    plain = ClockRule(
        id="plain",
        title="Plain",
        standard=TimeLimit(7, "days", ("s",), ("source-of-days",)),
        expedited=TimeLimit(72, "hours", ("e",), ("source-of-hours",)),
        extension=ClockExtension(14, "in_all", ("standard",), None, ("x",), ("source-of-more",)),
    )
    return msgspec.structs.replace(plain, **changed)


FREE_PAUSE = ClockPause(allowed=True, of=("standard", "expedited"), sources=("source-of-pause",))


def read(found: ClockRule, urgency="standard", after=DAY, **more) -> ClockReading:
    more = {"extensions": (), "pauses": (), **more}
    extensions, pauses = more.pop("extensions"), more.pop("pauses")
    return due(found, urgency, RECEIVED, extensions, pauses, RECEIVED + after, **more)


# --- when a clock ends ----------------------------------------------------------------------------


def test_a_standard_clock_ends_at_the_same_clock_time():
    reading = read(rule())
    assert reading.due_at == datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    assert reading.remaining == 6 * DAY
    assert (reading.overdue, reading.started_at) == (False, RECEIVED)
    assert reading.why[0] == "Standard: 7 calendar days from receipt (source: source-of-days)."
    assert reading.sources == ("source-of-days",)


def test_an_expedited_clock_counts_elapsed_hours():
    reading = read(rule(), "expedited", after=80 * HOUR)
    assert reading.due_at == RECEIVED + 72 * HOUR
    assert reading.overdue
    assert reading.remaining == -8 * HOUR
    assert reading.why[0] == "Expedited: 72 hours from receipt (source: source-of-hours)."


def test_a_decision_at_the_due_time_is_in_time():
    assert not read(rule(), after=7 * DAY).overdue
    assert read(rule(), after=7 * DAY + timedelta(microseconds=1)).overdue


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        # Summer time ends on 1 November 2026: the seventh day is 25 hours longer away.
        ("2026-10-28T13:00-04:00", 7, "2026-11-04T13:00-05:00"),
        ("2026-03-05T13:00-05:00", 7, "2026-03-12T13:00-04:00"),
        # 02:30 is skipped on 8 March: read as before the change.
        ("2026-03-01T02:30-05:00", 7, "2026-03-08T03:30-04:00"),
        # 01:30 comes twice on 1 November: the first.
        ("2026-10-25T01:30-04:00", 7, "2026-11-01T01:30-04:00"),
        ("2026-11-01T01:30-05:00", 7, "2026-11-08T01:30-05:00"),
        # Across the end of February, and of a year.
        ("2026-02-24T00:00-05:00", 7, "2026-03-03T00:00-05:00"),
        ("2026-12-28T23:59-05:00", 7, "2027-01-04T23:59-05:00"),
    ],
)
def test_calendar_days_keep_the_clock_time_of_the_zone(received, days, expected):
    found = days_later(datetime.fromisoformat(received), days, NEW_YORK)
    assert found == datetime.fromisoformat(expected)
    assert found.tzinfo is UTC


def test_hours_are_elapsed_hours_in_any_zone():
    received = datetime.fromisoformat("2026-10-31T13:00-04:00")
    reading = due(rule(), "expedited", received, (), (), received, zone=NEW_YORK)
    assert reading.due_at - received == 72 * HOUR


def test_a_moment_needs_its_time_zone():
    naive = datetime(2026, 11, 23)
    for received, now in ((naive, RECEIVED), (RECEIVED, naive)):
        with pytest.raises(InputError, match="needs its time zone"):
            due(rule(), "standard", received, (), (), now)
    with pytest.raises(InputError, match="extensions"):
        read(rule(), extensions=[Extension(naive, 1)])
    with pytest.raises(InputError, match="pauses"):
        read(rule(pause=FREE_PAUSE), pauses=[Pause(naive)])


# --- extensions -----------------------------------------------------------------------------------


def extended(days, after=DAY, of="standard"):
    return Extension(RECEIVED + after, days, of)


def test_an_extension_moves_the_end_up_to_its_limit():
    assert read(rule()).extended_to is None
    assert read(rule(), extensions=[extended(3)]).due_at == RECEIVED + 10 * DAY
    reading = read(rule(), extensions=[extended(3), extended(9)])
    assert reading.due_at == reading.extended_to == RECEIVED + 14 * DAY
    assert (reading.can_extend, reading.extend_by) == (False, 0)
    assert reading.sources == ("source-of-days", "source-of-more")
    assert "up to 14 calendar days in all; source: source-of-more" in reading.why[1]


def test_an_extension_beyond_the_time_is_counted_on_top_and_as_often_as_said():
    found = rule(extension=ClockExtension(15, "beyond", ("standard",), 1))
    assert read(found).extend_by == 15
    reading = read(found, extensions=[extended(10), extended(5, 2 * DAY)], after=3 * DAY)
    assert reading.due_at == RECEIVED + 17 * DAY
    assert not reading.can_extend
    assert any("does not allow; it does not count" in said for said in reading.why)


def test_an_expedited_clock_is_extended_only_where_the_rule_says_so():
    assert read(rule(), "expedited", extensions=[extended(3, of="expedited")]).due_at == RECEIVED + 3 * DAY  # fmt: skip
    both = rule(extension=ClockExtension(14, "in_all", ("standard", "expedited")))
    reading = read(both, "expedited", extensions=[extended(3, of="expedited")])
    assert reading.due_at == RECEIVED + 6 * DAY
    assert reading.extend_by == 8
    assert read(both, "expedited", extensions=[extended(3)]).due_at == RECEIVED + 3 * DAY


def test_an_extension_of_later_is_not_counted_yet():
    """A decided case is read at the moment of its decision."""
    reading = read(rule(), extensions=[extended(3, 5 * DAY)], after=2 * DAY)
    assert reading.due_at == RECEIVED + 7 * DAY
    assert len(reading.why) == 1


def test_extend_gives_what_is_kept():
    now = RECEIVED + DAY
    kept = extend(rule(), "standard", RECEIVED, (), (), now, 7, reason="records awaited")
    assert kept == Extension(now, 7, "standard", "records awaited")
    assert read(rule(), extensions=[kept]).due_at == RECEIVED + 14 * DAY


@pytest.mark.parametrize(
    ("found", "urgency", "extensions", "after", "days", "problem"),
    [
        (rule(), "expedited", (), DAY, 1, "allows no extension of a case that is expedited"),
        (rule(extension=None), "standard", (), DAY, 1, "allows no extension of a case that is standard"),
        (rule(), "standard", (), DAY, 8, "more than the rule of 'plain' still gives; extend by 7 or less"),
        (rule(), "standard", (extended(7),), 2 * DAY, 1, "extended as far as the rule"),
        (rule(), "standard", (), 8 * DAY, 1, "the time has run out"),
        (rule(extension=ClockExtension(15, "beyond", times=1)), "standard", (extended(1),), 2 * DAY, 1, "as often as the rule"),
    ],
)  # fmt: skip
def test_an_extension_that_is_not_allowed(found, urgency, extensions, after, days, problem):
    with pytest.raises(NotAllowed, match=problem):
        extend(found, urgency, RECEIVED, extensions, (), RECEIVED + after, days)


def test_at_the_due_time_itself_a_clock_may_be_extended_and_not_stopped():
    now = RECEIVED + 7 * DAY
    assert extend(rule(), "standard", RECEIVED, (), (), now, 1).granted_at == now
    with pytest.raises(NotAllowed, match="the time has run out"):
        pause(rule(pause=FREE_PAUSE), "standard", RECEIVED, (), (), now)


def test_no_days_are_no_extension():
    with pytest.raises(InputError, match="one calendar day or more"):
        extend(rule(), "standard", RECEIVED, (), (), RECEIVED, 0)


# --- pauses ---------------------------------------------------------------------------------------


def test_a_pause_moves_the_end_by_its_length():
    stopped = [Pause(RECEIVED + DAY, RECEIVED + 3 * DAY)]
    reading = read(rule(pause=FREE_PAUSE), pauses=stopped, after=4 * DAY)
    assert reading.due_at == RECEIVED + 9 * DAY
    assert reading.paused_since is None
    assert "It stood still for 2 days (source: source-of-pause)." in reading.why
    assert "source-of-pause" in reading.sources


def test_while_the_clock_stands_still_what_remains_does_not_change():
    stopped = [Pause(RECEIVED + 2 * DAY)]
    readings = [read(rule(pause=FREE_PAUSE), pauses=stopped, after=n * DAY) for n in (2, 5, 40)]
    assert {reading.remaining for reading in readings} == {5 * DAY}
    assert {reading.paused_since for reading in readings} == {RECEIVED + 2 * DAY}
    assert not any(reading.overdue or reading.can_pause for reading in readings)


def test_a_pause_that_the_rule_does_not_allow_does_not_count():
    reading = read(rule(), pauses=[Pause(RECEIVED + DAY)], after=8 * DAY)
    assert reading.due_at == RECEIVED + 7 * DAY
    assert reading.overdue
    assert reading.paused_since is None
    assert any("A pause is on record that the rule of 'plain' does not allow" in said for said in reading.why)  # fmt: skip


def test_a_clock_that_has_run_out_is_not_stopped_any_more():
    stopped = [Pause(RECEIVED + 7 * DAY, RECEIVED + 9 * DAY)]
    assert read(rule(pause=FREE_PAUSE), pauses=stopped, after=10 * DAY).due_at == RECEIVED + 7 * DAY


def test_a_pause_only_of_a_clock_that_was_extended():
    found = rule(pause=ClockPause(allowed=True, only_when_extended=True))
    stopped = [Pause(RECEIVED + 2 * DAY, RECEIVED + 4 * DAY)]
    assert read(found, pauses=stopped, after=5 * DAY).due_at == RECEIVED + 7 * DAY
    before, later = extended(2, DAY), extended(2, 3 * DAY)
    assert read(found, pauses=stopped, extensions=[before], after=5 * DAY).due_at == RECEIVED + 11 * DAY  # fmt: skip
    assert read(found, pauses=stopped, extensions=[before, later], after=5 * DAY).due_at == RECEIVED + 13 * DAY  # fmt: skip
    assert read(found, pauses=stopped, extensions=[later], after=5 * DAY).due_at == RECEIVED + 9 * DAY  # fmt: skip
    with pytest.raises(NotAllowed, match="only after an extension; extend it first"):
        pause(found, "standard", RECEIVED, (), (), RECEIVED + DAY)
    assert pause(found, "standard", RECEIVED, [before], (), RECEIVED + DAY).since == RECEIVED + DAY


def test_pause_and_resume_give_what_is_kept():
    found = rule(pause=FREE_PAUSE)
    kept = pause(found, "standard", RECEIVED, (), (), RECEIVED + DAY, reason="letter sent")
    assert kept == Pause(RECEIVED + DAY, None, "letter sent")
    with pytest.raises(NotAllowed, match="stands still already; resume it first"):
        pause(found, "standard", RECEIVED, (), (kept,), RECEIVED + 2 * DAY)
    ended = resume((kept,), RECEIVED + 3 * DAY)
    assert ended == (Pause(RECEIVED + DAY, RECEIVED + 3 * DAY, "letter sent"),)
    with pytest.raises(NotAllowed, match="the clock is running"):
        resume(ended, RECEIVED + 4 * DAY)
    assert resume((kept,), RECEIVED)[0].until == kept.since, "a pause never ends before it began"


@pytest.mark.parametrize(
    ("found", "urgency", "after", "problem"),
    [
        (rule(), "standard", DAY, "allows no pause of a case that is standard; use an extension"),
        (rule(extension=None), "standard", DAY, "allows no pause of a case that is standard; decide it in time"),
        (rule(pause=ClockPause(because="only extensions")), "standard", DAY, "standard: only extensions"),
        (rule(pause=ClockPause(allowed=True)), "expedited", DAY, "allows no pause of a case that is expedited"),
        (rule(pause=FREE_PAUSE), "standard", 8 * DAY, "the time has run out"),
    ],
)  # fmt: skip
def test_a_pause_that_is_not_allowed(found, urgency, after, problem):
    with pytest.raises(NotAllowed, match=problem):
        pause(found, urgency, RECEIVED, (), (), RECEIVED + after)


# --- another urgency ------------------------------------------------------------------------------


def expedited_after(after):
    return [UrgencyChange(RECEIVED + after, "expedited")]


def test_an_expedited_clock_runs_from_the_request_to_expedite():
    reading = read(rule(), "expedited", changes=expedited_after(DAY))
    assert (reading.started_at, reading.due_at) == (RECEIVED + DAY, RECEIVED + 4 * DAY)
    assert reading.why[0].startswith("Expedited: 72 hours from the request to expedite")


def test_expediting_never_gives_more_time():
    reading = read(rule(), "expedited", after=6 * DAY, changes=expedited_after(6 * DAY))
    assert reading.due_at == RECEIVED + 7 * DAY
    assert any("no later than the standard clock" in said for said in reading.why)
    longer = read(
        rule(),
        "expedited",
        after=8 * DAY,
        changes=expedited_after(8 * DAY),
        extensions=[extended(7)],
    )
    assert longer.due_at == RECEIVED + 11 * DAY, "the standard clock had been extended"


def test_a_clock_that_is_standard_again_runs_from_receipt():
    changes = [*expedited_after(DAY), UrgencyChange(RECEIVED + 2 * DAY, "standard")]
    assert read(rule(), after=3 * DAY, changes=changes).due_at == RECEIVED + 7 * DAY
    changes = [*changes, UrgencyChange(RECEIVED + 3 * DAY, "expedited")]
    assert read(rule(), "expedited", after=3 * DAY, changes=changes).due_at == RECEIVED + 6 * DAY


def test_a_case_received_as_expedited_and_refused_is_standard_from_receipt():
    changes = [UrgencyChange(RECEIVED + DAY, "standard")]
    assert read(rule(), changes=changes).due_at == RECEIVED + 7 * DAY


def test_a_pause_of_the_standard_clock_counts_in_what_caps_the_expedited_one():
    found = rule(pause=ClockPause(allowed=True))
    stopped = [Pause(RECEIVED + DAY, RECEIVED + 6 * DAY)]
    reading = read(found, "expedited", after=9 * DAY, pauses=stopped, changes=expedited_after(8 * DAY))  # fmt: skip
    assert reading.due_at == RECEIVED + 11 * DAY
    assert "stood still" not in " ".join(reading.why)


def test_a_change_of_urgency_changes_something():
    kept = change_urgency("standard", "expedited", RECEIVED, reason="pain worse")
    assert kept == UrgencyChange(RECEIVED, "expedited", "pain worse")
    with pytest.raises(NotAllowed, match="the case is expedited already"):
        change_urgency("expedited", "expedited", RECEIVED)


# --- properties -----------------------------------------------------------------------------------

minutes = st.integers(-3 * 24 * 60, 30 * 24 * 60).map(lambda n: timedelta(minutes=n))
rules = st.builds(
    rule,
    standard=st.integers(1, 30).map(lambda n: TimeLimit(n, "days")),
    expedited=st.integers(1, 96).map(lambda n: TimeLimit(n, "hours")),
    extension=st.none()
    | st.builds(
        ClockExtension,
        st.integers(1, 40),
        st.sampled_from(["in_all", "beyond"]),
        st.sampled_from([("standard",), ("standard", "expedited")]),
        st.none() | st.integers(1, 3),
    ),
    pause=st.builds(
        ClockPause,
        allowed=st.booleans(),
        of=st.sampled_from([("standard",), ("standard", "expedited")]),
        only_when_extended=st.booleans(),
    ),
)
urgencies = st.sampled_from(["standard", "expedited"])
extension_lists = st.lists(
    st.builds(
        lambda after, days, of: Extension(RECEIVED + after, days, of),
        minutes,
        st.integers(1, 20),
        urgencies,
    ),
    max_size=4,
)
pause_lists = st.lists(
    st.builds(
        lambda after, length: Pause(RECEIVED + after, None if length is None else RECEIVED + after + abs(length)),
        minutes,
        st.none() | minutes,
    ),
    max_size=4,
)  # fmt: skip
change_lists = st.lists(
    st.builds(lambda after, to: UrgencyChange(RECEIVED + after, to), minutes, urgencies), max_size=3
)
zones = st.sampled_from([UTC, NEW_YORK])


@given(rules, urgencies, extension_lists, pause_lists, minutes, change_lists, zones)
def test_every_reading_agrees_with_itself(found, urgency, extensions, pauses, after, changes, zone):
    now = RECEIVED + after
    reading = due(found, urgency, RECEIVED, extensions, pauses, now, changes=changes, zone=zone)
    assert reading.remaining == reading.due_at - now
    assert reading.overdue == (reading.remaining < timedelta(0))
    assert reading.can_extend == (reading.extend_by > 0)
    assert not (reading.overdue and (reading.can_extend or reading.can_pause))
    assert reading.started_at >= RECEIVED
    # The checks of the acts say the same as the reading.
    allowed = True
    try:
        extend(found, urgency, RECEIVED, extensions, pauses, now, 1, changes=changes, zone=zone)
    except NotAllowed:
        allowed = False
    assert allowed == reading.can_extend
    try:
        kept = pause(found, urgency, RECEIVED, extensions, pauses, now, changes=changes, zone=zone)
    except NotAllowed:
        kept = None
    assert (kept is not None) == reading.can_pause
    if kept is not None and now >= reading.started_at:
        stopped = due(found, urgency, RECEIVED, extensions, [*pauses, kept], now, changes=changes, zone=zone)  # fmt: skip
        assert stopped.paused_since == now
        assert stopped.due_at == reading.due_at
    assert msgspec.json.decode(msgspec.json.encode(reading), type=ClockReading) == reading


@given(rules, urgencies, extension_lists, minutes, zones)
def test_an_extension_never_ends_a_clock_sooner_and_is_as_long_as_said(found, urgency, extensions, after, zone):  # fmt: skip
    now = RECEIVED + after
    before = due(found, urgency, RECEIVED, extensions, (), now, zone=zone)
    assume(before.can_extend)
    for days in {1, before.extend_by}:
        kept = extend(found, urgency, RECEIVED, extensions, (), now, days, zone=zone)
        longer = due(found, urgency, RECEIVED, [*extensions, kept], (), now, zone=zone)
        assert longer.due_at == days_later(before.due_at, days, zone) or longer.due_at == days_later(RECEIVED, found.extension.days, zone)  # fmt: skip
        assert longer.due_at > before.due_at
        assert longer.extend_by <= before.extend_by - days
    with pytest.raises(NotAllowed):
        extend(found, urgency, RECEIVED, extensions, (), now, before.extend_by + 1, zone=zone)


@given(rules, urgencies, extension_lists, minutes)
def test_no_extension_reaches_further_than_the_rule(found, urgency, extensions, after):
    reading = due(found, urgency, RECEIVED, extensions, (), RECEIVED + after)
    limit = found.limit(urgency).length()
    most = limit if found.extension is None else max(limit, found.extension.reach(found.limit(urgency)))  # fmt: skip
    assert RECEIVED + limit <= reading.due_at <= RECEIVED + most


@given(rules, urgencies, pause_lists, minutes)
def test_pauses_only_add_and_their_order_does_not_matter(found, urgency, pauses, after):
    now = RECEIVED + after
    plain = due(found, urgency, RECEIVED, (), (), now)
    reading = due(found, urgency, RECEIVED, (), pauses, now)
    again = due(found, urgency, RECEIVED, (), pauses[::-1], now)
    assert (reading.due_at, reading.paused_since) == (again.due_at, again.paused_since)
    assert plain.due_at <= reading.due_at <= max(plain.due_at, plain.due_at + (now - RECEIVED))
    if not found.pause.allowed or urgency not in found.pause.of:
        assert reading.due_at == plain.due_at
    if reading.paused_since is not None:
        assert not reading.overdue


@given(minutes, minutes, minutes)
def test_a_resumed_clock_has_what_it_had_when_it_stopped(stopped, length, later):
    assume(timedelta(0) <= stopped < 7 * DAY)
    found, since = rule(pause=FREE_PAUSE), RECEIVED + stopped
    at_stop = due(found, "standard", RECEIVED, (), (), since)
    kept = pause(found, "standard", RECEIVED, (), (), since)
    until = since + abs(length)
    ended = resume((kept,), until)
    at_start = due(found, "standard", RECEIVED, (), ended, until)
    assert at_start.remaining == at_stop.remaining
    assert due(found, "standard", RECEIVED, (), ended, until + abs(later)).due_at == at_start.due_at


@given(rules, minutes, extension_lists)
def test_expediting_never_ends_later_than_the_standard_clock_did(found, after, extensions):
    assume(after >= timedelta(0))
    asked = RECEIVED + after
    standard = due(found, "standard", RECEIVED, extensions, (), asked)
    own = [one for one in extensions if one.of == "standard"]
    reading = due(
        found, "expedited", RECEIVED, own, (), asked, changes=[UrgencyChange(asked, "expedited")]
    )
    if asked > RECEIVED:
        assert reading.due_at <= standard.due_at
    assert reading.due_at <= asked + found.expedited.length()


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), st.integers(0, 60))
def test_days_later_keeps_the_clock_time(moment, days):
    start = moment.replace(tzinfo=UTC)
    assert days_later(start, days) == start + days * DAY
    there = days_later(start, days, NEW_YORK)
    assert abs(there - start - days * DAY) <= HOUR
    assert whole_days_between(start, there, NEW_YORK) in (days, days - 1)
    if days and there.astimezone(NEW_YORK).hour != 3:  # but for a time that is skipped
        assert there.astimezone(NEW_YORK).time() == start.astimezone(NEW_YORK).time()


def test_overlapping_pauses_count_once():
    spans = [(RECEIVED, RECEIVED + 2 * DAY), (RECEIVED + DAY, RECEIVED + 3 * DAY)]
    end, since = with_pauses(RECEIVED, RECEIVED + 7 * DAY, spans, RECEIVED + 5 * DAY)
    assert (end, since) == (RECEIVED + 10 * DAY, None)


# --- the rule of a line of business, and what a plan may set --------------------------------------


def test_an_unknown_line_of_business_has_the_strictest_rule_and_says_so(library):
    for line in (None, "", "village"):
        found = rule_for(library.clocks, line)
        reading = due(found, "standard", RECEIVED, (), (), RECEIVED)
        assert reading.due_at == RECEIVED + 7 * DAY
        assert not reading.can_extend
        assert not reading.can_pause
        assert any("line of business is not known" in said for said in reading.why)


def test_packs_without_clocks_are_told():
    with pytest.raises(InputError, match=r"state no clock rule; load the pack 'common' too"):
        rule_for({}, "commercial")


@pytest.mark.parametrize("line", ["medicare-advantage", "medicaid", "commercial", "marketplace"])
def test_shipped_rules_say_what_they_rest_on(library, line):
    found = rule_for(library.clocks, line)
    for urgency in ("standard", "expedited"):
        reading = due(found, urgency, RECEIVED, (), (), RECEIVED)
        assert set(reading.sources) <= set(library.sources)
        assert reading.sources or "house rule" in reading.why[0]


def test_a_commercial_clock_stops_only_after_its_one_extension(library):
    found = rule_for(library.clocks, "commercial")
    now = RECEIVED + DAY
    with pytest.raises(NotAllowed, match="only after an extension"):
        pause(found, "standard", RECEIVED, (), (), now)
    kept = extend(found, "standard", RECEIVED, (), (), now, 15)
    stopped = pause(found, "standard", RECEIVED, [kept], (), now)
    reading = due(found, "standard", RECEIVED, [kept], [stopped], now + 45 * DAY)
    assert reading.remaining == 29 * DAY


def test_a_plan_may_be_stricter_and_is_named(library):
    plan = read_plan_clock(
        "medicare-advantage",
        {
            "source": "Provider manual 2026, section 4",
            "standard": "5 days",
            "expedited": "48 hours",
        },
    )
    found = rule_for(library.clocks, "medicare-advantage", {"medicare-advantage": plan})
    assert found.basis == "plan"
    reading = due(found, "standard", RECEIVED, (), (), RECEIVED)
    assert reading.due_at == RECEIVED + 5 * DAY
    assert reading.why[0].endswith("(the plan's own text: Provider manual 2026, section 4).")
    assert reading.extend_by == 9, "the extension of the packs still holds"


def test_a_plan_may_allow_a_pause_where_its_line_does(library):
    data = {"source": "Contract, annex 2", "pause": True, "extension": {"in_all": "14 days"}}
    found = with_plan(library.clocks["marketplace"], read_plan_clock("marketplace", data))
    reading = due(found, "standard", RECEIVED, (), (), RECEIVED)
    assert reading.can_pause
    assert reading.extend_by == 7
    assert "house rule" in reading.why[0], "the time itself is still the house's"
    assert any(said.startswith("House rule:") for said in reading.why)


def test_a_plan_may_set_less_than_its_sources_give(library):
    data = {"source": "Manual", "extension": {"beyond": "10 days", "times": 1}}
    found = with_plan(library.clocks["commercial"], read_plan_clock("commercial", data))
    assert due(found, "standard", RECEIVED, (), (), RECEIVED).extend_by == 10


def test_a_pause_needs_no_extension_where_the_plan_says_so(library):
    data = {"source": "Contract", "pause": {"allowed": True}}
    found = with_plan(library.clocks["marketplace"], read_plan_clock("marketplace", data))
    reading = due(found, "standard", RECEIVED, (), (), RECEIVED)
    assert (reading.can_pause, reading.can_extend) == (True, False)


def test_a_plan_may_be_longer_only_where_no_source_binds_it(library):
    data = {"source": "State contract", "standard": "10 days", "expedited": "96 hours"}
    found = with_plan(library.clocks["workers-compensation"], read_plan_clock("workers-compensation", data))  # fmt: skip
    assert found.standard.text() == "10 calendar days"
    assert found.because == ""


S = "Manual"


@pytest.mark.parametrize(
    ("line", "data", "problem"),
    [
        ("medicare-advantage", {"source": S, "pause": True}, "clocks.medicare-advantage.pause: Medicare Advantage allows no pause: Medicare Advantage knows extensions only"),
        ("medicare-advantage", {"source": S, "pause": {"allowed": True, "of": ["standard", "expedited"]}}, "use an extension"),
        ("medicare-advantage", {"source": S, "standard": "8 days"}, "8 calendar days is longer than the 7 calendar days that cms-0057-f"),
        ("medicare-advantage", {"source": S, "expedited": "73 hours"}, "give 72 hours or less"),
        ("medicare-advantage", {"source": S, "extension": {"in_all": "15 days"}}, "goes beyond what cms-0057-f-manatt"),
        ("medicare-advantage", {"source": S, "extension": {"beyond": "8 days"}}, "goes beyond what"),
        ("medicaid", {"source": S, "extension": {"in_all": "14 days", "of": ["expedited"]}}, "allow no extension of the expedited time; write of: [standard]"),
        ("commercial", {"source": S, "extension": {"beyond": "15 days", "times": 2}}, "limit how often it may be extended; write times: 1"),
        ("commercial", {"source": S, "extension": {"beyond": "10 days"}}, "write times: 1"),
        ("commercial", {"source": S, "pause": True}, "the pause goes beyond what"),
        ("commercial", {"source": S, "pause": {"allowed": True, "only_when_extended": True, "of": ["standard", "expedited"]}}, "the pause goes beyond what"),
        ("marketplace", {"source": S, "standard": "2 days"}, "the expedited time (72 hours) would be longer than the standard time (2 calendar days)"),
        ("marketplace", {"source": S, "extension": {"in_all": "7 days"}}, "is no longer than the standard time"),
        ("marketplace", {"source": S, "pause": {"allowed": True, "only_when_extended": True}}, "may pause only when extended, and may not be extended"),
    ],
)  # fmt: skip
def test_what_a_plan_may_not_set(library, line, data, problem):
    with pytest.raises(InputError) as error:
        with_plan(library.clocks[line], read_plan_clock(line, data))
    assert problem in str(error.value)
    assert error.value.where.startswith(f"clocks.{line}")
    assert error.value.mend


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({}, "clocks.commercial.source: a plan's own time needs its source"),
        ({"source": "  "}, "needs its source"),
        ({"source": 7}, "needs its source"),
        ("5 days", "clocks.commercial: settings are a table"),
        ({"source": S, "standart": "5 days"}, "'standart' is not a setting of a clock; did you mean 'standard'?"),
        ({"source": S, "standard": 5}, "clocks.commercial.standard: '5' is not a time"),
        ({"source": S, "expedited": "soon"}, "clocks.commercial.expedited: 'soon' is not a time"),
        ({"source": S, "extension": 14}, "clocks.commercial.extension: settings are a table"),
        ({"source": S, "extension": {}}, "counted either from receipt or on top"),
        ({"source": S, "extension": {"in_all": "14 days", "beyond": "3 days"}}, "counted either"),
        ({"source": S, "extension": {"in_all": "24 hours"}}, "extension.in_all: '24 hours' is not a number of days"),
        ({"source": S, "extension": {"in_all": "14 days", "times": 0}}, "extension.times: times is how often"),
        ({"source": S, "extension": {"in_all": "14 days", "times": True}}, "times is how often"),
        ({"source": S, "extension": {"in_all": "14 days", "of": "standard"}}, "extension.of: of is a list of urgencies"),
        ({"source": S, "extension": {"in_all": "14 days", "of": []}}, "of is a list of urgencies"),
        ({"source": S, "pause": "yes"}, "clocks.commercial.pause: settings are a table"),
        ({"source": S, "pause": {"allowed": "yes"}}, "pause.allowed: 'yes' is not true or false"),
        ({"source": S, "pause": {"allow": True}}, "did you mean 'allowed'?"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_read(data, problem):
    with pytest.raises(InputError) as error:
        read_plan_clock("commercial", data)
    assert problem in str(error.value)


def test_a_plan_may_take_an_extension_and_a_pause_away(library):
    plans = read_plan_clocks({"commercial": {"source": S, "extension": "none", "pause": False}})
    found = rule_for(library.clocks, "commercial", plans)
    assert found.extension is None
    reading = due(found, "standard", RECEIVED, (), (), RECEIVED)
    assert not reading.can_extend
    assert not reading.can_pause
    assert "No pause: the plan allows none." in reading.why
    with pytest.raises(InputError, match="a table by line of business"):
        read_plan_clocks([])


def test_settings_of_one_line_do_not_replace_another(library):
    plan = read_plan_clock("commercial", {"source": S, "standard": "5 days"})
    with pytest.raises(InputError, match="the rule is that of 'medicaid'"):
        with_plan(library.clocks["medicaid"], plan)
    unknown = rule_for(library.clocks, None, {"unknown": plan})
    assert unknown.basis == "editorial"
