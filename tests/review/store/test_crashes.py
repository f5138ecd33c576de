"""Processes that are killed while they write, and writers that meet."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from desks import KINDS
from rows import write_inquiry
from sqlalchemy import func, select

from medwarrant.review import inquiries
from medwarrant.review.errors import Stale
from medwarrant.review.store.backup import write_backup
from medwarrant.review.store.open import open_desk
from medwarrant.review.store.restore import restore
from medwarrant.review.store.schema import audit, document, follow_up, inquiry, record
from medwarrant.review.store.verify import verify

#: Takes long; not part of `make test` (`make test-slow`).
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the writers are forked"),
]

PROGRAM = Path(__file__).with_name("crash_writer.py")


class Writers:
    """Writers in processes of their own, and what was acknowledged to them."""

    def __init__(self, process):
        self.process = process
        self.said = []

    def start(self, number):
        """Start so many; their process ids."""
        for _ in range(number):
            self.process.stdin.write("go\n")
        self.process.stdin.flush()
        pids = []
        while len(pids) < number:
            words = self.next()
            if words[0] == "pid":
                pids.append(int(words[1]))
        return pids

    def next(self):
        """The next line; what it acknowledges is noted."""
        line = self.process.stdout.readline()
        assert line.endswith("\n"), self.process.stderr.read()
        words = line.split()
        if words[0] not in ("ready", "pid"):
            self.said.append(tuple(words))
        return words

    def rest(self):
        """Whatever was said until now, once every writer has ended."""
        self.process.stdin.close()
        while line := self.process.stdout.readline():
            self.said.append(tuple(line.split()))
        assert self.process.wait(timeout=60) == 0, self.process.stderr.read()


@contextmanager
def writers(desk, *arguments):
    address = desk.database.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), address.replace("+psycopg", ""), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    made = Writers(process)
    try:
        assert made.next() == ["ready"]
        yield made
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()


def test_nothing_that_was_acknowledged_is_lost_when_writers_are_killed(any_desk, people):
    chance = random.Random(4)
    with writers(any_desk) as crowd:
        for turn in range(16):
            for pid in crowd.start(2):
                for _ in range(chance.randrange(1, 12)):
                    crowd.next()
                # Right after an acknowledgement, or anywhere in a transaction.
                time.sleep(chance.uniform(0, 0.01) if turn % 2 else 0)
                os.kill(pid, signal.SIGKILL)
        crowd.rest()
    assert len(crowd.said) > 50
    with any_desk.database.read() as connection:
        records = set(connection.execute(select(record.c.inquiry_id, record.c.id)).all())
        threads = set(connection.execute(select(follow_up.c.inquiry_id, follow_up.c.number)).all())
        asked = set(connection.execute(select(inquiry.c.id)).scalars())
        filed = set(connection.execute(select(document.c.inquiry_id)).scalars())
    lost = [
        (what, inquiry_id)
        for what, inquiry_id, which in crowd.said
        if (inquiry_id, which if what == "record" else int(which))
        not in (records if what == "record" else threads)
    ]
    assert lost == []
    # Whole transactions only: each inquiry has its first record and its file.
    assert asked == filed == {inquiry_id for inquiry_id, _ in records}
    found = verify(any_desk.database, any_desk.audit_key)
    assert found.alterations == ()
    assert found.rows["record"] == len(records)
    # And the desk goes on.
    write_inquiry(any_desk, people["requester"])
    assert verify(any_desk.database, any_desk.audit_key).alterations == ()


# --- the commands that are done once --------------------------------------------------------------------

RUN = """
import sys
from pathlib import Path
from medwarrant.review.store.open import open_desk
from medwarrant.review.store.restore import restore
from medwarrant import Medwarrant
data, database, backup = sys.argv[1:]
app = Medwarrant()
print("ready", flush=True)
sys.stdin.readline()
if backup:
    restore(Path(backup), data=Path(data), database=database)
else:
    open_desk(data=Path(data), database=database, medwarrant=app)
print("done", flush=True)
"""


def killed_at(moment, data, url, backup):
    """Run it, and kill it so many seconds after it began; whether it was done before."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(data), url, str(backup or "")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("go\n")
        process.stdin.flush()
        time.sleep(moment)
        process.kill()
        return "done" in process.stdout.read()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["open", "restore"])
def test_a_desk_is_made_or_restored_as_a_whole(
    desk, written, what, kind, empty_database, medwarrant, tmp_path
):
    """Whenever it is killed, doing it again succeeds, and what is there in the end is whole."""
    backup = None
    if what == "restore":
        written(desk)
        backup = tmp_path / "b"
        write_backup(backup, desk.database, desk.audit_key, desk.kept_packs, with_key=True)
    url, data = empty_database(kind), tmp_path / "new"
    for moment in (0.02, 0.1, 0.2, 0.4):
        if killed_at(moment, data, url, backup):
            break
    else:
        if backup is None:
            open_desk(data=data, database=url, medwarrant=medwarrant).database.close()
        else:
            restore(backup, data=data, database=url)
    made = open_desk(data=data, database=url, medwarrant=medwarrant)
    found = verify(made.database, made.audit_key)
    made.database.close()
    assert found.alterations == ()
    assert found.rows["letter"] == (0 if backup is None else 2)


# --- writers that meet --------------------------------------------------------------------------------


def changed_by_all(desk, inquiry_id):
    with desk.database.read() as connection:
        version = connection.scalar(select(inquiry.c.version).where(inquiry.c.id == inquiry_id))
        entries = connection.scalar(
            select(func.count()).where(audit.c.act.in_(("shared", "unshared")))
        )
    return version, entries


def test_processes_that_change_the_same_lose_no_update(any_desk, people):
    kept, _ = write_inquiry(any_desk, people["requester"])
    before = 3
    with writers(any_desk, kept.id) as crowd:
        crowd.start(3)
        crowd.rest()
    versions = [int(version) for what, version in crowd.said if what == "version"]
    assert sorted(versions) == list(range(before + 1, before + 1 + 3 * 40))
    assert changed_by_all(any_desk, kept.id) == (before + 120, 120)
    assert verify(any_desk.database, any_desk.audit_key).alterations == ()


def test_threads_that_change_the_same_lose_no_update(any_desk, people):
    kept, _ = write_inquiry(any_desk, people["requester"])
    done, failed = [], []

    def change():
        try:
            for turn in range(25):
                while True:
                    with any_desk.database.read() as connection:
                        seen = connection.scalar(
                            select(inquiry.c.version).where(inquiry.c.id == kept.id)
                        )
                    try:
                        with any_desk.work(people["requester"]) as work:
                            inquiries.share_inquiry(
                                work, kept.id, shared=turn % 2 == 0, expected=seen
                            )
                    except Stale:
                        continue
                    done.append(seen)
                    break
        except Exception as error:
            failed.append(error)

    crowd = [threading.Thread(target=change) for _ in range(4)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert failed == []
    assert sorted(done) == list(range(3, 103))  # each version was changed once, by one of them
    assert changed_by_all(any_desk, kept.id) == (103, 100)
    assert verify(any_desk.database, any_desk.audit_key).alterations == ()


def test_the_log_has_one_branch_where_all_write_at_once(any_desk, people):
    failed = []

    def keep_logging():
        try:
            for number in range(30):
                with any_desk.work(people["editor"]) as work:
                    work.log("seen", f"case:{number}")
        except Exception as error:
            failed.append(error)

    crowd = [threading.Thread(target=keep_logging) for _ in range(6)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert failed == []
    found = verify(any_desk.database, any_desk.audit_key)
    assert (found.alterations, found.entries) == ((), 180)


def test_what_raises_leaves_nothing(any_desk, people):
    before = verify(any_desk.database, any_desk.audit_key)
    answer = any_desk.medwarrant.ask("Is 64405 medically necessary for migraine?")

    def keep_and_raise():
        with any_desk.work(people["requester"]) as work:
            inquiries.keep_inquiry(work, answer)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        keep_and_raise()
    assert verify(any_desk.database, any_desk.audit_key) == before
