"""Of a page, what its reader sees is read, and every character knows where it stands in the file."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.intake.files.html import html_note

SEEN = [
    ("blocks are lines", "<p>One</p><p>Two<div>Three</div>", "One\nTwo\nThree"),
    ("blanks collapse", "<p>  Pain \n\t for   weeks </p>", "Pain for weeks"),
    ("inline elements do not part words", "topi<b>ra</b>mate <i>failed</i>", "topiramate failed"),
    ("rows and cells", "<table><tr><th>Drug<th>Result<tr><td>A<td>failed</table>", "Drug\tResult\nA\tfailed"),
    ("line breaks", "One<br>Two<br/>Three", "One\nTwo\nThree"),
    ("lists", "<ul><li>A<li>B<ul><li>C</ul></ul>", "A\nB\nC"),
    ("preformatted", "<pre>A  B\n  C</pre>", "A  B\n  C"),
    ("entities", "a &lt; b &amp; c &#8805; d &#x2265; e &ampx &unknown;", "a < b & c \u2265 d \u2265 e &x &unknown;"),
    ("a sign of comparison", "RR <20 and > 12, 3 < 4", "RR <20 and > 12, 3 < 4"),
    ("head", "<head><title>T</title><style>p{}</style></head><body>Seen", "Seen"),
    ("head without an end", "<head><title>T</title><p>Seen", "Seen"),
    ("scripts", "A<script>if (a < b) '</p>'</script>B<SCRIPT>x</Script >C", "ABC"),
    ("comments", "A<!-- no <p>fever --> B<!---->C<!-->D", "A BCD"),
    ("declarations", "<!doctype html><?php x ?>A</3>B", "AB"),
    ("attribute hidden", "A<p hidden>no</p>B<span hidden=''>no</span>C", "A\nBC"),
    ("style hidden", "A<p style='DISPLAY : none'>no</p>B<i style='visibility:hidden'>no</i>", "A\nB"),
    ("style not hidden", "<p style='font-size:0.9em;opacity:0.5'>Seen", "Seen"),
    ("too small to see", "A<span style='font-size:0px'>no</span>B", "AB"),
    ("an unclosed hidden paragraph ends at the next block", "<p hidden>no<p>Seen", "Seen"),
    ("an unclosed hidden item ends at the next", "<ul><li hidden>no<li>Seen</ul>", "Seen"),
    ("struck out", "Topiramate <s>helped</s> <del>much</del> failed", "Topiramate failed"),
    ("template and options", "<template>no</template><select><option>failed</select>Seen", "Seen"),
    ("boxes", "<input type=checkbox checked>Pain <input type=checkbox>Fever", "[x] Pain [ ] Fever"),
    ("a tag in quotes", "<a title='>no<'>Seen</a>", "Seen"),
    ("attributes without blanks", "<a href=x/title='y'>Seen</a>", "Seen"),
    ("end tags of nothing", "</p></div></b>Seen</html>more", "Seen\nmore"),
    ("unseen characters", "topi&shy;ra&#8203;mate", "topiramate"),
    ("area of text", "<textarea>A &lt; B\n<b></textarea>C", "A < B\n<b>\nC"),
    ("short elements of XHTML", "<?xml version='1.0'?><html><p><a id='x'/>A<span hidden=''/>B</p>", "AB"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "text"), [case[1:] for case in SEEN], ids=[case[0] for case in SEEN])  # fmt: skip
def test_what_a_reader_sees_is_read(page, text):
    assert html_note(page, "v.html").text == text


@pytest.mark.parametrize(
    "page", ["Seen<a href='no", "Seen<!-- no", "Seen<script>no", "Seen<p no", "Seen<!no"]
)
def test_a_page_that_breaks_off_says_that_the_rest_was_not_read(page):
    note = html_note(page, "v.html")
    assert note.text == "Seen"
    assert "line 1 does not end" in note.remarks[0]


def test_a_quote_is_found_where_it_was_written():
    page = "<table>\n<tr><td>Pain &ge;&nbsp;7</td>\n<td><b>Topi</b>ramate failed"
    note = html_note(page, "v.html")
    start = note.text.index("Topiramate failed")
    span = note.original_span(start, start + 17)
    assert page[slice(*span)] == "Topi</b>ramate failed"
    assert note.place(start) == "line 3"
    start = note.text.index("\u2265")
    assert page[slice(*note.original_span(start, start + 3))] == "&ge;&nbsp;7"
    assert note.original_span(note.text.index("\t"), note.text.index("\t") + 1) is None
    assert note.original_span(3, 3) is None
    assert note.original_span(0, 10_000) is None


_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=12)
_PARTS = st.one_of(
    _WORDS.map(html.escape),
    st.sampled_from(
        "<p>|</p>|<b>|</b>|<!-- x -->|<td>|<tr>|<br>|<script>x</script>|<s>|</s>|<i hidden>|</i>|&amp;|&nbsp;"
        "|&#65;|&notin;|&|<|>|\n|  |<pre>|</pre>|<input type=checkbox>|<li>|<a x='|'>|</script>|<head>|</|<!"
        "|\u00ad|<textarea>|</textarea>|<!--|-->".split("|")
    ),
)  # fmt: skip


@given(st.lists(_PARTS, max_size=25).map("".join))
def test_every_span_maps_to_the_characters_it_was_read_from(page):
    note = html_note(page, "v.html")
    spans = []
    for at, sign in enumerate(note.text):
        span = note.original_span(at, at + 1)
        if span is None:
            assert sign in "\n\t "  # made by a tag, or standing behind a box
            continue
        written = page[span[0] : span[1]]
        spans.append(span)
        if sign == " " and not written.strip():
            continue
        if written.startswith("<input"):
            assert sign in "[x ]"
            continue
        assert sign in html.unescape(written), (sign, written)
    assert spans == sorted(spans)


@given(st.text("<>/!-\"'= &;#abp\n", max_size=80))
def test_no_page_breaks_the_scanner(page):
    note = html_note(page, "v.html")
    assert len(note.text) <= 3 * len(page)


@pytest.mark.parametrize(
    "part", ["<", "<a", "<!--", "<p><b>", "</", "<li><td>", "&", "&a", "<a b='", "<script>", "<a ="]
)
def test_a_large_hostile_page_is_read_in_one_pass(part):
    html_note(part * (200_000 // len(part)), "v.html")
