"""Each kind of leaf: what makes it met, not met and missing.

Every row is a criterion as a policy writes it, facts as a request states them, and the status.
"""

from __future__ import annotations

import pytest

MET, NOT_MET, MISSING = "met", "not_met", "missing"


def table(*rows):
    return pytest.mark.parametrize("row", rows, ids=lambda row: " | ".join(map(str, row)))


@table(
    ("{flag: fever}", "[]", MISSING),
    ("{flag: fever}", "[{fever: present}]", MET),
    ("{flag: fever}", "[{fever: absent}]", NOT_MET),
    ("{flag: fever}", "[{fever: unknown}]", MISSING),
    ("{flag: fever}", "[{fever: conflicting}]", MISSING),
    ("{flag: fever}", "[{fever: present}, {fever: absent}]", MISSING),
    ("{flag: fever}", "[{fever: present}, {fever: unknown}]", MET),
    ("{none_of: [{flag: fever}]}", "[{fever: absent}]", MET),
    ("{none_of: [{flag: fever}]}", "[]", MISSING),
    # What a person confirmed outweighs the rest.
    (
        "{flag: fever}",
        "[{fever: present}, {fact: fever, value: absent, basis: confirmed}]",
        NOT_MET,
    ),
)
def test_flag(bench, row):
    assert bench.status(*row[:2]) == row[2]


@table(
    ("{quantity: pain, at_least: 4}", "[]", MISSING),
    ("{quantity: pain, at_least: 4}", "[{pain: 4}]", MET),
    ("{quantity: pain, at_least: 4}", "[{pain: 3.9}]", NOT_MET),
    ("{quantity: pain, more_than: 4}", "[{pain: 4}]", NOT_MET),
    ("{quantity: pain, at_most: 4}", "[{pain: 4}]", MET),
    ("{quantity: pain, less_than: 4}", "[{pain: 4}]", NOT_MET),
    ("{quantity: pain, at_least: 3, at_most: 6}", "[{pain: 7}]", NOT_MET),
    # A range must satisfy it throughout.
    ("{quantity: pain, at_least: 4}", "[{pain: [3, 5]}]", MISSING),
    ("{quantity: pain, at_least: 4}", "[{pain: [4, 5]}]", MET),
    ("{quantity: pain, at_least: 4}", "[{pain: [1, 3]}]", NOT_MET),
    ("{quantity: pain, at_least: 4}", "[{pain: {at_least: 5}}]", MET),
    ("{quantity: pain, at_least: 4}", "[{pain: {at_most: 5}}]", MISSING),
    # Durations are compared in days whatever they are stated in.
    ("{quantity: illness, at_least: 3 months}", "[{illness: 12 weeks}]", NOT_MET),
    ("{quantity: illness, at_least: 3 months}", "[{illness: 13 weeks}]", MET),
    ("{quantity: illness, at_least: 12 months}", "[{illness: 1 year}]", MET),
    ("{quantity: age, at_least: 18 years}", "[{age: 18}]", MET),
    # Two statements narrow each other; two that exclude each other conflict.
    ("{quantity: pain, at_least: 4}", "[{pain: [3, 5]}, {pain: {at_least: 4}}]", MET),
    ("{quantity: pain, at_least: 4}", "[{pain: 5}, {pain: 6}]", MISSING),
    # What it is not is no value.
    ("{quantity: pain, at_least: 4}", "[{pain: {not: 8}}]", MISSING),
    ("{quantity: pain, at_least: 4}", "[{pain: unknown}]", MISSING),
)
def test_quantity(bench, row):
    assert bench.status(*row[:2]) == row[2]


@table(
    ("{choice: intent, in: [acute]}", "[]", MISSING),
    ("{choice: intent, in: [acute]}", "[{intent: acute}]", MET),
    ("{choice: intent, in: [acute]}", "[{intent: prevention}]", NOT_MET),
    ("{choice: intent, not_in: [acute]}", "[{intent: prevention}]", MET),
    ("{choice: intent, not_in: [acute]}", "[{intent: acute}]", NOT_MET),
    ("{choice: intent, not_in: [acute]}", "[]", MISSING),
    ("{choice: intent, in: [acute]}", "[{intent: acute}, {intent: prevention}]", MISSING),
    # A denied value is not met only where it was the only way.
    ("{choice: intent, in: [acute]}", "[{intent: {not: acute}}]", NOT_MET),
    ("{choice: intent, in: [acute, diagnostic]}", "[{intent: {not: acute}}]", MISSING),
    ("{choice: intent, not_in: [acute]}", "[{intent: {not: acute}}]", MET),
    ("{choice: intent, in: [acute]}", "[{intent: acute}, {intent: {not: acute}}]", MISSING),
    # A fact with several values may have more than those stated.
    ("{choice: signs, in: [band]}", "[{signs: [twitch]}]", MISSING),
    ("{choice: signs, in: [band]}", "[{signs: [twitch, band]}]", MET),
    ("{choice: signs, in: [band]}", "[{signs: [twitch]}, {signs: {not: [band]}}]", NOT_MET),
    # A branch may be meant where its trunk is named; the trunk is meant where a branch is named.
    ("{choice: nerve, in: [trunk-nerve]}", "[{nerve: branch-nerve}]", MET),
    ("{choice: nerve, in: [branch-nerve]}", "[{nerve: trunk-nerve}]", MISSING),
    ("{choice: nerve, in: [other-nerve]}", "[{nerve: trunk-nerve}]", NOT_MET),
)
def test_choice(bench, row):
    assert bench.status(*row[:2]) == row[2]


def test_the_service_line_outweighs_what_is_said_in_general(bench):
    """A line's own purpose holds for it; a general statement holds for lines that say nothing."""
    rule, general = "{choice: intent, in: [acute]}", "[{intent: prevention}]"
    own = "[{code: T0001, intent: acute}]"
    assert bench.status(rule, general) == NOT_MET
    assert bench.status(rule, general, services=own) == MET
    scoped = "[{intent: prevention}, {fact: intent, value: acute, service: T0001}]"
    assert bench.status(rule, scoped) == MET


@table(
    ("{diagnosis: migraine}", "[G43.909]", "[]", MET),
    ("{diagnosis: migraine}", "[M54.2]", "[]", NOT_MET),
    ("{diagnosis: migraine}", "[G43.A0]", "[]", NOT_MET),
    ("{diagnosis: G43.9}", "[G43.909]", "[]", MET),
    ("{diagnosis: [neck-pain, migraine]}", "[M54.2]", "[]", MET),
    # What is not on the request is unknown, not absent.
    ("{diagnosis: fibromyalgia, among: request}", "[G43.909]", "[]", MISSING),
    ("{diagnosis: fibromyalgia, among: request}", "[G43.909, M79.7]", "[]", MET),
    ("{diagnosis: fibromyalgia, among: request}", "[G43.909]", "[{diagnosis: [M79.7]}]", MET),
    (
        "{diagnosis: fibromyalgia, among: request}",
        "[G43.909]",
        "[{diagnosis: {not: M79.7}}]",
        NOT_MET,
    ),
)
def test_diagnosis(bench, row):
    assert bench.status(row[0], row[2], diagnoses=row[1]) == row[3]


@table(
    ("{also_requested: [neck-block]}", "[T0001]", NOT_MET),
    ("{also_requested: [neck-block]}", "[T0001, T0002]", MET),
    ("{also_requested: [block]}", "[T0001, T0002]", MET),
    ("{also_requested: [T0002]}", "[T0001, T0002]", MET),
    ("{also_requested: [block]}", "[T0001, T0003]", NOT_MET),
    ("{also_requested: [head-block]}", "[T0001]", NOT_MET),  # not itself
    ("{also_requested: [head-block]}", "[T0001, T0001]", MET),  # but another line of the same
    ("{also_requested: [neck-block], except_diagnoses: migraine}", "[T0001, T0002]", NOT_MET),
    ("{also_requested: [neck-block], except_diagnoses: neck-pain}", "[T0001, T0002]", MET),
)
def test_also_requested(bench, row):
    assert bench.status(row[0], services=row[1]) == row[2]


SIX_WEEKS = "{event: therapy, where: {duration: {at_least: 6 weeks}, outcome: [failed]}}"
TWO = "{event: drug-trial, where: {outcome: [failed]}, number: 2, distinct: drug_class}"
ACUTE = "{event: drug-trial, where: {used_for: acute, outcome: [failed, not_tolerated]}}"
YEAR = "{event: treatment, within: 12 months}"


@table(
    # Missing attributes are missing.
    (SIX_WEEKS, "[]", MISSING),
    (SIX_WEEKS, "[{therapy: {outcome: failed}}]", MISSING),
    (SIX_WEEKS, "[{therapy: {outcome: failed, duration: 6 weeks}}]", MET),
    (SIX_WEEKS, "[{therapy: {outcome: failed, duration: {at_least: 8 weeks}}}]", MET),
    (SIX_WEEKS, "[{therapy: {outcome: failed, duration: 5 weeks}}]", MISSING),  # there may be more
    (SIX_WEEKS, "[{therapy: {outcome: failed, duration: 5 weeks}}, {therapy: {history: complete}}]", NOT_MET),
    (SIX_WEEKS, "[{therapy: {outcome: failed}}, {therapy: {history: complete}}]", MISSING),
    (SIX_WEEKS, "[{therapy: none}]", NOT_MET),
    (SIX_WEEKS, "[{therapy: unknown}]", MISSING),
    # A failed preventive drug does not stand for a failed acute one.
    (ACUTE, "[{drug-trial: {drug: topiramate, used_for: prevention, outcome: failed}}]", MISSING),
    (ACUTE, "[{drug-trial: {drug: sumatriptan, used_for: acute, outcome: failed}}]", MET),
    (ACUTE, "[{drug-trial: {drug: sumatriptan, outcome: failed}}]", MISSING),
    (ACUTE, "[{drug-trial: {used_for: acute, outcome: helped}}, {drug-trial: {history: complete}}]", NOT_MET),
    # Two classes, told apart by the drug.
    (TWO, "[{drug-trial: {drug: sumatriptan, outcome: failed}}, {drug-trial: {drug: rizatriptan, outcome: failed}}]", MISSING),
    (TWO, "[{drug-trial: {drug: sumatriptan, outcome: failed}}, {drug-trial: {drug: naproxen, outcome: failed}}]", MET),
    (TWO, "[{drug-trial: {drug: suvexx, outcome: failed}}, {drug-trial: {drug: sumatriptan, outcome: failed}}]", MET),
    (TWO, "[{drug-trial: {drug: suvexx, outcome: failed}}, {drug-trial: {history: complete}}]", NOT_MET),
    # A drug whose class is not known may be a second class.
    (TWO, "[{drug-trial: {drug: sumatriptan, outcome: failed}}, {drug-trial: {outcome: failed}}, {drug-trial: {history: complete}}]", MISSING),
    (TWO, "[{drug-trial: {drug: sumatriptan, outcome: failed}}, {drug-trial: {drug: rizatriptan, outcome: failed}}, {drug-trial: {history: complete}}]", NOT_MET),
    # A statement that there was none, beside one: the record says both.
    (ACUTE, "[{drug-trial: none}, {drug-trial: {used_for: acute, outcome: failed}}]", MISSING),
    # Windows: the start is excluded, the date of service included; calendar months.
    (YEAR, "[{treatment: {date: 2025-11-23}}]", MISSING),
    (YEAR, "[{treatment: {date: 2025-11-24}}]", MET),
    (YEAR, "[{treatment: {date: 2026-11-23}}]", MET),
    (YEAR, "[{treatment: {date: 2026-11-24}}]", MISSING),
    (YEAR, "[{treatment: {date: 2025-11-23}}, {treatment: {history: complete}}]", NOT_MET),
    # Vague dates are intervals: 2025 may lie inside or outside.
    (YEAR, "[{treatment: {date: 2026}}, {treatment: {history: complete}}]", MISSING),
    (YEAR, "[{treatment: {date: 2026-10}}]", MET),
    (YEAR, "[{treatment: {date: 2025}}, {treatment: {history: complete}}]", MISSING),
    (YEAR, "[{treatment: {date: 2024}}, {treatment: {history: complete}}]", NOT_MET),
    (YEAR, "[{treatment: {}}, {treatment: {history: complete}}]", MISSING),
    # A history closed for the window is enough; one that begins later is not.
    (YEAR, "[{treatment: {history: complete, from: 2025-11-23}}]", NOT_MET),
    (YEAR, "[{treatment: {history: complete, from: 2026-01-01}}]", MISSING),
    (YEAR, "[{treatment: {history: complete, to: 2026-06-01}}]", MISSING),
    ("{event: treatment}", "[{treatment: {history: complete, from: 2020-01-01}}]", MISSING),
    # A history closed for one kind says nothing of the others.
    ("{event: treatment, where: {kind: block}}", "[{treatment: {history: complete, kind: block}}]", NOT_MET),
    ("{event: treatment, where: {kind: block}}", "[{treatment: {history: complete, kind: injection}}]", MISSING),
    ("{event: treatment}", "[{treatment: {history: complete, kind: block}}]", MISSING),
    ("{event: treatment, where: {procedure: head-block}}", "[{treatment: {history: complete, kind: block}}]", NOT_MET),
    # What follows from the procedure needs not be stated.
    ("{event: treatment, where: {kind: block, region: head}}", "[{treatment: {procedure: head-block}}]", MET),
    ("{event: treatment, where: {kind: {not: block}}}", "[{treatment: {procedure: head-block}}, {treatment: {history: complete}}]", NOT_MET),
)  # fmt: skip
def test_event(bench, row):
    assert bench.status(*row[:2]) == row[2]


LEFT = "[{code: T0001, side: left}]"
SAME_SIDE = "{event: treatment, where: {side: requested}}"
SAME_LEVELS = "{event: treatment, where: {levels: requested}}"


@table(
    (SAME_SIDE, LEFT, "left", MET),
    (SAME_SIDE, LEFT, "bilateral", MET),
    (SAME_SIDE, LEFT, "right", NOT_MET),
    (SAME_SIDE, "[{code: T0001, side: bilateral}]", "left", NOT_MET),
    (SAME_SIDE, "[{code: T0001}]", "left", MISSING),
    (SAME_LEVELS, "[{code: T0001, levels: [C2-C3]}]", "[C2-C3, C3-C4]", MET),
    (SAME_LEVELS, "[{code: T0001, levels: [C2-C3, C3-C4]}]", "[C2-C3]", NOT_MET),
    (SAME_LEVELS, "[{code: T0001}]", "[C2-C3]", MISSING),
)
def test_as_requested(bench, row):
    """The same side and levels as asked for now; what was not stated then may have been the same."""
    rule, services, stated, status = row
    name = "side" if rule is SAME_SIDE else "levels"
    closed = ", {treatment: {history: complete}}]"
    known = f"[{{treatment: {{{name}: {stated}}}}}{closed}"
    assert bench.status(rule, known, services=services) == status
    assert bench.status(rule, f"[{{treatment: {{}}}}{closed}", services=services) == MISSING


CAP = "{count: treatment, where: {kind: block}, window: 12 months, at_most: 3}"
LIFETIME = "{count: treatment, window: lifetime, at_most: 2}"
NOT_COUNTING = "{count: treatment, window: 12 months, at_most: 1, requested: false}"
CLOSED = "{treatment: {history: complete}}"


def blocks(*dates, closed=False):
    known = [f"{{treatment: {{kind: block, date: {day}}}}}" for day in dates]
    return f"[{', '.join([*known, CLOSED] if closed else known)}]"


@table(
    (CAP, blocks(), 1, MISSING),
    (CAP, blocks(closed=True), 1, MET),
    (CAP, blocks("2026-01-10", "2026-05-10"), 1, MISSING),
    (CAP, blocks("2026-01-10", "2026-05-10", closed=True), 1, MET),
    (CAP, blocks("2026-01-10", "2026-05-10", "2026-08-10"), 1, NOT_MET),
    (CAP, blocks("2026-01-10", "2026-05-10", "2026-08-10", closed=True), 1, NOT_MET),
    (CAP, blocks("2026-01-10", "2026-01-10", "2026-01-10", closed=True), 1, MET),  # one day
    (CAP, blocks("2025-11-23", "2026-05-10", "2026-08-10", closed=True), 1, MET),  # a year ago
    (CAP, blocks("2025-11-24", "2026-05-10", "2026-08-10", closed=True), 1, NOT_MET),
    (CAP, blocks(closed=True), 4, MISSING),  # how far apart is not said
    (CAP, blocks("2026", "2026-05-10", "2026-08-10", closed=True), 1, MISSING),  # maybe one of them
    (CAP, blocks("2025", "2026-05-10", "2026-08-10", closed=True), 1, MISSING),
    (CAP, "[{treatment: none}]", 1, MET),
    (LIFETIME, blocks("2010-01-01", closed=True), 1, MET),
    (LIFETIME, blocks("2010-01-01", "2012-01-01", closed=True), 1, NOT_MET),
    (LIFETIME, blocks("2010-01-01"), 1, MISSING),
    (LIFETIME, "[{treatment: {}}, {treatment: {}}]", 1, MISSING),  # two notes of one session?
    (LIFETIME, "[{treatment: {number: 2}}]", 1, NOT_MET),
    (NOT_COUNTING, blocks("2026-05-10", closed=True), 1, MET),
    (NOT_COUNTING, blocks("2026-05-10", "2026-06-10", closed=True), 1, NOT_MET),
)
def test_count(bench, row):
    """Caps: one below, at and above, what is asked for counted too; met only where all is listed."""
    rule, facts, sessions, status = row
    services = [{"code": "T0001", "sessions": sessions}]
    assert bench.status(rule, facts, services=services) == status


@pytest.mark.parametrize(
    ("interval", "status"), [("92 days", MET), ("91 days", NOT_MET), ("12 months", MET)]
)
def test_a_series_is_counted_in_every_window(bench, interval, status):
    """Five sessions: 92 days apart, four of them fall in any twelve months; 91 days apart, five."""
    rule = "{count: treatment, window: 12 months, at_most: 4}"
    services = [{"code": "T0001", "sessions": 5, "interval": interval}]
    assert bench.status(rule, blocks(closed=True), services=services) == status


TWO_WEEKS = "{time_since: treatment, at_least: 14 days}"


@table(
    (TWO_WEEKS, "[]", MISSING),
    (TWO_WEEKS, blocks(closed=True), MET),
    (TWO_WEEKS, blocks("2026-11-09", closed=True), MET),
    (TWO_WEEKS, blocks("2026-11-10", closed=True), NOT_MET),
    (TWO_WEEKS, blocks("2026-11-10"), NOT_MET),
    (TWO_WEEKS, blocks("2026-11-09"), MISSING),  # there may be a later one
    (TWO_WEEKS, blocks("2026-11", closed=True), MISSING),
    (TWO_WEEKS, blocks("2026-10", closed=True), MET),
    (TWO_WEEKS, "[{treatment: {}}, {treatment: {history: complete}}]", MISSING),
    (TWO_WEEKS, "[{treatment: {history: complete, from: 2026-11-09}}]", MET),
    (TWO_WEEKS, "[{treatment: {history: complete, from: 2026-11-20}}]", MISSING),
)
def test_time_since(bench, row):
    assert bench.status(*row[:2]) == row[2]


SEQUENCE = "{sequence: treatment, where: {kind: block}, length: 2, same: [side], gap: 14 days, each: {relief: {at_least: 80 percent}}}"


def pair(*parts, closed=False):
    """Blocks, each as date, side and relief; a dash is not stated."""
    found = []
    for part in parts:
        names = zip(("date", "side", "relief"), part.split())
        attributes = ", ".join(f"{name}: {value}" for name, value in names if value != "-")
        found.append(f"{{treatment: {{kind: block, {attributes}}}}}")
    return f"[{', '.join([*found, CLOSED] if closed else found)}]"


@table(
    (pair("2026-09-01 left 85%", "2026-09-15 left 80%"), MET),
    (pair("2026-09-01 left 85%", "2026-09-14 left 80%", closed=True), NOT_MET),  # 13 days apart
    (pair("2026-09-01 left 85%", "2026-09-15 right 80%", closed=True), NOT_MET),
    (pair("2026-09-01 left 85%", "2026-09-15 left 79%", closed=True), NOT_MET),
    (pair("2026-09-01 left 85%", "2026-09-15 left -"), MISSING),
    (pair("2026-09-01 left 85%", "2026-09-15 - 80%"), MISSING),
    (pair("2026-09-01 left 85%", "- left 80%"), MISSING),
    (pair("2026-09 left 85%", "2026-10 left 80%"), MISSING),  # one day to sixty apart
    (pair("2026-08 left 85%", "2026-10 left 80%"), MET),
    (pair("2026-09-01 left 85%"), MISSING),
    (pair("2026-09-01 left 85%", closed=True), NOT_MET),
    (pair(), MISSING),
    (pair("2026-09-01 left 85%", "2026-09-15 left 80%", "2026-10-15 left 20%", closed=True), NOT_MET),
    (pair("2026-06-01 left 20%", "2026-09-01 left 85%", "2026-09-15 left 80%", closed=True), MET),
    (pair("2026-09-15 left 80%", "2026-09-01 left 85%"), MET),  # in whatever order they are told
    (pair("2026 left 20%", "2026-09-01 left 85%", "2026-09-15 left 80%", closed=True), MISSING),
)  # fmt: skip
def test_sequence(bench, row):
    """The latest events in a row; what is vague about which are the latest, or of them, is missing."""
    assert bench.status(SEQUENCE, row[0]) == row[1]


FALL = "{change: pain, from: baseline-pain, fall: {at_least: 20 percent}}"
POINTS = "{change: pain, from: baseline-pain, fall: {at_least: 3}}"


@table(
    (FALL, "[{baseline-pain: 10}, {pain: 8}]", MET),
    (FALL, "[{baseline-pain: 10}, {pain: 8.1}]", NOT_MET),
    (FALL, "[{baseline-pain: 5}, {pain: 4}]", MET),
    (FALL, "[{baseline-pain: 10}]", MISSING),
    (FALL, "[{pain: 1}]", MISSING),
    (FALL, "[{baseline-pain: 0}, {pain: 0}]", MISSING),
    (FALL, "[{baseline-pain: [8, 10]}, {pain: 7}]", MISSING),
    (FALL, "[{baseline-pain: [8, 10]}, {pain: 6}]", MET),
    (FALL, "[{baseline-pain: 5}, {pain: 9}]", NOT_MET),
    (POINTS, "[{baseline-pain: 8}, {pain: 5}]", MET),
    (POINTS, "[{baseline-pain: 8}, {pain: 5.5}]", NOT_MET),
    (POINTS, "[{baseline-pain: 8}, {pain: [4, 6]}]", MISSING),
)
def test_change(bench, row):
    assert bench.status(*row[:2]) == row[2]


@pytest.mark.parametrize("percent", [10, 20, 30, 40, 60, 70, 80, 90])
@pytest.mark.parametrize("before", [3, 5, 7, 9, 10])
def test_a_fall_of_exactly_so_much_counts(bench, percent, before):
    """Binary fractions do not decide: 10 to 8 is a fall of 20 percent."""
    rule = f"{{change: pain, from: baseline-pain, fall: {{at_least: {percent} percent}}}}"
    now = round(before * (100 - percent) / 100, 2)
    assert bench.status(rule, f"[{{baseline-pain: {before}}}, {{pain: {now}}}]") == MET


@table(
    ("{session: regions, at_most: 1}", "[T0001]", MET),
    ("{session: regions, at_most: 1}", "[T0001, T0002]", NOT_MET),
    ("{session: regions, at_most: 1}", "[T0001, T0003]", MISSING),
    ("{session: regions, at_most: 1}", "[T0001, {code: T0003, muscles: [muscle-three]}]", MET),
    ("{session: regions, at_most: 1}", "[T0001, {code: T0003, muscles: [muscle-one]}]", NOT_MET),
    ("{session: regions, at_most: 1, of: [block]}", "[T0001, T0003]", MET),
    ("{session: levels, at_most: 1}", "[{code: T0001, levels: [H1]}]", MET),
    ("{session: levels, at_most: 1}", "[{code: T0001, levels: [H1, H2]}]", NOT_MET),
    ("{session: levels, at_most: 1}", "[T0001]", MISSING),
    ("{session: levels, at_most: 1}", "[{code: T0001, levels: [H1]}, {code: T0002, levels: [C2-C3]}]", NOT_MET),
    ("{session: levels, at_most: 1}", "[{code: T0001, levels: [H1]}, T0002]", MISSING),
    ("{session: sides, at_most: 1}", "[{code: T0001, side: left}]", MET),
    ("{session: sides, at_most: 1}", "[{code: T0001, side: bilateral}]", NOT_MET),
    ("{session: sides, at_most: 1}", "[{code: T0001, side: left}, {code: T0002, side: right}]", NOT_MET),
    ("{session: sides, at_most: 1}", "[T0001]", MISSING),
    ("{session: units, at_most: 2}", "[{code: T0001, units: 2}]", MET),
    ("{session: units, at_most: 2}", "[{code: T0001, units: 3}]", NOT_MET),
    ("{session: units, at_most: 2}", "[{code: T0001, units: 2}, T0002]", NOT_MET),
    ("{session: units, at_most: 2}", "[T0001]", MISSING),
    ("{session: services, at_most: 1}", "[T0001]", MET),
    ("{session: services, at_most: 1, of: [block]}", "[T0001, T0002]", NOT_MET),
    ("{session: muscles, at_most: 2}", "[{code: T0001, muscles: [muscle-one, muscle-two]}]", MET),
    ("{session: muscles, at_most: 1}", "[{code: T0001, muscles: [muscle-one, muscle-two]}]", NOT_MET),
)  # fmt: skip
def test_session(bench, row):
    assert bench.status(row[0], services=row[1]) == row[2]


def test_a_session_knows_what_is_said_in_general(bench):
    """A statement about all lines counts for each of them."""
    rule = "{session: levels, at_most: 1}"
    assert bench.status(rule, "[{levels: [H1]}]", services="[T0001, T0002]") == MET
    assert bench.status(rule, "[{levels: [H1, H2]}]", services="[T0001, T0002]") == NOT_MET


DOSE = "{dose: lidocaine, at_most: 300 mg}"
PLAIN = "{dose: lidocaine, where: {epinephrine: false}, at_most: 300 mg}"
PER_KG = "{dose: lidocaine, at_most_per_kg: 4.5 mg}"
CLASS = "{dose: local-anaesthetic, at_most: 300 mg}"


def given(*drugs):
    return f"[{{code: T0001, drugs: [{', '.join(drugs)}]}}]"


@table(
    (DOSE, "[T0001]", "[]", MISSING),
    (DOSE, given("lidocaine"), "[]", MISSING),
    (DOSE, given("{drug: lidocaine, dose: 300 mg}"), "[]", MET),
    (DOSE, given("{drug: lidocaine, dose: 301 mg}"), "[]", NOT_MET),
    (DOSE, given("{drug: lidocaine, dose: 200 mg}", "{drug: lidocaine, dose: 150 mg}"), "[]", NOT_MET),
    (DOSE, given("{drug: lidocaine, dose: 301 mg}", "lidocaine"), "[]", NOT_MET),
    (DOSE, given("{drug: lidocaine, dose: [200, 400]}"), "[]", MISSING),
    (DOSE, given("{drug: lidocaine, dose: [100, 200]}"), "[]", MET),
    (DOSE, given("{drug: lidocaine, dose: {at_least: 100 mg}}"), "[]", MISSING),
    (DOSE, given("{drug: bupivacaine, dose: 500 mg}"), "[]", MET),
    (CLASS, given("{drug: bupivacaine, dose: 200 mg}", "{drug: lidocaine, dose: 150 mg}"), "[]", NOT_MET),
    # With epinephrine another limit holds; where it is not said, it may be either.
    (PLAIN, given("{drug: lidocaine, dose: 400 mg, epinephrine: true}"), "[]", MET),
    (PLAIN, given("{drug: lidocaine, dose: 400 mg, epinephrine: false}"), "[]", NOT_MET),
    (PLAIN, given("{drug: lidocaine, dose: 400 mg}"), "[]", MISSING),
    (PLAIN, given("{drug: lidocaine, dose: 200 mg}"), "[]", MET),
    (PER_KG, given("{drug: lidocaine, dose: 300 mg}"), "[]", MISSING),
    (PER_KG, given("{drug: lidocaine, dose: 315 mg}"), "[{weight: 70}]", MET),
    (PER_KG, given("{drug: lidocaine, dose: 316 mg}"), "[{weight: 70}]", NOT_MET),
    (PER_KG, given("{drug: lidocaine, dose: 300 mg}"), "[{weight: [50, 100]}]", MISSING),
    (PER_KG, given("{drug: lidocaine, dose: 200 mg}"), "[{weight: [50, 100]}]", MET),
    ("{dose: lidocaine, at_most: 300 mg, over: 7 days}", given("{drug: lidocaine, dose: 200 mg}"),
     "[{treatment: {drug: lidocaine, dose: 150 mg, date: 2026-11-20}}]", NOT_MET),
    ("{dose: lidocaine, at_most: 300 mg, over: 7 days}", given("{drug: lidocaine, dose: 200 mg}"),
     "[{treatment: {drug: lidocaine, dose: 150 mg, date: 2026-11-10}}]", MET),
)  # fmt: skip
def test_dose(bench, row):
    """Doses that are not stated are missing; none of them is ever taken for too much."""
    assert bench.status(row[0], row[2], services=row[1]) == row[3]


@table(
    ("{all_of: [{flag: fever}, {flag: tender}]}", "[{fever: present}]", MISSING),
    ("{all_of: [{flag: fever}, {flag: tender}]}", "[{fever: absent}]", NOT_MET),
    ("{any_of: [{flag: fever}, {flag: tender}]}", "[{fever: absent}]", MISSING),
    ("{any_of: [{flag: fever}, {flag: tender}]}", "[{fever: present}]", MET),
    ("{none_of: [{flag: fever}, {flag: tender}]}", "[{fever: absent}]", MISSING),
    ("{at_least: 2, of: [{flag: fever}, {flag: tender}, {flag: allergy}]}", "[{fever: present}]", MISSING),
    ("{at_least: 2, of: [{flag: fever}, {flag: tender}, {flag: allergy}]}", "[{fever: absent}, {tender: absent}]", NOT_MET),
    # A requirement of the editors only asks.
    ("{flag: fever, basis: editorial, because: they ask}", "[{fever: absent}]", MISSING),
    ("{flag: fever, basis: editorial, because: they ask}", "[{fever: present}]", MET),
    ("{all_of: [{flag: tender}], basis: editorial, because: they ask}", "[{tender: absent}]", MISSING),
    # What rests on rumours alone, or on what was retracted, never counts as met.
    ("{flag: fever, rests_on: [rumour]}", "[{fever: present}]", NOT_MET),
    ("{flag: fever, rests_on: [retracted-claim]}", "[{fever: present}]", NOT_MET),
    ("{flag: fever, rests_on: [rumour, trial]}", "[{fever: present}]", MET),
    ("{any_of: [{flag: tender}, {flag: fever, rests_on: [rumour]}]}", "[{fever: present}]", MISSING),
)  # fmt: skip
def test_connectives_and_support(bench, row):
    assert bench.status(*row[:2]) == row[2]
