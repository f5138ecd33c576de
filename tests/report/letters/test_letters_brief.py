"""The peer-to-peer brief and the submission checklist."""

from __future__ import annotations

from datetime import date

import pytest

from medwarrant import Answer, InputError, Medwarrant
from medwarrant.report.letters import (
    Correspondence,
    Letter,
    peer_to_peer_brief,
    submission_checklist,
)
from medwarrant.report.letters.letter import Line, Listed, Part, Table, Ticks


def part(letter: Letter, title: str) -> Part:
    return next(one for one in letter.parts if one.title == title)


def table(found: Part) -> Table:
    return next(block for block in found.blocks if isinstance(block, Table))


def listed(found: Part) -> tuple[Line, ...]:
    return next(block.lines for block in found.blocks if isinstance(block, Listed))


# --- the brief ------------------------------------------------------------------------------------


def test_a_brief_tells_the_case_its_criteria_and_what_is_open(
    facet: Answer, to: Correspondence
) -> None:
    made = peer_to_peer_brief(facet, to)
    assert [one.title for one in made.parts] == [
        "The case",
        "64493 for M47.816",
        "Where sources disagree",
        "What would change it",
        "Sources",
    ]
    rows = table(part(made, "64493 for M47.816")).rows
    statuses = [row[1].text for row in rows]
    assert statuses[0] == "not met"
    assert statuses == sorted(statuses, key=("not met", "missing", "met").index)
    assert all(row[3].cites for row in rows)


def test_evidence_has_direction_strength_and_certainty(open_: Answer, to: Correspondence) -> None:
    lines = listed(part(peer_to_peer_brief(open_, to), "64405 for G43.919"))
    assert (lines[0].lead, lines[0].text) == ("Evidence:", "For, weak. Certainty low.")
    assert all(line.cites for line in lines[1:])


def test_questions_and_the_smallest_sets_are_told(open_: Answer, to: Correspondence) -> None:
    made = peer_to_peer_brief(open_, to)
    questions = [line.text for line in listed(part(made, "Questions to settle"))]
    assert questions[0] == "Which drugs were tried, for what, how long, and with what result?"
    (change,) = listed(part(made, "What would change it"))
    assert change.inner[0].text.endswith(
        "acute drug treatment was inadequate, not tolerated or contraindicated."
    )


def test_where_sources_disagree_each_direction_keeps_a_voice(
    open_: Answer, to: Correspondence
) -> None:
    (first, *_) = listed(part(peer_to_peer_brief(open_, to), "Where sources disagree"))
    known = {
        (statement.claim.rstrip("."), statement.direction)
        for statement in open_.library.statements.values()
    }
    conflict = next(
        one for one in open_.determination.conflicts if first.lead.startswith(one.about)
    )
    meant = {
        d for side in conflict.statements for claim, d in known if claim == side.says.rstrip(".")
    }
    shown = {
        direction
        for line in first.inner
        for claim, direction in known
        if claim.startswith(line.text.rstrip(".… "))
    }
    assert len(meant) > 1
    assert shown == meant


def test_the_talk_is_about_what_does_not_meet_its_criteria_unless_pairs_are_named(
    four: Answer, met: Answer, to: Correspondence
) -> None:
    assert peer_to_peer_brief(met, to).subject == "Peer-to-peer brief: 64405 for G43.919"
    made = peer_to_peer_brief(four, to, [("64405", "M79.12")])
    assert made.subject == "Peer-to-peer brief: 64405 for M79.12"
    with pytest.raises(InputError, match="no such pair"):
        peer_to_peer_brief(four, to, [("64405", "M54.2")])


def test_a_provisional_case_is_marked(provisional: Answer, to: Correspondence) -> None:
    (line,) = listed(peer_to_peer_brief(provisional, to).parts[0])
    assert "provisional" in line.text


def test_a_pair_that_no_policy_names_has_an_honest_brief(
    unknown: Answer, to: Correspondence
) -> None:
    made = peer_to_peer_brief(unknown, to)
    text = str(made)
    assert "No policy in the library names this pair." in text
    assert "None in the library." in text


# --- the checklist --------------------------------------------------------------------------------


def ticks(letter: Letter, title: str) -> tuple[Line, ...]:
    return next(block.lines for block in part(letter, title).blocks if isinstance(block, Ticks))


def test_every_service_and_diagnosis_has_its_packet(four: Answer) -> None:
    made = submission_checklist(four)
    titles = [(one.level, one.title) for one in made.parts]
    for service in ("Trigger point injection in three or more muscles (20553)", "(64405)"):
        assert any(service in title for level, title in titles if level == 2)
    packets = [title for level, title in titles if level == 3]
    assert [title.rpartition("(")[2] for title in packets] == ["M79.12)", "G43.919)"] * 2


def test_each_document_says_what_it_closes_and_what_is_missing_comes_first(
    open_: Answer,
) -> None:
    made = submission_checklist(open_)
    (first, *others) = next(
        block.lines for one in made.parts if one.level == 3 for block in one.blocks
    )
    assert first.lead == "Medication history with the acute drugs, doses, dates and results."
    assert first.text == (
        "Closes: acute drug treatment was inadequate, not tolerated or contraindicated (missing)."
    )
    wanted = {document.what.rstrip(".") for document in open_.determination.documents}
    assert {line.lead.rstrip(".") for line in (first, *others)} == wanted


def test_payer_and_policy_are_named_or_said_to_be_open(facet: Answer, open_: Answer) -> None:
    lines = [
        line
        for block in part(submission_checklist(facet), "Payer and policy").blocks
        for line in block.lines
    ]  # type: ignore[union-attr]
    assert lines[0].text == "Original Medicare, California."
    assert lines[1].lead == "Facet joint injections, uniform Medicare local determination."
    made = submission_checklist(open_)
    assert made.fields[0].value == "not named"


def test_codes_to_check_and_questions_have_boxes(medwarrant: Medwarrant, as_of: date) -> None:
    answer = medwarrant.determine({"services": ["64450"], "diagnoses": ["G50.0"]}, as_of=as_of)
    leads = {line.lead for line in ticks(submission_checklist(answer), "Check before you send")}
    assert "Code:" in leads


def test_a_checklist_needs_no_case_and_takes_one(four: Answer, to: Correspondence) -> None:
    assert submission_checklist(four).sender == ""
    made = submission_checklist(four, to)
    assert made.to[0] == "Springfield Clinic"
    assert made.fields[0].value == "C-2026-0173"
