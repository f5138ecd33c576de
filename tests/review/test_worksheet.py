"""The worksheet: criteria with facts, documents with quotes, and what each person said."""

from __future__ import annotations

import pytest
from case_scenes import MISSING, Scene
from sqlalchemy import text

from medwarrant.review import comments, facts, inquiries, sections, submitting, worksheet
from medwarrant.review.errors import NotAllowed, NotFound, Stale
from medwarrant.review.inquiries import FileSent

PAGE = "<html><body><p>Failed <b>sumatriptan</b> &amp; takes warfarin daily.</p></body></html>"
ASKED = ("Is 64405 medically necessary for G43.919?", ["intent=acute", "setting=office"])


@pytest.fixture
def scene(any_desk, people, others):
    return Scene(any_desk, people, others)


def sheet_of(scene, case, person=None):
    with scene.desk.work(person or scene.nurse) as work:
        return worksheet.worksheet(work, case.id)


def test_facts_are_marked_where_they_were_written(scene):
    case = scene.with_nurse(ASKED, notes=[("visit.html", PAGE), ("plain.txt", "No fever.\n")])
    sheet = sheet_of(scene, case)
    shown = {one.name: one for one in sheet.documents}
    page, plain = shown["visit.html"], shown["plain.txt"]
    assert shown["question"].text == ASKED[0]
    assert page.text == "Failed sumatriptan & takes warfarin daily."
    marked = {fact: piece.text for piece in page.pieces for fact in piece.facts}
    assert marked["anticoagulant"] == "takes warfarin"
    assert marked["drug-trial#1"] == "sumatriptan"
    assert "".join(piece.text for piece in page.pieces) == page.text
    assert plain.not_placed == page.not_placed == ()
    assert sheet.not_placed == ()


def test_criteria_carry_their_facts_and_comments(scene):
    case = scene.with_nurse(ASKED, notes=[("visit.html", PAGE)])
    name = "acute-drugs-inadequate"
    scene.do(
        scene.nurse,
        comments.add_comment,
        case,
        "The dose is missing.",
        service="64405",
        criterion=name,
    )
    sheet = sheet_of(scene, case)

    def nodes(criterion):
        yield criterion
        for child in criterion.children:
            yield from nodes(child)

    found = {
        node.result.id: node
        for item in sheet.items
        for root in item.criteria
        for node in nodes(root)
    }
    node = found[name]
    assert [fact.fact.quote for fact in node.facts] == ["sumatriptan"]
    assert node.facts[0].awaits_reviewer
    assert [comment.body for comment in node.comments] == ["The dose is missing."]
    assert sheet.items[0].comments == ()
    assert sheet.people[scene.nurse.id] == scene.nurse.name


def test_what_each_person_said_stands_beside_the_fact(scene):
    case = scene.with_nurse(ASKED, notes=[("visit.html", PAGE)])
    said = facts.FactSaid(act="accepted", fact="anticoagulant", comment="In the chart too.")
    scene.do(scene.nurse, facts.review_facts, case, [said])
    sheet = sheet_of(scene, case)
    held = {one.fact.fact: one for one in sheet.facts}
    assert [one.comment for one in held["anticoagulant"].said] == ["In the chart too."]
    assert not held["anticoagulant"].awaits_reviewer
    assert held["drug-trial"].awaits_reviewer
    assert (sheet.record_number, sheet.record_digest) == (2, scene.digest(case))


def test_a_document_that_is_another_one_now_says_so(scene):
    """The bytes are those of another file: no quote is shown at a place that does not hold it."""
    case = scene.with_nurse(ASKED, notes=[("visit.html", PAGE)])
    with scene.desk.database.begin() as connection:
        connection.execute(
            text("UPDATE document SET body = :body"),
            {"body": b"<p>Quite another text, of another day.</p>"},
        )
    sheet = sheet_of(scene, case)
    page = next(one for one in sheet.documents if one.name == "visit.html")
    assert {one.fact for one in page.not_placed} == {"anticoagulant", "drug-trial#1"}
    assert {one.why for one in page.not_placed} <= {
        "the file holds other words at this place",
        "the place of the fact is not in the text",
    }
    assert all(not piece.facts for piece in page.pieces)


def test_a_document_that_is_not_kept_says_so(scene):
    app = scene.desk.medwarrant
    answer = app.ask(
        ASKED[0], facts=ASKED[1], notes=[("lost.txt", "Takes warfarin.")], as_of="2026-11-23"
    )
    with scene.desk.work(scene.requester) as work:
        kept, _ = inquiries.keep_inquiry(
            work, answer, [FileSent(name="scan.bin", body=b"\x89PNG\r\n\x1a\n....")]
        )
        case = submitting.submit(
            work, kept.id, urgency="standard", member_name="A", requester_name="B", expected=1
        )
    sheet = sheet_of(scene, case)
    (lost,) = sheet.not_placed
    assert lost.why == "'lost.txt' is not among the documents of this case"
    scan = next(one for one in sheet.documents if one.name == "scan.bin")
    assert scan.problem
    assert scan.pieces == ()


def test_sections_are_opened_of_one_record(scene):
    case = scene.with_nurse(ASKED, notes=[("visit.html", PAGE)])
    digest = scene.digest(case)
    with scene.desk.work(scene.nurse) as work:
        sections.open_section(work, case.id, "criteria", digest)
        sections.open_section(work, case.id, "criteria", digest)
    opened = {one.id: one.opened for one in sheet_of(scene, case).sections}
    assert [name for name, done in opened.items() if done] == ["criteria"]
    assert scene.now(case).version == case.version, "looking changes nothing"
    needed = {one.id for one in sheet_of(scene, case).sections if one.needed}
    assert {"request", "facts", "criteria", "documents"} <= needed
    with pytest.raises(Stale), scene.desk.work(scene.nurse) as work:
        sections.open_section(work, case.id, "criteria", "sha256:0")
    scene.do(scene.nurse, facts.accept_document, case, "visit.html")
    assert not any(one.opened for one in sheet_of(scene, case).sections)


@pytest.mark.parametrize("role", ["requester", "administrator", "editor"])
def test_the_worksheet_is_for_those_who_review_and_audit(scene, role):
    case = scene.with_nurse(MISSING)
    with pytest.raises((NotAllowed, NotFound)):
        sheet_of(scene, case, scene.people[role])
    assert sheet_of(scene, case, scene.people["auditor"]).acts == ()


def test_acts_that_are_open_are_those_of_the_one_who_has_the_case(scene):
    case = scene.with_nurse(MISSING)
    own = set(sheet_of(scene, case).acts)
    other = set(sheet_of(scene, case, scene.others["nurse_reviewer"]).acts)
    assert {"review_facts", "refer", "request_information", "approve"} <= own
    assert not {"review_facts", "refer", "request_information", "approve"} & other
    assert "sign" not in own
