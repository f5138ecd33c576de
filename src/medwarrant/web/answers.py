"""The one function that answers a refusal or a defect, as JSON or as a page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Request, Response

from .errors import NotSignedIn
from .head import with_head
from .here import Here, go_to
from .house import House
from .permissions import PERMISSIONS
from .problems import as_json, log_defect, problem_of, status_of, wants_json


class ProblemAnswers:
    """Answers whatever a route or a guard raised."""

    def __call__(self, request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        """The answer; defects are logged and counted, refusals are not."""
        number = ""
        if status_of(error) >= 500:
            number = log_defect(request, error)
            House.of(request.app).metrics.failed(type(error).__name__)
        problem = problem_of(error, number=number)
        headers = _headers(error)
        if wants_json(request):
            if problem.status == 401:
                headers["WWW-Authenticate"] = 'Bearer realm="medwarrant"'
            return as_json(problem, headers)
        if isinstance(error, NotSignedIn) and "sign_in" in PERMISSIONS:
            return self._sign_in(request)
        here = request.scope["state"].get("here") or self._nobody(request)
        response = here.page("problem.html", problem, status=problem.status)
        response.headers.update(headers)
        return response

    def _sign_in(self, request: Request[Any, Any, Any]) -> Response[None]:
        """To the page where one signs in, and from there back to the page that was asked for."""
        address = request.app.route_reverse("sign_in")
        wanted = quote(request.scope["path"])
        if query := request.scope["query_string"].decode("latin-1"):
            wanted += f"?{query}"
        if request.scope["method"] == "GET" and wanted != "/":
            address += f"?next={quote(wanted, safe='')}"
        return go_to(address)

    def _nobody(self, request: Request[Any, Any, Any]) -> Here:
        return Here(
            house=House.of(request.app), app=request.app, person=None, path=request.scope["path"]
        )


def _headers(error: Exception) -> dict[str, str]:
    given = getattr(error, "headers", None)
    headers = {str(name): str(value) for name, value in given.items()} if given else {}
    if "allow" in headers:
        headers["allow"] = ", ".join(sorted(with_head(headers["allow"].split(", "))))
    return headers
