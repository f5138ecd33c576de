"""Scenes for tests of the review desk: cases as people bring them, and the way to each state."""

from __future__ import annotations

from datetime import date, timedelta

from medwarrant.report.letters import Asked
from medwarrant.review import (
    assigning,
    cases,
    deciding,
    facts,
    information,
    inquiries,
    peer_to_peer,
    sections,
    settings,
    submitting,
)
from medwarrant.review.inquiries import FileSent
from medwarrant.review.records import load_record
from medwarrant.review.tied import LineSaid

AS_OF = date(2026, 11, 23)
#: Meets the guideline's criteria, whoever pays.
MET = ("Is 64405 medically necessary for G43.919?", ["intent=acute", "setting=emergency"])
#: Known to be with a payer whose policy governs, and refers: no support found.
REFERS = (
    "Is 64405 medically necessary for M54.2?",
    ["payer=aetna", "line_of_business=commercial", "state=CA"],
)
#: Governed, with criteria that are missing.
MISSING = (
    "Is 20553 medically necessary for M79.12?",
    ["line_of_business=medicare-advantage", "state=CA"],
)
RIGHTS = (
    "You may appeal this decision within the time that your plan document gives, in writing or by phone, "
    "and you may ask for a fast appeal."
)
REASON = "The chart shows neck pain alone, and no source that was read supports an occipital block for it."
LATER = "The practice sent the exercise notes late, and they were looked at before this was signed."


class Scene:
    """A desk with its people, and short ways to do what a test is not about."""

    def __init__(self, desk, people, others):
        self.desk = desk
        self.people = people
        self.others = others
        self.requester = people["requester"]
        self.nurse = people["nurse_reviewer"]
        self.physician = people["physician_reviewer"]
        self.second_physician = others["physician_reviewer"]
        self.administrator = people["administrator"]

    # --- acts ---------------------------------------------------------------------------------------

    def do(self, person, act, case, *args, **options):
        """Do an act with the version that the case has now; whatever the act returns."""
        with self.desk.work(person) as work:
            version = cases.find_case(work.connection, case.id).version
            return act(work, case.id, *args, expected=version, **options)

    def now(self, case):
        """The case as it is now."""
        with self.desk.work(self.physician) as work:
            return cases.find_case(work.connection, case.id)

    def answer(self, case):
        """The answer of the case's latest record."""
        with self.desk.work(self.physician) as work:
            found = cases.find_case(work.connection, case.id)
            return cases.case_answer(self.desk, cases.record_of(work, found))

    def digest(self, case):
        """The digest of the case's latest record."""
        with self.desk.work(self.physician) as work:
            found = cases.find_case(work.connection, case.id)
            return load_record(work.connection, found.record_id).record_digest

    # --- ways ---------------------------------------------------------------------------------------

    def plan(self):
        """Set what a plan sets before it decides."""
        with self.desk.work(self.administrator) as work:
            for name, value in (
                ("organisation", {"name": "Example Health Plan"}),
                (
                    "letterhead",
                    {
                        "address": ["1 Main Street", "Sacramento, CA 95814"],
                        "phone": "1-800-555-0100",
                        "fax": "1-800-555-0101",
                        "peer_to_peer": "Call 1-800-555-0102 and name the case.",
                    },
                ),
                (
                    "appeal_rights",
                    [
                        {"line_of_business": line, "text": RIGHTS, "source": "Member handbook 2026"}
                        for line in ("commercial", "medicare-advantage")
                    ],
                ),
                ("information", {"standard_days": 5, "expedited_days": 1}),
            ):
                settings.change_setting(work, name, value, expected=0)

    def submitted(self, scene=MET, *, notes=(), urgency="standard", by=None, **options):
        """A case that was just submitted."""
        question, stated = scene
        by = by or self.requester
        answer = self.desk.medwarrant.ask(
            question, facts=stated, notes=[(name, body) for name, body in notes], as_of=AS_OF
        )
        files = [FileSent(name=name, body=body.encode()) for name, body in notes]
        with self.desk.work(by) as work:
            kept, _ = inquiries.keep_inquiry(work, answer, files)
            return submitting.submit(
                work,
                kept.id,
                urgency=urgency,
                member_name="Maria Example",
                member_reference="M-1",
                requester_name="Example Practice",
                requester_address="2 Side Street\nSacramento",
                expected=kept.version,
                **options,
            )

    def taken(self, case, person, as_=None):
        """The case taken by a person."""
        return self.do(person, assigning.take, case, as_=as_)

    def with_nurse(self, scene=MET, **options):
        """A case in review by a nurse."""
        return self.taken(self.submitted(scene, **options), self.nurse)

    def with_physician(self, scene=REFERS, **options):
        """A case in review by a physician."""
        return self.taken(self.submitted(scene, **options), self.physician)

    def opened(self, case, person, names=sections.SECTION_IDS):
        """Every section of the latest record opened by a person."""
        digest = self.digest(case)
        for name in names:
            with self.desk.work(person) as work:
                sections.open_section(work, case.id, name, digest)
        return digest

    def offered(self, case, person=None, **wait):
        """A peer-to-peer talk that was offered, with a day to answer."""
        until = self.desk.clock() + timedelta(**(wait or {"days": 1}))
        person = person or self.physician
        return self.do(person, peer_to_peer.offer_talk, case, "Called the office at 10:15", until)[
            0
        ]

    def talk(self, case, person=None):
        """A peer-to-peer talk that was offered and declined."""
        case = self.offered(case, person)
        return self.do(person or self.physician, peer_to_peer.close_talk, case, "declined")[0]

    def asked(self, case, person=None, **options):
        """Information that was asked for."""
        answer = self.answer(case)
        items = options.pop("items", None) or information.information_to_ask(answer)[:2]
        return self.do(
            person or self.physician, information.request_information, case, items, **options
        )[0]

    def approved(self, case, person=None, **options):
        """The case approved by whoever has it."""
        person = person or self.nurse
        digest = self.opened(case, person)
        if "physician_reviewer" in person.roles:
            options = {"name": person.name, "credentials": person.credentials, **options}
        return self.do(person, deciding.approve, case, record_digest=digest, **options)

    def signed(self, case, *, person=None, kind="adverse", lines=None, digest=None, **options):
        """A decision signed by the physician who has the case."""
        person = person or self.physician
        digest = digest or self.digest(case)
        lines = lines or (refused(),)
        options = {"name": person.name, "credentials": person.credentials, **options}
        return self.do(
            person, deciding.sign, case, record_digest=digest, kind=kind, lines=lines, **options
        )

    def adverse(self, scene=REFERS, *, ready=None, **options):
        """A case that was decided against, with everything that it needs."""
        case = ready or self.with_physician(scene)
        self.opened(case, options.get("person") or self.physician)
        self.talk(case, options.get("person"))
        return self.signed(case, **options)

    def accept_all(self, case, person=None):
        """Every read fact accepted."""
        answer = self.answer(case)
        said = [
            facts.FactSaid(act="accepted", fact=fact.id)
            for fact in answer.reading.facts
            if fact.basis == "read"
        ]
        return self.do(person or self.nurse, facts.review_facts, case, said)[0]


def refused(line=0, criteria=("neck-pain",), reason=REASON, **options):
    """A line that is not approved, with its reason."""
    return LineSaid(line=line, decided="not_approved", reason=reason, criteria=criteria, **options)


def words(text="Please send the exercise notes of the last three months."):
    """Something asked for in words."""
    return Asked(about="words", words=text)
