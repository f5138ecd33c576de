"""Signing in and out: with a password, or through the organisation's identity provider."""

from __future__ import annotations

import logging
import math
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery

from ...model.errors import InputError, MedwarrantError
from ...review import accounts
from ...review.accounts import NewPasswordNeeded, SessionStarted
from ...review.errors import NotAllowed, NotFound, Unavailable
from ..cookies import cookie, cookie_name, gone
from ..forms import Form
from ..here import Here, go_to
from ..oidc.refused import SignInRefused
from ..problems import status_of
from ..views import sign_in as views

LOG: Final = logging.getLogger("medwarrant.web")


@get("/sign-in", name="sign_in", include_in_schema=False, sync_to_thread=True)
def sign_in(here: NamedDependency[Here], next: FromQuery[str] = "/") -> Response[Any]:
    """The page on which one signs in."""
    if here.person is not None:
        return here.redirect("home")
    return here.page("accounts/sign_in.html", views.sign_in(here, next))


@post("/sign-in", name="sign_in.with_password", include_in_schema=False, sync_to_thread=True)
def with_password(
    request: Request[Any, Any, Any], here: NamedDependency[Here], form: NamedDependency[Form]
) -> Response[Any]:
    """Sign in with login and password."""
    not_local(here)
    view = views.sign_in(here, form.get("next", "/"))
    if late := _too_often(request, here):
        return _again(here, "accounts/sign_in.html", view, form, late)
    try:
        started = accounts.sign_in(
            here.desk, form.get("login"), as_typed(form, "password"), here.settings.session_limits
        )
    except NewPasswordNeeded as needed:
        return here.page("accounts/new_password.html", view, typed=form, needed=needed, status=200)
    except NotAllowed as refused:
        here.house.sign_ins.failed(_address(request))
        return here.page(
            "accounts/sign_in.html", view, typed=form, problem=refused, status=status_of(refused)
        )
    return begin(here, started, view.next)


@post(
    "/sign-in/password", name="sign_in.new_password", include_in_schema=False, sync_to_thread=True
)
def new_password(
    request: Request[Any, Any, Any], here: NamedDependency[Here], form: NamedDependency[Form]
) -> Response[Any]:
    """Choose a password in place of a temporary one, and be signed in."""
    not_local(here)
    view = views.sign_in(here, form.get("next", "/"))
    template = "accounts/new_password.html"
    if late := _too_often(request, here):
        return _again(here, template, view, form, late)
    try:
        started = accounts.change_password(
            here.desk,
            form.get("login"),
            as_typed(form, "current"),
            typed_twice(form),
            here.settings.session_limits,
        )
    except InputError as error:
        return here.page(template, view, typed=form, problem=at_field(error), needed=None)
    except NotAllowed as refused:
        here.house.sign_ins.failed(_address(request))
        return here.page(
            template, view, typed=form, problem=refused, needed=None, status=status_of(refused)
        )
    return begin(here, started, view.next)


@post("/sign-out", name="sign_out", include_in_schema=False, sync_to_thread=True)
def sign_out(here: NamedDependency[Here]) -> Response[Any]:
    """End the session."""
    not_local(here)
    accounts.end_session(here.desk, here.session)
    return here.redirect("signed_out", cookies=(gone(here.settings, "session"),))


@get("/signed-out", name="signed_out", include_in_schema=False, sync_to_thread=True)
def signed_out(here: NamedDependency[Here]) -> Response[Any]:
    """The page after that."""
    if here.person is not None:
        return here.redirect("home")
    return here.page("accounts/signed_out.html", views.sign_in(here))


# --- through the identity provider ----------------------------------------------------------------


@get("/sign-in/oidc", name="sign_in.oidc", include_in_schema=False, sync_to_thread=True)
def oidc(here: NamedDependency[Here], next: FromQuery[str] = "/") -> Response[Any]:
    """To the identity provider."""
    flow = _flow(here)
    try:
        address, begun = flow.begin(views.local_path(next))
    except (SignInRefused, Unavailable) as refused:
        return _not_through(here, refused)
    from ..oidc.flow import SECONDS

    return go_to(address, [cookie(here.settings, "oidc", begun, seconds=SECONDS)])


@get("/sign-in/oidc/back", name="sign_in.oidc_back", include_in_schema=False, sync_to_thread=True)
def oidc_back(request: Request[Any, Any, Any], here: NamedDependency[Here]) -> Response[Any]:
    """Back from the identity provider."""
    flow = _flow(here)
    begun = request.cookies.get(cookie_name(here.settings, "oidc"), "")
    try:
        said = flow.finish(
            {key: str(request.query_params[key]) for key in request.query_params}, begun
        )
        started = accounts.sign_in_vouched(
            here.desk,
            issuer=said.issuer,
            subject=said.subject,
            login=said.login,
            name=said.name,
            roles=said.roles,
            limits=here.settings.session_limits,
        )
    except (NotAllowed, InputError, Unavailable) as refused:
        return _not_through(here, refused)
    return begin(here, started, said.next, gone(here.settings, "oidc"))


@get("/sign-out/oidc", name="sign_out.oidc", include_in_schema=False, sync_to_thread=True)
def oidc_sign_out(here: NamedDependency[Here]) -> Response[Any]:
    """To where one signs out at the identity provider."""
    back = f"{here.settings.address}{here.url('signed_out')}"
    try:
        address = _flow(here).sign_out_address(back)
    except (SignInRefused, Unavailable) as refused:
        return _not_through(here, refused)
    return here.redirect("signed_out") if address is None else go_to(address)


def _flow(here: Here) -> Any:
    not_local(here)
    if here.house.oidc is None:
        raise NotFound("no identity provider is set", mend="sign in with a password")
    return here.house.oidc


def _not_through(here: Here, refused: MedwarrantError) -> Response[Any]:
    """The page on which one signs in, with why it did not succeed; the log has the reason, and nothing else."""
    reason = refused.reason if isinstance(refused, SignInRefused) else type(refused).__name__
    LOG.warning("a sign-in through the identity provider did not succeed: %s", reason)
    page = here.page(
        "accounts/sign_in.html", views.sign_in(here), problem=refused, status=status_of(refused)
    )
    page.cookies.append(gone(here.settings, "oidc"))
    return page


# --- what both have in common ---------------------------------------------------------------------


def begin(here: Here, started: SessionStarted, next_path: str, *more: Cookie) -> Response[None]:
    """Give the session's cookie, and go on; whoever has no role yet is told whom to ask."""
    if here.session:
        accounts.end_session(here.desk, here.session)
    cookies = [cookie(here.settings, "session", started.token), *more]
    return go_to(next_path if started.person.roles else here.url("account"), cookies)


def as_typed(form: Form, name: str) -> str:
    """A field with its blanks: they belong to a password."""
    values = form.fields.get(name)
    return values[-1] if values else ""


def typed_twice(form: Form) -> str:
    """A new password, the same in both fields. Raises `InputError`."""
    new = as_typed(form, "new")
    if new != as_typed(form, "again"):
        raise InputError("the two are not the same", where="again", mend="type the new one twice")
    return new


def at_field(error: InputError) -> InputError:
    """The error at the field of the form that it is about."""
    if error.where != "password":
        return error
    return InputError(error.problem, where="new", mend=error.mend)


def not_local(here: Here) -> None:
    """Raises `NotFound` in the local mode."""
    if here.local_person is not None:
        raise NotFound("nobody signs in here", mend="this server runs for one person")


def _address(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else ""


def _too_often(request: Request[Any, Any, Any], here: Here) -> float:
    return here.house.sign_ins.wait(_address(request))


def _again(here: Here, template: str, view: Any, form: Form, late: float) -> Response[Any]:
    """Not now: too many failures from this address."""
    seconds = math.ceil(late)
    refused = NotAllowed(
        "there were too many failed sign-ins from this address", mend=f"wait {seconds} seconds"
    )
    page = here.page(template, view, typed=form, problem=refused, needed=None, status=429)
    page.headers["Retry-After"] = str(seconds)
    return page


ROUTES = (
    sign_in,
    with_password,
    new_password,
    sign_out,
    signed_out,
    oidc,
    oidc_back,
    oidc_sign_out,
)
