"""Letters as HTML: one safe page that everyone can read, or a fragment for a page of a site."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import msgspec
import pytest

from medwarrant import Answer
from medwarrant.report.letters import (
    LETTER_STYLE,
    Asked,
    Correspondence,
    InformationAsked,
    LanguageNote,
    Letter,
    adverse_notice,
    approval_letter,
    information_request_letter,
    letter_html,
    letter_html_fragment,
    letter_text,
    peer_to_peer_brief,
    submission_checklist,
)

KINDS = ("approval", "adverse", "request", "brief", "checklist")


class Page(HTMLParser):
    """What a browser would make of the page, as far as the tests need it."""

    _VOID = ("meta", "input")

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def all(self, name: str) -> list[str]:
        return [str(found[name]) for _, found in self.tags if found.get(name)]

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if re.fullmatch("h[1-6]", tag)]


@pytest.fixture(scope="module", params=KINDS)
def letter(
    request: pytest.FixtureRequest, four: Answer, facet: Answer, to: Correspondence, decide
) -> Letter:
    """Each kind of letter in turn."""
    made = {
        "approval": lambda: approval_letter(four, decide(four, "approved"), to),
        "adverse": lambda: adverse_notice(four, decide(four), to),
        "request": lambda: information_request_letter(
            facet,
            InformationAsked(
                asked=(Asked(about="criterion", id="three-months"),), answer_by=to.dated
            ),
            to,
        ),
        "brief": lambda: peer_to_peer_brief(facet, to),
        "checklist": lambda: submission_checklist(four, to),
    }
    return made[request.param]()


def test_the_page_is_well_formed_and_its_links_lead_somewhere(letter: Letter) -> None:
    read = Page(letter_html(letter))
    assert read.open == []
    ids = read.all("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in read.all("href") if link.startswith("#")} <= set(ids)
    assert set(read.all("aria-labelledby")) <= set(ids)


def test_nothing_runs_and_nothing_comes_from_outside(letter: Letter) -> None:
    for text in (letter_html(letter), letter_html_fragment(letter)):
        read = Page(text)
        tags = {tag for tag, _ in read.tags}
        assert not tags & {"script", "iframe", "object", "embed", "link", "form", "img", "base"}
        for _, found in read.tags:
            assert not [name for name in found if name.startswith("on") or name in ("src", "style")]
        links = read.all("href")
        assert all(link.startswith(("#", "https://", "http://")) for link in links)
    assert "url(" not in LETTER_STYLE
    assert "@import" not in LETTER_STYLE


def test_language_landmark_and_one_first_heading(letter: Letter) -> None:
    read = Page(letter_html(letter))
    assert ("html", {"lang": "en"}) in read.tags
    assert [tag for tag, _ in read.tags].count("main") == 1
    assert read.headings[0] == 1
    assert read.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(read.headings, read.headings[1:]))


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_fragment_takes_its_place_among_the_headings_of_a_page(
    letter: Letter, level: int
) -> None:
    made = letter_html_fragment(letter, level=level, prefix="kept-7")
    assert not made.startswith("<!DOCTYPE")
    assert "<style" not in made
    read = Page(made)
    assert read.headings[0] == level
    assert min(read.headings) == level
    assert max(read.headings) <= 6
    assert all(name.startswith("kept-7-") for name in read.all("id"))


def test_a_level_that_leaves_no_room_is_refused(letter: Letter) -> None:
    with pytest.raises(ValueError, match="level"):
        letter_html_fragment(letter, level=5)


def test_tables_have_headers_captions_and_can_be_reached_by_keyboard(letter: Letter) -> None:
    read = Page(letter_html(letter))
    tags = [tag for tag, _ in read.tags]
    assert tags.count("caption") == tags.count("table")
    assert all(found.get("scope") in ("col", "row") for tag, found in read.tags if tag == "th")
    regions = [found for _, found in read.tags if found.get("class") == "letter-table"]
    assert len(regions) == tags.count("table")
    assert all(found["tabindex"] == "0" and found["aria-label"] for found in regions)


def test_boxes_to_tick_are_real_and_labelled(four: Answer) -> None:
    text = letter_html(submission_checklist(four))
    boxes = re.findall(r'<label><input type="checkbox"><span>(.+?)</span></label>', text)
    assert len(boxes) == text.count("<input") > 5
    assert all(re.sub(r"<[^>]+>", "", box).strip() for box in boxes)


def test_shapes_are_hidden_from_readers_that_speak_and_words_stand_beside_them(
    facet: Answer, to: Correspondence
) -> None:
    text = letter_html(peer_to_peer_brief(facet, to))
    signs = re.findall(r'<span class="letter-sign"([^>]*)>', text)
    assert signs
    assert all('aria-hidden="true"' in found for found in signs)
    assert "not met" in Page(text).text


def test_a_source_that_is_not_to_be_relied_on_is_marked_wherever_it_is_cited(
    medwarrant, as_of, to: Correspondence
) -> None:
    answer = medwarrant.determine({"services": ["64405"], "diagnoses": ["G43.709"]}, as_of=as_of)
    marked = {
        reference.n
        for reference in answer.determination.references
        if reference.retracted or reference.verified == "unverified"
    }
    letter = peer_to_peer_brief(answer, to)
    found = {
        (cite.n, bool(cite.mark))
        for part in letter.parts
        for block in part.blocks
        for line in getattr(block, "lines", ())
        for inner in (line, *line.inner)
        for cite in inner.cites
        if cite.n in marked
    }
    assert all(mark for _, mark in found)
    text = Page(letter_html(letter)).text
    for entry in letter.parts[-1].blocks[0].entries:  # type: ignore[union-attr]
        assert all(mark in text for mark in entry.marks)


# --- words from outside ---------------------------------------------------------------------------


def test_hostile_words_are_only_text(hostile_letters: list[Letter]) -> None:
    for letter in hostile_letters:
        for text in (letter_html(letter), letter_html_fragment(letter), letter_text(letter)):
            for char in ("\x00", "\x07", "\x1b", "\u202e", "\u202c", "\u200f"):
                assert char not in text
        read = Page(letter_html(letter))
        assert read.open == []
        assert "<script>alert(1)</script>" in read.text
        assert not {"script", "img"} & {tag for tag, _ in read.tags}
        assert not [link for link in read.all("href") if "javascript" in link]
        assert not read.all("onload")


def test_words_of_people_and_plans_may_run_either_way(
    facet: Answer, to: Correspondence, decide
) -> None:
    arabic = "المساعدة مجانية. اتصل بالرقم 1-800-555-0100."
    note = (LanguageNote(text=arabic, lang="ar"),)
    text = letter_html(
        adverse_notice(facet, decide(facet), msgspec.structs.replace(to, language_notes=note))
    )
    assert re.search(r'<p dir="auto" lang="ar">', text)
    assert '<bdi dir="ltr" class="letter-number">1-800-555-0100</bdi>' in text


def test_a_very_long_reason_is_kept_whole(facet: Answer, to: Correspondence, decide) -> None:
    told = decide(facet)
    line = msgspec.structs.replace(told.lines[0], reason="x" * 20_000 + " end.")
    letter = adverse_notice(facet, msgspec.structs.replace(told, lines=(line,)), to)
    assert "x" * 20_000 in letter_html(letter)
    assert "end." in letter_text(letter)


# --- colours --------------------------------------------------------------------------------------


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


_COLOURS = dict(re.findall(r"--letter-([a-z]+):(#[0-9a-f]+)", LETTER_STYLE))


@pytest.mark.parametrize("ink", ["ink", "quiet", "link"])
@pytest.mark.parametrize("ground", ["#ffffff", _COLOURS["tint"]])
def test_text_stands_out_from_its_ground(ink: str, ground: str) -> None:
    light, dark = sorted((_luminance(_COLOURS[ink]), _luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_every_rule_of_the_style_holds_for_letters_only() -> None:
    bare = re.sub(r"@media [^{]+\{", "", LETTER_STYLE)
    bare = re.sub(r"@page\{[^}]*\}", "", bare)
    selectors = [found for group in re.findall(r"([^{}]+)\{", bare) for found in group.split(",")]
    assert len(selectors) > 30
    assert not [
        found for found in selectors if not found.strip().lstrip("}").strip().startswith(".letter")
    ]
