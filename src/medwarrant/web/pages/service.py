"""What the machines around a server ask: whether it lives, whether it can work, what it counted."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency

from .. import metrics
from ..here import Here
from ..views.service import audit_entries

_TEXT = "text/plain"


@get("/health", name="health", include_in_schema=False, sync_to_thread=False)
def health() -> Response[str]:
    """The process answers."""
    return Response("ok\n", media_type=_TEXT)


@get("/ready", name="ready", include_in_schema=False, sync_to_thread=True)
def ready(here: NamedDependency[Here]) -> Response[str]:
    """The database answers as well."""
    able = here.desk.database.ready()
    return Response(
        "ready\n" if able else "the database does not answer\n",
        media_type=_TEXT,
        status_code=200 if able else 503,
    )


@get("/metrics", name="metrics", include_in_schema=False, sync_to_thread=True)
def exposition(here: NamedDependency[Here]) -> Response[bytes]:
    """The counters, for Prometheus; no health data, no ids."""
    with here.look() as work:
        entries = audit_entries(work)
    return Response(
        here.house.metrics.exposition(audit_entries=entries), media_type=metrics.MEDIA_TYPE
    )


ROUTES = (health, ready, exposition)
