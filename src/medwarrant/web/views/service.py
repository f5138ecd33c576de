"""What is counted from the database."""

from __future__ import annotations

from sqlalchemy import select

from ...review.store import schema
from ...review.work import Work


def audit_entries(work: Work) -> int:
    """How many entries the audit log has: the number of the last one."""
    found = work.connection.execute(select(schema.audit_head.c.seq)).scalar_one_or_none()
    return int(found or 0)
