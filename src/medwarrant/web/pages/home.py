"""The first page."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency

from ..here import Here
from ..views import home as views


@get("/", name="home", include_in_schema=False, sync_to_thread=True)
def home(here: NamedDependency[Here]) -> Response[str]:
    """Where to begin, by role."""
    return here.page("home.html", views.home(here.signed_in))


ROUTES = (home,)
