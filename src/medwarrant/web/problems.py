"""Every refusal and every defect as one answer: what is wrong, where, and how to mend it; never a traceback.

Programs get `application/problem+json` (RFC 9457), people a page. A defect of the server gets a number, under which
the log holds its type and the place in the code, and nothing else.
"""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ..model.errors import InputError, MedwarrantError, PackError, ReplayError
from ..review.accounts import TakenError
from ..review.errors import NotAllowed, NotFound, NotIntact, Stale, Unavailable
from .errors import Forged, NotSignedIn, Refused, TooLarge, TooSlow, WrongKind
from .forms import wrong_value

LOG: Final = logging.getLogger("medwarrant.web")
MEDIA_TYPE: Final = "application/problem+json"

#: The first that fits; what is not here is a defect.
_STATUS: Final[tuple[tuple[type[Exception], int], ...]] = (
    (NotSignedIn, 401),
    (Forged, 403),
    (TooLarge, 413),
    (TooSlow, 408),
    (WrongKind, 415),
    (Refused, 400),
    (NotFound, 404),
    (NotAllowed, 403),
    (Stale, 409),
    (ReplayError, 409),
    (NotIntact, 500),
    (Unavailable, 503),
    (TakenError, 409),
    (InputError, 400),
    (PackError, 400),
    (MedwarrantError, 400),
    (OperationalError, 503),
    (InterfaceError, 503),
    (PoolTimeout, 503),
)
TITLES: Final[dict[int, str]] = {
    400: "This cannot be used as it is",
    401: "Sign in first",
    403: "This is not allowed",
    404: "Not found",
    405: "This cannot be done here",
    406: "There is no such form of it",
    408: "The request took too long",
    409: "Somebody changed this since you saw it",
    413: "This is too large",
    415: "This kind of content is not taken",
    421: "This server does not answer under that name",
    422: "This cannot be used as it is",
    429: "Too many requests",
    500: "Something went wrong here, not with what you did",
    503: "Not available just now",
}
MENDS: Final[dict[int, str]] = {
    404: "look at the address, or begin at the first page",
    405: "look at the address and the method",
    409: "look at it again, and then decide",
    413: "send less at once",
    429: "wait a while and try again",
    500: "try again; if it happens again, tell whoever runs this server the number",
    503: "try again in a moment",
}


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A refusal, as `application/problem+json`."""

    title: str
    status: int
    type: str = "about:blank"
    #: What is wrong.
    detail: str = ""
    #: The field, code or option it is about.
    where: str = ""
    #: What to do about it.
    mend: str = ""
    #: The number under which the log of the server has a defect.
    number: str = ""


def status_of(error: Exception) -> int:
    """The HTTP status of an error.

    >>> status_of(Stale("changed")), status_of(KeyError("x"))
    (409, 500)
    """
    if isinstance(error, HTTPException):
        return error.status_code
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def problem_of(error: Exception, *, number: str = "") -> Problem:
    """The refusal that an error stands for; of a defect nothing is told but its number.

    >>> problem_of(InputError("not a date", where="as_of", mend="write 2026-11-23"))
    Problem(title='This cannot be used as it is', status=400, type='about:blank', detail='not a date', where='as_of', mend='write 2026-11-23', number='')
    """
    status = status_of(error)
    detail, where, mend = _said(error, status)
    return Problem(
        title=TITLES.get(status) or HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        where=where,
        mend=mend or MENDS.get(status, ""),
        number=number,
    )


def _said(error: Exception, status: int) -> tuple[str, str, str]:
    match error:
        case InputError() | NotFound() | NotAllowed() | Stale() | NotIntact() | Unavailable():
            return error.problem, error.where, error.mend
        case MedwarrantError() | Refused():
            return str(error), "", ""
        case ValidationException():
            return _first_extra(error)
        case HTTPException() if status < 500 and status not in MENDS:
            return error.detail, "", ""
        case _:
            return "", "", ""


def _first_extra(error: ValidationException) -> tuple[str, str, str]:
    """The first of the values that could not be read; Litestar lists all."""
    extra: Any = error.extra
    if not (isinstance(extra, list) and extra and isinstance(extra[0], dict)):
        return "what was sent is not of the form that is described", "", ""
    wrong = wrong_value(str(extra[0].get("message", "")))
    key = str(extra[0].get("key", ""))
    where = wrong.where or ("" if key == "data" else key)
    return wrong.problem, where, ""


def place_of(error: BaseException) -> str:
    """Where in the code an error arose: the innermost place of our own."""
    found, trace = "", error.__traceback__
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        if name.startswith("medwarrant"):
            found = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found or "outside"


def is_for_programs(path: str) -> bool:
    """Whether a path is a twin's.

    >>> is_for_programs("/api"), is_for_programs("/apiary")
    (True, False)
    """
    return path == "/api" or path.startswith("/api/")


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Whether an answer is JSON: below /api always, elsewhere where HTML is not accepted."""
    if is_for_programs(request.scope["path"]):
        return True
    accept = request.headers.get("accept", "*/*")
    return "text/html" not in accept and "*/*" not in accept and "application/json" in accept


def log_defect(request: Request[Any, Any, Any], error: Exception) -> str:
    """Write a defect to the log, by type, route and place; its number."""
    number = secrets.token_hex(4)
    kind = type(error).__name__
    if isinstance(error, DBAPIError) and error.orig is not None:
        kind = f"{kind}({type(error.orig).__name__})"
    LOG.error("defect %s: %s in %s at %s", number, kind, route_name(request.scope), place_of(error))
    return number


def route_name(scope: Any) -> str:
    """The name of the route of a request, for logs and counters; never its path."""
    handler = scope.get("route_handler")
    return str(getattr(handler, "name", None) or "none")


def as_json(problem: Problem, headers: dict[str, str] | None = None) -> Response[bytes]:
    """The answer for programs."""
    return Response(
        msgspec.json.encode(problem),
        media_type=MEDIA_TYPE,
        status_code=problem.status,
        headers=headers,
    )
