"""The application: a desk and settings in, a server to run out."""

from __future__ import annotations

from typing import Any

from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.middleware import DefineMiddleware

from ..review.work import Desk
from .admission import Admission
from .answers import ProblemAnswers
from .forms import Form, read_form
from .headers import SecurityHeaders
from .here import Here
from .house import House
from .routes import routes
from .settings import WebSettings
from .watch import Watch


def create_app(desk: Desk, settings: WebSettings) -> Litestar:
    """The web application on a desk.

    Every route passes one guard (`Admission`), every refusal one function (`ProblemAnswers`), every response gets one set
    of headers.
    """
    house = House(desk, settings)
    return Litestar(
        route_handlers=routes(house),
        guards=[Admission()],
        dependencies=dependencies(),
        exception_handlers={Exception: ProblemAnswers()},
        middleware=[DefineMiddleware(Watch, body_seconds=settings.body_seconds)],
        before_send=[SecurityHeaders(settings)],
        request_max_body_size=settings.request_bytes,
        multipart_form_part_limit=settings.form_fields,
        state=State({"house": house}),
        openapi_config=None,
        logging_config=None,
        debug=False,
        pdb_on_exception=False,
    )


def dependencies() -> dict[str, Provide]:
    """What a route may ask for by name: `here`, who asks and how to answer, and `form`, what was typed."""
    return {
        "here": Provide(here_of, sync_to_thread=False),
        "form": Provide(form_of),
    }


def here_of(request: Request[Any, Any, Any]) -> Here:
    """The request as the guard left it."""
    here = request.scope["state"]["here"]
    assert isinstance(here, Here)
    return here


async def form_of(request: Request[Any, Any, Any], here: NamedDependency[Here]) -> Form:
    """The form of the request."""
    return await read_form(
        request, most_fields=here.settings.form_fields, file_bytes=here.settings.file_bytes
    )
