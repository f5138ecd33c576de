"""What reviewers and editors see of a source: its words where they are held, and whether it was retracted."""

from __future__ import annotations

import re
from html import unescape

import pytest
from case_made import submitted

from medwarrant.review import assigning, cases, sections
from medwarrant.review.store.open import open_desk

NOT_HELD = "in our words"


def worksheet(desk, people, signed_in) -> str:
    """The worksheet of a case, every section opened."""
    case, nurse = submitted(desk, people), people["nurse_reviewer"]
    with desk.work(nurse) as work:
        taken = assigning.take(work, case.id, expected=case.version)
        digest = cases.record_of(work, taken).record_digest
        for name in sections.SECTION_IDS:
            sections.open_section(work, case.id, name, digest)
    return unescape(signed_in("nurse_reviewer").open(f"/cases/{case.id}/worksheet"))


def part(page: str, name: str) -> str:
    return page.partition(f'<section id="{name}"')[2].partition("</section>")[0]


def test_a_worksheet_shows_the_words_of_a_source_or_that_none_are_held(desk, people, signed_in):
    evidence = part(worksheet(desk, people, signed_in), "evidence")
    assert "<blockquote>“must offer”</blockquote>" in evidence
    assert "abstract, recommendations; as quoted by news reports of the guideline" in evidence
    assert f"{NOT_HELD}; where: abstract, results" in evidence


def test_a_policy_page_shows_them_too(local, medwarrant):
    policy = next(
        one
        for one in medwarrant.library.policies.values()
        if "l36850-denervation" in one.rests_on
        or any("l36850-denervation" in part.rests_on for part in (*one.limits, *one.pitfalls))
        or any("l36850-denervation" in part.rests_on for part in one.indications)
    )
    at = f"/content/{policy.id}"
    page = unescape(local.open(at))
    assert "<blockquote>“may not be effective”</blockquote>" in page
    assert "abstract, last sentence; read in the source" in page
    assert NOT_HELD in page
    told = {
        one["id"]: one
        for source in local.api("GET", f"/api{at}").json()["sources"]
        for one in source["statements"]
    }
    assert told["l36850-denervation"]["quote"] == "may not be effective"
    assert told["l36850-denervation"]["quoted_by"] == ""


class TestWhereEverySourceWasRetracted:
    """The packs that ship, as if every one of their sources had been taken back."""

    @pytest.fixture
    def desk(self, tmp_path, retracted):
        opened = open_desk(data=tmp_path / "data", medwarrant=retracted)
        yield opened
        opened.database.close()

    def test_a_worksheet_marks_each_wherever_it_is_named(self, desk, people, signed_in):
        page = worksheet(desk, people, signed_in)
        cited = re.findall(r'<a href="#ref-\d+">[^<]*</a>(.{0,20})', page)
        assert len(cited) > 20
        assert all("(retracted)" in after for after in cited), cited
        assert re.findall(r'<a href="#ref-\d+">', part(page, "conflicts"))
        listed = re.findall(r'<li id="ref-\d+">.*?</li>', page)
        assert set(re.findall(r'href="#(ref-\d+)"', page)) <= set(
            re.findall(r'id="(ref-\d+)"', page)
        )
        assert listed
        assert all("RETRACTED" in one for one in listed)

    def test_a_policy_page_marks_each(self, desk, local, retracted):
        page = local.open("/content/greater-occipital-nerve-block/migraine")
        assert (
            page.count("retracted: supports nothing") == page.count('<article class="source"') > 5
        )
