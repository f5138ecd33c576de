"""The twin of the first page."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency

from ..here import Here
from ..views import home as views


@get("/", name="api.home", tags=["server"], summary="Where to begin", sync_to_thread=False)
def home(here: NamedDependency[Here]) -> views.HomeView:
    """What the person who asks can do next, by role."""
    return views.home(here.signed_in)


ROUTES = (home,)
