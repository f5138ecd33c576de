"""The dashboard over many cases: how long its page, its twin and the public metrics take.

    python benchmarks/bench_dashboard.py [--quick] [--postgresql]

The demonstration is copied until the desk holds 5,000 cases (`--quick`: 200) of the last ninety days, decisions and
what came after them included, and the pages are asked for in a process that holds the server too. `--postgresql` does
so in an empty database of the server that MEDWARRANT_TEST_POSTGRESQL names (`.ci/postgresql run`).
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
from measuring import Table, options, times
from sqlalchemy import Connection, create_engine, insert, select, text
from sqlalchemy.engine import make_url

from medwarrant import Medwarrant
from medwarrant.model.canonical import canonical
from medwarrant.review.decisions import signature_of
from medwarrant.review.demo.fill import fill
from medwarrant.review.store.open import open_desk
from medwarrant.review.store.schema import case_stage, decision, first_determination, review_case
from medwarrant.review.work import Desk, new_id
from medwarrant.web.app import create_app
from medwarrant.web.settings import WebSettings

CASES = 5_000
PATHS = ("/dashboard", "/api/dashboard", "/dashboard/public", "/dashboard/overrides.csv")
#: The aim for each of them, in milliseconds.
AIM = 500
#: Which columns of a case are moments.
_MOMENTS = {"received_at", "stage_at", "due_at", "paused_since", "decided_at", "changed_at"}


def multiply(connection: Connection, wanted: int) -> int:
    """Copy the cases, each copy a little earlier than the one before, until there are so many."""
    held = {
        table: [dict(row._mapping) for row in connection.execute(select(table))]
        for table in (review_case, decision, first_determination, case_stage)
    }
    cases = held[review_case]
    number = len(cases)
    rounds = -(-wanted // number)
    for again in range(1, rounds):
        earlier = timedelta(days=60) * again / rounds
        names = {row["id"]: new_id() for row in held[decision]}
        for case in cases[: wanted - number]:
            number += 1
            names[case["id"]] = new_id()
            copy = _earlier(case, earlier, _MOMENTS)
            copy |= {"id": names[case["id"]], "number": f"2025-{number:06}"}
            connection.execute(insert(review_case), copy)
        for row in held[decision]:
            if row["case_id"] in names:
                connection.execute(insert(decision), _signed_again(row, names, earlier))
        for table, moments in (
            (first_determination, {"decided_at", "due_at"}),
            (case_stage, {"started_at", "ended_at"}),
        ):
            for row in held[table]:
                if row["case_id"] in names:
                    copy = _earlier(row, earlier, moments)
                    copy["case_id"] = names[row["case_id"]]
                    copy["decision_id"] = names[row["decision_id"]]
                    if "id" in copy:
                        copy["id"] = new_id()
                    connection.execute(insert(table), copy)
    return number


def _earlier(row: dict[str, Any], earlier: timedelta, moments: set[str]) -> dict[str, Any]:
    shifted = {name: row[name] - earlier for name in moments if row[name] is not None}
    return {**row, **shifted}


def _signed_again(row: dict[str, Any], names: dict[str, str], earlier: timedelta) -> dict[str, Any]:
    """A decision as that of the copy, so that whatever reads it finds it whole."""
    said = msgspec.json.decode(row["body"]) | {"case": names[row["case_id"]]}
    body = canonical(said).decode()
    return {
        **_earlier(row, earlier, {"signed_at"}),
        "id": names[row["id"]],
        "case_id": names[row["case_id"]],
        "body": body,
        "signature": signature_of(body, row["record_digest"]),
    }


@contextmanager
def database(postgresql: bool) -> Iterator[str | None]:
    """The address of an empty PostgreSQL database, or None for SQLite."""
    if not postgresql:
        yield None
        return
    server = os.environ.get("MEDWARRANT_TEST_POSTGRESQL")
    if not server:
        sys.exit(
            "MEDWARRANT_TEST_POSTGRESQL names no server; .ci/postgresql run COMMAND starts one"
        )
    url, name = make_url(server), f"bench_{secrets.token_hex(6)}"
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield url.set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@contextmanager
def furnished(folder: Path, postgresql: bool, wanted: int) -> Iterator[Desk]:
    """A desk with so many cases."""
    with database(postgresql) as url:
        desk = open_desk(data=folder / "data", database=url, medwarrant=Medwarrant())
        try:
            fill(desk, datetime.now(UTC))
            with desk.database.begin() as connection:
                multiply(connection, wanted)
            if url is not None:
                with desk.database.begin() as connection:
                    connection.execute(text("ANALYZE"))
            yield desk
        finally:
            desk.database.close()


def main() -> None:
    """Measure."""
    chosen = options(__doc__ or "", postgresql="on PostgreSQL instead of SQLite")
    wanted, runs = (200, 2) if chosen.quick else (CASES, 15)
    kind = "PostgreSQL" if chosen.postgresql else "SQLite"
    table = Table(f"The dashboard over {wanted} cases, {kind}", "ms", 1000)
    with (
        tempfile.TemporaryDirectory() as folder,
        furnished(Path(folder), chosen.postgresql, wanted) as desk,
        asyncio.Runner() as runner,
    ):
        app = create_app(desk, WebSettings())
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000"
        )
        for path in PATHS:

            def ask(path: str = path) -> None:
                response = runner.run(client.get(path))
                assert response.status_code == 200, (path, response.text[:500])

            table.add(path, times(ask, runs), AIM)
        runner.run(client.aclose())
    table.show()


if __name__ == "__main__":
    main()
