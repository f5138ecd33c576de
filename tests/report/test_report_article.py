"""What every article must say, whoever reads it."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator

import msgspec
import pytest

from medwarrant import Answer, InputError, Medwarrant, Request
from medwarrant.intake.reading import Reading, Unrecognised
from medwarrant.report import AUDIENCES, FORMATS, Audience, render
from medwarrant.report.article import Article, Bullets, Grid, Line, References, Verdicts, opened
from medwarrant.report.compose import article
from medwarrant.report.readability import reading_grade, sentences_of
from medwarrant.report.view import article_view, plain_diagnosis
from medwarrant.report.words import OUTCOME_WORDS, outcome_words

_TEXT = tuple(name for name in FORMATS if name not in ("pdf", "json"))
_ORDER = [
    "review",
    "reader",
    "reading",
    "bottom-line",
    "grid",
    "technique",
    "contraindications",
    "pitfalls",
    "limits",
    "conflicts",
    "payers",
    "algorithm",
    "documents",
    "would-change",
    "references",
    "disclaimer",
    "follow-up",
]


def written(answer: Answer, audience: Audience = "clinician") -> Article:
    return article(article_view(answer), audience)


def grid_of(made: Article) -> Grid:
    return next(
        block for section in made.sections for block in section.blocks if isinstance(block, Grid)
    )


def lines_of(made: Article) -> Iterator[Line]:
    def below(lines: tuple[Line, ...]) -> Iterator[Line]:
        for line in lines:
            yield line
            yield from below(line.inner)

    for section in made.sections:
        for block in opened(section.blocks):
            if hasattr(block, "lines"):
                yield from below(block.lines)
            if isinstance(block, Verdicts):
                for verdict in block.verdicts:
                    yield from below(verdict.lines)


def test_sections_stand_in_the_order_readers_know(twenty: Answer) -> None:
    ids = [section.id for section in written(twenty).sections]
    assert [name for name in ids if name in _ORDER] == _ORDER
    assert ids.index("grid") == ids.index("bottom-line") + 1
    between = ids[ids.index("grid") + 1 : ids.index("technique")]
    assert all(name.startswith(("diagnosis-", "pair-")) for name in between)


def test_a_practice_reads_what_to_send_first(twenty: Answer) -> None:
    ids = [section.id for section in written(twenty, "practice").sections]
    assert ids[ids.index("grid") + 1] == "documents"


def test_the_grid_holds_every_pair_and_links_to_its_section(answer: Answer) -> None:
    made = written(answer)
    ids = {section.id for section in made.sections}
    cells = [cell for row in grid_of(made).rows for cell in row.cells if cell.outcome]
    assert len(cells) == len(answer.determination.items)
    assert {cell.target for cell in cells} <= ids
    assert all(cell.words for cell in cells)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_outcomes_are_the_same_for_every_audience(answer: Answer, audience: Audience) -> None:
    def outcomes(made: Article) -> list[tuple[str, str]]:
        return [(cell.outcome, cell.words) for row in grid_of(made).rows for cell in row.cells]

    assert outcomes(written(answer, audience)) == outcomes(written(answer))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_reference_numbers_are_those_of_the_record(answer: Answer, audience: Audience) -> None:
    numbers = {reference.n: reference for reference in answer.determination.references}
    made = written(answer, audience)
    listed = [
        entry.n
        for section in made.sections
        for block in opened(section.blocks)
        if isinstance(block, References)
        for entry in block.entries
    ]
    cited = {cite.n for line in lines_of(made) for cite in line.cites}
    assert listed == sorted(set(listed))
    assert cited <= set(listed) <= set(numbers)
    if audience == "auditor":
        assert listed == sorted(numbers)


def test_every_item_has_four_verdicts(answer: Answer) -> None:
    for section in written(answer).sections:
        if section.level == 3:
            (verdicts,) = (block for block in section.blocks if isinstance(block, Verdicts))
            kinds = [verdict.kind for verdict in verdicts.verdicts]
            assert kinds == ["evidence", "coverage", "coding", "safety"]


def test_clinical_sentences_are_cited(twenty: Answer) -> None:
    for section in written(twenty).sections:
        if section.id in ("technique", "contraindications", "pitfalls", "limits"):
            for block in section.blocks:
                for line in block.lines if isinstance(block, Bullets) else ():
                    assert line.cites, line.text
                    assert line.note, line.text


def test_a_retracted_source_is_marked_wherever_it_is_cited(twenty: Answer) -> None:
    retracted = {ref.n for ref in twenty.determination.references if ref.retracted}
    marks = {c.mark for line in lines_of(written(twenty)) for c in line.cites if c.n in retracted}
    assert retracted
    assert marks == {"retracted"}


@pytest.mark.parametrize("form", _TEXT)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_our_own_words_never_say_deny(answer: Answer, form: str, audience: Audience) -> None:
    text = str(render(answer, form, audience=audience)).lower()  # type: ignore[arg-type]
    assert not re.search(r"\bden(y|ied|ies|ial)\b", text)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_evidence_statement_is_told_once(twenty: Answer, audience: Audience) -> None:
    claims = {s.claim for item in twenty.determination.items for s in item.evidence.statements}
    made = written(twenty, audience)
    parts = [section for section in made.sections if section.level == 3]
    told = [
        line.text.rstrip(".")
        for line in lines_of(msgspec.structs.replace(made, sections=tuple(parts)))
    ]
    for claim in claims:
        assert told.count(claim) <= 1, claim


# --- bottom line ----------------------------------------------------------------------------------


def test_the_bottom_line_names_every_service_and_diagnosis(answer: Answer) -> None:
    made = written(answer)
    section = next(section for section in made.sections if section.id == "bottom-line")
    text = " ".join(sentences_of(msgspec.structs.replace(made, sections=(section,))))
    for item in answer.determination.items:
        assert item.service in text
        assert item.diagnosis in text


def test_without_a_payer_the_best_outcome_says_so(met: Answer) -> None:
    assert "Meets guideline criteria; no payer policy applied" in str(render(met, width=100))
    assert outcome_words("meets_criteria", payer_applied=True) == "Medically necessary"


def test_missing_facts_are_named_with_what_to_type(twenty: Answer) -> None:
    codes = [line.code for line in lines_of(written(twenty)) if line.code]
    assert any("--fact intent=acute" in code for code in codes)


def test_unverified_rules_read_as_not_counted(twenty: Answer) -> None:
    texts = [line.lead for line in lines_of(written(twenty)) if line.sign == "uncounted"]
    assert texts
    assert set(texts) == {"Not counted:"}


# --- nothing to judge -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nothing(medwarrant: Medwarrant, met: Answer) -> Answer:
    request = Request(services=(), diagnoses=(), as_of=met.reading.request.as_of)
    reading = Reading(request=request, unrecognised=(Unrecognised(text="a zygomatic thing"),))
    judged = medwarrant.engine.determine(request, medwarrant.code_set(request))
    return Answer("Should we do a zygomatic thing?", reading, judged, medwarrant.library)


@pytest.mark.parametrize("form", _TEXT)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_recognised_is_an_honest_page(
    nothing: Answer, form: str, audience: Audience
) -> None:
    text = " ".join(str(render(nothing, form, audience=audience, width=200)).split())  # type: ignore[arg-type]
    assert "Nothing could be judged" in text
    assert "a zygomatic thing" in text
    assert not any(words in text for words in OUTCOME_WORDS.values())


# --- review ---------------------------------------------------------------------------------------


def test_the_caution_stays_until_a_person_has_signed(met: Answer) -> None:
    assert "no person has signed" in str(render(met, "markdown"))
    signed = {
        "status": "approved",
        "history": [
            {"status": "submitted", "on": "2026-11-23", "by": None},
            {"status": "under_review", "on": "2026-11-24", "by": "A. Reader"},
            {"status": "approved", "on": "2026-11-25", "by": "B. Signer, MD"},
        ],
        "content": [],
    }
    text = str(render(met, "markdown", review=signed))
    assert "no person has signed" not in text
    assert "November 25, 2026, B. Signer, MD" in text
    assert "**Last updated:** November 25, 2026" in text


def test_a_provisional_outcome_is_marked(medwarrant: Medwarrant, met: Answer) -> None:
    facts = tuple(msgspec.structs.replace(fact, basis="read") for fact in met.reading.request.facts)
    request = msgspec.structs.replace(met.reading.request, facts=facts)
    answer = medwarrant.determine(request)
    assert answer.determination.items[0].provisional
    for audience in AUDIENCES:
        text = " ".join(str(render(answer, audience=audience, width=100)).split())
        assert "(provisional)" in text


# --- patients -------------------------------------------------------------------------------------


def test_patients_read_at_grade_eight_or_lower(answer: Answer) -> None:
    assert reading_grade(sentences_of(written(answer, "patient"))) <= 8


def test_no_part_for_patients_is_hard(twenty: Answer) -> None:
    made = written(twenty, "patient")
    for name in (
        "bottom-line",
        "technique",
        "contraindications",
        "payers",
        "disclaimer",
        "algorithm",
    ):
        part = tuple(section for section in made.sections if section.id == name)
        assert reading_grade(sentences_of(msgspec.structs.replace(made, sections=part))) <= 8, name


def test_patients_read_no_codes(twenty: Answer) -> None:
    for text in sentences_of(written(twenty, "patient")):
        assert not re.search(r"\b[A-TV-Z]\d\d\.\w+\b|\b\d{4}[0-9A-Z]\b", text), text
    assert "G50.0" not in written(twenty, "patient").title


def test_a_diagnosis_has_the_plain_name_of_its_narrowest_set(medwarrant: Medwarrant) -> None:
    assert plain_diagnosis("G43.919", medwarrant.library) == "migraine"
    assert plain_diagnosis("Z00.00", medwarrant.library) == ""


# --- the door -------------------------------------------------------------------------------------


def test_json_is_the_contract(twenty: Answer) -> None:
    contract = json.loads(json.dumps(twenty.to_dict()))
    for audience in AUDIENCES:
        assert json.loads(render(twenty, "json", audience=audience)) == contract


@pytest.mark.parametrize("options", [{"format": "docx"}, {"audience": "robot"}])
def test_an_unknown_choice_says_what_there_is(met: Answer, options: dict[str, str]) -> None:
    with pytest.raises(InputError, match="choose one of"):
        render(met, **options)  # type: ignore[arg-type]


def test_rendering_twice_gives_the_same_bytes(twenty: Answer) -> None:
    again = dataclasses.replace(twenty)
    for form in _TEXT:
        assert render(twenty, form, width=80, color=False) == render(
            again, form, width=80, color=False
        )
