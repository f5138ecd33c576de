"""The article as a fragment: fit for a page with a strict content policy, and filled where it has slots."""

from __future__ import annotations

import re

import pytest
from page_parser import Page

from medwarrant import Answer
from medwarrant.report import AUDIENCES, Audience, article_of, render
from medwarrant.report.article import SlotName, Tree, opened
from medwarrant.report.html import Form, article_fragment, audience_form, draw_blocks
from medwarrant.report.markup import Markup, element
from medwarrant.report.style import STYLE

TARGETS = re.compile(r'popovertarget="([^"]+)"')


def fragment(answer: Answer, audience: Audience = "clinician", **slots: str) -> str:
    made = {name.replace("_", "-"): text for name, text in slots.items()}
    return str(article_fragment(article_of(answer, audience=audience), slots=made))  # type: ignore[arg-type]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_it_needs_no_inline_style_and_no_script(answer: Answer, audience: Audience) -> None:
    read = Page(fragment(answer, audience))
    assert read.open == []
    assert not {"script", "style", "link", "html", "head", "body", "main", "form"} & {
        tag for tag, _ in read.tags
    }
    for _, attributes in read.tags:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_it_draws_what_the_page_draws(answer: Answer, audience: Audience) -> None:
    page = str(render(answer, "html", audience=audience))
    inside = re.compile(r"<section.*</section>", re.S)
    assert inside.findall(fragment(answer, audience)) == inside.findall(page)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_ids_and_links_are_whole(answer: Answer, audience: Audience) -> None:
    read = Page(fragment(answer, audience))
    assert len(read.ids) == len(set(read.ids))
    assert {link[1:] for link in read.links if link.startswith("#")} <= set(read.ids)
    assert read.headings.count(1) == 1


def test_the_page_allows_its_own_sheet_and_no_other(met: Answer) -> None:
    text = str(render(met, "html"))
    assert "unsafe-inline" not in text
    assert "style-src 'sha256-" in text


def test_every_rule_of_the_sheet_is_about_the_article() -> None:
    """A site may set the article among parts of its own: nothing of theirs is restyled."""
    own = re.compile(r"^(:root|\*|html|body|\.skip|@page|\.article\.page|:where\(\.article\) )")
    flat = re.sub(r"@(?:media|supports)[^{]*\{", "", STYLE)
    selectors = re.findall(r"([^{}]+)\{[^{}]*\}", flat)
    assert len(selectors) > 100
    for selector in selectors:
        for one in split(selector.strip().lstrip("}")):
            assert own.match(one), one


def split(selector: str) -> list[str]:
    """The parts of a selector list, its functions left whole."""
    found, depth = [""], 0
    for char in selector:
        depth += (char == "(") - (char == ")")
        if char == "," and not depth:
            found.append("")
        else:
            found[-1] += char
    return [part.strip() for part in found]


def test_replies_beside_an_article_have_names_of_their_own(twenty: Answer) -> None:
    article = article_of(twenty)
    trees = [
        block
        for section in article.sections
        for block in opened(section.blocks)
        if isinstance(block, Tree)
    ]
    drawn = [draw_blocks([tree]) for tree in trees[:2]]
    read = Page("".join([str(article_fragment(article)), *drawn]))
    assert len(read.ids) == len(set(read.ids))
    assert draw_blocks([trees[0]]) == drawn[0]


# --- sources that open in place -----------------------------------------------------------------


def cards(text: str) -> dict[str, str]:
    inside = text[text.index('<div class="sources">') :]
    return dict(re.findall(r'<div id="(source-\d+)" popover="auto"(.*?)</ul></div>', inside))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_citation_opens_a_source_and_links_to_the_list(
    answer: Answer, audience: Audience
) -> None:
    text = fragment(answer, audience)
    read = Page(text)
    assert set(TARGETS.findall(text)) <= set(read.ids)
    opened = TARGETS.findall(text.partition('<div class="sources">')[0])
    linked = [link for link in read.links if link.startswith("#ref-")]
    assert [name.replace("source-", "#ref-") for name in opened] == linked


def test_a_source_says_what_it_is_cited_for_and_how_far_it_carries(twenty: Answer) -> None:
    found = cards(fragment(twenty))
    by_id = {reference.id: reference.n for reference in twenty.determination.references}
    statements = {
        one.id: one for item in twenty.determination.items for one in item.evidence.statements
    }
    assert len(statements) > 20
    for one in statements.values():
        card = Page(f"<div {found[f'source-{by_id[one.source]}']}</ul></div>").text
        assert one.claim.rstrip(".").lower() in card.lower()
        assert one.locator.rstrip(".").lower() in card.lower()
    assert "certainty very low" in "".join(found.values())


def test_a_retracted_source_says_so_where_it_is_opened(twenty: Answer) -> None:
    retracted = [ref.n for ref in twenty.determination.references if ref.retracted]
    found = cards(fragment(twenty))
    assert retracted
    for number in retracted:
        card = found[f"source-{number}"]
        assert "RETRACTED" in card
        assert "It is shown and supports nothing." in card


def test_patients_read_no_clinical_claim_in_a_source(twenty: Answer) -> None:
    text = fragment(twenty, "patient")
    claims = {s.claim for item in twenty.determination.items for s in item.evidence.statements}
    assert not [claim for claim in claims if claim in text]
    assert "It speaks for the treatment" in text


def test_a_source_is_written_once_however_often_it_is_cited(twenty: Answer) -> None:
    text = fragment(twenty, "reviewer")
    assert text.count('<div id="source-') == len(cards(text)) < text.count("<sup>") / 3


# --- slots ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_slot_takes_what_the_page_puts_there(twenty: Answer, audience: Audience) -> None:
    names: tuple[SlotName, ...] = ("top", "review", "audience", "questions", "follow-up", "end")
    slots = {name: element("p", name, id=f"own-{name}") for name in names}
    text = str(article_fragment(article_of(twenty, audience=audience), slots=slots))
    places = [text.index(f'id="own-{name}"') for name in names]
    assert len(places) == len(names)
    assert text.index("</h1>") < places[0] < text.index('id="review"') < places[1]
    assert text.index('id="reader"') < places[2] < text.index('id="reading"')
    assert text.index('id="would-change"') < places[3]
    assert text.index('id="follow-up"') < places[4] < places[5]
    # What it stands in place of is printed.
    for name, own in (("audience", 'class="choices"'), ("follow-up", "medwarrant ask")):
        assert f'<div class="on-screen"><p id="own-{name}">' in text
        before, printed, after = text.partition(
            f'id="own-{name}">{name}</p></div><div class="on-paper">'
        )
        assert printed
        assert own not in before
        assert own in after or audience == "patient"


def test_plain_text_in_a_slot_is_escaped(met: Answer) -> None:
    assert "&lt;b&gt;now&lt;/b&gt;" in fragment(met, top="<b>now</b>")


def test_what_a_template_engine_made_is_taken_as_it_is(met: Answer) -> None:
    class Made(str):
        def __html__(self) -> str:
            return str(self)

    assert "<b>now</b>" in fragment(met, top=Made("<b>now</b>"))
    assert Markup("<i>").__html__() == "<i>"


def test_a_slot_that_does_not_exist_is_an_error(met: Answer) -> None:
    with pytest.raises(ValueError, match="no slot 'botom'"):
        fragment(met, botom="x")


def test_the_reader_is_chosen_with_buttons() -> None:
    form = Form(action="/reader", hidden={"token": '"x"'}, attributes={"data-quick": "1"})
    read = Page(str(audience_form("patient", form)))
    buttons = [attributes for tag, attributes in read.tags if tag == "button"]
    assert [button["value"] for button in buttons] == list(AUDIENCES)
    assert [button["value"] for button in buttons if button.get("aria-current")] == ["patient"]
    (made,) = (attributes for tag, attributes in read.tags if tag == "form")
    assert made["action"] == "/reader"
    assert made["data-quick"] == "1"
    assert ("input", {"type": "hidden", "name": "token", "value": '"x"'}) in read.tags
