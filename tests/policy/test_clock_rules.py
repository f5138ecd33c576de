"""Clock rules in packs: every mistake is told with file and line, and what ships is sourced."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from medwarrant.policy.clock_rule import (
    UNKNOWN,
    ClockRule,
    TimeLimit,
    read_days,
    read_time,
    strictest,
)

GOOD = """\
clocks:
  commercial:
    standard: {within: 15 days, rests_on: [days]}
    expedited: {within: 72 hours, rests_on: [hours]}
    extension: {beyond: 15 days, times: 1, rests_on: [days]}
    pause: {allowed: true, only_when_extended: true, rests_on: [days]}
"""
STATEMENTS = """\
statements:
  days: {source: trial-2020, claim: Within 15 days., direction: background, verified: {how: primary, on: 2026-11-23}}
  hours: {source: guideline-2025, claim: Within 72 hours., direction: background, verified: {how: primary, on: 2026-11-23}}
"""


def test_a_rule_is_read_with_its_sources(shelf):
    shelf.write("evidence.yaml", STATEMENTS)
    shelf.write("clocks.yaml", GOOD)
    rule = shelf.load().clocks["commercial"]
    assert rule.title == "commercial"
    assert (rule.standard.text(), rule.expedited.text()) == ("15 calendar days", "72 hours")
    assert (rule.standard.rests_on, rule.standard.sources) == (("days",), ("trial-2020",))
    assert rule.extension is not None
    assert rule.extension.text() == "up to 15 more calendar days, once"
    assert rule.pause.allowed
    assert (rule.file, rule.line) == ("own/clocks.yaml", 3)
    assert rule.basis == "source"


def test_rules_come_back_from_the_cache_as_they_were(shelf, tmp_path, monkeypatch):
    monkeypatch.setenv("MEDWARRANT_CACHE", str(tmp_path / "cache"))
    shelf.write("evidence.yaml", STATEMENTS)
    shelf.write("clocks.yaml", GOOD)
    first = shelf.load(cache=True).clocks
    assert first
    assert shelf.load(cache=True).clocks == first


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("commercial:", "comercial:", "own/clocks.yaml:3: error: 'comercial' is not in the lines_of_business of these packs (did you mean 'commercial'?)"),
        ("    standard: {within: 15 days, rests_on: [days]}\n", "", "the field 'standard' is missing"),
        ("standard:", "standart:", "'standart' is not a field of a clock rule (did you mean 'standard'?)"),
        ("{within: 15 days, rests_on: [days]}", "{within: 15 business days, rests_on: [days]}", "own/clocks.yaml:3: error: '15 business days' is not a time such as '7 days' or '72 hours'"),
        ("{within: 72 hours, rests_on", "{within: 72, rests_on", "own/clocks.yaml:4: error: '72' is not a time"),
        ("{within: 72 hours, rests_on: [hours]}", "{rests_on: [hours]}", "own/clocks.yaml:4: error: the field 'within' is missing"),
        ("rests_on: [hours]", "rests_on: [hour]", "'hour' is not in the statements of these packs (did you mean 'hours'?)"),
        (", rests_on: [hours]", "", "own/clocks.yaml:4: error: no source, no rule (add rests_on, or basis: editorial with because)"),
        ("rests_on: [hours]", "rests_on: [rumour]", "may not rest only on unverified or retracted statements"),
        ("rests_on: [hours]", "rests_on: [retracted-claim]", "may not rest only on unverified or retracted statements"),
        ("beyond: 15 days, ", "", "an extension is counted either from receipt or on top of the time"),
        ("beyond: 15 days", "beyond: 15 days, in_all: 20 days", "an extension is counted either from receipt or on top of the time"),
        ("beyond: 15 days", "beyond: 72 hours", "own/clocks.yaml:5: error: '72 hours' is not a number of days such as '14 days'"),
        ("times: 1", "times: 0", "times is how often it may be extended"),
        ("times: 1", "times: once", "'once' is not a whole number"),
        ("times: 1", "of: [urgent]", "'urgent' is not an urgency"),
        ("allowed: true", "allowed: maybe", "'maybe' is not true or false"),
        ("allowed: true, only", "only", "the field 'allowed' is missing"),
        ("allowed: true, only_when_extended: true, rests_on: [days]", "allowed: false", "a pause that is not allowed needs its reason"),
        ("only_when_extended: true, rests_on: [days]", "only_when_extended: true", "own/clocks.yaml:6: error: no source, no rule"),
        ("expedited:", "basis: editorial\n    expedited:", "an editorial rule needs its reason"),
        ("expedited:", "basis: opinion\n    because: so\n    expedited:", "basis 'opinion' is not known"),
        ("expedited:", "basis: editorial\n    because: so\n    expedited:", "a rule without a source allows no extension"),
        ("expedited:", "basis: editorial\n    because: so\n    expedited:", "a rule without a source allows no pause"),
        ("clocks:", "clock:", "'clock' is not a field of clocks.yaml (did you mean 'clocks'?)"),
    ],
)  # fmt: skip
def test_each_mistake_is_told(shelf, old, new, problem):
    shelf.write("evidence.yaml", STATEMENTS)
    assert old in GOOD
    shelf.write("clocks.yaml", GOOD.replace(old, new, 1))
    found = shelf.problems()
    assert any(problem in one for one in found), found
    assert all(one.startswith("own/clocks.yaml:") for one in found)


def test_two_packs_may_not_time_one_line_of_business(shelf):
    shelf.write("evidence.yaml", STATEMENTS)
    shelf.write("clocks.yaml", GOOD)
    (shelf.folder / "twin").mkdir()
    for name, text in (
        ("pack.yaml", "pack: twin\nversion: 1\ntitle: T\nrequires: [own]\n"),
        ("clocks.yaml", GOOD),
    ):
        (shelf.folder / "twin" / name).write_text(text, encoding="utf-8")
    assert any(
        "twin/clocks.yaml:3: error: the clock of 'commercial' is already in another pack" in one
        for one in shelf.problems()
    )


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("72 hours, rests", "400 hours, rests", "the expedited time of 'commercial' (400 hours) is longer than the standard time"),
        ("{within: 15 days", "{within: 10 days", "'commercial' says 10 calendar days, which none of the statements it rests on states"),
        ("beyond: 15 days", "in_all: 15 days", "the extension of 'commercial' (up to 15 calendar days in all, once) is no longer than its standard time"),
        ("    extension: {beyond: 15 days, times: 1, rests_on: [days]}\n", "", "the standard clock of 'commercial' may pause only when extended, and may not be extended"),
    ],
)  # fmt: skip
def test_what_reads_well_and_times_badly_is_found(shelf, old, new, finding):
    shelf.write("evidence.yaml", STATEMENTS)
    assert old in GOOD
    shelf.write("clocks.yaml", GOOD.replace(old, new, 1))
    found = [message for rule, message in shelf.found() if rule == "clock"]
    assert sum(message.startswith(finding) for message in found) == 1


def test_a_line_of_business_without_a_clock_is_found(shelf):
    shelf.write("payers.yaml", "lines_of_business:\n  village: {title: village}\n")
    assert ("clock", "village") not in [(rule, message[:7]) for rule, message in shelf.found()]
    shelf.write("evidence.yaml", STATEMENTS)
    shelf.write("clocks.yaml", GOOD)
    found = [message for rule, message in shelf.found() if rule == "clock"]
    assert len(found) == 1
    assert found[0].startswith("the line of business 'village' has no clock")


# --- what ships -----------------------------------------------------------------------------------


def test_every_line_of_business_that_ships_has_a_clock(library):
    assert set(library.clocks) == set(library.lines_of_business)


@pytest.mark.parametrize(
    ("line", "standard", "expedited", "basis"),
    [
        ("medicare-advantage", "7 calendar days", "72 hours", "source"),
        ("medicaid", "7 calendar days", "72 hours", "source"),
        ("commercial", "15 calendar days", "72 hours", "source"),
        ("marketplace", "7 calendar days", "72 hours", "editorial"),
        ("original-medicare", "7 calendar days", "72 hours", "editorial"),
        ("workers-compensation", "7 calendar days", "72 hours", "editorial"),
        ("va-dod", "7 calendar days", "72 hours", "editorial"),
    ],
)
def test_the_times_that_ship(library, line, standard, expedited, basis):
    rule: ClockRule = library.clocks[line]
    assert (rule.standard.text(), rule.expedited.text(), rule.basis) == (standard, expedited, basis)
    if basis == "source":
        assert rule.standard.sources
        assert rule.expedited.sources
    else:
        assert rule.because
        assert rule.extension is None
        assert not rule.pause.allowed


def test_medicare_advantage_knows_extensions_only(library):
    rule = library.clocks["medicare-advantage"]
    assert (rule.extension.days, rule.extension.counted) == (14, "in_all")
    assert not rule.pause.allowed
    assert not rule.pause.plan_may_allow


def test_whatever_is_allowed_names_sources_that_the_packs_hold(library):
    for rule in library.clocks.values():
        for part in (rule.standard, rule.expedited, rule.extension, rule.pause):
            if part is None:
                continue
            assert set(part.rests_on) <= set(library.statements)
            assert set(part.sources) <= set(library.sources)
            if part is rule.extension or (part is rule.pause and part.allowed):
                assert part.sources


# --- values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "number", "unit"),
    [
        ("7 days", 7, "days"),
        ("1 day", 1, "days"),
        ("7 calendar days", 7, "days"),
        (" 72 hours ", 72, "hours"),
    ],
)
def test_times_are_read(raw, number, unit):
    found = read_time(raw)
    assert (found.number, found.unit) == (number, unit)


@pytest.mark.parametrize(
    "raw", ["0 days", "7", 7, None, "a week", "-7 days", "7.5 days", "7 dayss", "2 weeks", "1000 days"]
)  # fmt: skip
def test_what_is_no_time_is_refused(raw):
    with pytest.raises(ValueError, match="is not a time"):
        read_time(raw)


def test_extensions_are_whole_days():
    assert read_days("14 days") == 14
    with pytest.raises(ValueError, match="is not a number of days"):
        read_days("24 hours")


def test_the_strictest_is_the_shortest_of_each_and_allows_nothing_else(library):
    rule = strictest(library.clocks.values())
    assert rule.id == UNKNOWN
    assert rule.standard.length() == timedelta(days=7)
    assert rule.expedited.length() == timedelta(hours=72)
    assert rule.standard.sources, "among equal times one that rests on a source"
    assert rule.extension is None
    assert not rule.pause.allowed
    assert not rule.pause.plan_may_allow
    assert "not known" in rule.because
    with pytest.raises(ValueError, match="empty"):
        strictest(())


def test_a_rule_kept_with_a_case_comes_back_the_same(library):
    for rule in library.clocks.values():
        assert msgspec.json.decode(msgspec.json.encode(rule), type=ClockRule) == rule


def test_days_and_hours_are_compared_as_lengths():
    assert TimeLimit(3, "days").length() == TimeLimit(72, "hours").length()
    assert TimeLimit(1, "hours").text() == "1 hour"
    assert TimeLimit(1, "days").text() == "1 calendar day"
