"""Whether a policy is in force on a day."""

from __future__ import annotations

from datetime import date

import pytest

from medwarrant.policy.policy import Policy

FROM, TO = "2025-01-01", "2025-12-31"


@pytest.mark.parametrize(
    ("status", "since", "until", "day", "expected"),
    [
        ("in_force", None, None, "1990-01-01", "in_force"),
        ("in_force", FROM, None, "2024-12-31", "not_yet_in_force"),
        ("in_force", FROM, None, "2025-01-01", "in_force"),
        ("in_force", FROM, TO, "2025-12-31", "in_force"),
        ("in_force", FROM, TO, "2026-01-01", "superseded"),
        # What was retired or replaced later was in force in its time.
        ("retired", FROM, TO, "2025-06-01", "in_force"),
        ("retired", FROM, TO, "2026-01-01", "retired"),
        ("superseded", FROM, TO, "2025-01-01", "in_force"),
        ("superseded", FROM, TO, "2024-12-31", "not_yet_in_force"),
        ("retired", FROM, None, "2025-06-01", "retired"),  # since when is not known
        ("retired", None, None, "2025-06-01", "retired"),
        # A draft or a proposal never is.
        ("draft", FROM, TO, "2025-06-01", "draft"),
        ("proposed", FROM, None, "2025-06-01", "proposed"),
        ("proposed", None, None, "2030-01-01", "proposed"),
    ],
)
def test_status_on_a_day(status, since, until, day, expected):
    policy = Policy(
        id="p",
        pack="p",
        title="P",
        publisher="P",
        authority="plan",
        status=status,
        effective_from=date.fromisoformat(since) if since else None,
        effective_to=date.fromisoformat(until) if until else None,
        services=(),
        indications=(),
    )
    assert policy.status_on(date.fromisoformat(day)) == expected
    assert policy.effective() == {"from": since, "to": until}
