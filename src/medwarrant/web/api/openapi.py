"""The description of the API: OpenAPI 3.1, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
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
from ..here import Here
from ..permissions import PERMISSIONS, Permission
from ..problems import MEDIA_TYPE, TITLES, Problem

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
#: Which refusals every operation can answer with; 404 where the path or the body can name something that is not there.
_ALWAYS: Final = (400, 401, 403, 405, 421, 429, 500, 503)
_WITH_PATH: Final = (404,)
_WITH_BODY: Final = (404, 408, 409, 413, 415)


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
    from ..app import dependencies  # both name this module
    from ..routes import twins

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
    return _completed(found, _names(application), accounts=accounts)


def _operation_id(handler: HTTPRouteHandler, _: Any, __: Any) -> str:
    """The name of the route, which stays where a path changes."""
    return str(handler.name).removeprefix("api.")


def _names(application: Litestar) -> dict[tuple[str, str], str]:
    """The route name of each path and method."""
    return {
        (path.path_format, method.lower()): str(handler.name)
        for path in application.routes
        for handler in getattr(path, "route_handlers", ())
        for method in handler.http_methods
        if handler.name
    }


def _completed(
    found: dict[str, Any], names: dict[tuple[str, str], str], *, accounts: bool
) -> dict[str, Any]:
    """The description with the refusals, and who may; without accounts, whoever sits at the machine."""
    components = found.setdefault("components", {})
    assert Problem.__name__ not in components.get("schemas", {}), "two structs of one name"
    _, schemas = msgspec.json.schema_components(
        [Problem], ref_template="#/components/schemas/{name}"
    )
    components.setdefault("schemas", {}).update(schemas)
    components["responses"] = {
        f"Problem{status}": {
            "description": TITLES[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in (*_ALWAYS, *_WITH_PATH, *_WITH_BODY)
    }
    _as_it_is_decoded(components["schemas"])
    for path, item in found["paths"].items():
        for method, operation in item.items():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            statuses = [*_ALWAYS, *(_WITH_PATH if "{" in path else ())]
            statuses += _WITH_BODY if "requestBody" in operation else ()
            for status in statuses:
                operation["responses"][str(status)] = {
                    "$ref": f"#/components/responses/Problem{status}"
                }
            permission = PERMISSIONS[names[(path, method)]]
            operation["security"] = _security(permission, accounts=accounts)
            if permission.scope is not None:
                operation["description"] = (
                    f"{operation.get('description', '')}\n\nScope of a token: `{permission.scope}`."
                ).strip()
    return found


def _as_it_is_decoded(schemas: dict[str, Any]) -> None:
    """Say what Litestar leaves out: structs that refuse other keys, and arrays of a fixed length."""
    closed: dict[str, bool] = {}
    for struct in _structs(msgspec.Struct):
        forbids = struct.__struct_config__.forbid_unknown_fields
        closed[struct.__name__] = closed.get(struct.__name__, True) and forbids
    for schema in schemas.values():
        if closed.get(schema.get("title", "")):
            schema["additionalProperties"] = False
        _fix_arrays(schema)


def _structs(base: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for struct in base.__subclasses__():
        yield struct
        yield from _structs(struct)


def _fix_arrays(value: Any) -> None:
    """A tuple of fixed length, as JSON Schema has written it since 2020."""
    if isinstance(value, list):
        for inside in value:
            _fix_arrays(inside)
    if not isinstance(value, dict):
        return
    for inside in value.values():
        _fix_arrays(inside)
    if isinstance(value.get("items"), list):
        parts = value.pop("items")
        value.update(prefixItems=parts, minItems=len(parts), maxItems=len(parts))


def _security(permission: Permission, *, accounts: bool) -> list[dict[str, list[str]]]:
    if permission.public:
        return []
    found: list[dict[str, list[str]]] = [] if permission.scope is None else [{"token": []}]
    found.append({"session": []})
    return found if accounts else [*found, {}]
