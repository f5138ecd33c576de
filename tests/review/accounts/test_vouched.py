"""People whom an identity provider vouches for: known by issuer and subject, and by nothing else."""

import pytest

from medwarrant.model.errors import InputError
from medwarrant.review.accounts import (
    COMMAND_LINE,
    account,
    deactivate,
    person_of_session,
    sign_in,
    sign_in_vouched,
)
from medwarrant.review.errors import NotAllowed

ISSUER = "https://id.example.org"


def come(desk, subject="248289761001", issuer=ISSUER, **more):
    return sign_in_vouched(desk, issuer=issuer, subject=subject, **more)


def test_a_first_sign_in_makes_a_person_without_roles(desk, acts):
    started = come(desk, login="Ada.Reyes", name="Ada Reyes")
    ada = started.person
    assert (ada.login, ada.name, ada.roles) == ("ada.reyes", "Ada Reyes", frozenset())
    assert person_of_session(desk, started.token) == ada
    assert acts() == [
        ("person_added", f"person:{ada.id}", {"roles": [], "ways_in": ["openid"]}),
        ("signed_in", f"person:{ada.id}", {"how": "openid"}),
    ]
    with desk.work(COMMAND_LINE) as work:
        kept = account(work, ada.id)
    assert (kept.vouched_by, kept.has_password) == (ISSUER, False)


def test_the_second_is_the_same_person_whatever_the_provider_calls_them(desk):
    ada = come(desk, login="ada", name="Ada").person
    assert come(desk, login="someone-else", name="Other").person == ada


@pytest.mark.parametrize(
    "other",
    [{"issuer": "https://id.example.com"}, {"subject": "248289761002"}, {"issuer": ISSUER + "/"}],
)
def test_another_issuer_or_subject_is_another_person(desk, other):
    assert come(desk, login="ada").person.id != come(desk, login="ada", **other).person.id


def test_an_account_here_is_not_taken_over_by_its_login(desk, add):
    root = add("root", "administrator")
    taken = come(desk, login="root", name="Root").person
    assert taken.id != root.id
    assert taken.login.startswith("root-")
    assert taken.roles == frozenset()
    assert sign_in(desk, "root", "four quiet herons").person == root


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ("DOMAIN\\ada", "domainada"),
        ("<script>", "script"),
        ("", "person-"),
        ("местная", "person-"),
        ("local", "person-"),
        ("command-line", "person-"),
        ("a" * 500, "a" * 100),
    ],
)
def test_any_login_of_the_provider_becomes_one_of_ours(desk, login, expected):
    made = come(desk, login=login, name="\u202e").person
    assert made.login.startswith(expected)
    assert made.name == made.login


def test_roles_of_the_provider_are_followed(desk, acts):
    first = come(desk, login="ada", roles=["nurse_reviewer"])
    assert first.person.roles == {"nurse_reviewer"}
    acts()
    assert come(desk, roles=["nurse_reviewer"]).person.roles == {"nurse_reviewer"}
    assert come(desk, roles=None).person.roles == {"nurse_reviewer"}
    assert [act for act, _, _ in acts()] == ["signed_in", "signed_in"]
    assert come(desk, roles=[]).person.roles == frozenset()
    changed, _ = acts()
    assert changed[0] == "roles_changed"
    assert changed[2] == {
        "before": ["nurse_reviewer"],
        "after": [],
        "by": "identity provider",
    }
    assert person_of_session(desk, first.token).roles == frozenset()


def test_a_closed_account_stays_closed(desk, acts):
    first = come(desk, login="ada", roles=["nurse_reviewer"])
    with desk.work(COMMAND_LINE) as work:
        deactivate(work, first.person.id)
    acts()
    with pytest.raises(NotAllowed, match="closed"):
        come(desk, login="ada", roles=["administrator"])
    assert [act for act, _, _ in acts()] == ["sign_in_failed"]
    with desk.work(COMMAND_LINE) as work:
        kept = account(work, first.person.id)
    assert (kept.active, kept.person.roles) == (False, {"nurse_reviewer"})


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [(ISSUER, ""), (ISSUER, "x" * 400), (ISSUER, "a\nb"), ("https://id.example.org x", "1")],
)
def test_subjects_that_cannot_be_kept_apart(desk, issuer, subject):
    with pytest.raises(InputError):
        come(desk, issuer=issuer, subject=subject)


def test_a_role_that_is_none_makes_no_account(desk, acts):
    with pytest.raises(InputError):
        come(desk, roles=["chief"])
    assert acts() == []
