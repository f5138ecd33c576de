"""Loading packs: every mistake is reported with file, line and mending; the cache only saves time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from medwarrant import InputError, PackError, load_packs
from medwarrant.policy import load as loading
from medwarrant.terminology.cache import cache_folder

POLICY = """\
policy: own/policy
title: Own
publisher: editors
authority: guideline
status: in_force
services: [neck-block]
rests_on: [trial]
indications:
  - id: one
    title: One
    diagnoses: neck-pain
    position: {direction: for}
"""


def policy_with(requires):
    return f"{POLICY}    requires: {requires}\n"


def quoted(words, how="primary"):
    """A statement that quotes its source; the words are as YAML has them between quotation marks."""
    return (
        "statements:\n  s:\n    source: trial-2020\n    claim: C\n    direction: for\n"
        f'    quote: "{words}"\n    verified: {{how: {how}}}\n'
    )


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        # Names that do not exist, with the nearest that does.
        ("policies/p.yaml", policy_with("{flag: feverr}"), "policies/p.yaml:13: error: 'feverr' is not in the fact dictionary (did you mean 'fever'?)"),
        ("policies/p.yaml", policy_with("{flagg: fever}"), "has exactly one kind key, this has 0 (did you mean 'flag'?)"),
        ("policies/p.yaml", policy_with("{flag: age}"), "'age' is a quantity, not a flag"),
        ("policies/p.yaml", policy_with("{choice: intent, in: [acut]}"), "'acut' is not a value of intent (did you mean 'acute'?)"),
        ("policies/p.yaml", policy_with("{choice: intent}"), "either in: [...] or not_in: [...]"),
        ("policies/p.yaml", policy_with("{event: theraphy}"), "'theraphy' is not an event of these packs (did you mean 'therapy'?)"),
        ("policies/p.yaml", policy_with("{event: therapy, where: {outcom: failed}}"), "'outcom' is not an attribute of therapy (did you mean 'outcome'?)"),
        ("policies/p.yaml", policy_with("{event: drug-trial, where: {drug: sumatripan}}"), "'sumatripan' is not in the drugs of these packs (did you mean 'sumatriptan'?)"),
        ("policies/p.yaml", policy_with("{event: drug-trial, distinct: clas}"), "'clas' is not an attribute of drug-trial"),
        ("policies/p.yaml", policy_with("{diagnosis: migrane}"), "'migrane' is not in the valuesets of these packs (did you mean 'migraine'?)"),
        ("policies/p.yaml", policy_with("{also_requested: [neck-blok]}"), "'neck-blok' is not in the procedures of these packs (did you mean 'neck-block'?)"),
        ("policies/p.yaml", policy_with("{flag: fever, rests_on: [trail]}"), "'trail' is not in the statements of these packs (did you mean 'trial'?)"),
        ("policies/p.yaml", policy_with("{dose: lidocain, at_most: 300 mg}"), "'lidocain' is not in the drugs"),
        ("policies/p.yaml", POLICY.replace("guideline", "guidelin"), ":4: error: 'guidelin' is not an authority (did you mean 'guideline'?)"),
        ("policies/p.yaml", POLICY.replace("in_force", "active"), "'active' is not a policy status"),
        ("policies/p.yaml", POLICY.replace("{direction: for}", "{direction: none_found}"), "needs the date of the search"),
        ("policies/p.yaml", POLICY.replace("title: Own", "titel: Own"), "'titel' is not a field of a policy (did you mean 'title'?)"),
        ("policies/p.yaml", POLICY.replace("title: Own", "safety: [injektion]\ntitle: Own"), "'injektion' is not in the safety of these packs"),
        ("policies/p.yaml", POLICY + "effective: {from: 2026-01-01, to: 2025-01-01}\n", "the period ends before it begins"),
        ("policies/p.yaml", POLICY + "effective: {from: 2026}\n", "an exact date is needed"),
        ("policies/p.yaml", POLICY + "effective: {from: 1800-01-01}\n", "outside the years 1900 to 2200"),
        ("policies/p.yaml", POLICY.replace("own/policy", "neck-block/guideline"), "the policy 'neck-block/guideline' stands twice"),
        # Units that clash, comparisons that compare nothing.
        ("policies/p.yaml", policy_with("{quantity: illness, at_least: 50 percent}"), "'percent' is not a unit of months"),
        ("policies/p.yaml", policy_with("{quantity: pain, at_least: 6 weeks}"), "'weeks' is not a unit of points"),
        ("policies/p.yaml", policy_with("{quantity: pain}"), "a quantity needs a comparison"),
        ("policies/p.yaml", policy_with("{quantity: pain, at_lest: 4}"), "'at_lest' is not a field of a quantity criterion (did you mean 'at_least'?)"),
        ("policies/p.yaml", policy_with("{event: therapy, where: {duration: {at_least: 40 mg}}}"), "'mg' is not a unit of weeks"),
        ("policies/p.yaml", policy_with("{event: therapy, where: {duration: 6}}"), "'duration' is a quantity; it has no words as values"),
        ("policies/p.yaml", policy_with("{event: therapy, where: {outcome: {at_least: 3}}}"), "it cannot be compared with a number"),
        ("policies/p.yaml", policy_with("{change: pain, from: age, fall: {at_least: 3}}"), "'pain' is in points but 'age' in years"),
        ("policies/p.yaml", policy_with("{event: therapy, within: 0 days}"), "is not a window such as '12 months'"),
        ("policies/p.yaml", policy_with("{count: treatment, window: a year}"), "a count needs at_most"),
        ("policies/p.yaml", policy_with("{at_least: 3, of: [{flag: fever}]}"), "can never be decided so"),
        ("policies/p.yaml", policy_with("{at_least: 2}"), "at_least needs its criteria"),
        ("policies/p.yaml", policy_with("{all_of: []}"), "a connective needs at least one criterion"),
        ("policies/p.yaml", policy_with("fever"), "a criterion is a mapping with one kind key"),
        ("policies/p.yaml", policy_with("{flag: fever, choice: intent, in: [acute]}"), "this has 2"),
        ("policies/p.yaml", policy_with("{flag: fever, basis: editorial}"), "an editorial criterion needs its reason"),
        ("policies/p.yaml", policy_with("{flag: fever, basis: opinion}"), "basis 'opinion' is not known"),
        ("policies/p.yaml", policy_with("{all_of: [{flag: fever, id: x}, {flag: tender, id: x}]}"), "the id 'x' is used twice"),
        ("policies/p.yaml", policy_with("{session: places, at_most: 1}"), "'places' is not something counted in a session"),
        ("policies/p.yaml", policy_with("{time_since: treatment}"), "time_since needs at_least"),
        ("policies/p.yaml", policy_with("{dose: lidocaine}"), "a dose limit needs at_most"),
        # Tables.
        ("facts.yaml", "facts:\n  x: {kind: flagg, title: X}\n", "facts.yaml:2: error: 'flagg' is not a kind of fact (did you mean 'flag'?)"),
        ("facts.yaml", "facts:\n  x: {kind: quantity, title: X}\n", "a quantity needs its unit"),
        ("facts.yaml", "facts:\n  x: {kind: quantity, title: X, unit: furlongs}\n", "'furlongs' is not a unit"),
        ("facts.yaml", "facts:\n  x: {kind: quantity, title: X, unit: days, range: [low, high]}\n", "a range has two numbers"),
        ("facts.yaml", "facts:\n  x: {kind: flag}\n", "the field 'title' is missing"),
        ("facts.yaml", "facts:\n  fever: {kind: flag, title: Fever}\n", "'fever' is already in the facts of another pack"),
        ("facts.yaml", "facts: [x]\n", "a mapping (key: value) is needed here"),
        ("facts.yaml", "fakts: {}\n", "'fakts' is not a field of facts.yaml (did you mean 'facts'?)"),
        ("facts.yaml", "facts:\n  x: {kind: flag, title: X}\n  x: {kind: flag, title: Y}\n", "facts.yaml:3: error: 'x' stands twice in one mapping"),
        ("procedures.yaml", "procedures:\n  x: {name: X, plain: x, kind: surgery}\n", "the kind 'surgery' of procedure 'x' is not known"),
        ("procedures.yaml", "procedures:\n  x: {name: X, plain: x, kind: block, counts: {muscles: {at_least: three}}}\n", "write counts:"),
        ("evidence.yaml", "statements:\n  s: {source: nowhere, claim: C, direction: for, verified: {how: primary}}\n", "cites the unknown source 'nowhere'"),
        ("evidence.yaml", "statements:\n  s: {source: trial-2020, claim: C, direction: pro, verified: {how: primary}}\n", "'pro' is not a direction"),
        ("evidence.yaml", "statements:\n  s: {source: trial-2020, claim: C, direction: for, verified: {how: seen}}\n", "'seen' is not a way of verifying"),
        # A quotation: short, plain, on one line, of words that somebody read.
        ("evidence.yaml", quoted("few words", how="unverified"), "an unverified statement has no quotation: nobody read the words (leave quote out"),
        ("evidence.yaml", quoted("few words", how="secondary"), "a quotation read at second hand must say who quotes it (add via: ..."),
        ("evidence.yaml", quoted("x" * 301), "the quotation has 301 characters, more than 300"),
        ("evidence.yaml", quoted(r"one line\nand another"), "a quotation is one line"),
        ("evidence.yaml", quoted(r"one line\u2028and another"), "a quotation is one line"),
        ("evidence.yaml", quoted("<b>must</b> be offered"), "a quotation is plain text"),
        ("evidence.yaml", quoted("**must** be offered"), "a quotation is plain text"),
        ("evidence.yaml", quoted(r"must \u202eton\u202c be offered"), "a quotation is plain text"),
        ("evidence.yaml", quoted("“must be offered”"), "quotation marks stand around the quotation"),
        ("evidence.yaml", quoted(""), "the quotation is empty"),
        ("evidence.yaml", quoted("few words").replace('"few words"', "[few, words]"), "text is needed here"),
        ("sources.yaml", "sources:\n  s: {kind: research, title: T, issued: 12/2025, verified: {how: primary}}\n", "'12/2025' is not a date"),
        ("valuesets.yaml", "valuesets:\n  v: {codes: [G43]}\n", "the field 'title' is missing"),
        ("examples/e.yaml", "examples:\n  - {it: is one, request: {}, expect: {outcom: no_policy}}\n", "'outcom' is not a field of expect (did you mean 'outcome'?)"),
        ("pack.yaml", "pack: own\ntitle: Own\nrequires: [clinic]\n", "pack.yaml:1: error: the field 'version' is missing"),
        ("pack.yaml", "pack: own\nversion: 1\ntitle: Own\nrequires: [nowhere]\n", "the pack 'nowhere' is required but not loaded"),
        ("pack.yaml", "pack: clinic\nversion: 1\ntitle: Own\n", "two packs have the id 'clinic'"),
        ("pack.yaml", "pack: own\nversion: 1\ntitle: Own\nreview: {status: signed}\n", "'signed' is not a review status"),
        # Files.
        ("other.yaml", "a: 1\n", "a pack has no such file"),
        ("facts.yaml", b"facts: {x: {kind: flag, title: \xff\xfe}}", "the file is not UTF-8 text"),
        ("facts.yaml", b"\x00\x01\x02", "not YAML"),
        ("facts.yaml", "facts: {x: [1,\n", "not YAML"),
        ("facts.yaml", "", "the file is empty"),
        ("facts.yaml", "#" + "x" * (8 * 1024 * 1024), "larger than 8 MB"),
    ],
)  # fmt: skip
def test_each_mistake_is_told(shelf, file, text, problem):
    shelf.write(file, text)
    found = shelf.problems()
    assert any(problem in one for one in found), found
    assert all(one.startswith(("own/", "clinic/")) for one in found)
    assert all(len(one) < 600 for one in found)


def test_twenty_mistakes_are_twenty_problems(shelf):
    """Authors see everything that is wrong, sorted by file and line, not the first thing only."""
    wrong = [f"  x{n}: {{kind: flagg, title: X}}" for n in range(10)]
    shelf.write("facts.yaml", "\n".join(["facts:", *wrong]))
    flags = ", ".join(f"{{flag: f{n}}}" for n in range(10))
    shelf.write("policies/p.yaml", policy_with(f"{{all_of: [{flags}]}}"))
    found = shelf.problems()
    assert len(found) == 20
    assert found == sorted(found, key=lambda one: (one.split(":")[0], int(one.split(":")[1])))


def test_packs_that_require_each_other(shelf):
    shelf.write("pack.yaml", "pack: own\nversion: 1\ntitle: Own\nrequires: [twin]\n")
    other = shelf.folder / "twin" / "pack.yaml"
    other.parent.mkdir()
    other.write_text("pack: twin\nversion: 1\ntitle: T\nrequires: [own]\n", encoding="utf-8")
    assert "the packs own -> twin -> own require each other" in shelf.problems()[0]


@pytest.mark.parametrize("name", ["nowhere", "empty", "file.txt"])
def test_no_pack_there(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(InputError, match="no pack is in this folder"):
        load_packs(tmp_path / name, shipped=False)


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere")])
def test_what_is_no_file_is_told(shelf, make):
    make(shelf.own / "facts.yaml")
    with pytest.raises(PackError, match=r"own/facts\.yaml:1: error: cannot be read"):
        shelf.load()


# --- the cache ----------------------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDWARRANT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _facts(library):
    return set(library.facts) & {"mine", "yours"}


def test_a_changed_file_is_read_again(shelf, cache):
    shelf.write("facts.yaml", "facts:\n  mine: {kind: flag, title: M}\n")
    first = shelf.load(cache=True)
    again = shelf.load(cache=True)
    assert first.packs == again.packs
    shelf.write("facts.yaml", "facts:\n  yours: {kind: flag, title: Y}\n")
    changed = shelf.load(cache=True)
    assert (_facts(first), _facts(changed)) == ({"mine"}, {"yours"})
    assert {pack.digest for pack in first.packs} != {pack.digest for pack in changed.packs}


@pytest.mark.parametrize("content", [b"", b"\x00garbage", b"\x93\x01\x02\x03", None])
def test_a_corrupt_cache_is_made_again(shelf, cache, content):
    known = shelf.load(cache=True).packs
    (file,) = cache.glob("packs-*.msgpack")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if content is None else content)
    assert shelf.load(cache=True).packs == known
    assert file.read_bytes() == whole


def test_the_cache_is_what_reading_gives(shelf, cache):
    shelf.load(cache=True)
    assert shelf.load(cache=True).packs == shelf.load(cache=False).packs


def test_an_unwritable_cache_only_costs_time(shelf, monkeypatch):
    monkeypatch.setattr(loading, "cache_folder", lambda: Path(os.devnull) / "nowhere")
    assert shelf.load(cache=True).packs


def test_two_processes_at_once(shelf, cache):
    """Both read, both write, neither is disturbed; one file is left."""
    program = (
        "import sys; from medwarrant import load_packs\n"
        "library = load_packs(sys.argv[1], shipped=False)\n"
        "print(','.join(pack.digest for pack in library.packs))\n"
    )
    command = [sys.executable, "-c", program, str(shelf.folder)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    printed = {process.communicate()[0] for process in started}
    assert [process.returncode for process in started] == [0, 0]
    assert len(printed) == 1
    assert len(list(cache_folder().iterdir())) == 1


def test_digests_are_of_the_content_alone(shelf, tmp_path):
    first = shelf.load().packs
    os.utime(shelf.own / "pack.yaml", (0, 0))
    (shelf.own / "notes.txt").write_text("not part of a pack", encoding="utf-8")
    assert shelf.load().packs == first
