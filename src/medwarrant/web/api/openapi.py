"""The description of the API: OpenAPI 3.1, as JSON."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import msgspec
from litestar import Litestar, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme, Tag

from ...version import __version__
from ..cookies import cookie_name
from ..dependencies import dependencies
from ..here import Here
from ..permissions import PERMISSIONS, Permission
from ..problems import MEDIA_TYPE, TITLES, Problem
from ..routes import twins

TAGS: Final = {
    "server": "The server itself: where to begin, versions, packs.",
    "ask": "Determinations and readings of which nothing is kept, and questions that are being put together.",
    "inquiries": "What was asked and is kept: determinations, their open questions, follow-ups.",
    "cases": "Review cases: worklist, worksheet, acts, decisions, letters.",
    "account": "One's own account: password, sessions, tokens.",
    "content": "Editorial review: policies with their sources, examples and versions, and where each stands.",
    "second-reviews": "Blind second reviews of decided cases: samples, answers, agreement.",
    "dashboard": "Figures of the desk, and the public prior-authorization metrics.",
    "audit": "The audit log: read, verified, records judged again.",
    "settings": "What only the plan can say: letterhead, appeal rights, clocks.",
    "people": "Who works with the desk, for administrators.",
}
_ABOUT: Final = (
    "Every page of the server has its twin here, at `/api` and the path of the page. A refusal is "
    "`application/problem+json` and says what is wrong, where, and how to mend it. Times are UTC. Programs send a "
    "token (`Authorization: Bearer`); scripts of our own pages send the session's cookie and, with everything that "
    "acts, the page's token in `X-CSRF-Token`."
)
#: Which refusals every operation can answer with; 404 where something can be named that is not there, 409 where
#: something is done that somebody else may have done before.
_ALWAYS: Final = (400, 401, 403, 405, 421, 429, 500, 503)
_WHERE_NAMED: Final = (404,)
_WHERE_ACTED: Final = (409, 413, 415)
_WITH_BODY: Final = (408,)
_BASE64: Final = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_DURATION: Final = r"^-?P([0-9]+D)?(T[0-9]+(\.[0-9]+)?S)?$"


def route() -> HTTPRouteHandler:
    """The route of the description."""

    @get("/api/openapi.json", name="api.openapi", include_in_schema=False, sync_to_thread=True)
    def openapi(here: NamedDependency[Here]) -> Response[bytes]:
        """The description of the API."""
        body = _encoded(here.settings.accounts, cookie_name(here.settings, "session"))
        return Response(body, media_type="application/vnd.oai.openapi+json")

    return openapi


@lru_cache(maxsize=4)
def _encoded(accounts: bool, cookie: str) -> bytes:
    return msgspec.json.encode(description(accounts=accounts, cookie=cookie))


def description(*, accounts: bool, cookie: str = "medwarrant-session") -> dict[str, Any]:
    """The description, made from the routes by an application of its own that serves nothing."""
    application = Litestar(
        route_handlers=[twins()],
        dependencies=dependencies(),
        openapi_config=OpenAPIConfig(
            title="medwarrant",
            version=__version__,
            description=_ABOUT,
            license=License(name="Apache-2.0", identifier="Apache-2.0"),
            tags=[Tag(name=name, description=about) for name, about in TAGS.items()],
            components=Components(
                security_schemes={
                    "token": SecurityScheme(type="http", scheme="bearer"),
                    "session": SecurityScheme(
                        type="apiKey", name=cookie, security_scheme_in="cookie"
                    ),
                }
            ),
            use_handler_docstrings=True,
            operation_id_creator=_operation_id,
            render_plugins=[JsonRenderPlugin()],
        ),
        logging_config=None,
    )
    found = application.openapi_schema.to_schema()
    handlers = _handlers(application)
    _describe_json(found, handlers)
    return _completed(found, handlers, accounts=accounts)


def _operation_id(handler: HTTPRouteHandler, _: Any, __: Any) -> str:
    """The name of the route, which stays where a path changes."""
    return str(handler.name).removeprefix("api.")


def _handlers(application: Litestar) -> dict[tuple[str, str], HTTPRouteHandler]:
    """The route of each path and method."""
    return {
        (path.path_format, method.lower()): handler
        for path in application.routes
        for handler in getattr(path, "route_handlers", ())
        for method in handler.http_methods
        if handler.name in PERMISSIONS
    }


def _describe_json(
    found: dict[str, Any], handlers: dict[tuple[str, str], HTTPRouteHandler]
) -> None:
    """Describe every body and answer as msgspec reads and writes it.

    msgspec does both, and makes schemas that say as much as it checks. Those of Litestar 2.25 leave out bounds of
    entries, refused keys and lengths of tuples, and give two alternatives for one number.
    """
    sent = {
        at: field.annotation for at, one in handlers.items() if (field := one.parsed_data_field)
    }
    answered = {at: _answer(one) for at, one in handlers.items()}
    kinds = list(dict.fromkeys([*sent.values(), *answered.values(), Problem]))
    schemas, components = msgspec.json.schema_components(
        kinds, ref_template="#/components/schemas/{name}"
    )
    of = dict(zip(kinds, schemas, strict=True))
    _say_more(components)
    found.setdefault("components", {})["schemas"] = components
    for (path, method), handler in handlers.items():
        operation = found["paths"][path][method]
        operation["responses"][str(handler.status_code)]["content"] = {
            "application/json": {"schema": of[answered[path, method]]}
        }
        if (path, method) in sent:
            operation["requestBody"] = {
                "required": True,
                "content": {"application/json": {"schema": of[sent[path, method]]}},
            }


def _answer(handler: HTTPRouteHandler) -> Any:
    """What a route answers with, inside its response."""
    field = handler.parsed_return_field
    return field.args[0] if field.is_subclass_of(Response) else field.annotation


def _say_more(value: Any) -> None:
    """The forms of base64 and of durations, which msgspec checks or writes and does not spell out.

    A tuple of equal parts is described as a list of that length, which every reader of JSON Schema understands.
    """
    for inside in value.values() if isinstance(value, dict) else value:
        if isinstance(inside, dict | list):
            _say_more(inside)
    if isinstance(value, dict):
        parts = value.get("prefixItems")
        if isinstance(parts, list) and all(part == parts[0] for part in parts):
            value["items"] = value.pop("prefixItems")[0]
        if value.get("contentEncoding") == "base64":
            value["pattern"] = _BASE64
        if value.get("format") == "duration" and value.get("type") == "string":
            del value["format"]  # RFC 3339 knows no fractions of a second
            value.update(pattern=_DURATION, description="ISO 8601: days, and seconds.")


def _completed(
    found: dict[str, Any],
    handlers: dict[tuple[str, str], HTTPRouteHandler],
    *,
    accounts: bool,
) -> dict[str, Any]:
    """The description with the refusals, and who may; without accounts, whoever sits at the machine."""
    found["components"]["responses"] = {
        f"Problem{status}": {
            "description": TITLES[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({*_ALWAYS, *_WHERE_NAMED, *_WHERE_ACTED, *_WITH_BODY})
    }
    for (path, method), handler in handlers.items():
        operation = found["paths"][path][method]
        names_something = "requestBody" in operation or operation.get("parameters")
        statuses = {*_ALWAYS, *(_WHERE_NAMED if names_something else ())}
        statuses |= {*_WITH_BODY} if "requestBody" in operation else set()
        statuses |= {*_WHERE_ACTED} if method != "get" else set()
        for status in sorted(statuses):
            operation["responses"][str(status)] = {
                "$ref": f"#/components/responses/Problem{status}"
            }
        permission = PERMISSIONS[str(handler.name)]
        operation["security"] = _security(permission, accounts=accounts)
        if permission.scope is not None:
            operation["description"] = (
                f"{operation.get('description', '')}\n\nScope of a token: `{permission.scope}`."
            ).strip()
    return found


def _security(permission: Permission, *, accounts: bool) -> list[dict[str, list[str]]]:
    if permission.public:
        return []
    found: list[dict[str, list[str]]] = [] if permission.scope is None else [{"token": []}]
    found.append({"session": []})
    return found if accounts else [*found, {}]
