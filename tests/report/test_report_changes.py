"""What changed between two answers of one inquiry."""

from __future__ import annotations

import re
from typing import Any

import pytest

from medwarrant import Answer, Medwarrant
from medwarrant.report import AUDIENCES, Audience, article_of
from medwarrant.report.article import Bullets, Section
from medwarrant.report.changes import changes
from medwarrant.report.changes_section import changes_section
from medwarrant.report.html import article_fragment
from medwarrant.report.readability import reading_grade, sentences_of


@pytest.fixture(scope="module")
def before(medwarrant: Medwarrant, as_of: Any) -> Answer:
    request = {"services": ["64405", "20553"], "diagnoses": ["G43.919", "M54.2"]}
    return medwarrant.determine(request, as_of=as_of)


@pytest.fixture(scope="module")
def after(medwarrant: Medwarrant, before: Answer) -> Answer:
    return medwarrant.revise(before, facts=["64405:intent=acute", "64405:setting=emergency"])


def text_of(section: Section) -> str:
    def lines(found: Any) -> str:
        return " ".join(
            " ".join((line.lead, line.text, line.note, lines(line.inner))) for line in found
        )

    return " ".join(" ".join(lines(block.lines) for block in section.blocks).split())  # type: ignore[union-attr]


def test_outcomes_and_criteria_are_told_pair_by_pair(before: Answer, after: Answer) -> None:
    found = changes(before, after)
    turned = [one for one in found.pairs if one.changed]
    assert [(one.service, one.diagnosis) for one in turned] == [("64405", "G43.919")]
    assert turned[0].before == "Medically necessary if …"
    assert turned[0].after == "Meets guideline criteria; no payer policy applied"
    met = {one.words for one in turned[0].criteria if (one.before, one.after) == ("missing", "met")}
    assert "setting of care is emergency department" in met
    assert len(found.pairs) == 4
    assert found.said == (
        "purpose of the treatment: acute treatment of an attack (64405)",
        "setting of care: emergency department (64405)",
    )


def test_what_is_still_missing_is_told(medwarrant: Medwarrant, before: Answer) -> None:
    again = medwarrant.revise(before, facts=["64405:intent=acute"])
    (change,) = (one for one in changes(before, again).pairs if one.changed)
    assert change.before == change.after == "Medically necessary if …"
    assert change.missing == ("setting of care is emergency department",)
    said = text_of(changes_section(before, again))
    assert "Still missing: setting of care is emergency department." in said
    assert "3 other pairs are as before." in said


def test_indications_that_are_ruled_out_are_not_listed(before: Answer, after: Answer) -> None:
    (change,) = (one for one in changes(before, after).pairs if one.changed)
    assert not [one for one in change.criteria if one.after == "not_met"]


def test_nothing_changed_is_said(medwarrant: Medwarrant, before: Answer) -> None:
    again = medwarrant.revise(before, facts=["age=40"])
    section = changes_section(before, again)
    assert "No outcome and no criterion changed." in text_of(section)
    assert "age: 40" in text_of(section)
    assert not [block for block in section.blocks if isinstance(block, Bullets)]


def test_facts_that_are_gone_are_told(medwarrant: Medwarrant, before: Answer) -> None:
    said = medwarrant.revise(before, facts=["age=40"])
    assert changes(said, before).withdrawn == ("age: 40 years",)
    assert "No longer said: age: 40 years." in text_of(changes_section(said, before))


def test_pairs_that_are_new_and_dropped_are_told(medwarrant: Medwarrant, before: Answer) -> None:
    again = medwarrant.revise(before, diagnoses=["G43.919", "M54.81"])
    found = changes(before, again)
    assert found.dropped == (("64405", "M54.2"), ("20553", "M54.2"))
    assert [one.diagnosis for one in found.pairs if one.before is None] == ["M54.81", "M54.81"]
    said = text_of(changes_section(before, again))
    assert "No longer asked about: 64405 for M54.2 and 20553 for M54.2." in said
    assert "64405 for M54.81: new:" in said


def test_another_policy_is_named_and_its_criteria_are_not_compared(
    medwarrant: Medwarrant, as_of: Any
) -> None:
    request = {"services": ["20553"], "diagnoses": ["M79.12"]}
    first = medwarrant.determine(request, as_of=as_of)
    payer = medwarrant.revise(first, payer="medicare", state="CA")
    (change,) = changes(first, payer).pairs
    assert change.governing is not None
    assert change.criteria == ()
    assert "Judged by " in text_of(changes_section(first, payer))


def test_a_fact_that_only_the_machine_read_shows_in_the_outcome(
    medwarrant: Medwarrant, before: Answer
) -> None:
    note = ("note.txt", "On examination there are active trigger points in the trapezius.")
    again = medwarrant.revise(before, notes=[note])
    told = [one for one in changes(before, again).pairs if one.changed]
    assert told
    assert all(one.after.endswith("(provisional)") for one in told)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_article_says_first_what_changed_and_links_to_it(
    before: Answer, after: Answer, audience: Audience
) -> None:
    made = article_of(after, audience=audience, before=before)
    assert made.sections[0].id == "changes"
    text = str(article_fragment(made))
    linked = re.findall(r'href="#(pair-[^"]+)"', text.partition('id="review"')[0])
    assert linked
    assert set(linked) <= set(re.findall(r'id="([^"]+)"', text))
    if audience == "patient":
        assert reading_grade(sentences_of(made)) <= 8
        assert not re.search(r"64405|G43|M54", text_of(made.sections[0]))
