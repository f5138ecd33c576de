"""People are added, changed and deactivated by administrators, and every change is in the audit log."""

import threading

import pytest
from sqlalchemy import select

from medwarrant.model.errors import InputError
from medwarrant.review.accounts import (
    COMMAND_LINE,
    account,
    add_person,
    change_person,
    count_people,
    deactivate,
    local_person,
    new_token,
    people,
    people_with_role,
    person,
    person_of_session,
    person_of_token,
    reactivate,
    set_password,
    sign_in,
    sign_in_vouched,
    unlock,
)
from medwarrant.review.errors import NotAllowed, NotFound, Stale
from medwarrant.review.people import ROLES
from medwarrant.review.store import schema

PASSWORD = "four quiet herons"
OTHER = "seven loud magpies"


@pytest.fixture
def root(add):
    return add("root", "administrator")


def test_added(desk, acts):
    with desk.work(COMMAND_LINE) as work:
        ada = add_person(
            work,
            login=" Ada.Reyes@example.org",
            name=" Ada   Reyes",
            roles=["physician_reviewer", "auditor"],
            password=PASSWORD,
            credentials="MD, internal medicine, licence CA 12345",
        )
        assert person(work, ada.id) == ada
    assert (ada.login, ada.name) == ("ada.reyes@example.org", "Ada Reyes")
    assert ada.credentials == "MD, internal medicine, licence CA 12345"
    assert acts() == [
        (
            "person_added",
            f"person:{ada.id}",
            {"roles": ["physician_reviewer", "auditor"], "ways_in": ["password"]},
        )
    ]
    with desk.database.read() as connection:
        assert PASSWORD not in str(connection.execute(select(schema.person)).one())


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"login": ""}, "login"),
        ({"login": "ada reyes"}, "login"),
        ({"login": "a" * 121}, "login"),
        ({"login": "<b>"}, "login"),
        ({"login": "\u0430da"}, "login"),
        ({"login": "local"}, "login"),
        ({"login": "LOCAL "}, "login"),
        ({"login": "command-line"}, "login"),
        ({"login": "root"}, "login"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "\u202e\u200b\0"}, "name"),
        ({"credentials": "x" * 401}, "credentials"),
        ({"roles": ["physician"]}, "roles"),
        ({"password": "short"}, "password"),
    ],
)
def test_values_that_cannot_be_used(desk, root, values, where):
    given = {"login": "ada", "name": "Ada", "roles": ["auditor"], **values}
    with pytest.raises(InputError) as refused, desk.work(root) as work:
        add_person(work, **given)
    assert refused.value.where == where


def test_a_subject_belongs_to_one_person(desk, root):
    with desk.work(root) as work:
        add_person(work, login="ada", name="Ada", roles=[], subject="https://id.example.org 1")
    with pytest.raises(InputError, match="somebody has"), desk.work(root) as work:
        add_person(work, login="bob", name="Bob", roles=[], subject="https://id.example.org 1")


ADMINISTRATORS_ONLY = {
    "add": lambda work, one: add_person(work, login="new", name="New", roles=[]),
    "change": lambda work, one: change_person(work, one.id, name="New"),
    "own roles": lambda work, one: change_person(work, work.person.id, roles=ROLES),
    "own credentials": lambda work, one: change_person(work, work.person.id, credentials="MD"),
    "deactivate": lambda work, one: deactivate(work, one.id),
    "reactivate": lambda work, one: reactivate(work, one.id),
    "unlock": lambda work, one: unlock(work, one.id),
    "set password": lambda work, one: set_password(work, one.id, OTHER),
    "own password without the current one": lambda work, one: set_password(
        work, work.person.id, OTHER
    ),
}


@pytest.mark.parametrize("act", ADMINISTRATORS_ONLY.values(), ids=ADMINISTRATORS_ONLY.keys())
def test_only_administrators(desk, add, root, act):
    everything_else = add("bob", *(role for role in ROLES if role != "administrator"))
    with pytest.raises(NotAllowed), desk.work(everything_else) as work:
        act(work, root)


def test_who_sees_the_list(desk, add, root):
    auditor, nurse = add("aud", "auditor"), add("nurse", "nurse_reviewer")
    for who in (root, auditor):
        with desk.work(who) as work:
            assert [a.person.login for a in people(work)] == ["aud", "nurse", "root"]
            assert account(work, nurse.id).has_password
    with desk.work(nurse) as work:
        with pytest.raises(NotAllowed):
            people(work)
        with pytest.raises(NotAllowed):
            account(work, root.id)
        assert account(work, nurse.id).person == nurse
        with pytest.raises(NotFound):
            person(work, "no such id")


def test_whom_a_case_can_be_given_to(desk, add, root):
    zoe, ben = add("zoe", "nurse_reviewer"), add("ben", "physician_reviewer", "editor")
    gone = add("gone", "nurse_reviewer")
    with desk.work(root) as work:
        deactivate(work, gone.id)
    local = local_person(desk)
    with desk.work(zoe) as work:
        found = people_with_role(work, "nurse_reviewer", "physician_reviewer")
        assert found == [ben, zoe]
    with desk.work(local) as work:
        assert people_with_role(work, "nurse_reviewer") == [local, zoe]


def test_new_roles_count_at_once_and_end_sessions(desk, add, root, acts):
    add("ada", "nurse_reviewer")
    started = sign_in(desk, "ada", PASSWORD)
    acts()
    with desk.work(root) as work:
        ada = change_person(work, started.person.id, roles=["physician_reviewer"])
    assert ada.roles == {"physician_reviewer"}
    assert person_of_session(desk, started.token) is None
    assert acts() == [
        (
            "roles_changed",
            f"person:{ada.id}",
            {"before": ["nurse_reviewer"], "after": ["physician_reviewer"], "own": False},
        ),
        ("sessions_ended", f"person:{ada.id}", {"count": 1}),
    ]


def test_a_name_is_changed_without_ending_sessions(desk, add, root, acts):
    add("ada", "nurse_reviewer")
    started = sign_in(desk, "ada", PASSWORD)
    acts()
    with desk.work(root) as work:
        change_person(work, started.person.id, name="Ada Reyes-Lund", credentials="RN 1")
        change_person(work, started.person.id, name="Ada Reyes-Lund", roles=["nurse_reviewer"])
    found = person_of_session(desk, started.token)
    assert (found.name, found.credentials) == ("Ada Reyes-Lund", "RN 1")
    assert acts() == [
        (
            "person_changed",
            f"person:{found.id}",
            {"changed": ["credentials", "name"], "own": False},
        )
    ]


def test_own_roles_are_never_changed_silently(desk, root, acts):
    acts()
    with desk.work(root) as work:
        change_person(work, root.id, roles=["administrator", "physician_reviewer"])
        change_person(work, root.id, credentials="MD")
    assert [(act, detail["own"]) for act, _, detail in acts()] == [
        ("roles_changed", True),
        ("person_changed", True),
    ]


def test_roles_changed_by_another_since(desk, add, root):
    ada = add("ada", "nurse_reviewer")
    with desk.work(root) as work:
        change_person(work, ada.id, roles=["editor"], roles_seen=["nurse_reviewer"])
        with pytest.raises(Stale):
            change_person(work, ada.id, roles=ROLES, roles_seen=["nurse_reviewer"])
        assert person(work, ada.id).roles == {"editor"}


LEAVING = {
    "deactivate": lambda work, one: deactivate(work, one.id),
    "role": lambda work, one: change_person(work, one.id, roles=["auditor"]),
}


@pytest.mark.parametrize("leave", LEAVING.values(), ids=LEAVING.keys())
def test_the_last_administrator_stays(desk, add, root, leave):
    local_person(desk)
    no_way_in = add("nowayin", "administrator", password=None)
    gone = add("gone", "administrator")
    with desk.work(COMMAND_LINE) as work:
        deactivate(work, gone.id)
    for who in (root, COMMAND_LINE):
        with pytest.raises(NotAllowed, match="last administrator"), desk.work(who) as work:
            leave(work, root)
    with desk.work(root) as work:
        leave(work, no_way_in)
    other = add("other", "administrator")
    with desk.work(other) as work:
        leave(work, root)
    with pytest.raises(NotAllowed, match="last administrator"), desk.work(other) as work:
        leave(work, other)


def test_an_administrator_vouched_for_counts(desk, root):
    sign_in_vouched(
        desk, issuer="https://id.example.org", subject="1", login="v", roles=["administrator"]
    )
    with desk.work(root) as work:
        deactivate(work, root.id)


def test_deactivated_has_no_way_in(desk, add, root, acts):
    ada = add("ada", "requester")
    started = sign_in(desk, "ada", PASSWORD)
    with desk.work(ada) as work:
        token = new_token(work, ada, "t", ["read"], work.now.replace(year=2027))
    acts()
    with desk.work(root) as work:
        deactivate(work, ada.id)
        deactivate(work, ada.id)
        assert person(work, ada.id) == ada
    assert [act for act, _, _ in acts()] == [
        "person_deactivated",
        "sessions_ended",
        "token_revoked",
    ]
    assert person_of_session(desk, started.token) is None
    assert person_of_token(desk, token) is None
    with pytest.raises(NotAllowed):
        sign_in(desk, "ada", PASSWORD)
    with desk.work(root) as work:
        reactivate(work, ada.id)
        reactivate(work, ada.id)
    assert [act for act, _, _ in acts()] == ["sign_in_failed", "person_reactivated"]
    assert person_of_token(desk, token) is None
    assert sign_in(desk, "ada", PASSWORD).person == ada


def test_what_the_rows_of_two_accounts_alone_show(desk, add, root):
    """Closed with the row alone (a restored backup): no session and no token opens it."""
    ada = add("ada", "requester")
    started = sign_in(desk, "ada", PASSWORD)
    with desk.work(ada) as work:
        token = new_token(work, ada, "t", ["read"], work.now.replace(year=2027))
        work.connection.execute(
            schema.person.update().where(schema.person.c.id == ada.id).values(active=False)
        )
    assert person_of_session(desk, started.token) is None
    assert person_of_token(desk, token) is None


def test_the_local_person_is_made_once_and_left_alone(desk, root, acts):
    acts()
    local = local_person(desk)
    assert local_person(desk) == local
    assert (local.login, local.roles) == ("local", frozenset(ROLES))
    assert [act for act, _, _ in acts()] == ["person_added"]
    with desk.database.read() as connection:
        assert count_people(connection) == 1
    changes = (
        lambda work: change_person(work, local.id, name="x"),
        lambda work: deactivate(work, local.id),
        lambda work: set_password(work, local.id, OTHER),
        lambda work: unlock(work, local.id),
    )
    for change in changes:
        with pytest.raises(NotAllowed), desk.work(root) as work:
            change(work)


def test_whoever_was_given_a_password_chooses_another(desk, root):
    with desk.work(root) as work:
        ada = add_person(work, login="ada", name="Ada", roles=[], password=PASSWORD)
        assert account(work, ada.id).password_is_temporary
        set_password(work, root.id, OTHER)
        assert not account(work, root.id).password_is_temporary
    with desk.work(COMMAND_LINE) as work:
        set_password(work, ada.id, OTHER)
        assert not account(work, ada.id).password_is_temporary
        set_password(work, ada.id, PASSWORD, temporary=True)
        assert account(work, ada.id).password_is_temporary


def test_two_administrators_cannot_remove_each_other(any_desk, add):
    one, two = add("one", "administrator"), add("two", "administrator")
    kept = []

    def remove(who, whom):
        try:
            with any_desk.work(who) as work:
                deactivate(work, whom.id)
        except NotAllowed:
            kept.append(whom)

    threads = [threading.Thread(target=remove, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 1


def test_one_life_on_each_database(any_desk, add, acts):
    """Added, signed in, with a token, locked, unlocked, closed: on SQLite and on PostgreSQL."""
    root, ada = add("root", "administrator"), add("ada", "nurse_reviewer")
    started = sign_in(any_desk, "ada", PASSWORD)
    assert person_of_session(any_desk, started.token) == ada
    with any_desk.work(ada) as work:
        token = new_token(work, ada, "t", ["read"], work.now.replace(year=2027))
    assert person_of_token(any_desk, token) == (ada, {"read"})
    for _ in range(5):
        with pytest.raises(NotAllowed):
            sign_in(any_desk, "ada", "not this one")
    with any_desk.work(root) as work:
        assert account(work, ada.id).locked_until
        unlock(work, ada.id)
        change_person(work, ada.id, roles=["physician_reviewer"], credentials="MD 1")
        with pytest.raises(InputError, match="somebody has"):
            add_person(work, login="ada", name="Ada", roles=[])
    vouched = sign_in_vouched(any_desk, issuer="https://id.example.org", subject="1", login="v")
    assert local_person(any_desk) == local_person(any_desk)
    with any_desk.work(root) as work:
        deactivate(work, ada.id)
        assert [(a.person.login, a.active) for a in people(work)] == [
            ("ada", False),
            ("local", True),
            ("root", True),
            ("v", True),
        ]
    assert person_of_session(any_desk, vouched.token) == vouched.person
    assert person_of_token(any_desk, token) is None
    assert acts()
