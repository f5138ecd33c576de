"""Search over the library: what is there is found, what is not is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medwarrant.evidence import named_sources, search
from medwarrant.evidence.kept import everything
from medwarrant.policy.library import Library

ASKED: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "library_search.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked["words"])
def test_words_find_what_the_library_holds(asked: dict[str, Any], library: Library) -> None:
    found = [entry.id for entry in search(library, asked["words"], kinds=asked.get("kinds"))]
    if "first" in asked:
        assert found[0] == asked["first"]
    assert set(asked.get("among", ())) <= set(found)
    if not {"first", "among"} & set(asked):
        assert found == []


def test_each_thing_carries_its_sources_and_how_they_were_verified(library: Library) -> None:
    for kept in everything(library):
        assert set(kept.found.sources) <= set(library.sources)
        if kept.found.kind == "statement":
            statement = library.statements[kept.found.id]
            assert kept.found.verification == statement.verified.how
            assert kept.found.retracted == library.sources[statement.source].retracted
    kinds = {kept.found.kind for kept in everything(library)}
    assert kinds == {"statement", "source", "policy", "indication", "conflict", "coding", "caution"}


def test_every_statement_source_policy_and_rule_can_be_found(library: Library) -> None:
    ids = {(kept.found.kind, kept.found.id) for kept in everything(library)}
    assert {("statement", name) for name in library.statements} <= ids
    assert {("source", name) for name in library.sources} <= ids
    assert {("policy", name) for name in library.policies} <= ids
    assert {("conflict", record.about) for record in library.conflicts} <= ids
    assert {("coding", rule.id) for rule in library.coding} <= ids


def test_a_retracted_source_is_marked(library: Library) -> None:
    found = search(library, "Saracco 2010 greater occipital chronic migraine", kinds=("source",))
    assert [entry.retracted for entry in found if entry.id == "saracco-2010-retracted"] == [True]


@given(text=st.text(max_size=200), limit=st.integers(-1, 5))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_can_be_searched(library: Library, text: str, limit: int) -> None:
    found = search(library, text, limit)
    assert len(found) <= max(limit, 0)
    assert [entry.score for entry in found] == sorted((e.score for e in found), reverse=True)
    assert search(library, text, limit) == found


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("What about Saracco 2010?", "saracco-2010-retracted"),
        ("the Friedman trial", "friedman-2018-sham"),
        ("Friedman 2020", "friedman-2020-metoclopramide"),
        ("Dilli et al.", "dilli-2015"),
        ("AHS guideline 2025", "ahs-2025-ed"),
        ("what does the AHS say", "ahs-2025-ed"),
        ("the VA/DoD guideline", "vadod-2023-annals"),
        ("NICE guidance", "nice-ta260"),
        ("LCD L36859", "lcd-l36859"),
        ("CPB 0113", "aetna-0113-copy"),
        ("PMID 39467289", "vadod-2023-annals"),
        ("doi 10.1016/j.ajem.2018.08.019.", "tn-urgent-2018"),
    ],
)
def test_a_source_is_found_by_its_name(text: str, first: str, library: Library) -> None:
    assert named_sources(library, text)[0].id == first


@pytest.mark.parametrize(
    "text",
    ["Smith 2015", "young patients", "in May 2026", "Friedman 1999", "the weather", "", "64405"],
)
def test_what_names_no_source_finds_none(text: str, library: Library) -> None:
    assert named_sources(library, text) == ()
