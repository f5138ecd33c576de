"""What holds for every request: logic, order, replay, and that what is unknown never makes it worse."""

from __future__ import annotations

import json

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_requests import requests

from medwarrant.cli.main import run
from medwarrant.engine.compile import Compiled
from medwarrant.engine.view import View
from medwarrant.examples import request_of
from medwarrant.model.determination import OUTCOMES
from medwarrant.model.facts import EventValue, History
from medwarrant.model.status import Status, all_of, any_of, at_least, negation, none_of
from medwarrant.policy import criteria as c

# --- Kleene's logic -----------------------------------------------------------------------------

statuses = st.lists(st.sampled_from(Status), max_size=5)


@given(statuses, statuses)
def test_connectives_follow_kleene(some, others):
    assert all_of(some + others) is min(all_of(some), all_of(others))
    assert any_of(some + others) is max(any_of(some), any_of(others))
    assert negation(all_of(some)) is any_of(map(negation, some))
    assert none_of(some) is all_of(map(negation, some))
    assert at_least(len(some), some) is all_of(some)
    assert at_least(1, some) is any_of(some)
    assert at_least(0, some) is Status.MET


@given(statuses, st.integers(0, 6), st.data())
def test_knowing_more_never_turns_a_known_status(some, number, data):
    """Each missing part settled either way: what was met stays met, what was not met stays so."""
    settled = [
        data.draw(st.sampled_from(Status)) if status is Status.MISSING else status
        for status in some
    ]
    for join in (all_of, any_of, none_of, lambda parts: at_least(number, parts)):
        before = join(some)
        assert before is Status.MISSING or join(settled) is before


# --- trees over facts ---------------------------------------------------------------------------

FLAGS = ("fever", "infection", "tender", "allergy")


def leaves():
    flags = st.sampled_from(FLAGS).map(lambda name: c.Flag(id=name, fact=name))
    choices = st.sampled_from([("acute",), ("acute", "diagnostic")]).flatmap(
        lambda values: st.booleans().map(
            lambda negated: c.Choice(id="intent", fact="intent", values=values, negated=negated)
        )
    )
    marks = st.tuples(
        st.one_of(flags, choices), st.booleans(), st.sampled_from((True, True, False))
    )
    return marks.map(
        lambda mark: msgspec.structs.replace(mark[0], editorial=mark[1], verified=mark[2])
    )


def _connective(children):
    parts = st.lists(children, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        parts.map(lambda p: c.AllOf(id="all", children=p)),
        parts.map(lambda p: c.AnyOf(id="any", children=p)),
        parts.map(lambda p: c.NoneOf(id="none", children=p)),
        st.tuples(parts, st.integers(1, 3)).map(
            lambda x: c.AtLeast(id="n", number=min(x[1], len(x[0])), children=x[0])
        ),
    )


trees = st.recursive(leaves(), _connective, max_leaves=8)
known = st.dictionaries(st.sampled_from(FLAGS), st.sampled_from(["present", "absent"]))


def _status(clinic, tree, flags, intent):
    request = {
        "services": [{"code": "T0001", **({"intent": intent} if intent else {})}],
        "diagnoses": ["G43.909"],
        "facts": [{name: value} for name, value in flags.items()],
        "as_of": "2026-11-23",
    }
    read = clinic.determine(request).reading.request
    compiled = Compiled()
    view = View.of(read, clinic.library, compiled).for_item(read.services[0], 0, read.diagnoses[0])
    bare, traced = compiled.bare(tree)(view), compiled.traced(tree)(view)
    assert bare is traced[0]
    return bare


@settings(max_examples=100)
@given(tree=trees, flags=known, more=known, intent=st.sampled_from([None, "acute", "prevention"]))
def test_trees_with_and_without_a_trace_agree_and_are_monotone(clinic, tree, flags, more, intent):
    """Adding what was unknown settles; it never turns met into not met or the other way round."""
    before = _status(clinic, tree, flags, intent)
    after = _status(clinic, tree, {**more, **flags}, intent or "acute")
    assert before is Status.MISSING or after is before


# --- whole requests -----------------------------------------------------------------------------


def removals(request):
    """The request with one thing less known: a fact, an attribute, a field of a line or of coverage.

    An event is removed with what closes its history, since a closed list without it would say that it
    never was; a fact that contradicts another is not removed, since that settles it; nor is what then
    follows from something else that is stated (a contractor from the state, a purpose from a general
    statement), since that would be another value and not an unknown one.
    """
    replace = msgspec.structs.replace
    for number, fact in enumerate(request.facts):
        others = request.facts[:number] + request.facts[number + 1 :]
        if isinstance(fact.value, EventValue):
            for name, _ in fact.value.attributes:
                left = tuple(part for part in fact.value.attributes if part[0] != name)
                vague = replace(fact, value=EventValue(attributes=left))
                if fact.status == "present":
                    yield (
                        f"{name} of {fact.fact}",
                        replace(request, facts=(*request.facts[:number], vague, *others[number:])),
                    )
            others = tuple(
                other
                for other in others
                if other.fact != fact.fact
                or not (isinstance(other.value, History) or other.status == "absent")
            )
        elif any(other.fact == fact.fact for other in others):
            continue
        yield fact.fact, replace(request, facts=others)
    for name in ("payer", "line_of_business", "state", "contractor"):
        coverage = replace(request.coverage, **{name: None})
        # Without anything said of who pays, the guideline layer governs: another question.
        follows = {"contractor": coverage.state, "line_of_business": coverage.payer}.get(name)
        if getattr(request.coverage, name) and coverage.named and not follows:
            yield name, replace(request, coverage=coverage)
    for number, line in enumerate(request.services):
        for name in line.__struct_fields__:
            value = getattr(line, name)
            if name in ("code", "diagnoses", "provenance", "text") or value in (None, ()):
                continue
            if any(fact.fact == name for fact in request.facts):
                continue
            less = replace(line, **{name: () if isinstance(value, tuple) else None})
            services = (*request.services[:number], less, *request.services[number + 1 :])
            yield f"{name} of {line.code}", replace(request, services=services)


def worse(medwarrant, request):
    judged = medwarrant.engine.determine(request, medwarrant.code_set(request))
    before = {(item.line, item.diagnosis): item.outcome for item in judged.items}
    least = OUTCOMES.index("needs_information")
    for what, less in removals(request):
        for item in medwarrant.engine.determine(less, medwarrant.code_set(less)).items:
            known = before[item.line, item.diagnosis]
            if OUTCOMES.index(item.outcome) > max(OUTCOMES.index(known), least):
                yield f"{item.service}/{item.diagnosis} {known} -> {item.outcome} without {what}"


def test_unknown_is_never_worse_in_the_shipped_examples(medwarrant):
    """Every fourth example of every pack, with each thing that it states taken away in turn."""
    wrong = [
        f"{example.file}:{example.line} {found}"
        for pack in medwarrant.library.packs
        for example in pack.examples[::4]
        for found in worse(medwarrant, request_of(medwarrant, example))
    ]
    assert wrong == []


@settings(max_examples=100)
@given(data=st.data())
def test_unknown_is_never_worse_in_random_requests(medwarrant, data):
    assert list(worse(medwarrant, data.draw(requests(medwarrant.library)))) == []


@settings(max_examples=80)
@given(data=st.data())
def test_unknown_is_never_worse_in_the_made_up_library(clinic, data):
    assert list(worse(clinic, data.draw(requests(clinic.library)))) == []


@settings(max_examples=80)
@given(data=st.data())
def test_replay_and_order(medwarrant, data):
    """The stored request gives the same digest; so does the same case in another order."""
    request = data.draw(requests(medwarrant.library, most_services=3, most_diagnoses=3))
    answer = medwarrant.determine(request)
    stored = json.loads(json.dumps(answer.to_dict()))
    assert medwarrant.determine(stored["request"]).digest == answer.digest
    shuffled = msgspec.structs.replace(
        request,
        services=tuple(data.draw(st.permutations(request.services))),
        diagnoses=tuple(data.draw(st.permutations(request.diagnoses))),
        facts=tuple(data.draw(st.permutations(request.facts))),
    )
    assert medwarrant.determine(shuffled).digest == answer.digest


def test_replay_of_shipped_examples(medwarrant):
    """Through JSON and back: the same case, for every other example."""
    for pack in medwarrant.library.packs:
        for example in pack.examples[::2]:
            request = request_of(medwarrant, example)
            answer = medwarrant.determine(request)
            stored = json.loads(json.dumps(answer.to_dict()))
            assert medwarrant.determine(stored["request"]).digest == answer.digest, example.it


@settings(max_examples=15)
@given(data=st.data())
def test_replay_through_the_command_line(medwarrant, data, tmp_path_factory):
    request = data.draw(requests(medwarrant.library))
    folder = tmp_path_factory.mktemp("replay")
    asked, stored, again = (folder / name for name in ("asked.json", "stored.json", "again.json"))
    answer = medwarrant.determine(request).to_dict()
    asked.write_text(json.dumps(answer["request"]), encoding="utf-8")
    assert run(["determine", str(asked), "--format", "json", "--output", str(stored)]) == 0
    first = json.loads(stored.read_text(encoding="utf-8"))
    assert first["digest"] == answer["digest"]
    asked.write_text(json.dumps(first["request"]), encoding="utf-8")
    assert run(["determine", str(asked), "--format", "json", "--output", str(again)]) == 0
    assert again.read_bytes() == stored.read_bytes()
    assert run(["replay", str(stored)]) == 0


@settings(max_examples=100)
@given(data=st.data())
def test_what_an_answer_promises(medwarrant, data):
    """Every pair once; needs_information only with a way out; adverse words never."""
    request = data.draw(requests(medwarrant.library, most_services=3, most_diagnoses=3))
    answer = medwarrant.determine(request).to_dict()
    pairs = [(line.code, diagnosis.code) for line, diagnosis in request.pairs()]
    assert [(item["service"], item["diagnosis"]) for item in answer["items"]] == pairs
    shown = {reference["id"] for reference in answer["references"]}
    for item in answer["items"]:
        assert (item["outcome"] == "needs_information") == bool(item["would_change"])
        assert bool(item["reasons"]) <= (item["outcome"] == "needs_clinical_review")
        if item["outcome"] == "needs_clinical_review" and item["governing"]:
            assert item["reasons"]
        assert "denied" not in item["summary"].lower()
        assert {s["source"] for s in item["evidence"]["statements"]} <= shown
    by_line = {}
    for item in answer["items"]:
        by_line.setdefault(item["line"], []).append(OUTCOMES.index(item["outcome"]))
    assert [OUTCOMES.index(s["outcome"]) for s in answer["services"]] == [
        min(found) for found in by_line.values()
    ]
    assume(answer["services"])
    assert OUTCOMES.index(answer["outcome"]) == max(map(min, by_line.values()))
