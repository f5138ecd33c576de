"""The audit log for auditors: read, verified, records judged again, taken away as CSV."""

from __future__ import annotations

from typing import Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery

from ...model.errors import InputError
from ...review.audit_log import AuditFilters
from ..days import day_of
from ..forms import EMPTY_FORM, Form
from ..here import Here
from ..views import audit as views

_PAGE: Final = "audit/audit.html"


@get("/audit", name="audit", include_in_schema=False, sync_to_thread=True)
def audit(
    here: NamedDependency[Here],
    act: FromQuery[str] = "",
    person: FromQuery[str] = "",
    subject: FromQuery[str] = "",
    first: FromQuery[str] = "",
    last: FromQuery[str] = "",
    before: FromQuery[int | None] = None,
) -> Response[str]:
    """The log, the newest first."""
    chosen = _chosen(act, person, subject, first, last)
    filters = _filters(chosen, before)
    with here.work() as work:
        view = views.log(work, filters)
    return here.page(_PAGE, view, chosen=chosen, at=before)


@get("/audit/log.csv", name="audit.csv", include_in_schema=False, sync_to_thread=True)
def export(
    here: NamedDependency[Here],
    act: FromQuery[str] = "",
    person: FromQuery[str] = "",
    subject: FromQuery[str] = "",
    first: FromQuery[str] = "",
    last: FromQuery[str] = "",
) -> Response[bytes]:
    """Every entry that fits, as CSV."""
    filters = _filters(_chosen(act, person, subject, first, last), None)
    with here.work() as work:
        text = views.log_csv(work, filters)
    return here.file(text.encode(), "text/csv", "audit-log.csv")


@get("/audit/verification", name="audit.verification", include_in_schema=False, sync_to_thread=True)
def verification(here: NamedDependency[Here]) -> Response[str]:
    """The head of the log, and the form to verify it."""
    return _verification(here)


@post("/audit/verification", name="audit.verify", include_in_schema=False, sync_to_thread=True)
def verify(here: NamedDependency[Here], form: NamedDependency[Form]) -> Response[str]:
    """Verify the log and everything that it witnesses."""
    try:
        found = views.verified(here, form.into(views.Verification))
    except InputError as error:
        return _verification(here, typed=form, problem=error)
    return _verification(here, found=found)


def _verification(
    here: Here,
    *,
    typed: Form = EMPTY_FORM,
    problem: Exception | None = None,
    found: views.VerifiedView | None = None,
) -> Response[str]:
    with here.look() as work:
        view = views.head(work)
    return here.page("audit/verification.html", view, typed=typed, problem=problem, verified=found)


@get("/audit/replay", name="audit.records", include_in_schema=False, sync_to_thread=True)
def records(here: NamedDependency[Here]) -> Response[str]:
    """How many records there are, and the form to judge some again."""
    return _records(here)


@post("/audit/replay", name="audit.replay", include_in_schema=False, sync_to_thread=True)
def replay(here: NamedDependency[Here], form: NamedDependency[Form]) -> Response[str]:
    """Judge a record, or a sample, again and compare bytes."""
    try:
        found = views.replayed(here, form.into(views.Replay))
    except InputError as error:
        return _records(here, typed=form, problem=error)
    return _records(here, found=found)


def _records(
    here: Here,
    *,
    typed: Form = EMPTY_FORM,
    problem: Exception | None = None,
    found: views.ReplayedView | None = None,
) -> Response[str]:
    with here.look() as work:
        view = views.records(work)
    return here.page("audit/replay.html", view, typed=typed, problem=problem, replayed=found)


def _chosen(act: str, person: str, subject: str, first: str, last: str) -> dict[str, str]:
    return {
        "act": act.strip(),
        "person": person.strip(),
        "subject": subject.strip(),
        "first": first.strip(),
        "last": last.strip(),
    }


def _filters(chosen: dict[str, str], before: int | None) -> AuditFilters:
    return AuditFilters(
        act=chosen["act"][:60],
        person=chosen["person"][:32],
        subject=chosen["subject"][:120],
        first=day_of(chosen["first"], "first"),
        last=day_of(chosen["last"], "last"),
        before=before,
    )


ROUTES = (audit, export, verification, verify, records, replay)
