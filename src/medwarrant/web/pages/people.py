"""The people of the desk, for administrators: added, changed, closed, unlocked."""

from __future__ import annotations

from typing import Any, cast

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ...model.errors import InputError
from ...review import accounts
from ...review.people import Role
from ..forms import Form
from ..here import Here
from ..problems import status_of
from ..views import accounts as views

_ALL = "accounts/people.html"
_ONE = "accounts/person.html"


@get("/people", name="people", include_in_schema=False, sync_to_thread=True)
def people(here: NamedDependency[Here]) -> Response[str]:
    """Everyone, and a form to add somebody."""
    with here.look() as work:
        view = views.people(work)
    return here.page(_ALL, view)


@post("/people", name="people.add", include_in_schema=False, sync_to_thread=True)
def add(here: NamedDependency[Here], form: NamedDependency[Form]) -> Response[Any]:
    """Add a person; a password for the first sign-in is shown this once."""
    try:
        with here.work() as work:
            given = views.add(work, _wanted(form))
    except InputError as error:
        with here.look() as work:
            view = views.people(work)
        return here.page(_ALL, view, typed=form, problem=error, status=status_of(error))
    if given.password is None:
        return here.redirect("people.person", say="The person was added.", id=given.person.id)
    return here.page(_ONE, given.person, told=given.password, status=201)


@get("/people/{id:str}", name="people.person", include_in_schema=False, sync_to_thread=True)
def person(here: NamedDependency[Here], id: FromPath[str]) -> Response[str]:
    """One person."""
    return here.page(_ONE, _view(here, id))


@post("/people/{id:str}", name="people.change", include_in_schema=False, sync_to_thread=True)
def change(
    here: NamedDependency[Here], id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Another name, other credentials, other roles."""
    try:
        with here.work() as work:
            views.change(work, id, _changed(form))
    except InputError as error:
        return here.page(_ONE, _view(here, id), typed=form, problem=error)
    return here.redirect("people.person", say="It was changed.", id=id)


@post(
    "/people/{id:str}/password",
    name="people.password",
    include_in_schema=False,
    sync_to_thread=True,
)
def password(here: NamedDependency[Here], id: FromPath[str]) -> Response[Any]:
    """A new password for the next sign-in, shown this once."""
    with here.work() as work:
        given = views.give_password(work, id)
    return here.page(_ONE, given.person, told=given.password, status=201)


@post(
    "/people/{id:str}/deactivate",
    name="people.deactivate",
    include_in_schema=False,
    sync_to_thread=True,
)
def deactivate(here: NamedDependency[Here], id: FromPath[str]) -> Response[None]:
    """Close the account."""
    with here.work() as work:
        accounts.deactivate(work, id)
    return here.redirect("people.person", say="The account was closed.", id=id)


@post(
    "/people/{id:str}/reactivate",
    name="people.reactivate",
    include_in_schema=False,
    sync_to_thread=True,
)
def reactivate(here: NamedDependency[Here], id: FromPath[str]) -> Response[None]:
    """Open the account again."""
    with here.work() as work:
        accounts.reactivate(work, id)
    return here.redirect("people.person", say="The account is open again.", id=id)


@post("/people/{id:str}/unlock", name="people.unlock", include_in_schema=False, sync_to_thread=True)
def unlock(here: NamedDependency[Here], id: FromPath[str]) -> Response[None]:
    """End the lock after failed sign-ins."""
    with here.work() as work:
        accounts.unlock(work, id)
    return here.redirect("people.person", say="The account was unlocked.", id=id)


def _wanted(form: Form) -> views.NewPerson:
    """What was typed, as it is; what cannot be used is said in the words of `accounts`."""
    return views.NewPerson(
        login=form.get("login"),
        name=form.get("name"),
        roles=cast("tuple[Role, ...]", form.all("roles")),
        credentials=form.get("credentials"),
        password=form.has("password"),
    )


def _changed(form: Form) -> views.PersonChange:
    return views.PersonChange(
        name=form.get("name"),
        credentials=form.get("credentials"),
        roles=cast("tuple[Role, ...]", form.all("roles")),
        seen=cast("tuple[Role, ...]", form.all("seen")),
    )


def _view(here: Here, person_id: str) -> views.PersonView:
    with here.look() as work:
        return views.person(work, person_id)


ROUTES = (people, add, person, change, password, deactivate, reactivate, unlock)
