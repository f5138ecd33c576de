"""`medwarrant demo-data`: what it refuses; what it fills is looked at in `tests/review/test_demo.py`."""

import pytest

from medwarrant.cli.main import run


@pytest.fixture
def call(capfd, tmp_path, monkeypatch):
    """Run the command on a desk of the test: its status, and what it complained of."""
    monkeypatch.setenv("MEDWARRANT_DATA", str(tmp_path / "desk"))
    monkeypatch.delenv("MEDWARRANT_DATABASE", raising=False)

    def _call(*words):
        return run(["demo-data", *words]), capfd.readouterr().err

    return _call


def test_a_desk_with_people_is_refused(call):
    words = ["--login", "ada", "--name", "Ada Reyes", "--role", "administrator", "--no-password"]
    assert run(["person", "add", *words]) == 0
    status, said = call()
    assert status == 2
    assert "this desk holds people already; name an empty folder with --data" in said


@pytest.mark.parametrize(
    ("day", "complaint"),
    [
        ("2999-01-01", "this day is still to come"),
        ("yesterday", "this is not a day"),
        ("1999-01-01", "this day is too long ago"),
    ],
)
def test_a_day_that_cannot_be_used_is_refused_before_anything_is_made(
    call, tmp_path, day, complaint
):
    status, said = call("--as-of", day)
    assert (status, "--as-of" in said, complaint in said) == (2, True, True)
    assert not (tmp_path / "desk").exists()


def test_a_password_that_cannot_be_one_leaves_the_desk_empty(call, tmp_path, capfd):
    file = tmp_path / "password"
    file.write_text("short\n")
    status, said = call("--password-file", str(file))
    assert status == 2, said
    assert run(["person", "list"]) == 0
    assert "nobody yet" in capfd.readouterr().out
