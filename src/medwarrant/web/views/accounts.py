"""One's own account, and the people of the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec

from ...model.errors import InputError
from ...review import accounts
from ...review.accounts import SCOPES, Account, Scope, SessionLimits
from ...review.errors import NotAllowed
from ...review.people import ROLE_WORDS, ROLES, Person, Role
from ...review.work import Work

#: Days for which a token can be made, with their words.
TOKEN_DAYS_MOST: Final = 366
TOKEN_DAYS: Final = ((30, "30 days"), (90, "90 days"), (180, "half a year"), (365, "a year"))

Login = Annotated[
    str,
    msgspec.Meta(pattern="^[A-Za-z0-9][A-Za-z0-9._@+-]*$", max_length=120, examples=["ada.reyes"]),
]
Name = Annotated[str, msgspec.Meta(pattern=r"\w", max_length=200, examples=["Ada Reyes"])]
Credentials = Annotated[
    str, msgspec.Meta(max_length=400, examples=["MD, internal medicine, licence CA 12345"])
]
TokenName = Annotated[str, msgspec.Meta(pattern=r"\w", max_length=200, examples=["nightly import"])]
Secret = Annotated[str, msgspec.Meta(max_length=1000)]


# --- one's own account ----------------------------------------------------------------------------


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """One of one's own sessions; `current` is the one that asks."""

    id: str
    began: datetime
    last_used: datetime
    ends: datetime
    current: bool


class TokenView(msgspec.Struct, frozen=True, kw_only=True):
    """One of one's own tokens, never the token itself."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    made: datetime
    ends: datetime | None
    last_used: datetime | None
    usable: bool


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """One's own account. `ask` names whom to ask for a role, where one has none."""

    login: str
    name: str
    credentials: str
    roles: tuple[Role, ...]
    ask: tuple[str, ...]
    has_password: bool
    vouched_by: str
    sessions: tuple[SessionView, ...]
    tokens: tuple[TokenView, ...]
    scopes: tuple[Scope, ...]


class PasswordChange(msgspec.Struct, frozen=True, kw_only=True):
    """Another password for oneself."""

    current: Secret
    new: Secret


class TokenWanted(msgspec.Struct, frozen=True, kw_only=True):
    """A token to be made, good for some days."""

    name: TokenName
    # A list: of a tuple with bounds Litestar 2.25 describes the entries as anything.
    scopes: Annotated[list[Scope], msgspec.Meta(min_length=1, examples=[["read"]])]
    days: Annotated[int, msgspec.Meta(ge=1, le=TOKEN_DAYS_MOST)] = 90


class TokenMade(msgspec.Struct, frozen=True, kw_only=True):
    """A token that was made: this once it is told."""

    token: str
    account: AccountView


def own_account(work: Work, *, session: str, limits: SessionLimits) -> AccountView:
    """One's own account; `session` is the token of the session that asks."""
    own = accounts.account(work, work.person.id)
    asking = accounts.digest_of(session) if session else ""
    found = accounts.sessions(work, limits)
    administrator = own.person.is_a("administrator")
    return AccountView(
        login=own.person.login,
        name=own.person.name,
        credentials=own.person.credentials,
        roles=_in_order(own.person),
        ask=() if own.person.roles else _whom_to_ask(work),
        has_password=own.has_password,
        vouched_by=own.vouched_by,
        sessions=tuple(
            SessionView(
                id=one.id,
                began=one.created_at,
                last_used=one.seen_at,
                ends=one.expires_at,
                current=one.id == asking,
            )
            for one in found
        ),
        tokens=tuple(
            TokenView(
                id=one.id,
                name=one.name,
                scopes=tuple(scope for scope in SCOPES if scope in one.scopes),
                made=one.created_at,
                ends=one.expires_at,
                last_used=one.used_at,
                usable=one.is_usable(work.now),
            )
            for one in accounts.tokens(work)
        ),
        scopes=tuple(scope for scope in SCOPES if scope != "admin" or administrator),
    )


def make_token(work: Work, wanted: TokenWanted) -> str:
    """Make a token for oneself, and tell it. Raises `InputError`."""
    if not 1 <= wanted.days <= TOKEN_DAYS_MOST:
        raise InputError("a token lasts a year at most", where="days")
    expires = work.now + timedelta(days=wanted.days)
    return accounts.new_token(work, work.person, wanted.name, wanted.scopes, expires)


def _whom_to_ask(work: Work) -> tuple[str, ...]:
    return tuple(one.name for one in accounts.people_with_role(work, "administrator"))


def _in_order(person: Person) -> tuple[Role, ...]:
    return tuple(role for role in ROLES if role in person.roles)


# --- people ---------------------------------------------------------------------------------------


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    """A person as administrators see it."""

    id: str
    login: str
    name: str
    credentials: str
    roles: tuple[Role, ...]
    active: bool
    has_password: bool
    password_is_temporary: bool
    vouched_by: str
    locked_until: datetime | None
    since: datetime
    #: The person of the single-user mode, whom nobody changes.
    local: bool

    @property
    def role_words(self) -> str:
        """The roles in words."""
        return ", ".join(ROLE_WORDS[role] for role in self.roles)


class PeopleView(msgspec.Struct, frozen=True, kw_only=True):
    """Everyone who works, or worked, with the desk."""

    people: tuple[PersonView, ...]


class NewPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person to be added. With `password` one is chosen for the first sign-in, and told once."""

    login: Login
    name: Name
    roles: tuple[Role, ...] = ()
    credentials: Credentials = ""
    password: bool = False


class PersonChange(msgspec.Struct, frozen=True, kw_only=True):
    """Name, credentials and roles as they shall be; `seen` are the roles that the administrator saw."""

    name: Name
    credentials: Credentials = ""
    roles: tuple[Role, ...] = ()
    seen: tuple[Role, ...] = ()


class PasswordGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A person, and the password for the first sign-in, told this once; null where there is none."""

    person: PersonView
    password: str | None = None


def people(work: Work) -> PeopleView:
    """Everyone, by name."""
    return PeopleView(people=tuple(_shown(one, work.now) for one in accounts.people(work)))


def person(work: Work, person_id: str) -> PersonView:
    """One person. Raises `NotFound`."""
    return _shown(accounts.account(work, person_id), work.now)


def add(work: Work, wanted: NewPerson) -> PasswordGiven:
    """Add a person."""
    password = accounts.chosen_password() if wanted.password else None
    made = accounts.add_person(
        work,
        login=wanted.login,
        name=wanted.name,
        roles=wanted.roles,
        credentials=wanted.credentials,
        password=password,
        temporary=True,
    )
    return PasswordGiven(person=person(work, made.id), password=password)


def change(work: Work, person_id: str, wanted: PersonChange) -> PersonView:
    """Change a person; the roles that are new count from the next sign-in."""
    accounts.change_person(
        work,
        person_id,
        name=wanted.name,
        credentials=wanted.credentials,
        roles=wanted.roles,
        roles_seen=wanted.seen,
    )
    return person(work, person_id)


def give_password(work: Work, person_id: str) -> PasswordGiven:
    """Give a person a new password for the next sign-in; the one before is no more."""
    if person_id == work.person.id:
        raise NotAllowed("this is your own account", mend="change your password in My account")
    password = accounts.chosen_password()
    accounts.set_password(work, person_id, password, temporary=True)
    return PasswordGiven(person=person(work, person_id), password=password)


def _shown(one: Account, now: datetime) -> PersonView:
    locked = one.locked_until is not None and now < one.locked_until
    return PersonView(
        id=one.person.id,
        login=one.person.login,
        name=one.person.name,
        credentials=one.person.credentials,
        roles=_in_order(one.person),
        active=one.active,
        has_password=one.has_password,
        password_is_temporary=one.password_is_temporary,
        vouched_by=one.vouched_by,
        locked_until=one.locked_until if locked else None,
        since=one.created_at,
        local=one.is_local,
    )
