"""Of a DOCX, the text that stands is read: not what was deleted, hidden, struck out or kept twice."""

from __future__ import annotations

import io
import zipfile

import pytest

from medwarrant.intake.files.read import read_file
from medwarrant.model.errors import InputError

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def packed(members: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return made.getvalue()


def docx(body: str, *, space: str = W, before: str = "", part: str = "word/document.xml") -> bytes:
    relation = (
        f'<Relationships><Relationship Type="x/officeDocument" Target="/{part}"/></Relationships>'
    )
    document = f'{before}<w:document xmlns:w="{space}" xmlns:mc="{MC}"><w:body>{body}</w:body></w:document>'
    return packed({"[Content_Types].xml": "<Types/>", "_rels/.rels": relation, part: document})


def p(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def r(text: str, mark: str = "") -> str:
    return f"<w:r><w:rPr>{mark}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


TABLE = "<w:tbl>" + "".join(
    "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>"
    for row in ((p(r("Drug")), p(r("Result"))), (p(r("A")), p(r("failed")) + p(r("in May"))))
) + "</w:tbl>"  # fmt: skip

READ = [
    ("paragraphs", p(r("One")) + p(r("Two")), "One\nTwo"),
    ("runs join", p(r("topi"), r("ramate "), r("failed")), "topiramate failed"),
    ("entities of XML", p(r("a &lt; b &#8805; c")), "a < b \u2265 c"),
    ("tabs and breaks", p("<w:r><w:t>A</w:t><w:tab/><w:t>B</w:t><w:br/><w:t>C</w:t></w:r>"), "A\tB\nC"),
    ("tab stops are not text", "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>" + r("A") + "</w:p>", "A"),
    ("hard hyphens", p("<w:r><w:t>A</w:t><w:noBreakHyphen/><w:t>B</w:t></w:r>"), "A-B"),
    ("tables", p(r("Drugs:")) + TABLE + p(r("End")), "Drugs:\nDrug\tResult\nA\tfailed\nin May\nEnd"),
    ("deleted", p(r("A"), f"<w:del>{r('no')}</w:del>", f"<w:ins>{r('B')}</w:ins>"), "AB"),
    ("moved away", p(r("A"), f"<w:moveFrom>{r('no')}</w:moveFrom>"), "A"),
    ("hidden", p(r("A"), r("no", "<w:vanish/>"), r("B", "<w:vanish w:val='0'/>")), "AB"),
    ("struck out", p(r("A"), r("no", "<w:strike/>"), r("no", "<w:dstrike w:val='true'/>")), "A"),
    ("field codes", p("<w:r><w:instrText>DATE</w:instrText></w:r>", r("A")), "A"),
    ("held twice", p(f"<mc:AlternateContent><mc:Choice>{r('A')}</mc:Choice><mc:Fallback>{r('A')}</mc:Fallback></mc:AlternateContent>"), "A"),
    ("text boxes", p(r("A"), f"<w:r><w:txbxContent>{p(r('B'))}</w:txbxContent></w:r>"), "A\nB"),
    ("links", p(f"<w:hyperlink>{r('A')}</w:hyperlink>"), "A"),
    ("unseen characters", p(r("topi\u00adramate")), "topiramate"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "text"), [case[1:] for case in READ], ids=[case[0] for case in READ])  # fmt: skip
def test_what_stands_in_a_document_is_read(body, text):
    note = read_file(docx(body), "v.docx")
    assert note.kind == "docx"
    assert "\n".join(line for line in note.text.split("\n") if line) == text


def test_places_are_paragraphs_and_spans_count_the_text_read():
    note = read_file(docx(p(r("One")) + p() + p(r("Three"))), "v.docx")
    assert note.text == "One\n\nThree"
    assert note.place(note.text.index("Three")) == "paragraph 3"
    assert note.original_span(5, 10) == (5, 10)


def test_other_dialects_and_places_of_the_main_part():
    assert read_file(docx(p(r("A")), space=STRICT), "v.docx").text == "A"
    assert read_file(docx(p(r("A")), part="word/document2.xml"), "v.txt").text == "A"


BOMB = '<!DOCTYPE x [<!ENTITY a "Zyxwona"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
REFUSED = [
    ("no text", docx(p()), "no text"),
    ("entities", docx(p(r("&b;")), before=BOMB), "document type"),
    ("outer entities", docx(p(r("&c;")), before='<!DOCTYPE x SYSTEM "file.dtd">'), "document type"),
    ("unknown entity", docx(p(r("&nbsp;"))), "damaged"),
    ("not XML", docx("<w:p>Zyxwona"), "damaged"),
    ("too deep", docx("<w:p>" * 2000 + r("Zyxwona") + "</w:p>" * 2000), "damaged"),
    ("no main part", packed({"[Content_Types].xml": "", "word/other.xml": ""}), "damaged"),
    ("no end", docx(p(r("Zyxwona")))[:-40], "damaged"),
    ("a ZIP bomb", docx(p(r("Zyxwona" + " " * 60_000_000))), "more than 50 MB"),
]


@pytest.mark.parametrize(("data", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])  # fmt: skip
def test_a_document_that_cannot_be_read_is_refused(data, reason):
    with pytest.raises(InputError, match=reason) as refused:
        read_file(data, "v.docx")
    assert refused.value.where == "v.docx"
    assert "Zyxwona" not in str(refused.value)


def test_an_archive_with_a_password_is_refused():
    data = bytearray(docx(p(r("Zyxwona"))))
    for at in range(len(data) - 4):  # set the flag of encryption in every header
        if data[at : at + 4] == b"PK\x03\x04":
            data[at + 6] |= 1
        if data[at : at + 4] == b"PK\x01\x02":
            data[at + 8] |= 1
    with pytest.raises(InputError, match="damaged"):
        read_file(bytes(data), "v.docx")
