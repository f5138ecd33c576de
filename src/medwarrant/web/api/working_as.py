"""The twin of the page on which one chooses as whom to work."""

from __future__ import annotations

from litestar import Response, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ..cookies import cookie
from ..here import Here
from ..views import working_as as views


@get(
    "/working-as",
    name="api.working_as",
    tags=["server"],
    summary="As whom one works",
    sync_to_thread=True,
)
def working_as(here: NamedDependency[Here]) -> views.WorkingAsView:
    """As whom one works in the local mode, and as whom one could."""
    local = views.local_only(here.local_person)
    with here.look_as(local) as work:
        return views.working_as(work, here.signed_in)


@put(
    "/working-as",
    name="api.working_as.choose",
    tags=["server"],
    summary="Work as somebody else",
    sync_to_thread=True,
)
def choose(
    here: NamedDependency[Here], data: JSONBody[views.Choice]
) -> Response[views.WorkingAsView]:
    """Work as somebody from now on, in the local mode; a cookie keeps it."""
    local = views.local_only(here.local_person)
    with here.desk.work(local) as work:
        person = views.choose(work, data.person)
        view = views.working_as(work, person)
    return Response(view, cookies=[cookie(here.settings, "as", person.id)])


ROUTES = (working_as, choose)
