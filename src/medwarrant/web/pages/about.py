"""The page about this server."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency

from ..here import Here
from ..views import about as views


@get("/about", name="about", include_in_schema=False, sync_to_thread=True)
def about(here: NamedDependency[Here]) -> Response[str]:
    """Version, packs, mode, and what becomes of what is typed."""
    with here.look() as work:
        view = views.about(work, accounts=here.settings.accounts)
    return here.page("about.html", view)


ROUTES = (about,)
