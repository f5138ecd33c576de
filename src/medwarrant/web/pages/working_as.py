"""The page on which one chooses as whom to work, in the local mode."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.di import NamedDependency

from ..cookies import cookie
from ..forms import Form
from ..here import Here
from ..views import working_as as views


@get("/working-as", name="working_as", include_in_schema=False, sync_to_thread=True)
def working_as(here: NamedDependency[Here]) -> Response[str]:
    """As whom one works, and as whom one could."""
    local = views.local_only(here.local_person)
    with here.look_as(local) as work:
        view = views.working_as(work, here.signed_in)
    return here.page("working_as.html", view)


@post("/working-as", name="working_as.choose", include_in_schema=False, sync_to_thread=True)
def choose(here: NamedDependency[Here], form: NamedDependency[Form]) -> Response[None]:
    """Work as somebody from now on."""
    local = views.local_only(here.local_person)
    with here.desk.work(local) as work:
        person = views.choose(work, form.into(views.Choice).person)
    return here.redirect(
        "home",
        say=f"You work as {person.name} now.",
        cookies=(cookie(here.settings, "as", person.id),),
    )


ROUTES = (working_as, choose)
