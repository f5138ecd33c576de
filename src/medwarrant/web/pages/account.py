"""One's own account: password, sessions, tokens."""

from __future__ import annotations

from typing import Any, cast

from litestar import Response, get, post
from litestar.di import NamedDependency

from ...model.errors import InputError
from ...review import accounts
from ...review.accounts import SCOPE_WORDS, Scope
from ...review.errors import NotAllowed
from ..forms import Form
from ..here import Here
from ..problems import status_of
from ..views import accounts as views
from .sign_in import as_typed, at_field, begin, not_local, typed_twice

_TEMPLATE = "accounts/account.html"


def _page(here: Here, **more: Any) -> Response[str]:
    with here.look() as work:
        view = views.own_account(work, session=here.session, limits=here.settings.session_limits)
    scopes = tuple((scope, SCOPE_WORDS[scope]) for scope in view.scopes)
    return here.page(_TEMPLATE, view, days=views.TOKEN_DAYS, token_scopes=scopes, **more)


@get("/account", name="account", include_in_schema=False, sync_to_thread=True)
def account(here: NamedDependency[Here]) -> Response[str]:
    """One's own account."""
    return _page(here)


@post("/account/password", name="account.password", include_in_schema=False, sync_to_thread=True)
def password(here: NamedDependency[Here], form: NamedDependency[Form]) -> Response[Any]:
    """Change one's password."""
    not_local(here)
    try:
        started = accounts.change_password(
            here.desk,
            here.signed_in.login,
            as_typed(form, "current"),
            typed_twice(form),
            here.settings.session_limits,
        )
    except InputError as error:
        return _not_done(here, form, at_field(error), 400)
    except NotAllowed as refused:
        wrong = InputError(
            "the current password is not right, or the account is locked", where="current"
        )
        return _not_done(here, form, wrong, status_of(refused))
    page = begin(here, started, here.url("account"))
    return here.redirect("account", say="The password was changed.", cookies=tuple(page.cookies))


@post("/account/tokens", name="account.make_token", include_in_schema=False, sync_to_thread=True)
def make_token(here: NamedDependency[Here], form: NamedDependency[Form]) -> Response[Any]:
    """Make a token and show it, this once; a reload of the page makes another one."""
    try:
        with here.work() as work:
            token = views.make_token(work, _wanted(form))
    except InputError as error:
        return _not_done(here, form, error, 400)
    return _page(here, told=token, status=201)


@post(
    "/account/tokens/revoke",
    name="account.revoke_token",
    include_in_schema=False,
    sync_to_thread=True,
)
def revoke_token(here: NamedDependency[Here], form: NamedDependency[Form]) -> Response[None]:
    """Revoke one of one's tokens."""
    with here.work() as work:
        accounts.revoke_token(work, form.get("token"))
    return here.redirect("account", say="The token was revoked.", fragment="tokens")


@post(
    "/account/sessions/end",
    name="account.end_session",
    include_in_schema=False,
    sync_to_thread=True,
)
def end_session(here: NamedDependency[Here], form: NamedDependency[Form]) -> Response[None]:
    """End one of one's sessions."""
    with here.work() as work:
        accounts.end_own_session(work, form.get("session"))
    return here.redirect("account", say="The session was ended.", fragment="sessions")


def _wanted(form: Form) -> views.TokenWanted:
    """What was chosen, as it is; what cannot be used is said in the words of `accounts`."""
    days = form.get("days", "90")
    return views.TokenWanted(
        name=form.get("name"),
        scopes=cast("list[Scope]", list(form.all("scopes"))),
        days=int(days) if days.isdecimal() and len(days) < 4 else 0,
    )


def _not_done(here: Here, form: Form, error: InputError, status: int) -> Response[str]:
    return _page(here, typed=form, problem=error, status=status)


ROUTES = (account, password, make_token, revoke_token, end_session)
