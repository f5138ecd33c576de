"""`packs` and `policy show|check|test`, for authors."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from medwarrant.cli.main import run

CLINIC = Path(__file__).parents[1] / "packs" / "clinic"


@pytest.fixture
def clinic(tmp_path):
    """The made-up library without what an author check refuses on purpose."""
    folder = tmp_path / "clinic"
    shutil.copytree(CLINIC, folder)
    guideline = folder / "policies" / "neck-guideline.yaml"
    text = guideline.read_text(encoding="utf-8")
    guideline.write_text(text[: text.index("  - id: retracted")], encoding="utf-8")
    return folder


def call(capfd, *arguments):
    status = run([*map(str, arguments)])
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err
    return status, out, err


def test_packs(capfd, library):
    status, out, _ = call(capfd, "packs")
    assert status == 0
    for pack in library.packs:
        assert f"{pack.id} {pack.version} " in out
        assert pack.digest in out
    assert all(policy in out for policy in library.policies)


def test_facts(capfd, library):
    status, out, _ = call(capfd, "packs", "--facts")
    assert status == 0
    names = {line.partition(" ")[0] for line in out.splitlines()}
    assert {*library.facts, *library.events} <= names


def test_show(capfd):
    status, out, _ = call(capfd, "policy", "show", "greater-occipital-nerve-block/migraine")
    assert status == 0
    assert "migraine-emergency" in out
    assert "Migraine attack in the emergency department" in out


def test_every_policy_can_be_shown(library):
    from medwarrant.policy.show import policy_prose, policy_tree

    for policy in library.policies.values():
        assert policy.title in policy_prose(policy, library)
        assert policy.id in policy_tree(policy, library)


def test_show_of_an_unknown_policy(capfd):
    status, _, err = call(capfd, "policy", "show", "greater-occipital-nerve-block/migrane")
    assert status == 2
    assert "did you mean 'greater-occipital-nerve-block/migraine'?" in err


def test_check(capfd, clinic):
    status, out, _ = call(capfd, "policy", "check", clinic, "--only")
    assert status == 0
    assert "0 errors" in out.splitlines()[-1]
    assert call(capfd, "policy", "check", clinic, "--only", "--strict")[0] == 1


def test_check_finds_errors(capfd):
    """The made-up library has indications on rumours and on a retracted trial."""
    status, out, _ = call(capfd, "policy", "check", CLINIC, "--only")
    assert status == 1
    assert "clinic/policies/neck-guideline.yaml:17: error:" in out


def test_test(capfd, clinic):
    status, out, _ = call(capfd, "policy", "test", clinic, "--only")
    assert (status, out) == (0, "1 passed, 0 failed\n")


def test_test_that_fails(capfd, clinic):
    file = clinic / "examples" / "clinic.yaml"
    text = file.read_text(encoding="utf-8").replace("needs_information", "meets_criteria")
    file.write_text(text, encoding="utf-8")
    status, out, _ = call(capfd, "policy", "test", clinic, "--only")
    assert status == 1
    assert "clinic/examples/clinic.yaml:2: asks for the purpose and the setting" in out
    assert "outcome is needs_information, not meets_criteria" in out
    assert out.endswith("0 passed, 1 failed\n")


def test_test_of_one_policy(capfd):
    policy = "greater-occipital-nerve-block/migraine"
    status, out, _ = call(capfd, "policy", "test", "--policy", policy)
    assert status == 0
    assert out.endswith(" passed, 0 failed\n")
    assert not out.startswith("0 ")


@pytest.mark.parametrize(
    "command", [["packs", "--packs"], ["policy", "check", "--only"], ["policy", "test", "--only"]]
)
def test_an_empty_folder(capfd, tmp_path, command):
    status, out, err = call(capfd, *command, tmp_path)
    assert (status, out) == (2, "")
    assert "no pack is in this folder" in err
    assert err.count("\n") == 1


def test_a_pack_with_twenty_errors_tells_them_all(capfd, clinic):
    lines = "\n".join(f"  x{n}: {{kind: flagg, title: X}}" for n in range(20))
    (clinic / "facts").mkdir()
    (clinic / "facts" / "more.yaml").write_text(f"facts:\n{lines}\n", encoding="utf-8")
    status, _, err = call(capfd, "policy", "check", clinic, "--only")
    assert status == 2
    assert err.count("clinic/facts/more.yaml:") == err.count("did you mean 'flag'?") == 20
    assert err.startswith("medwarrant: 20 problems in the packs:\n")


def test_further_packs_answer_too(capfd, clinic, tmp_path):
    """A pack of the user's own beside those that ship; ids that clash are told."""
    status, _, err = call(capfd, "packs", "--packs", clinic)
    assert status == 2
    assert "is already in the facts of another pack" in err
    own = tmp_path / "own"
    own.mkdir()
    (own / "pack.yaml").write_text("pack: own\nversion: 1.0.0\ntitle: Own\n", encoding="utf-8")
    status, out, _ = call(capfd, "packs", "--packs", own)
    assert status == 0
    assert "own 1.0.0 (submitted)  Own" in out


def test_the_version(capfd):
    from medwarrant import __version__

    assert call(capfd, "--version")[:2] == (0, f"medwarrant {__version__}\n")
