"""Wherever a person reads an answer, facts, values, payers and criteria stand in words, never by their ids."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from medwarrant import Answer, Medwarrant
from medwarrant.examples import request_of
from medwarrant.followup import follow_up
from medwarrant.model.errors import InputError
from medwarrant.policy.library import Library
from medwarrant.policy.prose import outline, words_for
from medwarrant.policy.show import policy_prose
from medwarrant.report import render
from medwarrant.report.changes import changes
from medwarrant.report.letters import letter_text, submission_checklist
from medwarrant.report.plain_text import plain_text
from medwarrant.report.questions import open_questions
from medwarrant.report.render import article_of
from medwarrant.report.words import AUDIENCES
from visible_ids import shown

#: Walks all that ships; not part of `make test` (`make test-slow`).
pytestmark = pytest.mark.slow

READERS = tuple(name for name in AUDIENCES if name != "auditor")
_TAGS = re.compile(r"<(?:script|style|svg)\b.*?</(?:script|style|svg)>|<[^>]+>", re.DOTALL)
#: A question that names much of what there is to name.
ASKED = (
    "Is a repeat greater occipital nerve block (64405) medically necessary for chronic migraine "
    "G43.719 in the emergency department, Aetna Medicare Advantage in California? Sumatriptan failed "
    "after 2 months, topiramate was not tolerated, 6 weeks of physical therapy gave no relief, MRI in "
    "January 2026, a nerve block on 2026-03-01 gave 60% relief for 6 weeks."
)


@pytest.fixture(scope="module")
def examples(medwarrant: Medwarrant, as_of: date) -> list[Answer]:
    """The requests of the examples of all packs, judged; each policy has some among them."""
    found = []
    for pack in medwarrant.library.packs:
        for number, example in enumerate(pack.examples):
            policies = {one.policy for one in pack.examples[:number]}
            if number % 4 and example.policy in policies:
                continue
            found.append(medwarrant.determine(request_of(medwarrant, example), as_of=as_of))
    return found


@pytest.mark.parametrize("audience", READERS)
def test_no_id_is_read_in_an_article(examples: list[Answer], audience: Any) -> None:
    library = examples[0].library
    for depth in ("full", "brief"):
        texts = (
            plain_text(article_of(answer, audience=audience, depth=depth)) for answer in examples
        )
        assert shown(texts, library) == []


@pytest.mark.parametrize("audience", READERS)
@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_no_id_is_read_in_any_format(
    medwarrant: Medwarrant, as_of: date, audience: Any, form: Any
) -> None:
    answer = medwarrant.ask(ASKED, as_of=as_of)
    made = str(render(answer, form, audience=audience, depth="full"))
    if form == "html":
        made = _TAGS.sub(" ", made)
    if form == "markdown":
        made = re.sub(r"\]\([^)]*\)|<a id=[^>]*>", "]", made)
    assert shown([made], medwarrant.library) == []


@pytest.mark.parametrize("audience", READERS)
def test_no_id_is_read_in_a_question(examples: list[Answer], audience: Any) -> None:
    texts = []
    for answer in examples:
        for asked in open_questions(answer, audience):
            texts += [asked.question, *asked.why, *asked.documents, *asked.known, *asked.pair_words]
            for group in asked.groups:
                texts.append(group.title)
                for field in group.fields:
                    texts += [field.label, field.hint, *(value.title for value in field.values)]
    assert texts
    assert shown(texts, examples[0].library) == []


@pytest.mark.parametrize("audience", READERS)
def test_no_id_is_read_in_what_changed(medwarrant: Medwarrant, as_of: date, audience: Any) -> None:
    before = medwarrant.ask("Is 64405 medically necessary for G43.719?", as_of=as_of)
    found = changes(before, medwarrant.ask(ASKED, as_of=as_of), audience)
    texts = [*found.said, *found.withdrawn]
    for pair in found.pairs:
        texts += [*pair.missing, *(one.words for one in pair.criteria)]
    assert texts
    assert shown(texts, medwarrant.library) == []


@pytest.mark.parametrize("audience", READERS)
@pytest.mark.parametrize(
    "said",
    [
        "It is for prevention, in the office, and propranolol helped",
        "Sumatriptan failed after 2 months",
        "no prior injections",
        "What if the payer is UnitedHealthcare, Medicare Advantage?",
        "What is missing?",
        "Why?",
        "What would Anthem say?",
    ],
)
def test_no_id_is_read_in_a_follow_up(
    medwarrant: Medwarrant, as_of: date, audience: Any, said: str
) -> None:
    reply = follow_up(medwarrant, medwarrant.ask(ASKED, as_of=as_of), said, audience=audience).reply
    assert shown(_texts(reply.blocks), medwarrant.library) == []


def test_no_id_is_read_in_a_checklist(examples: list[Answer]) -> None:
    texts = []
    for answer in examples:
        try:
            texts.append(letter_text(submission_checklist(answer)))
        except InputError:
            continue  # nothing is judged
    assert texts
    assert shown(texts, examples[0].library) == []


def test_no_id_is_read_in_the_prose_of_a_policy(library: Library) -> None:
    texts = []
    for policy in library.policies.values():
        texts += policy_prose(policy, library).splitlines()[1:]
        for indication in policy.indications:
            for tree in (indication.scope, indication.requires):
                if tree is not None:
                    texts.append(words_for(tree, library))
                    texts += [line for _, line in outline(tree, library)]
    assert shown(texts, library) == []


def test_an_auditor_reads_ids_beside_the_words(medwarrant: Medwarrant, as_of: date) -> None:
    answer = medwarrant.ask(ASKED, as_of=as_of)
    made = plain_text(article_of(answer, audience="auditor"))
    assert "drug-trial#1" in made
    assert "sumatriptan, for treatment of attacks, no adequate relief" in " ".join(made.split())


def test_what_is_seen_is_found(library: Library) -> None:
    """The test would notice: each kind of id is found where it stands, and prose is left alone."""
    for text in (
        "Drug trial: outcome failed.",
        "read from drug-trial#1",
        "Setting (setting@64405)",
        "Payer: aetna.",
        "line original-medicare",
        "closes acute-drugs-inadequate",
        "greater-occipital-nerve-block/migraine",
        "used_for",
    ):
        assert shown([text], library), text
    for text in (
        "Anthem covers self-care",
        "--fact 'drug-trial={outcome: failed}'",
        "a beta-blocker",
    ):
        assert shown([text], library) == [], text


def _texts(value: Any) -> list[str]:
    """Every text of blocks, but the options of commands."""
    match value:
        case str():
            return [value]
        case list() | tuple():
            return [text for one in value for text in _texts(one)]
        case _ if hasattr(value, "__struct_fields__"):
            told = ("code", "url", "sign", "target", "id", "wording", "status", "state")
            fields = (name for name in value.__struct_fields__ if name not in told)
            return [text for name in fields for text in _texts(getattr(value, name))]
        case _:
            return []
