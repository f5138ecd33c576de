"""Quotations of the packs: short, read by somebody, no part of what quotes nothing, and really quoted."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from medwarrant import Medwarrant
from medwarrant.policy.library import Library
from medwarrant.policy.read_quote import LONGEST_QUOTE
from medwarrant.report.wording import wording_of, wordings_of
from medwarrant.review.content import policy_content, policy_digest

DOSSIERS = sorted((Path(__file__).parents[3] / "shared" / "clinical").glob("DOSSIER*.md"))
REQUEST = {"services": ["T0002"], "diagnoses": ["M54.2"]}
#: A statement as items show it, in the order of its keys, where no wording is held.
SHOWN = "id source claim direction strength grade verified certainty supports locator".split()
QUOTED = """\
statements:
  read: {source: trial-2020, claim: It helped., direction: for, quote: was of help, verified: {how: primary}}
  told: {source: trial-2020, claim: It helped., direction: for, quote: was of help, locator: page 3, verified: {how: secondary, via: a news report}}
  bare: {source: trial-2020, claim: It helped., direction: for, locator: page 3, verified: {how: primary}}
"""


def test_every_shipped_quotation_is_short_and_was_read(library):
    """Nobody quotes what nobody read, and words read at second hand say who quotes them."""
    quoted = [one for one in library.statements.values() if one.quote]
    assert len(quoted) > 20
    for one in quoted:
        assert 0 < len(one.quote) <= LONGEST_QUOTE, one.id
        assert one.quote.isprintable(), one.id
        assert one.verified.how in ("primary", "secondary"), one.id
        assert library.sources[one.source].verified.how != "unverified", one.id
        assert one.locator, one.id
        assert (f"as quoted by {one.verified.via}" in wording_of(one).place) == (
            one.verified.how == "secondary"
        ), one.id


def test_a_quotation_is_not_the_claim_said_twice(library):
    """A claim is in our words: where both are the same, one of them is not what it says it is."""
    for one in library.statements.values():
        if one.quote:
            assert one.claim.strip(" .").lower() != one.quote.strip(" .").lower(), one.id


@pytest.mark.skipif(not DOSSIERS, reason="the dossiers are not beside the project")
def test_every_shipped_quotation_stands_between_quotation_marks_in_a_dossier(library):
    """What is left out between two passages of a quotation is marked; each passage is quoted there."""
    marked = re.findall(r'"([^"\n]+)"', "\n".join(one.read_text("utf-8") for one in DOSSIERS))
    told = {re.sub(r"\W+$", "", words).casefold() for words in marked}
    for one in library.statements.values():
        for passage in (one.quote or "").split("…") if one.quote else ():
            assert re.sub(r"\W+$", "", passage.strip()).casefold() in told, one.id


def test_what_is_shown_of_the_words_of_a_source(shelf):
    shelf.write("evidence.yaml", QUOTED)
    said = {name: wording_of(one) for name, one in shelf.load().statements.items()}
    assert said["read"].told == "“was of help” (read in the source)"
    assert said["told"].told == "“was of help” (page 3; as quoted by a news report)"
    assert said["bare"].told == "(page 3)"
    assert said["trial"] is None


def test_a_source_tells_its_quotations_once_and_then_where_the_rest_is(shelf):
    shelf.write("evidence.yaml", QUOTED)
    known = shelf.load().statements
    found = wordings_of(known[name] for name in ("bare", "told", "told", "trial"))
    assert [one.quote for one in found] == ["was of help", ""]
    assert found[1].place == "page 3"
    assert wordings_of([known["trial"]]) == ()
    assert wordings_of([]) == ()


# --- digests --------------------------------------------------------------------------------------


def quoting(library: Library, name: str, words: str) -> Library:
    """The same packs, with words of the source in one statement."""
    packs = [
        msgspec.structs.replace(
            pack,
            statements={
                key: msgspec.structs.replace(one, quote=words) if key == name else one
                for key, one in pack.statements.items()
            },
        )
        for pack in library.packs
    ]
    return Library(packs)


def test_what_quotes_nothing_keeps_its_digests(shelf, medwarrant, as_of):
    """A statement without a quotation has no such key: its answers, and approvals of it, are what they were."""
    library = shelf.load()
    answer = Medwarrant(library, medwarrant.icd).determine(REQUEST, as_of=as_of).to_dict()
    shown = [one for item in answer["items"] for one in item["evidence"]["statements"]]
    assert shown
    assert all(list(one) == SHOWN for one in shown)
    content = policy_content(library, "neck-block/guideline")
    assert not any("quote" in one for one in content["statements"].values())


def test_a_quotation_is_part_of_what_was_judged_and_approved_as_a_claim_is(
    shelf, medwarrant, as_of
):
    """Other words behind a claim are another record and another version of the policy, not of its neighbours."""
    library = shelf.load()
    other = quoting(library, "for-it", "it works")
    before, after = (
        Medwarrant(one, medwarrant.icd).determine(REQUEST, as_of=as_of) for one in (library, other)
    )
    shown = {one.id: one for item in after.determination.items for one in item.evidence.statements}
    assert shown["for-it"].quote == "it works"
    assert before.digest != after.digest
    assert before.record_digest != after.record_digest
    assert [item.outcome for item in before.determination.items] == [
        item.outcome for item in after.determination.items
    ]
    assert policy_digest(library, "neck-block/guideline") != policy_digest(
        other, "neck-block/guideline"
    )
    assert policy_digest(library, "alpha/head-block") == policy_digest(other, "alpha/head-block")
