"""The twins of the pages about one's own account and about people."""

from __future__ import annotations

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ...review import accounts
from ...review.work import Work
from ..cookies import cookie
from ..here import Here
from ..pages.sign_in import not_local
from ..views import accounts as views
from ..views import sign_in as sign_in_views


@get("/sign-in", name="api.sign_in", tags=["account"], summary="The ways in", sync_to_thread=True)
def sign_in(here: NamedDependency[Here]) -> sign_in_views.SignInView:
    """How people sign in here; programs send a token instead."""
    return sign_in_views.sign_in(here)


# --- one's own account ----------------------------------------------------------------------------


def _own(here: Here, work: Work) -> views.AccountView:
    return views.own_account(work, session=here.session, limits=here.settings.session_limits)


@get(
    "/account",
    name="api.account",
    tags=["account"],
    summary="One's own account",
    sync_to_thread=True,
)
def account(here: NamedDependency[Here]) -> views.AccountView:
    """Name, roles, sessions and tokens of the person who asks."""
    with here.look() as work:
        return _own(here, work)


@put(
    "/account/password",
    name="api.account.password",
    tags=["account"],
    summary="Change one's password",
    sync_to_thread=True,
)
def password(
    here: NamedDependency[Here], data: JSONBody[views.PasswordChange]
) -> Response[views.AccountView]:
    """Change one's password. Every session ends; the answer's cookie begins a new one."""
    not_local(here)
    started = accounts.change_password(
        here.desk, here.signed_in.login, data.current, data.new, here.settings.session_limits
    )
    with here.look() as work:
        view = views.own_account(work, session=started.token, limits=here.settings.session_limits)
    return Response(view, cookies=[cookie(here.settings, "session", started.token)])


@post(
    "/account/tokens",
    name="api.account.make_token",
    tags=["account"],
    summary="Make a token",
    sync_to_thread=True,
)
def make_token(here: NamedDependency[Here], data: JSONBody[views.TokenWanted]) -> views.TokenMade:
    """Make a token for oneself; it is told this once. A token cannot make tokens."""
    with here.work() as work:
        token = views.make_token(work, data)
        return views.TokenMade(token=token, account=_own(here, work))


@delete(
    "/account/tokens/{id:str}",
    name="api.account.revoke_token",
    tags=["account"],
    summary="Revoke a token",
    status_code=200,
    sync_to_thread=True,
)
def revoke_token(here: NamedDependency[Here], id: FromPath[str]) -> views.AccountView:
    """Revoke one of one's tokens; it stays in the list."""
    with here.work() as work:
        accounts.revoke_token(work, id)
        return _own(here, work)


@delete(
    "/account/sessions/{id:str}",
    name="api.account.end_session",
    tags=["account"],
    summary="End a session",
    status_code=200,
    sync_to_thread=True,
)
def end_session(here: NamedDependency[Here], id: FromPath[str]) -> views.AccountView:
    """End one of one's sessions."""
    with here.work() as work:
        accounts.end_own_session(work, id)
        return _own(here, work)


# --- people ---------------------------------------------------------------------------------------


@get("/people", name="api.people", tags=["people"], summary="Everyone", sync_to_thread=True)
def people(here: NamedDependency[Here]) -> views.PeopleView:
    """Everyone who works, or worked, with the desk, by name."""
    with here.look() as work:
        return views.people(work)


@post(
    "/people", name="api.people.add", tags=["people"], summary="Add a person", sync_to_thread=True
)
def add(here: NamedDependency[Here], data: JSONBody[views.NewPerson]) -> views.PasswordGiven:
    """Add a person; with `password`, one for the first sign-in is told, this once."""
    with here.work() as work:
        return views.add(work, data)


@get(
    "/people/{id:str}",
    name="api.people.person",
    tags=["people"],
    summary="One person",
    sync_to_thread=True,
)
def person(here: NamedDependency[Here], id: FromPath[str]) -> views.PersonView:
    """One person."""
    with here.look() as work:
        return views.person(work, id)


@put(
    "/people/{id:str}",
    name="api.people.change",
    tags=["people"],
    summary="Change a person",
    sync_to_thread=True,
)
def change(
    here: NamedDependency[Here], id: FromPath[str], data: JSONBody[views.PersonChange]
) -> views.PersonView:
    """Another name, other credentials, other roles; new roles count from the next sign-in.

    `seen` are the roles that were read before: 409 where somebody changed them since.
    """
    with here.work() as work:
        return views.change(work, id, data)


@post(
    "/people/{id:str}/password",
    name="api.people.password",
    tags=["people"],
    summary="Give a password",
    sync_to_thread=True,
)
def give_password(here: NamedDependency[Here], id: FromPath[str]) -> views.PasswordGiven:
    """A new password for the next sign-in, told this once; the person then chooses another."""
    with here.work() as work:
        return views.give_password(work, id)


@post(
    "/people/{id:str}/deactivate",
    name="api.people.deactivate",
    tags=["people"],
    summary="Close an account",
    status_code=200,
    sync_to_thread=True,
)
def deactivate(here: NamedDependency[Here], id: FromPath[str]) -> views.PersonView:
    """Close an account: no sign-in, no session, no token. What the person did stays."""
    with here.work() as work:
        accounts.deactivate(work, id)
        return views.person(work, id)


@post(
    "/people/{id:str}/reactivate",
    name="api.people.reactivate",
    tags=["people"],
    summary="Open an account again",
    status_code=200,
    sync_to_thread=True,
)
def reactivate(here: NamedDependency[Here], id: FromPath[str]) -> views.PersonView:
    """Open an account again; its tokens stay revoked."""
    with here.work() as work:
        accounts.reactivate(work, id)
        return views.person(work, id)


@post(
    "/people/{id:str}/unlock",
    name="api.people.unlock",
    tags=["people"],
    summary="Unlock an account",
    status_code=200,
    sync_to_thread=True,
)
def unlock(here: NamedDependency[Here], id: FromPath[str]) -> views.PersonView:
    """End the lock after failed sign-ins."""
    with here.work() as work:
        accounts.unlock(work, id)
        return views.person(work, id)


ROUTES = (
    sign_in,
    account,
    password,
    make_token,
    revoke_token,
    end_session,
    people,
    add,
    person,
    change,
    give_password,
    deactivate,
    reactivate,
    unlock,
)
