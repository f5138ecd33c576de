"""Schemathesis against a real server and its own description: what it says is what is done, whatever is sent.

The server has accounts and a desk of invented cases; a person with every role sends a token with every scope, so that
security is tested as well, and half of the ids that are sent exist. Slow, and not part of `make test`:
`make test-contract` runs it, and so does `.ci/run`. How many examples of each operation:
`MEDWARRANT_CONTRACT_EXAMPLES` (4).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from serving import Served, medwarrant

pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytestmark = pytest.mark.contract
EXAMPLES = os.environ.get("MEDWARRANT_CONTRACT_EXAMPLES", "4")
CONFIG = Path(__file__).with_name("schemathesis.toml")
ROLES = (
    "requester",
    "nurse_reviewer",
    "physician_reviewer",
    "editor",
    "auditor",
    "administrator",
)
SCOPES = ("read", "determine", "review", "admin")


class Server:
    """A running server, and the token of somebody who may do everything a program may."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self.token = token

    def call(self, path: str, sent: object = None):
        request = urllib.request.Request(
            f"{self.address}/api/{path}",
            data=None if sent is None else json.dumps(sent).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)


@pytest.fixture
def server(tmp_path):
    """A server with accounts, on a desk of invented cases in every state."""
    desk = ("--data", str(tmp_path / "desk"))
    medwarrant("demo-data", *desk)
    roles = [word for role in ROLES for word in ("--role", role)]
    scopes = [word for scope in SCOPES for word in ("--scope", scope)]
    medwarrant(
        *("person", "add", "--login", "contract", "--name", "Contract", "--no-password"),
        *("--credentials", "MD, invented", *roles, *desk),
    )
    token = medwarrant("person", "token", "contract", "--name", "contract", *scopes, *desk)
    served = Served(tmp_path / "desk", "--accounts").start()
    try:
        yield Server(served.address, token)
    finally:
        ended = served.stop()
    assert ended == 0, served.written()[-4000:]
    assert "defect" not in served.written(), served.written()[-20000:]


def dictionaries(server: Server) -> dict[str, list[str]]:
    """What the desk holds: its own inquiries and drafts are made here, everything else is of the demonstration."""
    states = ["received", "nurse_review", "physician_review", "decided", "withdrawn"]
    cases = [case["id"] for case in server.call("cases", {"states": states})["cases"]]
    question = {"question": "Is 64615 covered for G43.709? Aetna. 16 headache days a month."}
    made = [server.call("inquiries", question)["id"] for _ in range(2)]
    letters = [letter["id"] for case in cases for letter in server.call(f"cases/{case}")["letters"]]
    second = server.call("second-reviews")
    policies = server.call("content")["policies"]
    publisher = policies[0]["publisher"]
    return {
        "cases": cases,
        "inquiries": made,
        "drafts": [server.call("ask", question)["id"] for _ in range(2)],
        "letters": letters,
        "second_reviews": [one["id"] for one in second["open"]],
        "samples": [one["sample"] for one in second["samples"]],
        "settings": [one["name"] for one in server.call("settings")["settings"]],
        "publishers": [publisher],
        "policies": [one["name"] for one in policies if one["publisher"] == publisher],
        # without the person who asks: a closed account ends its token
        "people": [p["id"] for p in server.call("people")["people"] if p["login"] != "contract"],
    }


def test_schemathesis_finds_nothing(server, tmp_path):
    config = tmp_path / "schemathesis.toml"
    held = dictionaries(server)
    assert all(held.values()), held
    lines = [f"[dictionaries.{name}]\nvalues = {json.dumps(held[name])}\n" for name in held]
    config.write_text(CONFIG.read_text(encoding="utf-8") + "\n" + "\n".join(lines), "utf-8")
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"),
        *(
            f"{server.address}/api/openapi.json",
            "--header",
            f"Authorization: Bearer {server.token}",
        ),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES),
        *("--generation-deterministic", "--workers", "1", "--continue-on-failure", "--no-color"),
    ]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
    )
    assert done.returncode == 0, f"{done.stdout[-40000:]}\n{done.stderr[-4000:]}"
    assert "Tested:" in done.stdout, done.stdout
