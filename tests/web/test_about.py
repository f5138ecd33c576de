"""The pages about the server and where to begin, with their twins."""

from __future__ import annotations


def test_about_tells_version_packs_and_mode(local, medwarrant):
    page = local.open("/about")
    view = local.api("GET", "/api/about").json()
    assert view["mode"] == "local"
    assert view["database"] == "sqlite"
    for pack in medwarrant.library.packs:
        assert pack.title in page
        assert {"id": pack.id, "digest": pack.digest}.items() <= next(
            p for p in view["packs"] if p["id"] == pack.id
        ).items()


def test_home_offers_what_the_person_may_open(signed_in):
    browser = signed_in("requester")
    assert "Rosa Quist" in browser.open("/")
    view = browser.api("GET", "/api").json()
    assert view["roles"] == ["Requester"]


def test_working_as_another_person_in_the_local_mode(local, people):
    nurse = people["nurse_reviewer"]
    assert nurse.name in local.open("/working-as")
    page = local.act("/working-as", {"person": nurse.id}, page="/working-as")
    assert f"You work as {nurse.name} now." in page
    assert local.api("GET", "/api").json()["roles"] == ["Nurse reviewer"]
    assert f"You work as {nurse.name}" not in local.open("/"), "said once"


def test_nobody_works_as_another_where_people_sign_in(signed_in, people):
    browser = signed_in("administrator")
    assert browser.get("/working-as").status_code == 403
    response = browser.post("/working-as", {"person": people["auditor"].id})
    assert response.status_code == 403
    browser.client.cookies.set("medwarrant-as", people["auditor"].id)
    assert browser.api("GET", "/api").json()["roles"] == ["Administrator"]


def test_the_machines_around_are_answered(local):
    assert local.get("/health").text == "ok\n"
    assert local.get("/ready").text == "ready\n"
    local.open("/about")
    told = local.get("/metrics").text
    assert 'medwarrant_requests_total{route="about",status="200"} 1.0' in told
    assert "medwarrant_audit_entries_total" in told
