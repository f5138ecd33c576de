"""The HTML article: one safe file that everyone can read."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest
from page_parser import Page

from medwarrant import Answer
from medwarrant.report import AUDIENCES, Audience, render
from medwarrant.report.style import STYLE

HOSTILE = (
    "<script>alert(1)</script> \"quoted\" 'single' &amp; <img src=x onerror=alert(2)> "
    "\u202edesrever\u202c \u200f nul\x00 bell\x07 esc\x1b[31m ]]> </title></style> javascript:alert(3)?"
)


def page(answer: Answer, audience: Audience = "clinician") -> Page:
    return Page(str(render(answer, "html", audience=audience)))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_page_is_well_formed_and_its_links_lead_somewhere(
    answer: Answer, audience: Audience
) -> None:
    read = page(answer, audience)
    assert read.open == []
    assert len(read.ids) == len(set(read.ids))
    inside = [link[1:] for link in read.links if link.startswith("#")]
    assert inside
    assert set(inside) <= set(read.ids)
    for name in ("aria-labelledby",):
        for _, attributes in read.tags:
            assert set(str(attributes.get(name) or "").split()) <= set(read.ids)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_comes_from_outside_and_nothing_runs(answer: Answer, audience: Audience) -> None:
    text = str(render(answer, "html", audience=audience))
    read = Page(text)
    assert not {"script", "iframe", "object", "embed", "link", "form", "img", "base"} & {
        tag for tag, _ in read.tags
    }
    for tag, attributes in read.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "style")
        ]
        assert tag == "a" or "href" not in attributes
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    outside = [link for link in read.links if not link.startswith("#")]
    assert all(link.startswith(("https://", "http://")) for link in outside)


def test_headings_go_down_one_at_a_time(answer: Answer) -> None:
    levels = page(answer).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))


def test_landmarks_language_and_table_headers(twenty: Answer) -> None:
    read = page(twenty)
    tags = [tag for tag, _ in read.tags]
    assert {"main", "nav", "header", "footer", "caption"} <= set(tags)
    assert ("html", {"lang": "en"}) in read.tags
    assert read.links[0] == "#bottom-line"
    assert all(
        attributes.get("scope") in ("col", "row") for tag, attributes in read.tags if tag == "th"
    )


def test_pictures_have_a_role_a_title_and_a_description(twenty: Answer) -> None:
    read = page(twenty)
    pictures = [attributes for tag, attributes in read.tags if tag == "svg"]
    assert pictures
    assert all(attributes["role"] == "img" for attributes in pictures)
    inside = [tag for tag, _ in read.tags]
    assert inside.count("desc") == len(pictures)
    assert inside.count("title") == len(pictures) + 1


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("form", ["html", "markdown", "terminal"])
def test_a_hostile_question_is_only_text(met: Answer, audience: Audience, form: str) -> None:
    asked = dataclasses.replace(met, question=HOSTILE)
    text = str(render(asked, form, audience=audience, width=80, color=False))  # type: ignore[arg-type]
    for char in ("\x00", "\x07", "\x1b", "\u202e", "\u202c", "\u200f"):
        assert char not in text
    if form == "html":
        read = Page(text)
        assert read.open == []
        assert "<script>alert(1)</script>" in read.text
        assert not {"script", "img"} & {tag for tag, _ in read.tags}
    if form == "markdown":
        assert "<script" not in text
        assert "<img" not in text


def test_other_audiences_are_linked_only_where_the_address_is_safe(met: Answer) -> None:
    links = {"patient": "/answers/1?for=patient", "auditor": "javascript:alert(1)"}
    text = str(render(met, "html", links=links))
    assert 'href="/answers/1?for=patient"' in text
    assert "javascript:" not in text


# --- colours --------------------------------------------------------------------------------------


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


_LIGHT, _DARK = (
    dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", block))
    for block in re.findall(r":root\{[^}]*--link[^}]*\}", STYLE)[:2]
)
_PAIRS = [
    *[(ink, ground) for ink in ("ink", "quiet", "link") for ground in ("bg", "panel")],
    *[(name, f"{name}-bg") for name in ("met", "info", "review", "none", "bad")],
    *[("ink", f"{name}-bg") for name in ("caution", "review")],
    *[("link", f"{name}-bg") for name in ("caution",)],
    ("bad", "bg"),
]


@pytest.mark.parametrize("colours", [_LIGHT, _DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), _PAIRS)
def test_text_stands_out_from_its_ground(colours: dict[str, str], ink: str, ground: str) -> None:
    assert _contrast(colours[ink], colours[ground]) >= 4.5


# --- folded parts ---------------------------------------------------------------------------------


class Folds(HTMLParser):
    """Which ids stand inside folded parts, and the text of the summaries."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.depth = 0
        self.number = 0
        self.inside: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "details":
            self.depth += 1
            self.number += 1
        name = dict(attrs).get("id")
        if name and self.depth:
            self.inside.add(name)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "details"


def test_long_parts_are_folded_and_headings_are_not(twenty: Answer) -> None:
    text = str(render(twenty, "html"))
    folds = Folds(text)
    assert folds.number > 20
    headings = set(re.findall(r'<h[1-6] id="([^"]+)"', text))
    linked = set(re.findall(r'<td[^>]*>.*?href="#([^"]+)"', text))
    assert linked
    assert not (headings | (linked & headings)) & folds.inside
    others = {name for name in folds.inside if not name.startswith("tree-")}
    assert others == set(re.findall(r'id="(ref-\d+)"', text))


def test_paper_shows_what_the_page_folds() -> None:
    printed = STYLE[STYLE.index("@media print{:root") :]
    assert "details::details-content{content-visibility:visible!important" in printed


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_brief_page_is_well_formed_too(answer: Answer, audience: Audience) -> None:
    read = Page(str(render(answer, "html", audience=audience, depth="brief")))
    assert read.open == []
    assert len(read.ids) == len(set(read.ids))
    assert {link[1:] for link in read.links if link.startswith("#")} <= set(read.ids)
