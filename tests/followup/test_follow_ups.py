"""Follow-ups in the words of those who ask: what kind of reply each gets, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest
from follow_up_entries import FILES, entries_of

from medwarrant import Answer, Medwarrant
from medwarrant.followup import KINDS, FollowUp, FollowUpReply, follow_up
from medwarrant.report.article import Article, Section
from medwarrant.report.terminal import terminal


def entries() -> list[Any]:
    found = []
    for name in FILES:
        for entry in entries_of(name):
            marks = ()
            if "not_yet" in entry:
                marks = (pytest.mark.xfail(reason=entry["not_yet"], strict=True),)
            found.append(
                pytest.param(entry, id=f"{name}: {entry['of']}: {entry['says'][:60]}", marks=marks)
            )
    return found


def told(reply: FollowUp) -> str:
    """The words of a reply."""
    section = Section(id="reply", title="Reply", blocks=reply.blocks)
    article = Article(title="", audience="clinician", as_of="", digest="", sections=(section,))
    return terminal(article, width=2000, color=False).lower()


def codes(answer: Answer) -> set[str]:
    request = answer.reading.request
    return {line.code for line in request.services} | {entry.code for entry in request.diagnoses}


@pytest.mark.parametrize("entry", entries())
def test_a_follow_up_gets_its_reply(
    entry: dict[str, Any], answers: dict[str, Answer], medwarrant: Medwarrant
) -> None:
    answer = answers[entry["of"]]
    found = follow_up(medwarrant, answer, entry["says"])
    reply = found.reply
    assert [reply.kind, *reply.also] == [entry["kind"], *entry.get("also", ())]
    assert reply.keeps == (reply.kind == "new_facts" and found.answer is not None)
    if "facts" in entry:
        assert sorted(fact.fact for fact in reply.facts) == sorted(entry["facts"])
    check_changes(entry, found)
    check_request(entry, answer, found)
    assert set(entry.get("cites", ())) <= set(reply.sources)
    words = told(reply)
    assert [text for text in entry.get("tells", ()) if text.lower() not in words] == []
    assert [text for text in entry.get("silent", ()) if text.lower() in words] == []


def check_request(entry: dict[str, Any], answer: Answer, found: FollowUpReply) -> None:
    turned, after = found.reply.request, found.answer or answer
    if "added" in entry or "removed" in entry:
        assert codes(after) - codes(answer) == set(turned.added) == set(entry.get("added", ()))
        assert codes(answer) - codes(after) == set(turned.removed) == set(entry.get("removed", ()))
    if "withdrawn" in entry:
        assert sorted(fact.fact for fact in turned.withdrawn) == sorted(entry["withdrawn"])
    if "as_of" in entry:
        assert turned.as_of == entry["as_of"].isoformat()
        assert after.reading.request.as_of == entry["as_of"]
    if entry.get("unsettled"):
        assert found.answer is None


def check_changes(entry: dict[str, Any], found: FollowUpReply) -> None:
    changes = {f"{c.service} for {c.diagnosis}": c for c in found.reply.changes}
    for pair, becomes in entry.get("becomes", {}).items():
        assert f"{changes[pair].before} > {changes[pair].after}" == becomes
    for pair, names in entry.get("missing", {}).items():
        gone = set(changes[pair].missing_before) - set(changes[pair].missing_after)
        assert set(names) <= gone


def test_every_kind_of_reply_is_exercised() -> None:
    assert {entry["kind"] for entry in entries_of("follow_ups")} == set(KINDS)


def test_lines_with_one_code_are_told_apart(medwarrant: Medwarrant, as_of) -> None:
    services = [{"code": "64405", "side": "left"}, {"code": "64405", "side": "right"}]
    request = {"services": services, "diagnoses": ["G43.919"], "as_of": as_of.isoformat()}
    answer = medwarrant.determine(request)
    found = follow_up(medwarrant, answer, "It is for an acute attack")
    assert [change.line for change in found.reply.changes] == [1, 2]


def test_what_was_known_changes_nothing(medwarrant: Medwarrant, as_of) -> None:
    answer = medwarrant.ask(
        "Is 64405 medically necessary for migraine after sumatriptan failed?", as_of=as_of
    )
    found = follow_up(medwarrant, answer, "She failed sumatriptan")
    assert found.reply.kind == "new_facts"
    assert found.answer is None
    assert not found.reply.keeps
    assert "known before" in told(found.reply)


def test_linked_services_are_judged_for_an_added_diagnosis(medwarrant: Medwarrant, as_of) -> None:
    services = [{"code": "64405", "diagnoses": ["G43.919"]}, {"code": "20553"}]
    request = {"services": services, "diagnoses": ["G43.919"], "as_of": as_of.isoformat()}
    found = follow_up(medwarrant, medwarrant.determine(request), "also add M54.81")
    assert found.answer is not None
    pairs = {(item.service, item.diagnosis) for item in found.answer.determination.items}
    assert {("64405", "M54.81"), ("20553", "M54.81")} <= pairs


def test_facts_carry_the_words_they_were_read_from(
    medwarrant: Medwarrant, answers: dict[str, Answer]
) -> None:
    says = "What is missing? She failed naproxen."
    found = follow_up(medwarrant, answers["gon"], says, document="note of today")
    (fact,) = found.reply.facts
    assert fact.document == "note of today"
    assert fact.span is not None
    assert says[slice(*fact.span)] == fact.quote == "naproxen"
    assert fact.basis == "stated"
