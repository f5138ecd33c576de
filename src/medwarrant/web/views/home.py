"""Where to begin, by role."""

from __future__ import annotations

from typing import Final

import msgspec

from ...review.people import ROLE_WORDS, Person
from ..permissions import PERMISSIONS


class NextStep(msgspec.Struct, frozen=True, kw_only=True):
    """Something the person can do next: a page, in words."""

    title: str
    about: str
    route: str


class HomeView(msgspec.Struct, frozen=True, kw_only=True):
    """Where to begin."""

    name: str
    roles: tuple[str, ...]
    next: tuple[NextStep, ...]


#: What there is to do, in the order in which it is offered; shown to whoever may open the route.
STEPS: Final[tuple[NextStep, ...]] = (
    NextStep(
        title="Ask",
        about="Is it medically necessary, on what grounds, and what is missing? In codes or in words.",
        route="ask",
    ),
    NextStep(
        title="My inquiries",
        about="What you asked before: go on, share it, submit it for review.",
        route="inquiries",
    ),
    NextStep(
        title="Cases",
        about="Requests submitted for review, due first; worksheets, decisions and letters.",
        route="cases",
    ),
    NextStep(
        title="Second reviews",
        about="Decided cases judged once more without knowing what was decided, and how far people agree.",
        route="second_reviews",
    ),
    NextStep(
        title="Dashboard",
        about="Volumes, outcomes, clocks met, overrides, and the public prior-authorization metrics.",
        route="dashboard",
    ),
    NextStep(
        title="How content is reviewed",
        about="Every policy with its sources, its examples, its versions, and where it stands.",
        route="content",
    ),
    NextStep(
        title="Audit log",
        about="Who saw, changed and signed what; verify the log, judge stored records again.",
        route="audit",
    ),
    NextStep(
        title="Settings of the plan",
        about="Letterhead, appeal rights, clocks, second reviews, sign-off.",
        route="settings",
    ),
    NextStep(
        title="People",
        about="Who works with the desk: add people, give roles, close accounts.",
        route="people",
    ),
    NextStep(
        title="My account",
        about="Password, sessions, and tokens for programs.",
        route="account",
    ),
    NextStep(
        title="What this server is",
        about="Versions, packs with their digests, and what becomes of what you type.",
        route="about",
    ),
)


def home(person: Person) -> HomeView:
    """Where a person begins."""
    return HomeView(
        name=person.name,
        roles=tuple(words for role, words in ROLE_WORDS.items() if person.is_a(role)),
        next=tuple(step for step in STEPS if PERMISSIONS[step.route].allows(person)),
    )
