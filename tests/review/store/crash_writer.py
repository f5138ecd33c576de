"""A program that writes to a desk until it is killed, and tells of each write once it is committed.

    python crash_writer.py ADDRESS [INQUIRY]

For each line on standard input it forks a writer, and says `pid PID`. A writer keeps inquiries with records,
files and follow-ups, or, where an inquiry is named, shares and unshares that one; it says on standard output
what was acknowledged to it, a line for each transaction.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from desks import KEY, PEOPLE, Clock

from medwarrant import Medwarrant
from medwarrant.review import inquiries
from medwarrant.review.errors import Stale
from medwarrant.review.store.database import connect
from medwarrant.review.work import Desk

ASKER = PEOPLE["requester"]


def say(*words) -> None:
    """One line, in one write, so that lines of several writers do not mix."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def write(desk: Desk, first, second) -> None:
    """Inquiries, until somebody kills this process."""
    file = inquiries.FileSent(name="note.txt", body=os.urandom(20_000))
    while True:
        with desk.work(ASKER) as work:
            kept, record = inquiries.keep_inquiry(work, first, [file])
        say("record", kept.id, record.id)
        with desk.work(ASKER) as work:
            record = inquiries.revise_inquiry(work, kept.id, second, why="answered", expected=1)
        say("record", kept.id, record.id)
        with desk.work(ASKER) as work:
            inquiries.add_follow_up(work, kept.id, "Why?", {}, answer=None, expected=2)
        say("follow_up", kept.id, 1)


def share(desk: Desk, inquiry_id: str, turns: int = 40) -> None:
    """Change one inquiry in turn with others, who do the same."""
    while turns:
        with desk.database.read() as connection:
            seen = connection.execute(
                inquiries.inquiry.select().where(inquiries.inquiry.c.id == inquiry_id)
            ).one()
        try:
            with desk.work(ASKER) as work:
                inquiries.share_inquiry(
                    work, inquiry_id, shared=not seen.shared, expected=seen.version
                )
        except Stale:
            continue
        say("version", seen.version + 1)
        turns -= 1


def main(address: str, inquiry_id: str = "") -> None:
    """See the head of this file."""
    app = Medwarrant()
    first = app.ask("Is 64405 medically necessary for migraine?")
    second = app.revise(first, facts=["intent=acute"])
    first.to_dict(), second.to_dict()
    say("ready")
    while sys.stdin.readline():
        child = os.fork()
        if child:
            say("pid", child)
            continue
        desk = Desk(connect(address), app, KEY, Path("unused"), Clock())
        if inquiry_id:
            share(desk, inquiry_id)
        else:
            write(desk, first, second)
        os._exit(0)
    for _ in iter(lambda: _reap(), None):
        pass


def _reap() -> int | None:
    try:
        return os.wait()[0]
    except ChildProcessError:
        return None


if __name__ == "__main__":
    main(*sys.argv[1:])
