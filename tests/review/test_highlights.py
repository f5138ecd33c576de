"""Quotes shown where they were written, whatever kind of file it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.intake.files.read import read_file
from medwarrant.review.highlights import Place, Unplaced, marked, place_of

FILES = {
    "plain.txt": b"Failed gabapentin 300 mg daily.\r\nTakes warfarin.\r\n",
    "wrapped.txt": b"The patient has failed\nphysical therapy for six\nweeks and takes warfarin daily.\n",
    "page.html": b"<html><body><p>Pain &ge; 7/10; <b>failed</b> gabapentin.</p><p>Takes warfarin.</p></body></html>",
    "marks.md": "# Visit\n\n* failed **gabapentin**\n* takes warfarin\u00ad daily\n".encode(),
    "signs.txt": "\ufeffMigr\u00e4ne; failed gabapentin \U0001f44d takes warfarin".encode(),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("word", ["failed", "warfarin"])
def test_a_span_of_the_original_is_shown_at_the_same_words(name, word):
    note = read_file(FILES[name], name)
    at = note.text.lower().index(word)
    span = note.original_span(at, at + len(word))
    assert place_of(note, span, note.quote(at, at + len(word))) == Place(at, at + len(word))


@pytest.mark.parametrize("name", FILES)
def test_every_character_finds_its_way_back(name):
    """Over all spans: a place read, brought to the original and back, covers at least what was read."""
    note = read_file(FILES[name], name)
    for start in range(len(note.text)):
        for end in range(start + 1, min(start + 30, len(note.text)) + 1):
            span = note.original_span(start, end)
            if span is None:
                continue
            place = place_of(note, span, "")
            assert isinstance(place, Place)
            # A line break that a tag made stands for nothing in the file.
            read = note.text[start:end]
            assert place.start <= start + len(read) - len(read.lstrip())
            assert start + len(read.rstrip()) <= place.end


@pytest.mark.parametrize(
    ("span", "quote", "why"),
    [
        (None, "warfarin", "names no place"),
        ((40, 30), "warfarin", "not in the text"),
        ((5000, 5010), "warfarin", "not in the text"),
        ((-1, 3), "x", "not in the text"),
        ((0, 6), "warfarin", "other words"),
    ],
)
def test_what_cannot_be_placed_says_why(span, quote, why):
    note = read_file(FILES["plain.txt"], "plain.txt")
    found = place_of(note, span, quote)
    assert isinstance(found, Unplaced)
    assert why in found.why


_PLACES = st.lists(
    st.tuples(st.sampled_from("abcde"), st.integers(0, 12), st.integers(0, 12)), max_size=8
)


@given(st.text(max_size=12), _PLACES)
def test_pieces_are_the_text_and_each_lies_in_its_facts(text, raw):
    places = [
        (name, Place(min(one, other), max(one, other) + 1))
        for name, one, other in raw
        if max(one, other) < len(text)
    ]
    pieces = marked(text, places)
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        for at in range(piece.start, piece.end):
            here = {name for name, place in places if place.start <= at < place.end}
            assert set(piece.facts) == here


def test_facts_side_by_side_and_within_each_other_stay_apart():
    places = [("whole", Place(0, 9)), ("first", Place(0, 4)), ("next", Place(4, 9))]
    found = [(piece.text, piece.facts) for piece in marked("abcdefghi", places)]
    assert found == [("abcd", ("first", "whole")), ("efghi", ("whole", "next"))]
