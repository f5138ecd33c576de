"""The worklist: due first, with filters, search, pages and counts."""

from __future__ import annotations

import pytest
from case_scenes import MET, MISSING, REFERS, Scene

from medwarrant.model.errors import InputError
from medwarrant.review import assigning, timing
from medwarrant.review.worklist import Filters, worklist


@pytest.fixture
def scene(any_desk, people, others):
    found = Scene(any_desk, people, others)
    found.plan()
    return found


def listed(scene, person=None, **filters):
    with scene.desk.work(person or scene.nurse) as work:
        return worklist(work, Filters(**filters))


def numbers(found):
    return [one.number for one in found.cases]


def test_due_first_whatever_came_first(scene, clock):
    slow = scene.submitted((MET[0], ["line_of_business=commercial"]))
    clock.advance(hours=1)
    soon = scene.submitted()
    clock.advance(hours=1)
    urgent = scene.submitted(urgency="expedited")
    assert numbers(listed(scene)) == [urgent.number, soon.number, slow.number]


def test_filters(scene, clock):
    first = scene.submitted(MISSING, urgency="expedited")
    second = scene.taken(scene.submitted(REFERS), scene.nurse)
    third, _ = scene.approved(scene.taken(scene.submitted(), scene.nurse))
    for filters, wanted in (
        ({}, {first, second}),
        ({"mine": True}, {second}),
        ({"unassigned": True}, {first}),
        ({"urgency": "expedited"}, {first}),
        ({"line_of_business": "commercial"}, {second}),
        ({"payer": "aetna"}, {second}),
        ({"outcome": "needs_information"}, {first}),
        ({"states": ("decided",)}, {third}),
        ({"states": ("received", "decided")}, {first, third}),
        ({"states": ("withdrawn",)}, set()),
    ):
        assert set(numbers(listed(scene, **filters))) == {case.number for case in wanted}, filters
    counts = listed(scene).counts
    assert {state: number for state, number in counts.items() if number} == {
        "received": 1,
        "nurse_review": 1,
        "decided": 1,
    }


def test_search_is_words_of_number_member_requester_and_services(scene):
    first = scene.submitted(MISSING)
    second = scene.submitted(REFERS)
    for search, wanted in (
        (first.number, [first]),
        ("20553", [first]),
        ("m54.2 64405", [second]),
        ("EXAMPLE practice", [first, second]),
        ("m-1", [first, second]),
        ("100%", []),
        ("_", []),
        ("'; DROP TABLE review_case; --", []),
        ("maria", [first, second]),
    ):
        assert sorted(numbers(listed(scene, search=search))) == [one.number for one in wanted], (
            search
        )


def test_pages(scene):
    made = [scene.submitted().number for _ in range(5)]
    page = listed(scene, per_page=2, page=2)
    assert (page.total, page.pages, page.page) == (5, 3, 2)
    assert [n for p in (1, 2, 3) for n in numbers(listed(scene, per_page=2, page=p))] == made
    assert listed(scene, per_page=2, page=4).cases == ()
    for wrong in (
        {"page": 0},
        {"per_page": 0},
        {"per_page": 1000},
        {"states": ("denied",)},
        {"page": 10**12},
    ):
        with pytest.raises(InputError):
            listed(scene, **wrong)


def test_overdue_counts_no_clock_that_stands_still(scene, clock):
    why = "The practice must send the therapy notes before this can be judged."
    told = "Called the practice at 10:15 and wrote to the member on the same day."
    late = scene.submitted()
    paused = scene.taken(scene.submitted((MET[0], ["line_of_business=commercial"])), scene.nurse)
    scene.do(scene.nurse, timing.extend_clock, paused, 1, why, told)
    scene.do(scene.nurse, timing.pause_clock, paused, why)
    assert listed(scene, overdue=True).cases == ()
    clock.advance(days=40)
    assert numbers(listed(scene, overdue=True)) == [late.number]
    both = {one.number: (one.overdue, one.paused) for one in listed(scene).cases}
    assert both == {late.number: (True, False), paused.number: (False, True)}
    scene.do(scene.requester, assigning.withdraw, late, "Not needed.")
    assert listed(scene, overdue=True).cases == ()


def test_requesters_see_their_own_alone(scene):
    own = scene.submitted()
    assert numbers(listed(scene, scene.requester)) == [own.number]
    other = listed(scene, scene.others["requester"])
    assert (other.cases, other.total, set(other.counts.values())) == ((), 0, {0})
    assert listed(scene, scene.people["editor"]).total == 0
