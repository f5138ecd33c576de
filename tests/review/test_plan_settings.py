"""What a plan sets: typed, checked, with versions."""

from __future__ import annotations

import pytest
from case_scenes import RIGHTS

from medwarrant.model.errors import InputError
from medwarrant.review import settings
from medwarrant.review.errors import NotAllowed, Stale
from medwarrant.review.store.audit import entries


def put(desk, person, name, value, expected=0):
    with desk.work(person) as work:
        return settings.change_setting(work, name, value, expected=expected)


def test_a_setting_has_a_version_and_an_audit_entry(any_desk, people):
    administrator = people["administrator"]
    with any_desk.work(people["auditor"]) as work:
        assert settings.setting_kept(work.connection, "sign_off").version == 0
        assert settings.sign_off(work.connection).statement == ""
    kept = put(any_desk, administrator, "sign_off", {"statement": "I decided this myself."})
    assert (kept.version, kept.person_id) == (1, administrator.id)
    with pytest.raises(Stale):
        put(any_desk, administrator, "sign_off", {"statement": "Another"})
    assert put(any_desk, administrator, "sign_off", {"statement": "Another"}, 1).version == 2
    with any_desk.work(people["auditor"]) as work:
        told = [entry for entry in entries(work.connection) if entry.act == "setting"]
    assert [entry.detail["version"] for entry in told] == [1, 2]
    assert told[0].detail["digest"] != told[1].detail["digest"]
    assert "statement" not in str(told[0].detail)


@pytest.mark.parametrize(
    "role", ["requester", "nurse_reviewer", "physician_reviewer", "editor", "auditor"]
)
def test_administrators_alone_set(desk, people, role):
    with pytest.raises(NotAllowed):
        put(desk, people[role], "sign_off", {"statement": "x"})


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("no-such", {}, "not a setting"),
        ("letterhead", {"fone": "1"}, "cannot be used"),
        ("letterhead", [], "cannot be used"),
        ("organisation", {"time_zone": "Mars/Olympus"}, "not a time zone"),
        ("organisation", {"time_zone": "../etc/passwd"}, "not a time zone"),
        ("second_reviews", {"percent": 101}, "percentage"),
        ("information", {"standard_days": -1}, "days"),
        (
            "information",
            {"least": [{"standard_days": 5, "expedited_days": 400, "source": "s"}]},
            "0 to 365",
        ),
        (
            "information",
            {"least": [{"standard_days": 5, "expedited_days": 1, "source": " "}]},
            "needs its source",
        ),
        ("validity", [{"days": 0, "source": "s"}], "1 to 365"),
        ("validity", [{"days": 9, "source": "s", "line_of_business": "x"}], "not known"),
        (
            "validity",
            [{"days": 9, "source": "s"}, {"days": 8, "source": "t"}],
            "two are for the same",
        ),
        ("appeal_rights", [{"line_of_business": "x", "text": RIGHTS, "source": "s"}], "not known"),
        (
            "appeal_rights",
            [{"line_of_business": "commercial", "text": "Appeal.", "source": "s"}],
            "too short",
        ),
        (
            "appeal_rights",
            [{"line_of_business": "commercial", "text": RIGHTS, "source": " "}],
            "needs its source",
        ),
        (
            "appeal_rights",
            [{"line_of_business": "commercial", "text": RIGHTS, "source": "s", "state": "Calif"}],
            "two letters",
        ),
        (
            "appeal_rights",
            [{"line_of_business": "commercial", "text": RIGHTS, "source": "s"}] * 2,
            "same place",
        ),
        ("clocks", {"commercial": {"standard": "5 days"}}, "needs its source"),
        ("clocks", {"nothing": {"source": "s", "standard": "5 days"}}, "know no clock"),
        ("clocks", {"medicare-advantage": {"source": "s", "standard": "30 days"}}, "longer"),
        ("clocks", {"medicare-advantage": {"source": "s", "pause": True}}, "no pause"),
        ("appeal_clocks", {"commercial": {"source": "s", "standard": "30 days"}}, "both times"),
        (
            "appeal_clocks",
            {
                "medicare-advantage": {
                    "source": "s",
                    "standard": "30 days",
                    "expedited": "72 hours",
                    "pause": True,
                }
            },
            "no pause",
        ),
    ],
)
def test_what_cannot_be_set(desk, people, name, value, problem):
    with pytest.raises(InputError, match=problem):
        put(desk, people["administrator"], name, value)


def test_a_text_on_appeals_is_for_its_line_of_business_alone(desk, people):
    def entry(line, state="", more=""):
        return {
            "line_of_business": line,
            "state": state,
            "text": RIGHTS + more,
            "source": "Handbook",
        }

    value = [
        entry("commercial"),
        entry("commercial", "CA", " In California."),
        entry("medicaid", "NY"),
    ]
    put(desk, people["administrator"], "appeal_rights", value)
    with desk.work(people["auditor"]) as work:

        def found(line, state):
            text = settings.appeal_rights(work.connection, line, state)
            return text.text.removeprefix(RIGHTS) if text else None

        assert found("commercial", "CA") == " In California."
        assert found("commercial", "TX") == ""
        assert found("commercial", None) == ""
        assert found("medicaid", "NY") == ""
        assert found("medicaid", "TX") is None
        assert found("medicare-advantage", "CA") is None
        assert found("", "CA") is None


def test_the_name_of_the_organisation_stands_for_the_plans(desk, people):
    put(
        desk,
        people["administrator"],
        "organisation",
        {"name": "Example Plan", "time_zone": "America/Chicago"},
    )
    with desk.work(people["auditor"]) as work:
        assert settings.letterhead(work.connection).plan == "Example Plan"
        assert settings.organisation(work.connection).zone.key == "America/Chicago"
        assert {kept.name for kept in settings.settings_kept(work.connection)} == set(
            settings.KINDS
        )
