"""What holds for every follow-up, whatever is written in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from follow_up_entries import ENTRIES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medwarrant import Answer, InputError, Medwarrant
from medwarrant.followup import FollowUp, follow_up
from medwarrant.model.determination import Supply
from medwarrant.report.criteria import fact_argument
from medwarrant.report.words import AUDIENCES

HERE = Path(__file__).parent
QUESTIONS = yaml.safe_load((HERE / "follow_ups.yaml").read_text("utf-8"))["answers"]
WORDS = sorted({word for entry in ENTRIES for word in entry["says"].split()})

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=25).map(" ".join)
texts = st.one_of(words, st.text(max_size=80), st.tuples(words, st.text(max_size=20)).map(" ".join))


@given(
    text=texts,
    of=st.sampled_from(["blocks", "gon", "rfa", "nothing"]),
    audience=st.sampled_from(AUDIENCES),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_gets_a_reply_or_one_clear_error(
    medwarrant: Medwarrant, answers: dict[str, Answer], text: str, of: str, audience: Any
) -> None:
    problem = ""
    try:
        found = follow_up(medwarrant, answers[of], text, audience=audience)
    except InputError as error:
        problem = str(error)
    if problem:
        assert problem.startswith("follow-up: ")
        return
    reply = found.reply
    assert reply.blocks
    assert reply.keeps == (reply.kind == "new_facts" and found.answer is not None)
    assert set(reply.sources) <= set(medwarrant.library.sources)
    for change in reply.changes:
        assert found.answer is not None
        stands = {
            (item.service, item.diagnosis, item.outcome)
            for item in found.answer.determination.items
        }
        if change.after is not None:
            assert (change.service, change.diagnosis, change.after) in stands


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no words"),
        ("  \n ", "no words"),
        ("?!...", "no words"),
        ("\N{GRINNING FACE}", "no words"),
        ("a" * 100_000, "100,000 characters"),
    ],
)
def test_what_cannot_be_read_is_refused(
    medwarrant: Medwarrant, answers: dict[str, Answer], text: str, problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        follow_up(medwarrant, answers["gon"], text)


@pytest.mark.parametrize(
    "text",
    [
        "\ud800 why",
        "why?\x00",
        "<img src=x onerror=alert(1)>",
        "why " * 1000,
        "( " * 1500 + "x",
        "and what " * 500,
        "no " * 1600,
        "not to " * 700,
        "please do not forget the " * 200,
        "it was 3 weeks, not 4, " * 200,
    ],
)
def test_hostile_text_is_answered(
    medwarrant: Medwarrant, answers: dict[str, Answer], text: str
) -> None:
    reply = follow_up(medwarrant, answers["gon"], text).reply
    assert reply.blocks
    assert len(reply.also) < 6


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["says"][:60])
def test_the_same_text_gets_the_same_reply(
    entry: dict[str, Any], medwarrant: Medwarrant, answers: dict[str, Answer]
) -> None:
    answer = answers[entry["of"]]
    first, second = (follow_up(medwarrant, answer, entry["says"]) for _ in range(2))
    assert first.reply == second.reply
    assert (first.answer and first.answer.digest) == (second.answer and second.answer.digest)
    if "what_if" in (first.reply.kind, *first.reply.also) and first.reply.kind != "new_facts":
        assert not first.reply.keeps


NEW_FACTS = [
    entry
    for entry in ENTRIES
    if entry["kind"] == "new_facts" and not {"added", "removed", "withdrawn", "as_of"} & set(entry)
]


@pytest.mark.parametrize("entry", NEW_FACTS, ids=lambda entry: entry["says"][:60])
def test_facts_count_as_if_they_were_given_as_options(
    entry: dict[str, Any], medwarrant: Medwarrant, answers: dict[str, Answer], as_of
) -> None:
    found = follow_up(medwarrant, answers[entry["of"]], entry["says"])
    asked = QUESTIONS[entry["of"]]
    again = medwarrant.ask(
        asked["question"],
        payer=asked.get("payer"),
        state=asked.get("state"),
        as_of=as_of,
        facts=[argument(fact) for fact in found.reply.facts],
    )
    kept = found.answer if found.answer is not None else answers[entry["of"]]
    assert again.digest == kept.digest


def argument(fact: Any) -> str:
    """A fact as `--fact` takes it."""
    if isinstance(fact.value, dict):
        supply = Supply(fact=fact.fact, event=fact.value)
    elif fact.value is None:
        event = fact.status == "absent" and fact.fact == "procedure"
        supply = Supply(fact=fact.fact, value="none" if event else fact.status)
    else:
        supply = Supply(fact=fact.fact, value=fact.value)
    written = fact_argument(supply)
    return f"{fact.service}:{written}" if fact.service else written


def test_a_reply_is_plain_data(medwarrant: Medwarrant, answers: dict[str, Answer]) -> None:
    reply = follow_up(medwarrant, answers["gon"], "what if she failed naproxen?").reply
    assert msgspec.json.decode(msgspec.json.encode(reply), type=FollowUp) == reply
