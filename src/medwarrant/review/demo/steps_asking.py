"""Steps of those who ask: asking itself, follow-ups, answers, sharing, and submitting for review."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from ...followup import follow_up
from ...policy.clock_rule import Urgency
from ..inquiries import (
    FileSent,
    Inquiry,
    add_follow_up,
    current_record,
    keep_inquiry,
    load_inquiry,
    revise_inquiry,
    share_inquiry,
)
from ..records import answer_of
from ..submitting import submit
from .notes import NOTES
from .play import About, Play, Step, Story


def files_of(names: tuple[str, ...]) -> list[FileSent]:
    """The notes of these names, as files."""
    return [
        FileSent(name=name, body=NOTES[name].encode(), media_type="text/plain") for name in names
    ]


def ask(play: Play, story: Story, about: About) -> None:
    """Ask what a story asks, and keep it."""
    files, day = files_of(story.notes), play.service_day()
    notes = [file.note() for file in files]
    medwarrant = play.desk.medwarrant
    if story.request:
        answer = medwarrant.determine(story.request, notes=notes, as_of=day)
    else:
        answer = medwarrant.ask(story.question, facts=story.facts, notes=notes, as_of=day)
    with play.work(story.by) as work:
        kept, _ = keep_inquiry(work, answer, files)
    about.inquiry_id = kept.id


class FollowsUp(Step, frozen=True):
    """Ask a follow-up question, and keep the reply with what it changed."""

    question: str

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        with play.work(self.by) as work:
            kept: Inquiry = load_inquiry(work, about.inquiry_id)
            answer = answer_of(play.desk, current_record(work, kept.id))
            found = follow_up(play.desk.medwarrant, answer, self.question)
            add_follow_up(
                work,
                kept.id,
                self.question,
                msgspec.to_builtins(found.reply),
                answer=found.answer if found.reply.keeps else None,
                expected=kept.version,
            )


class Answers(Step, frozen=True):
    """Answer open questions of the page with facts."""

    facts: tuple[str, ...]

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        with play.work(self.by) as work:
            kept = load_inquiry(work, about.inquiry_id)
            answer = answer_of(play.desk, current_record(work, kept.id))
            revised = play.desk.medwarrant.revise(answer, facts=self.facts)
            revise_inquiry(work, kept.id, revised, why="answered", expected=kept.version)


class Shares(Step, frozen=True):
    """Share the inquiry inside the organisation."""

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_inquiry(play, about, share_inquiry, shared=True)


class Submits(Step, frozen=True):
    """Submit the inquiry for review; `received` is how many days ago it came, where it was entered later."""

    member: str
    practice: str
    urgency: Urgency = "standard"
    received: float | None = None

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        came = None if self.received is None else play.clock.end - timedelta(days=self.received)
        case = self.on_inquiry(
            play,
            about,
            submit,
            urgency=self.urgency,
            member_name=self.member,
            member_reference=f"DEMO-{sum(map(ord, self.member)):04}",
            requester_name=self.practice,
            requester_address="2 Invented Avenue\nExample City, CA 00000",
            received_at=came,
        )
        about.case_id = case.id
