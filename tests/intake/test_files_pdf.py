"""Of a PDF, the text layer is read page by page; what has none is said to have none."""

from __future__ import annotations

import io
import logging
import zlib
from contextlib import suppress

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.intake.files.read import read_file
from medwarrant.model.errors import InputError

PICTURE = None


def pdf(*pages: list[str] | None, more: bytes = b"", repeat: int = 1) -> bytes:
    """A PDF with these lines on each page; a page that is None holds a picture."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for lines in pages:
        number = len(objects) + 1
        kids.append(b"%d 0 R" % number)
        if lines is None:
            resources = b"/XObject << /I %d 0 R >>" % (number + 2)
            drawn = b"q 500 0 0 500 0 0 cm /I Do Q"
        else:
            resources = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >>"
            shown = b"".join(
                b"(%s) Tj T*\n" % line.replace("(", "\\(").replace(")", "\\)").encode("cp1252")
                for line in lines
            )
            drawn = b"BT /F 11 Tf 14 TL 50 750 Td\n" + shown * repeat + b"ET"
        stream = zlib.compress(drawn)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << %s >> >>"
            % (number + 1, resources),
            b"<< /Filter /FlateDecode /Length %d >> stream\n%s\nendstream" % (len(stream), stream),
        ]
        if lines is None:
            dot = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >> stream\nx\nendstream"
            objects.append(dot)
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer << /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, more)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def protected(password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(["Zyxwona failed."])))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_the_text_layer_is_read_page_by_page():
    note = read_file(
        pdf(["Sumatriptan failed.", "No fever (38 \u00b0C)."], ["Plan: nerve block"]), "v.txt"
    )
    assert note.kind == "pdf"
    assert note.text == "Sumatriptan failed.\nNo fever (38 \u00b0C).\n\nPlan: nerve block"
    assert [note.place(note.text.index(word)) for word in ("Suma", "fever", "Plan")] == [
        "page 1",
        "page 1",
        "page 2",
    ]
    assert note.original_span(0, 19) == (0, 19)
    assert note.remarks == ()


def test_lines_that_only_wrap_are_joined_and_hyphens_mended():
    lines = [
        "She has had headache on 20 days of every month since March 2025 and was treat-",
        "ed by her doctor; first-line drugs were tried. She was treated again with first-",
        "line drugs in the autumn, which did not help her for more than a few of these",
        "days. No aura.",
        "Plan: block",
    ]
    text = read_file(pdf(lines), "v.pdf").text
    assert text == (
        "She has had headache on 20 days of every month since March 2025 and was treated by her doctor;"
        " first-line drugs were tried. She was treated again with first-line drugs in the autumn, which"
        " did not help her for more than a few of these days. No aura.\nPlan: block"
    )


def test_pages_without_text_are_named():
    note = read_file(pdf(["Sumatriptan failed."], PICTURE, []), "v.pdf")
    assert note.remarks == (
        "page 2 holds a picture and hardly any text; what the picture shows was not read",
    )
    assert note.place(len(note.text) - 1).startswith("page")


def test_a_form_says_that_its_fields_were_not_read():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(["Request form"])))
    field = pypdf.generic.DictionaryObject()
    for key, value in (("/FT", pypdf.generic.NameObject("/Tx")), ("/T", pypdf.generic.TextStringObject("drug")), ("/V", pypdf.generic.TextStringObject("x"))):  # fmt: skip
        field[pypdf.generic.NameObject(key)] = value
    fields = pypdf.generic.ArrayObject([writer._add_object(field)])
    form = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/Fields"): fields})
    writer.root_object[pypdf.generic.NameObject("/AcroForm")] = form
    made = io.BytesIO()
    writer.write(made)
    assert "form" in read_file(made.getvalue(), "v.pdf").remarks[0]


def test_a_pdf_that_only_limits_printing_is_read():
    assert read_file(protected(""), "v.pdf").text == "Zyxwona failed."


REFUSED = [
    ("pictures of pages", pdf(PICTURE, PICTURE), "pictures of pages and no text"),
    ("empty pages", pdf([]), "no text"),
    ("a password", protected("secret"), "password"),
    ("cut off", pdf(["Zyxwona failed."])[:200], "damaged"),
    ("no pages", b"%PDF-1.7\n%%EOF", "damaged"),
    ("too many pages", pdf(*[["Zyxwona"]] * 1001), "more than 1000 pages"),
    ("a bomb", pdf(["Zyxwona " * 10], repeat=300_000), "unpacks to more"),
]


@pytest.mark.parametrize(("data", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])  # fmt: skip
def test_a_pdf_that_cannot_be_read_is_refused(data, reason, caplog):
    with caplog.at_level(logging.DEBUG), pytest.raises(InputError, match=reason) as refused:
        read_file(data, "v.pdf")
    assert refused.value.where == "v.pdf"
    assert refused.value.mend
    assert "Zyxwona" not in str(refused.value)
    assert caplog.text == ""


_SOUND = pdf(["Zyxwona failed.", "No fever."], ["Plan"])


@given(st.integers(0, len(_SOUND) - 1), st.binary(min_size=1, max_size=6))
def test_no_damage_causes_anything_but_an_input_error(at, junk):
    with suppress(InputError):
        read_file(_SOUND[:at] + junk + _SOUND[at + len(junk) :], "v.pdf")
