"""Letters of a decision: what they hold, in which order, and what they refuse."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from medwarrant import Answer, InputError, Medwarrant
from medwarrant.report.letters import (
    Correspondence,
    DecisionTold,
    Letter,
    LineDecision,
    adverse_notice,
    approval_letter,
    grounds_of,
    letter_text,
)
from medwarrant.report.letters.letter import Line, Part, Table, lines_of

REASON = "Your notes say that a nerve in your leg hurts and was not treated yet."


def part(letter: Letter, name: str) -> Part:
    return next(one for one in (*letter.parts, *letter.enclosed) if one.id == name)


def texts(found: Part) -> list[str]:
    lines: list[Line] = []
    for block in found.blocks:
        if isinstance(block, Table):
            lines += [cell for row in block.rows for cell in row]
        else:
            lines += getattr(block, "lines", ())
    return [" ".join(filter(None, (line.lead, line.text))) for line in lines]


def adverse(**told: object) -> DecisionTold:
    line = {
        "service": "64493",
        "decided": "not_approved",
        "reason": REASON,
        "criteria": ("no-radiculopathy", "three-months"),
        **told,
    }
    return DecisionTold(
        kind="adverse",
        signed_by="Anna Example",
        credentials="MD",
        signed_on=date(2026, 11, 24),
        lines=(LineDecision(**line),),  # type: ignore[arg-type]
    )


# --- the adverse notice ---------------------------------------------------------------------------


def test_the_parts_of_a_notice_stand_in_their_order(facet: Answer, to: Correspondence) -> None:
    made = adverse_notice(facet, adverse(), to)
    assert [one.id for one in made.parts] == [
        "opening",
        "not-approved",
        "why",
        "change",
        "rules-used",
        "decided",
        "appeal",
        "notices",
        "language",
    ]
    assert [one.id for one in made.enclosed] == ["services", "criteria", "rules", "talk", "sources"]
    assert made.to == ("Maria Example", "12 Oak Lane", "Springfield, IL 62704")
    assert made.copies == ("Springfield Clinic",)


def test_the_reason_is_the_physicians_word_for_word(facet: Answer, to: Correspondence) -> None:
    made = adverse_notice(facet, adverse(), to)
    (reason,) = (one for one in lines_of(made, "member") if one.origin == "person")
    assert (reason.lead, reason.text) == ("The reason:", REASON)


def test_what_was_not_met_and_what_is_missing_are_told_apart(
    facet: Answer, to: Correspondence
) -> None:
    told = texts(part(adverse_notice(facet, adverse(), to), "why"))
    assert told[1:] == [
        "The rule asks for this, and it was not met:",
        "No untreated nerve pain in an arm or leg.",
        "The rule asks for this, and we did not find it in what was sent to us:",
        "Pain for at least three months.",
    ]


def test_a_named_physician_decided_and_can_be_reached(facet: Answer, to: Correspondence) -> None:
    told = texts(part(adverse_notice(facet, adverse(), to), "decided"))
    assert told == [
        "A doctor made this decision. It rests on the rules and points named above.",
        "Anna Example, MD, decided on November 24, 2026.",
        "Your doctor can ask to talk with a doctor about this decision.",
        "Call 1-800-555-0102 within 14 days.",
    ]
    phone_only = msgspec.structs.replace(to, peer_to_peer="")
    told = texts(part(adverse_notice(facet, adverse(), phone_only), "decided"))
    assert told[-1] == "The number to call is 1-800-555-0100."


def test_appeal_rights_are_the_plans_text_in_its_paragraphs(
    facet: Answer, to: Correspondence
) -> None:
    made = adverse_notice(facet, adverse(), to)
    assert texts(part(made, "appeal")) == [
        "You can ask us to look at this again.",
        "You have 65 days to ask.",
    ]
    assert (
        made.foot[-1] == "Appeal rights as the plan supplies them for Medicare Advantage, Illinois"
    )


def test_the_office_reads_criteria_with_status_record_and_sources(
    facet: Answer, to: Correspondence
) -> None:
    made = adverse_notice(facet, adverse(), to)
    table = part(made, "criteria").blocks[1]
    assert isinstance(table, Table)
    first, second = table.rows
    assert [cell.text for cell in first[:3]] == [
        "No untreated radiculopathy or neurogenic claudication, unless from a facet synovial cyst",
        "not met",
        "Untreated nerve root pain or neurogenic claudication: Stated as present. Synovial cyst of a facet joint: Stated as absent.",
    ]
    assert second[1].text == "missing"
    listed = {entry.n for entry in part(made, "sources").blocks[0].entries}  # type: ignore[union-attr]
    cited = {cite.n for line in lines_of(made) for cite in line.cites}
    assert cited
    assert cited == listed


def test_what_could_change_it_is_the_engines_smallest_set(
    open_: Answer, to: Correspondence
) -> None:
    line = LineDecision(
        service="64405",
        decided="not_approved",
        reason="Your notes do not show which pills you tried.",
        criteria=("acute-drugs-inadequate",),
    )
    made = adverse_notice(open_, msgspec.structs.replace(adverse(), lines=(line,)), to)
    assert texts(part(made, "change")) == [
        "The decision could change if your doctor's office can show this:",
        "Medicines to stop an attack did not work well enough or were not safe.",
        "If there are new facts, your doctor's office can send them to us.",
    ]
    office = texts(part(made, "would-change"))
    assert "Documents that close what is missing, 64405 for G43.919:" in office
    assert "Medication history with the acute drugs, doses, dates and results." in office


def test_where_nothing_missing_would_do_it_says_so(facet: Answer, to: Correspondence) -> None:
    both = texts(part(adverse_notice(facet, adverse(), to), "change"))
    assert both[0] == "Proof of what is missing would not be enough by itself."
    one = adverse(criteria=("no-radiculopathy",))
    assert texts(part(adverse_notice(facet, one, to), "change"))[0] == (
        "We know of no missing fact that would change the decision."
    )


def test_the_members_reason_stands_for_the_member_and_the_other_for_the_office(
    facet: Answer, to: Correspondence
) -> None:
    made = adverse_notice(
        facet, adverse(reason="Untreated radiculopathy.", member_reason="A nerve hurts."), to
    )
    assert texts(part(made, "why"))[0] == "The reason: A nerve hurts."
    assert "Reason, 64493 for M47.816: Untreated radiculopathy." in texts(part(made, "criteria"))


def partial(kind: str, *lines: LineDecision) -> DecisionTold:
    return msgspec.structs.replace(adverse(), kind=kind, lines=lines)


def refused(service: str, diagnosis: str, criterion: str) -> LineDecision:
    return LineDecision(
        service=service,
        diagnoses=(diagnosis,),
        decided="not_approved",
        reason="It was not shown.",
        criteria=(criterion,),
    )


def test_a_partial_decision_tells_the_approved_part_first(four: Answer, to: Correspondence) -> None:
    made = adverse_notice(
        four,
        partial(
            "partially_approved",
            refused("20553", "G43.919", "trigger-points-documented"),
            LineDecision(
                service="20553", diagnoses=("M79.12",), decided="approved", words="Three visits"
            ),
            refused("64405", "M79.12", _position(four, "64405", "M79.12")),
            LineDecision(
                service="64405",
                diagnoses=("G43.919",),
                decided="modified",
                words="One block in place of three",
                reason="The result of the first block decides.",
                criteria=("acute-drugs-inadequate",),
            ),
        ),
        to,
    )
    ids = [one.id for one in made.parts]
    assert (
        ids.index("approved") < ids.index("modified") < ids.index("not-approved") < ids.index("why")
    )
    assert made.subject == "Part of your care is approved, and part is not"
    assert texts(part(made, "approved")) == [
        "Shots into tight, sore spots in three or more muscles, for muscle pain with tight and sore spots. Three visits."
    ]
    assert texts(part(made, "modified")) == [
        "Asked for: Numbing shot near the nerve at the back of the head, for migraine. Approved: One block in place of three."
    ]
    assert [one.level for one in made.parts if one.id.startswith("why-")] == [3, 3, 3]
    rows = part(made, "services").blocks[0].rows  # type: ignore[union-attr]
    assert [(row[0].text, row[1].lead, row[3].text) for row in rows] == [
        ("1", "20553", "Not approved"),
        ("1", "20553", "Approved"),
        ("2", "64405", "Not approved"),
        ("2", "64405", "Approved in another form"),
    ]


def _position(answer: Answer, service: str, diagnosis: str) -> str:
    return next(g.id for g in grounds_of(answer, service, diagnosis) if g.kind == "position")


def test_doubts_are_warnings_and_are_drawn_nowhere(met: Answer, to: Correspondence) -> None:
    line = LineDecision(
        service="64405", decided="not_approved", reason="It does not fit.", criteria=("setting",)
    )
    made = adverse_notice(met, msgspec.structs.replace(adverse(), lines=(line,)), to)
    assert len(made.warnings) == 2
    assert "the criteria are met" in made.warnings[0]
    assert "every criterion it rests on is met" in made.warnings[1]
    assert "the criteria are met" not in letter_text(made)


def test_a_ground_of_the_editors_alone_is_pointed_out(open_: Answer, to: Correspondence) -> None:
    line = LineDecision(
        service="64405",
        decided="not_approved",
        reason="It was not shown.",
        criteria=("acute-drugs-inadequate",),
    )
    made = adverse_notice(open_, msgspec.structs.replace(adverse(), lines=(line,)), to)
    assert any("editors of the library" in warning for warning in made.warnings)


def test_a_hard_reason_is_kept_and_measured(facet: Answer, to: Correspondence) -> None:
    hard = (
        "It was late. Untreated radicular symptomatology precludes diagnostic zygapophysial "
        "intervention under L38801."
    )
    made = adverse_notice(facet, adverse(reason=hard), to)
    assert hard in [line.text for line in lines_of(made, "member")]
    grade, code = made.warnings
    assert "reads at grade" in grade
    assert "“Untreated radicular" in grade
    assert "It was late" not in grade
    assert "holds a code" in code


# --- the approval letter --------------------------------------------------------------------------


def test_an_approval_tells_what_why_and_who(met: Answer, to: Correspondence) -> None:
    told = DecisionTold(
        kind="approved",
        signed_by="Tom Example",
        credentials="RN",
        signed_on=date(2026, 11, 24),
        lines=(LineDecision(service="64405", decided="approved", words="One block"),),
        authorization="A-5",
        valid_from=date(2026, 12, 1),
        valid_to=date(2027, 2, 28),
    )
    made = approval_letter(met, told, to)
    assert [one.id for one in made.parts] == [
        "opening",
        "approved",
        "why",
        "decided",
        "notices",
        "language",
    ]
    assert texts(part(made, "approved")) == [
        "Numbing shot near the nerve at the back of the head, for migraine. One block.",
        "This approval holds from December 1, 2026 until February 28, 2027.",
    ]
    assert texts(part(made, "why"))[:4] == [
        "What we know fits the rule for this care.",
        "These points were met:",
        "What the treatment is meant to do: stop an attack that is going on now.",
        "The place where you get the treatment: the emergency room.",
    ]
    assert texts(part(made, "decided")) == ["Tom Example, RN, decided on November 24, 2026."]
    assert [field.value for field in made.fields if field.label == "Approval number"] == ["A-5"]


def test_an_approval_against_the_proposal_claims_no_criteria(
    facet: Answer, to: Correspondence
) -> None:
    line = LineDecision(service="64493", decided="approved", reason="The cyst was seen last year.")
    told = msgspec.structs.replace(adverse(), kind="approved", lines=(line,))
    why = texts(part(approval_letter(facet, told, to), "why"))
    assert why[0] == "The cyst was seen last year."
    assert "What we know fits the rule for this care." not in why
    assert "These points were met:" not in why


# --- refusals -------------------------------------------------------------------------------------


def told_of(changes: dict[str, object]) -> DecisionTold:
    whole = {"signed_by", "credentials", "signed_on", "kind", "lines"}
    inside = {name: value for name, value in changes.items() if name not in whole}
    outside = {name: value for name, value in changes.items() if name in whole}
    return msgspec.structs.replace(adverse(**inside), **outside)


@pytest.mark.parametrize(
    ("changes", "where", "says"),
    [
        ({"reason": "  "}, "decision, line 1", "no specific reason"),
        ({"criteria": ()}, "decision, line 1", "tied to no criterion for M47.816"),
        ({"criteria": ("not-in-the-record",)}, "decision, line 1", "holds no criterion"),
        ({"sources": ("nobody-2020",)}, "decision, line 1", "does not cite the source"),
        ({"decided": "modified", "kind": "modified"}, "decision, line 1", "approved instead"),
        ({"service": "64494"}, "decision, line 1", "does not hold this service"),
        ({"diagnoses": ("M54.2",)}, "decision, line 1", "this service for M54.2"),
        ({"kind": "partially_approved"}, "decision.kind", "its lines say otherwise"),
        ({"decided": "approved"}, "decision.kind", "its lines say otherwise"),
        ({"lines": ()}, "decision.kind", "its lines say otherwise"),
        ({"signed_by": " "}, "decision.signed_by", "nobody"),
        ({"credentials": ""}, "decision.credentials", "credentials"),
        (
            {"signed_on": date(2026, 12, 1)},
            "correspondence.dated",
            "before the decision was signed",
        ),
        ({"kind": "approved", "decided": "approved"}, "decision.kind", "not an approval"),
    ],
)
def test_a_decision_that_does_not_hold_is_refused(
    facet: Answer, to: Correspondence, changes: dict[str, object], where: str, says: str
) -> None:
    with pytest.raises(InputError, match=says) as refusal:
        adverse_notice(facet, told_of(changes), to)
    assert refusal.value.where.startswith(where)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"appeal_rights": " \n "}, "correspondence.appeal_rights"),
        ({"jurisdiction": ""}, "correspondence.jurisdiction"),
        ({"peer_to_peer": "", "phone": ""}, "correspondence.peer_to_peer"),
        ({"member": ""}, "correspondence.member"),
        ({"plan": ""}, "correspondence.plan"),
        ({"case_number": ""}, "correspondence.case_number"),
    ],
)
def test_a_notice_without_what_only_the_plan_knows_is_refused_and_says_where(
    facet: Answer, to: Correspondence, changes: dict[str, str], where: str
) -> None:
    with pytest.raises(InputError) as refusal:
        adverse_notice(facet, adverse(), msgspec.structs.replace(to, **changes))
    assert refusal.value.where == where
    assert where.endswith(("member", "plan", "case_number")) or refusal.value.mend


def test_nothing_is_sent_while_it_is_provisional(
    provisional: Answer, to: Correspondence, decide
) -> None:
    with pytest.raises(InputError, match="provisional"):
        approval_letter(provisional, decide(provisional, "approved"), to)
    with pytest.raises(InputError, match="provisional"):
        adverse_notice(provisional, decide(provisional), to)


def test_every_pair_is_decided_and_decided_once(four: Answer, to: Correspondence, decide) -> None:
    whole = decide(four, "approved")
    assert approval_letter(four, whole, to).kind == "approval_letter"
    with pytest.raises(InputError, match=r"nothing is decided on 64405 for G43\.919"):
        approval_letter(four, msgspec.structs.replace(whole, lines=whole.lines[:-1]), to)
    twice = msgspec.structs.replace(whole, lines=(*whole.lines, whole.lines[0]))
    with pytest.raises(InputError, match="decided twice"):
        approval_letter(four, twice, to)


def test_a_line_covers_all_its_diagnoses_where_none_is_named(
    four: Answer, to: Correspondence, decide
) -> None:
    lines = tuple(LineDecision(service=code, decided="approved") for code in ("20553", "64405"))
    told = msgspec.structs.replace(decide(four, "approved"), lines=lines)
    assert len(approval_letter(four, told, to).enclosed[0].blocks[0].rows) == 2  # type: ignore[union-attr]


def test_two_lines_of_one_code_are_told_apart_by_their_place(
    medwarrant: Medwarrant, as_of: date, to: Correspondence, decide
) -> None:
    request = {
        "services": [{"code": "64405", "side": "left"}, {"code": "64405", "side": "right"}],
        "diagnoses": ["G43.919"],
    }
    answer = medwarrant.determine(request, as_of=as_of)
    made = approval_letter(answer, decide(answer, "approved"), to)
    names = texts(part(made, "approved"))
    assert len(set(names)) == 2
    one = LineDecision(service="64405", decided="approved")
    with pytest.raises(InputError, match="several service lines") as refusal:
        approval_letter(
            answer, msgspec.structs.replace(decide(answer, "approved"), lines=(one,)), to
        )
    assert "0, 1" in refusal.value.mend


def test_an_adverse_decision_cannot_be_told_by_an_approval_letter(
    facet: Answer, to: Correspondence
) -> None:
    with pytest.raises(InputError, match="tells an approval"):
        approval_letter(facet, adverse(), to)


def test_a_pair_without_any_criterion_cannot_be_told_as_not_approved(
    unknown: Answer, to: Correspondence, decide
) -> None:
    assert grounds_of(unknown, "99999", "M54.2") == ()
    with pytest.raises(InputError, match="tied to no criterion"):
        adverse_notice(unknown, decide(unknown), to)


def test_rules_whose_sources_are_unverified_carry_no_decision(
    open_: Answer, to: Correspondence
) -> None:
    unverified = [g.id for g in grounds_of(open_, "64405", "G43.919") if not g.counts]
    assert unverified
    line = LineDecision(
        service="64405", decided="not_approved", reason="Too much.", criteria=(unverified[0],)
    )
    with pytest.raises(InputError, match="unverified"):
        adverse_notice(open_, msgspec.structs.replace(adverse(), lines=(line,)), to)
