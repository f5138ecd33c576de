"""The server itself is killed under a load of writes, again and again: nothing that it acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
import time

import httpx
import pytest
from desks import KINDS

from serving import Served, medwarrant

#: Takes long; not part of `make test` (`make test-slow`).
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
]
WRITERS = 4
ASKED = {"services": ["64405"], "diagnoses": ["G43.919"], "as_of": "2026-11-23"}


class Load:
    """Writers who ask, ask on and submit as fast as they are answered, until nobody answers."""

    def __init__(self, address: str) -> None:
        self.address = address
        #: What was acknowledged: digests of first records, inquiries with a second one, numbers of cases.
        self.asked: dict[str, str] = {}
        self.asked_on: set[str] = set()
        self.submitted: dict[str, str] = {}
        self.refused: list[str] = []
        self.writers = [threading.Thread(target=self._write, daemon=True) for _ in range(WRITERS)]

    def __enter__(self) -> Load:
        for writer in self.writers:
            writer.start()
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self.writers:
            writer.join(60)
        assert not any(writer.is_alive() for writer in self.writers)

    def _write(self) -> None:
        try:
            with httpx.Client(base_url=f"{self.address}/api", timeout=60) as client:
                while True:
                    self._inquiry(client)
        except httpx.TransportError:
            return  # killed

    def _inquiry(self, client: httpx.Client) -> None:
        made = self._sent(client, "/inquiries", {"request": ASKED})
        inquiry = made["id"]
        self.asked[inquiry] = made["record_digest"]
        said = self._sent(
            client,
            f"/inquiries/{inquiry}/follow-ups",
            {"question": "It is for an acute attack.", "expected": 1},
        )
        assert said["record"] == 2
        self.asked_on.add(inquiry)
        case = self._sent(
            client,
            f"/inquiries/{inquiry}/submission",
            {
                "urgency": "standard",
                "member_name": "Mara Voss",
                "requester_name": "Northside Neurology",
                "expected": said["version"],
            },
        )
        self.submitted[case["id"]] = case["number"]

    def _sent(self, client: httpx.Client, path: str, body: object) -> dict:
        answer = client.post(path, json=body)
        if not answer.is_success:
            self.refused.append(f"{path}: {answer.status_code} {answer.text[:300]}")
            raise httpx.TransportError("refused")
        return answer.json()


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_server_loses_nothing_that_it_acknowledged(kind, empty_database, tmp_path):
    chance = random.Random(7)
    data = tmp_path / "data"
    database = () if kind == "sqlite" else ("--database", empty_database(kind))
    loads: list[Load] = []
    for _ in range(4):
        server = Served(data, *database).start()
        try:
            with Load(server.address) as load:
                time.sleep(chance.uniform(0.8, 2.0))
                assert server.stop(signal.SIGKILL) == -signal.SIGKILL
        finally:
            server.stop(signal.SIGKILL)
        assert load.refused == []
        assert load.submitted
        loads.append(load)
        # What it was writing when it was killed is there as a whole or not at all.
        medwarrant("audit", "verify", "--data", str(data), *database)
    server = Served(data, *database).start()
    try:
        with httpx.Client(base_url=f"{server.address}/api", timeout=60) as client:

            def found(path: str) -> dict:
                return client.get(path).raise_for_status().json()

            for load in loads:
                for inquiry, digest in load.asked.items():
                    assert found(f"/inquiries/{inquiry}/records/1")["record_digest"] == digest
                for inquiry in load.asked_on:
                    assert found(f"/inquiries/{inquiry}/records/2")["record_digest"]
                for case, number in load.submitted.items():
                    assert found(f"/cases/{case}")["number"] == number
        assert server.stop() == 0
    finally:
        server.stop(signal.SIGKILL)
    numbers = [number for load in loads for number in load.submitted.values()]
    assert len(set(numbers)) == len(numbers) > 20
    if kind == "sqlite":
        with sqlite3.connect(data / "desk.sqlite") as connection:
            assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
