"""The twins of the pages of the audit log."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from ...review.audit_log import AuditFilters
from ..here import Here
from ..views import audit as views


@get(
    "/audit",
    name="api.audit",
    tags=["audit"],
    summary="The audit log",
    sync_to_thread=True,
)
def audit(
    here: NamedDependency[Here],
    act: Annotated[str | None, QueryParameter(max_length=60)] = None,
    person: Annotated[str | None, QueryParameter(max_length=32, description="An id.")] = None,
    subject: Annotated[
        str | None,
        QueryParameter(max_length=120, description="As in the log, or the number of a case."),
    ] = None,
    first: Annotated[date | None, QueryParameter(description="A day, in UTC.")] = None,
    last: Annotated[date | None, QueryParameter(description="A day, in UTC.")] = None,
    before: Annotated[
        int | None,
        QueryParameter(ge=1, le=2**31 - 1, description="The number of an entry: only older ones."),
    ] = None,
) -> views.AuditView:
    """Fifty entries, the newest first; go on with `before` set to `older`. The look itself is logged."""
    filters = AuditFilters(
        act=act or "",
        person=person or "",
        subject=subject or "",
        first=first,
        last=last,
        before=before,
    )
    with here.work() as work:
        return views.log(work, filters)


@get(
    "/audit/verification",
    name="api.audit.verification",
    tags=["audit"],
    summary="The head of the log",
    sync_to_thread=True,
)
def verification(here: NamedDependency[Here]) -> views.HeadView:
    """The number and digest of the last entry, to be noted elsewhere and given to a later verification."""
    with here.look() as work:
        return views.head(work)


@post(
    "/audit/verification",
    name="api.audit.verify",
    tags=["audit"],
    summary="Verify the log",
    status_code=200,
    sync_to_thread=True,
)
def verify(here: NamedDependency[Here], data: JSONBody[views.Verification]) -> views.VerifiedView:
    """Look at the whole chain and at every stored row that it witnesses, now, and tell every alteration."""
    return views.verified(here, data)


@get(
    "/audit/replay",
    name="api.audit.records",
    tags=["audit"],
    summary="How many determinations are stored",
    sync_to_thread=True,
)
def records(here: NamedDependency[Here]) -> views.RecordsView:
    """How many determinations are stored, and how many are judged again at once, at most."""
    with here.look() as work:
        return views.records(work)


@post(
    "/audit/replay",
    name="api.audit.replay",
    tags=["audit"],
    summary="Judge stored determinations again",
    status_code=200,
    sync_to_thread=True,
)
def replay(here: NamedDependency[Here], data: JSONBody[views.Replay]) -> views.ReplayedView:
    """Judge one record, or a sample, again with the packs it was made with, and compare bytes."""
    return views.replayed(here, data)


ROUTES = (audit, verification, verify, records, replay)
