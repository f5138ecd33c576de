"""The application: a desk and settings in, a server to run out."""

from __future__ import annotations

from litestar import Litestar
from litestar.datastructures import State
from litestar.middleware import DefineMiddleware

from ..review.work import Desk
from .admission import Admission
from .answers import ProblemAnswers
from .api import openapi
from .dependencies import dependencies
from .head import HeadAsGet
from .headers import SecurityHeaders
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
    app = Litestar(
        route_handlers=[*routes(house), openapi.route()],
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
    app.asgi_handler = HeadAsGet(app.asgi_handler)
    return app
