"""Every file of a note is read as what it is, or refused with its reason and nothing of its content."""

from __future__ import annotations

import codecs
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.intake.files.read import MOST_BYTES, read_file
from medwarrant.model.errors import InputError

SECRET = "Zyxwona"  # stands in each refused file; no message may hold it


def archive(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return made.getvalue()


KINDS = [
    ("text", "visit.txt", b"Sumatriptan failed.", "text", "Sumatriptan failed."),
    ("no ending", "visit", b"Sumatriptan failed.", "text", "Sumatriptan failed."),
    ("Markdown", "visit.md", b"# Plan\n\n- block", "markdown", "# Plan\n\n- block"),
    ("page", "visit.html", b"<p>Pain</p>", "html", "Pain"),
    ("page named as text", "visit.txt", b"<!DOCTYPE html><p>Pain", "html", "Pain"),
    ("piece of a page named as text", "v.txt", b"\n<div>Pain</div>", "html", "Pain"),
    ("text named as page", "visit.html", b"BP < 140, no fever", "html", "BP < 140, no fever"),
    ("comparison at the start", "visit.txt", b"<5 days of headache", "text", "<5 days of headache"),
    ("byte-order mark", "v.txt", codecs.BOM_UTF8 + b"Pain", "text", "Pain"),
    ("UTF-16", "v.txt", "38 \u00b0C".encode("utf-16"), "text", "38 \u00b0C"),
    ("UTF-16, big end first", "v.txt", codecs.BOM_UTF16_BE + "38 \u00b0C".encode("utf-16-be"), "text", "38 \u00b0C"),
    ("UTF-32", "v.txt", "38 \u00b0C".encode("utf-32"), "text", "38 \u00b0C"),
    ("Windows-1252", "v.txt", "38 \u00b0C \u2013 caf\u00e9".encode("cp1252"), "text", "38 \u00b0C \u2013 caf\u00e9"),
    ("line ends kept", "v.txt", b"one.\r\ntwo.\rthree.", "text", "one.\r\ntwo.\rthree."),
    ("form feed", "v.txt", b"page one\x0cpage two", "text", "page one\x0cpage two"),
    ("unseen characters", "v.txt", "topi\u00adra\u200bmate".encode(), "text", "topiramate"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "kind", "text"), [case[1:] for case in KINDS], ids=[case[0] for case in KINDS])  # fmt: skip
def test_what_a_file_is_follows_from_its_content(name, data, kind, text):
    note = read_file(data, name)
    assert (note.name, note.kind, note.text) == (name, kind, text)


def test_a_path_is_read_like_its_bytes(tmp_path):
    path = tmp_path / "visit note.txt"
    path.write_bytes(b"Pain for 3 months.")
    assert read_file(path) == read_file(str(path)) == read_file(b"Pain for 3 months.", path.name)


def test_an_old_encoding_is_remarked_upon():
    assert "Windows-1252" in read_file("38 \u00b0C".encode("cp1252"), "v.txt").remarks[0]
    assert read_file("38 \u00b0C".encode(), "v.txt").remarks == ()


REFUSED = [
    ("nothing", b"", "empty"),
    ("blanks", b" \n\t ", "empty"),
    ("no letters", b"--- ***", "no text"),
    ("page without text", b"<html><script>" + SECRET.encode() + b"</script></html>", "no text"),
    ("too large", b"x" * (MOST_BYTES + 1), "larger than 20 MB"),
    ("too many characters", b"a " * 2_500_001, "5,000,000 characters"),
    ("too many tags", b"<p>" + b"<" * 1_000_001, "more tags"),
    ("binary", SECRET.encode() + b"\x00\x01\x02" * 40, "binary"),
    ("control characters", (SECRET.encode() + b"\x01\x02\x03") * 40, "binary"),
    ("another alphabet", "\u043d\u0435\u0442 \u0431\u043e\u043b\u0438 ".encode("koi8-r") * 9, "encoding"),
    ("UTF-16 without mark", SECRET.encode("utf-16-le"), "binary"),
    ("half of UTF-16", codecs.BOM_UTF16_LE + b"\x00\xd8" + SECRET.encode("utf-16-le"), "UTF-16"),
    ("XML", b"<?xml version='1.0'?><Bundle>" + SECRET.encode() + b"</Bundle>", "XML"),
    ("RTF", rb"{\rtf1 " + SECRET.encode() + b"}", "RTF"),
    ("old Word", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + SECRET.encode(), "old Word"),
    ("PNG", b"\x89PNG\r\n\x1a\n" + SECRET.encode(), "picture"),
    ("JPEG", b"\xff\xd8\xff\xe0" + SECRET.encode(), "picture"),
    ("TIFF", b"II*\x00" + SECRET.encode(), "picture"),
    ("gzip", b"\x1f\x8b\x08" + SECRET.encode(), "compressed"),
    ("ZIP", archive({"note.txt": SECRET.encode()}), "ZIP archive"),
    ("spreadsheet", archive({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "ZIP archive"),
    ("broken ZIP", b"PK\x03\x04" + SECRET.encode(), "damaged"),
    ("broken PDF", b"%PDF-1.7\n" + SECRET.encode(), "PDF is damaged"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_reason(data, reason):
    with pytest.raises(InputError) as refused:
        read_file(data, "visit.txt")
    assert refused.value.where == "visit.txt"
    assert reason in refused.value.problem
    assert refused.value.mend
    assert SECRET not in str(refused.value)


def test_files_that_are_not_there_are_refused(tmp_path):
    for path in (tmp_path / "none.txt", tmp_path, "a\0b"):
        with pytest.raises(InputError, match="cannot be read"):
            read_file(path)


def test_a_name_is_shown_without_its_folder_and_control_characters(tmp_path):
    with pytest.raises(InputError) as refused:
        read_file(tmp_path / "none\x1b[2J.txt")
    assert refused.value.where == "none?[2J.txt"
    assert len(read_file(b"Pain", "x" * 500 + ".txt").name) <= 120


def test_a_note_does_not_show_its_text_in_logs():
    assert SECRET not in repr(read_file(SECRET.encode(), "v.txt"))


_BEGINNINGS = st.sampled_from(
    [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"<?xml ?>", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE]
)  # fmt: skip


@given(_BEGINNINGS, st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "a.docx"]))
def test_no_bytes_cause_anything_but_an_input_error(beginning, data, name):
    try:
        note = read_file(beginning + data, name)
    except InputError:
        return
    assert note.text.encode()  # can be written
    assert note.place(0)


@given(st.text(min_size=1, max_size=200), st.sampled_from(["a.txt", "a.md"]))
def test_text_comes_back_and_every_span_maps_to_the_same_characters(text, name):
    try:
        note = read_file(text.encode(), name)
    except InputError:
        return
    if note.kind == "html":
        return
    original = text.removeprefix("\ufeff")
    for at, sign in enumerate(note.text):
        span = note.original_span(at, at + 1)
        assert span is not None
        shown = original[span[0] : span[1]]
        assert shown == sign or (sign == " " and shown in "\r\n")
