"""The twin of the page about this server."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency

from ..here import Here
from ..views import about as views


@get(
    "/about", name="api.about", tags=["server"], summary="What this server is", sync_to_thread=True
)
def about(here: NamedDependency[Here]) -> views.AboutView:
    """Version, packs with their digests, code sets, mode, and what becomes of what is typed."""
    with here.look() as work:
        return views.about(work, accounts=here.settings.accounts)


ROUTES = (about,)
