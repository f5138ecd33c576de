"""The twins of the pages of the dashboard."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ..here import Here
from ..views import dashboard as views

_First = Annotated[
    date | None,
    QueryParameter(description="The first day; without one, ninety days before the last."),
]
_Last = Annotated[date | None, QueryParameter(description="The last day; without one, today.")]


@get(
    "/dashboard",
    name="api.dashboard",
    tags=["dashboard"],
    summary="The figures of a period",
    sync_to_thread=True,
)
def dashboard(
    here: NamedDependency[Here],
    first: _First = None,
    last: _Last = None,
    line_of_business: Annotated[str | None, QueryParameter(max_length=60)] = None,
) -> views.DashboardView:
    """Volumes, outcomes, clocks met, times, overrides by criterion, running clocks, agreement."""
    wanted = views.Wanted(first=first, last=last, line_of_business=line_of_business or "")
    with here.look() as work:
        return views.dashboard(work, wanted)[0]


@get(
    "/dashboard/public",
    name="api.dashboard.public",
    tags=["dashboard"],
    summary="The public prior-authorization metrics",
    sync_to_thread=True,
)
def public(
    here: NamedDependency[Here], first: _First = None, last: _Last = None
) -> views.PublicView:
    """The metrics of CMS-0057-F over a period, of each line of business by itself and of all together."""
    with here.look() as work:
        return views.public(work, views.Wanted(first=first, last=last))


ROUTES = (dashboard, public)
