"""The dashboard: figures of a period with pictures and tables, the public metrics, and all of it as CSV."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from ...model.errors import InputError
from ...review.table import Table, csv_text
from ..days import day_of
from ..forms import EMPTY_FORM, Form
from ..here import Here
from ..views import dashboard as views
from ..views.dashboard_plots import figures, public_figure


@get("/dashboard", name="dashboard", include_in_schema=False, sync_to_thread=True)
def dashboard(
    here: NamedDependency[Here],
    first: FromQuery[str] = "",
    last: FromQuery[str] = "",
    line_of_business: FromQuery[str] = "",
) -> Response[str]:
    """The figures of a period."""
    problem: InputError | None = None
    typed = EMPTY_FORM
    with here.look() as work:
        library = work.desk.medwarrant.library
        try:
            view, drawn = views.dashboard(work, _wanted(first, last, line_of_business))
        except InputError as error:
            problem, typed = error, _typed(first, last, line_of_business)
            view, drawn = views.dashboard(work, views.Wanted())
    return here.page(
        "dashboard/dashboard.html",
        view,
        figures=figures(view, drawn, library),
        typed=typed,
        problem=problem,
        period=_query(view.first.isoformat(), view.last.isoformat(), view.line_of_business),
    )


@get("/dashboard/public", name="dashboard.public", include_in_schema=False, sync_to_thread=True)
def public(
    here: NamedDependency[Here], first: FromQuery[str] = "", last: FromQuery[str] = ""
) -> Response[str]:
    """The public prior-authorization metrics of a period."""
    problem: InputError | None = None
    typed = EMPTY_FORM
    with here.look() as work:
        try:
            view = views.public(work, _wanted(first, last, ""))
        except InputError as error:
            problem, typed = error, _typed(first, last, "")
            view = views.public(work, views.Wanted())
    drawn = [(line, public_figure(number, line)) for number, line in enumerate(view.lines)]
    return here.page(
        "dashboard/public.html",
        view,
        lines=drawn,
        typed=typed,
        problem=problem,
        period=_query(view.first.isoformat(), view.last.isoformat(), ""),
    )


@get(
    "/dashboard/volumes.csv",
    name="dashboard.volumes.csv",
    include_in_schema=False,
    sync_to_thread=True,
)
def volumes_csv(
    here: NamedDependency[Here],
    first: FromQuery[str] = "",
    last: FromQuery[str] = "",
    line_of_business: FromQuery[str] = "",
) -> Response[bytes]:
    """The volumes as CSV."""
    with here.look() as work:
        view, _ = views.dashboard(work, _wanted(first, last, line_of_business))
    return _csv(here, view.tables[0], "volumes.csv")


@get(
    "/dashboard/overrides.csv",
    name="dashboard.overrides.csv",
    include_in_schema=False,
    sync_to_thread=True,
)
def overrides_csv(
    here: NamedDependency[Here],
    first: FromQuery[str] = "",
    last: FromQuery[str] = "",
    line_of_business: FromQuery[str] = "",
) -> Response[bytes]:
    """The overrides by criterion as CSV."""
    with here.look() as work:
        view, _ = views.dashboard(work, _wanted(first, last, line_of_business))
    return _csv(here, view.tables[1], "overrides.csv")


@get(
    "/dashboard/public.csv",
    name="dashboard.public.csv",
    include_in_schema=False,
    sync_to_thread=True,
)
def public_csv(
    here: NamedDependency[Here], first: FromQuery[str] = "", last: FromQuery[str] = ""
) -> Response[bytes]:
    """The public metrics of every line of business as CSV."""
    with here.look() as work:
        view = views.public(work, _wanted(first, last, ""))
    tables = [(line.title, line.table) for line in view.lines]
    return _csv(here, views.together(tables), "prior-authorization-metrics.csv")


def _wanted(first: str, last: str, line_of_business: str) -> views.Wanted:
    return views.Wanted(
        first=day_of(first, "first"),
        last=day_of(last, "last"),
        line_of_business=line_of_business.strip()[:60],
    )


def _typed(first: str, last: str, line_of_business: str) -> Form:
    return Form({"first": (first,), "last": (last,), "line_of_business": (line_of_business,)})


def _query(first: str, last: str, line_of_business: str) -> dict[str, str]:
    found = {"first": first, "last": last}
    return {**found, "line_of_business": line_of_business} if line_of_business else found


def _csv(here: Here, table: Table, name: str) -> Response[bytes]:
    return here.file(csv_text(table).encode(), "text/csv", name)


ROUTES = (dashboard, public, volumes_csv, overrides_csv, public_csv)
