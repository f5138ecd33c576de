"""The invented people of the demonstration, and what its invented plan sets."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from ..accounts import COMMAND_LINE, add_person
from ..people import Role
from ..settings import change_setting
from .play import Play

HEADACHE: Final = "rita"
SPINE: Final = "paul"
NURSE: Final = "nadia"
NURSE_2: Final = "owen"
PHYSICIAN: Final = "ingrid"
PHYSICIAN_2: Final = "samuel"
EDITOR: Final = "edith"
AUDITOR: Final = "arthur"
ADMINISTRATOR: Final = "ada"
#: The practices for which the requesters ask.
CLINIC: Final = "Demo Headache Clinic (invented)"
CENTER: Final = "Imagined Spine Center (invented)"


class Member(msgspec.Struct, frozen=True):
    """Somebody of the cast; names and licences are invented and look it."""

    login: str
    name: str
    roles: tuple[Role, ...]
    credentials: str = ""


CAST: Final = (
    Member(ADMINISTRATOR, "Ada Pretend", ("administrator",)),
    Member(NURSE, "Nadia Sample", ("nurse_reviewer",), "RN, licence DEMO-101 (invented)"),
    Member(NURSE_2, "Owen Placeholder", ("nurse_reviewer",), "RN, licence DEMO-102 (invented)"),
    Member(
        PHYSICIAN,
        "Ingrid Example",
        ("physician_reviewer",),
        "MD, neurology, licence DEMO-201 (invented)",
    ),
    Member(
        PHYSICIAN_2,
        "Samuel Specimen",
        ("physician_reviewer",),
        "MD, pain medicine, licence DEMO-202 (invented)",
    ),
    Member(EDITOR, "Edith Fiction", ("editor",)),
    Member(AUDITOR, "Arthur Mock", ("auditor",)),
    Member(HEADACHE, "Rita Demo", ("requester",)),
    Member(SPINE, "Paul Imagined", ("requester",)),
)
_SOURCE: Final = "Invented for the demonstration; no plan's document"
_LINES: Final = {
    "commercial": "180 days",
    "marketplace": "180 days",
    "medicare-advantage": "65 days",
    "medicaid": "60 days",
}


def _rights(line: str, time: str) -> dict[str, str]:
    named = line.replace("-", " ")
    return {
        "line_of_business": line,
        "text": f"DEMONSTRATION TEXT, INVENTED, for {named} members. It is not legal advice and no plan's text. "
        f"You may appeal this decision within {time}, in writing or by phone, at the address above. "
        "If waiting could harm your health, you may ask for a fast appeal.",
        "source": _SOURCE,
    }


PLAN: Final[dict[str, Any]] = {
    "organisation": {
        "name": "Demonstration Health Plan (invented)",
        "time_zone": "America/Los_Angeles",
    },
    "letterhead": {
        "plan": "Demonstration Health Plan (invented)",
        "address": ["1 Nowhere Street", "Example City, CA 00000"],
        "phone": "1-800-555-0100",
        "fax": "1-800-555-0101",
        "peer_to_peer": "Call 1-800-555-0102 and name the case. This number is invented.",
        "notices": ["Demonstration only: every person and every case in this letter is invented."],
    },
    "appeal_rights": [_rights(line, time) for line, time in _LINES.items()],
    "information": {"standard_days": 5, "expedited_days": 1},
    "second_reviews": {"percent": 10},
    # A pause that the packs do not forbid for this line of business, so that one can be seen.
    "clocks": {"marketplace": {"source": _SOURCE, "pause": {"allowed": True, "of": ["standard"]}}},
}


def bring_in(play: Play, password: str | None) -> None:
    """Add the people, in the name of the command line, all with the same password or with none."""
    with play.desk.work(COMMAND_LINE) as work:
        people = {
            one.login: add_person(
                work,
                login=one.login,
                name=one.name,
                roles=one.roles,
                credentials=one.credentials,
                password=password,
            )
            for one in CAST
        }
    play.people |= people


def set_the_plan(play: Play) -> None:
    """Set what the invented plan sets, as its administrator."""
    for name, value in PLAN.items():
        with play.work(ADMINISTRATOR) as work:
            change_setting(work, name, value, expected=0)
