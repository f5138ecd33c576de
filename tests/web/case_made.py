"""Cases for tests of pages that only look at them: made without pages, by the acts themselves."""

from __future__ import annotations

from datetime import date

from medwarrant.review import assigning, cases, deciding, inquiries, sections, submitting
from medwarrant.review.inquiries import FileSent

QUESTION = "Is 64405 medically necessary for G43.919?"
FACTS = ["intent=acute", "setting=emergency"]
NOTE = "Seen in the emergency department with an acute attack."


def submitted(desk, people, *, urgency="standard", note=""):
    """A case that was just submitted."""
    notes = [("visit.txt", note)] if note else []
    answer = desk.medwarrant.ask(QUESTION, facts=FACTS, notes=notes, as_of=date(2026, 11, 23))
    files = [FileSent(name=name, body=body.encode()) for name, body in notes]
    with desk.work(people["requester"]) as work:
        kept, _ = inquiries.keep_inquiry(work, answer, files)
        return submitting.submit(
            work,
            kept.id,
            urgency=urgency,
            member_name="Maria Example",
            member_reference="M-1",
            requester_name="Example Practice",
            requester_address="2 Side Street",
            expected=kept.version,
        )


def decided(desk, people, **options):
    """A case that a nurse approved."""
    case = submitted(desk, people, **options)
    nurse = people["nurse_reviewer"]
    with desk.work(nurse) as work:
        taken = assigning.take(work, case.id, expected=case.version)
        digest = cases.record_of(work, taken).record_digest
        for name in sections.SECTION_IDS:
            sections.open_section(work, case.id, name, digest)
        version = cases.find_case(work.connection, case.id).version
        deciding.approve(work, case.id, record_digest=digest, expected=version)
    return case
