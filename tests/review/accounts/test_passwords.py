"""Which passwords are refused, and how the others are kept."""

import pytest
from argon2 import PasswordHasher

from medwarrant.model.errors import InputError
from medwarrant.review.accounts import passwords
from medwarrant.review.accounts.passwords import (
    check_password,
    is_outdated,
    is_right,
    is_temporary,
    kept_form,
)


@pytest.mark.parametrize(
    "password",
    [
        "four quiet herons",
        "correct horse battery staples and a lamp",
        "gT7-rw2_Qp9z",
        "Grüße aus Österreich",
        "七つの海と静かな鷺が四羽いる",
        "ada loves long walks",
        "x" * 500 + "abcde fghij",
    ],
)
def test_taken(password):
    check_password(password, "ada")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "shorter than 12"),
        ("gT7-rw2_Qp9", "shorter than 12"),
        ("gT7-" * 251, "longer than 1000"),
        ("ada.reyes@example.org", "little more than the login"),
        ("1ada.reyes@example.org", "little more than the login"),
        ("99ADA.REYES@example.org", "little more than the login"),
        ("aaaaaaaaaaaa", "repeats a few characters"),
        ("abcabcabcabc", "repeats a few characters"),
        ("            ", "little more than the login"),
        ("password1234", "first that anybody tries"),
        ("P4ssw0rd2026!!", "first that anybody tries"),
        ("!!!Pa$$w0rd!!!", "first that anybody tries"),
        ("PasswordPassword", "first that anybody tries"),
        ("password password password", "first that anybody tries"),
        ("Welcome123456", "first that anybody tries"),
        ("administrator1", "first that anybody tries"),
        ("correcthorsebatterystaple", "first that anybody tries"),
        ("123456789012", "first that anybody tries"),
        ("098765432109", "first that anybody tries"),
        ("qwerty123456", "first that anybody tries"),
        ("qwertyuiopas", "first that anybody tries"),
        ("1qaz2wsx3edc", "first that anybody tries"),
        ("zyxwvutsrqponmlk", "first that anybody tries"),
        ("abcdefghijk1", "first that anybody tries"),
    ],
)
def test_refused_and_not_quoted(password, why):
    with pytest.raises(InputError, match=why) as refused:
        check_password(password, "ada.reyes@example.org")
    assert not password.strip() or password not in str(refused.value)


def test_kept_as_argon2id_with_a_salt_of_its_own():
    one, two = kept_form("four quiet herons"), kept_form("four quiet herons")
    assert one.startswith("$argon2id$")
    assert one != two
    assert is_right("four quiet herons", one)
    assert is_right("four quiet herons", two)
    assert not is_right("four quiet heron", one)


def test_defaults_of_the_library_in_earnest():
    earnest = PasswordHasher()
    assert (earnest.memory_cost, earnest.time_cost, earnest.parallelism) == (65536, 3, 4)


@pytest.mark.parametrize("kept", [None, "", "nonsense", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"])
def test_nothing_is_right_where_none_is_kept(kept):
    assert not is_right("four quiet herons", kept)
    assert not is_right("", kept)


def test_no_computation_is_saved_where_there_is_none(monkeypatch):
    passwords._nobodys()
    verified = []

    class Counting(PasswordHasher):
        def verify(self, kept, password):
            verified.append(kept)
            return super().verify(kept, password)

    monkeypatch.setattr(passwords, "hasher", Counting(time_cost=1, memory_cost=8, parallelism=1))
    is_right("four quiet herons", None)
    assert verified == [passwords._nobodys()]


def test_the_same_signs_however_they_were_composed():
    kept = kept_form("Gru\u0308ße aus Wien")
    assert is_right("Gr\u00fcße aus Wien", kept)


def test_a_temporary_one_is_marked_and_right():
    kept = kept_form("four quiet herons", temporary=True)
    assert is_temporary(kept)
    assert not is_temporary(kept_form("four quiet herons"))
    assert is_right("four quiet herons", kept)
    assert not is_outdated(kept)


def test_other_parameters_are_outdated(monkeypatch):
    kept = kept_form("four quiet herons")
    assert not is_outdated(kept)
    monkeypatch.setattr(
        passwords, "hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    )
    assert is_outdated(kept)
    assert is_right("four quiet herons", kept)


def test_an_endless_password_is_not_computed():
    assert not is_right("x" * 2_000_000, kept_form("four quiet herons"))
