"""The brief answer: short enough to read, and nothing that decides is lost."""

from __future__ import annotations

import re

import pytest

from medwarrant import Answer, InputError, Medwarrant
from medwarrant.report import AUDIENCES, Audience, Depth, render
from medwarrant.report.article import Article, Grid, References, Section, Tree, opened
from medwarrant.report.compose import article
from medwarrant.report.strongest import FEW, strongest
from medwarrant.report.view import article_view
from medwarrant.report.words import OUTCOME_WORDS


def written(answer: Answer, audience: Audience = "clinician", depth: Depth = "brief") -> Article:
    return article(article_view(answer), audience, depth=depth)


def items(made: Article) -> list[Section]:
    return [section for section in made.sections if section.level == 3]


def terminal(answer: Answer, **options: object) -> str:
    return str(render(answer, width=80, color=False, **options))  # type: ignore[arg-type]


def words(text: str) -> str:
    return " ".join(text.split())


def test_twenty_items_and_one_item_stay_short(twenty: Answer, met: Answer) -> None:
    assert len(terminal(twenty).splitlines()) <= 360
    assert len(terminal(met).splitlines()) <= 110
    assert len(terminal(twenty, depth="full").splitlines()) > 1000


@pytest.mark.parametrize("audience", AUDIENCES)
def test_brief_is_shorter_for_every_audience(twenty: Answer, audience: Audience) -> None:
    brief, full = (terminal(twenty, audience=audience, depth=depth) for depth in ("brief", "full"))
    assert len(brief) < len(full)


def test_reviewers_and_auditors_read_all_of_it_unless_they_ask(met: Answer) -> None:
    for audience in AUDIENCES:
        depth = "full" if audience in ("reviewer", "auditor") else "brief"
        assert terminal(met, audience=audience) == terminal(met, audience=audience, depth=depth)
    for form in ("html", "markdown"):
        assert render(met, form) == render(met, form, depth="full")  # type: ignore[arg-type]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_outcomes_are_the_same_at_every_depth(answer: Answer, audience: Audience) -> None:
    def judged(made: Article) -> dict[str, tuple[str, str]]:
        return {
            f"{row.head.code}/{head.code}/{row.head.target}/{head.name}": (cell.outcome, cell.words)
            for section in made.sections
            for block in section.blocks
            if isinstance(block, Grid)
            for row in block.rows
            for head, cell in zip(block.columns, row.cells, strict=True)
        }

    brief = judged(written(answer, audience))
    full = judged(written(answer, audience, "full"))
    if len(answer.determination.items) > 1:
        assert sorted(brief.values()) == sorted(full.values())
        assert len(brief) == len(answer.determination.items)


def test_every_item_has_its_outcome_and_its_verdicts(answer: Answer) -> None:
    made = written(answer)
    signs = [section.sign for section in items(made)]
    text = words(terminal(answer))
    assert set(signs) == {item.outcome for item in answer.determination.items}
    assert "Evidence" in text
    assert "Safety" in text
    for item in answer.determination.items:
        assert item.service in text
        assert item.diagnosis in text
    for section in items(made):
        assert section.blocks or ", as for " in section.words
        assert section.words.startswith(
            (OUTCOME_WORDS[section.sign], "Meets guideline criteria; no payer policy applied")
        )


def test_the_same_criteria_are_shown_once(twenty: Answer) -> None:
    trees = [
        repr(block.root)
        for section in written(twenty).sections
        for block in opened(section.blocks)
        if isinstance(block, Tree)
    ]
    assert trees
    assert len(trees) == len(set(trees))
    open_ = {"meets_criteria", "needs_information"}
    shown = [s for s in items(written(twenty)) if any(isinstance(b, Tree) for b in s.blocks)]
    assert {section.sign for section in shown} <= open_


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_cited_is_listed(answer: Answer, audience: Audience) -> None:
    text = words(terminal(answer, audience=audience, depth="brief"))
    body, _, references = text.rpartition("REFERENCES")
    cited = set(re.findall(r"\[(\d+)[] ]", body))
    assert cited <= set(re.findall(r"\[(\d+)\] ", references))
    listed = [
        entry.n
        for section in written(answer, audience).sections
        for block in opened(section.blocks)
        if isinstance(block, References)
        for entry in block.entries
    ]
    assert set(map(int, cited)) == set(listed)


def test_it_ends_with_how_to_see_more(twenty: Answer) -> None:
    for option in ("--full", "--format html --output FILE", "--for reviewer"):
        assert option in words(terminal(twenty)).rpartition("TO SEE MORE")[2]


def test_what_would_do_is_there_to_be_typed(twenty: Answer) -> None:
    text = words(terminal(twenty))
    assert "--fact intent=acute --fact setting=emergency" in text


def test_limits_of_payers_on_the_request_stand_beside(twenty: Answer) -> None:
    for depth in ("brief", "full"):
        text = words(terminal(twenty, depth=depth))
        assert "Limits on the whole request: none is applied" in text
    assert "not kept by this request: no other blocks in the same session" in words(
        terminal(twenty)
    )


def test_another_nerve_has_another_code(medwarrant: Medwarrant) -> None:
    request = {"services": ["64450"], "diagnoses": ["G43.919", "G50.0"]}
    answer = medwarrant.determine(request)
    for depth in ("brief", "full"):
        for section in items(written(answer, depth=depth)):
            told = re.search(
                r"A block of the supraorbital [^.]* is 64400, not 64450", repr(section)
            )
            assert told


def test_the_strongest_statements_come_first(twenty: Answer) -> None:
    for item in twenty.determination.items:
        chosen = strongest(item)
        assert len(chosen) == min(FEW, len(item.evidence.statements))
        left = [one for one in item.evidence.statements if one not in chosen]
        assert not (left and any(one.supports for one in left)) or all(
            one.supports for one in chosen
        )


def test_ids_of_facts_are_for_auditors(medwarrant: Medwarrant) -> None:
    request = {
        "services": ["64405"],
        "diagnoses": ["G43.919"],
        "facts": [
            {"intent": "acute"},
            {"setting": "office"},
            {"drug-trial": {"drug": "sumatriptan", "used_for": "acute", "outcome": "failed"}},
            {"drug-trial": {"drug": "rizatriptan", "used_for": "acute", "outcome": "failed"}},
        ],
    }
    answer = medwarrant.determine(request)
    for audience in AUDIENCES:
        text = terminal(answer, audience=audience, depth="full")
        assert ("drug-trial#" in text) == (audience == "auditor")


def test_an_unknown_depth_says_what_there_is(met: Answer) -> None:
    with pytest.raises(InputError, match="choose one of brief, full"):
        render(met, depth="deep")  # type: ignore[arg-type]
