"""Who gets in: hosts, sites, tokens against forged forms, sessions and tokens of programs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from browsing import ADDRESS, Browser

from medwarrant.review import accounts
from medwarrant.web.app import create_app
from medwarrant.web.house import House
from medwarrant.web.settings import WebSettings

JSON = {"Accept": "application/json"}


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000", "LOCALHOST:1"])
def test_a_local_server_answers_to_names_of_this_machine(local, host):
    assert local.get("/about", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "a b", "u" + "@127.0.0.1", "1:x"]
)
def test_a_local_server_answers_to_no_other_name(local, host):
    response = local.get("/about", headers={"Host": host})
    assert response.status_code in (400, 421)
    assert "Packs" not in response.text


def test_a_server_with_an_address_answers_to_that_name(desk):
    settings = WebSettings(accounts=True, host="0.0.0.0", public_url="https://review.example.org")
    with Browser(create_app(desk, settings)) as browser:
        assert browser.get("/health", headers={"Host": "review.example.org"}).status_code == 200
        assert browser.get("/health", headers={"Host": "127.0.0.1:8000"}).status_code == 200
        assert browser.get("/health", headers={"Host": "other.example.org"}).status_code == 421


@pytest.mark.parametrize(
    ("host", "named", "status"),
    [
        ("127.0.0.1", "localhost:8000", 200),
        ("127.0.0.1", "127.0.0.1:8000", 200),
        ("127.0.0.1", "evil.example", 421),
        ("127.0.0.1", "[2001:db8::7]:8000", 421),
        ("0.0.0.0", "[::1]", 200),
        ("0.0.0.0", "evil.example", 421),
        ("0.0.0.0", "", 421),
        ("review.example.org", "REVIEW.example.org:8000", 200),
        ("2001:db8::7", "[2001:DB8::7]", 200),
        ("127.0.0.2", "127.0.0.2.evil.example", 421),
    ],
)
def test_with_accounts_and_no_address_no_unknown_name_is_answered(accounts_app, desk, host, named, status):  # fmt: skip
    accounts_app.state["house"] = House(desk, WebSettings(accounts=True, host=host))
    with Browser(accounts_app) as browser:
        response = browser.get("/health", headers={"Host": named})
        assert response.status_code == status
        assert ("--public-url" in response.text) == (status == 421)


def test_a_server_answers_to_the_address_at_which_it_is_reached(accounts_app, desk):
    accounts_app.state["house"] = House(desk, WebSettings(accounts=True, host="0.0.0.0"))
    with Browser(accounts_app) as browser:
        assert browser.get("http://[2001:db8::9]:8000/health").status_code == 200
        other = browser.get(
            "http://[2001:db8::9]:8000/health", headers={"Host": "[2001:db8::10]:8000"}
        )
        assert other.status_code == 421


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403),
        (
            {
                "Sec-Fetch-Site": "cross-site",
                "Sec-Fetch-Mode": "navigate",
                "Sec-Fetch-Dest": "iframe",
            },
            403,
        ),
        (
            {
                "Sec-Fetch-Site": "cross-site",
                "Sec-Fetch-Mode": "navigate",
                "Sec-Fetch-Dest": "document",
            },
            200,
        ),
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": ADDRESS}, 200),
    ],
)
def test_other_sites_may_only_link_here(local, headers, status):
    response = local.client.get("/about", headers=headers)
    assert response.status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Origin": "http://localhost:9999"},
    ],
)
def test_a_form_of_another_site_does_not_act_even_with_a_token(local, people, headers):
    token = local.token("/working-as")
    fields = {"_csrf": token, "person": people["editor"].id}
    assert local.client.post("/working-as", data=fields, headers=headers).status_code == 403
    assert local.post("/working-as", fields).status_code == 303, "the same form from here acts"


def test_a_form_needs_its_token(local, people):
    fields = {"person": people["editor"].id}
    local.open("/working-as")
    for token in ({}, {"_csrf": ""}, {"_csrf": "x" * 64}, {"_csrf": "é"}):
        assert local.client.post("/working-as", data={**token, **fields}).status_code == 403
    assert local.post("/working-as", fields).status_code == 303


def test_the_token_of_one_visit_is_of_no_use_to_another(local_app, local, people):
    with Browser(local_app) as other:
        token = other.token("/working-as")
        response = local.post("/working-as", {"_csrf": token, "person": people["editor"].id})
        assert response.status_code == 403


def test_a_token_from_before_the_sign_in_is_of_no_use_after_it(signed_in, nobody, desk, people):
    before = signed_in("auditor")
    token = before.token()
    after = before.sign_in(desk, people["administrator"])
    response = after.client.post("/working-as", data={"_csrf": token, "person": "x"})
    assert "did not come from a page of this server" in response.text


def test_tokens_differ_at_every_page(local):
    assert local.token("/working-as") != local.token("/working-as")


def test_a_script_with_a_cookie_needs_the_token_in_a_header(local, people):
    body = {"person": people["editor"].id}
    local.open("/about")  # from here on there is a cookie
    assert local.client.put("/api/working-as", json=body).status_code == 403
    assert local.api("PUT", "/api/working-as", body).status_code == 200


def test_a_program_on_this_machine_needs_no_token_in_the_local_mode(local, people):
    body = {"person": people["editor"].id}
    assert local.client.put("/api/working-as", json=body).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_twin_takes_json_alone(local, kind):
    response = local.client.put(
        "/api/working-as", content=b'{"person": "x"}', headers={"Content-Type": kind}
    )
    assert response.status_code == 415
    assert response.json()["title"] == "This kind of content is not taken"


def test_a_page_takes_forms_alone(local):
    assert local.client.post("/working-as", json={"person": "x"}).status_code == 415


# --- sessions and tokens ----------------------------------------------------------------------------


def test_whoever_has_not_signed_in_is_told_so(nobody):
    response = nobody.client.get("/api/about", headers=JSON)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert response.headers["content-type"] == "application/problem+json"


def test_a_session_lets_in_and_ends(signed_in, desk, people):
    browser = signed_in("auditor")
    assert browser.api("GET", "/api").json()["name"] == people["auditor"].name
    browser.client.cookies.set("medwarrant-session", "A" * 43)
    assert browser.get("/about", headers=JSON).status_code == 401


def bearer(token: str) -> dict[str, str]:
    return {**JSON, "Authorization": f"Bearer {token}"}


@pytest.fixture
def token_of(desk, people):
    def made(role, *scopes):
        with desk.work(people[role]) as work:
            person = people[role]
            return accounts.new_token(work, person, "test", scopes, work.now + timedelta(days=1))

    return made


def test_a_token_opens_what_its_scopes_name(nobody, token_of):
    token = token_of("requester", "read")
    assert nobody.client.get("/api/about", headers=bearer(token)).status_code == 200
    assert nobody.client.get("/metrics", headers=bearer(token)).status_code == 200
    other = token_of("requester", "determine")
    assert nobody.client.get("/api/about", headers=bearer(other)).status_code == 403


def test_a_token_opens_no_page(nobody, token_of):
    response = nobody.client.get("/about", headers=bearer(token_of("administrator", "read")))
    assert response.status_code == 403


@pytest.mark.parametrize("token", ["", "x", "mw_" + "A" * 43, "mw_é"])
def test_a_token_that_is_none_opens_nothing(nobody, token):
    headers = {**JSON, "Authorization": f"Bearer {token}".encode()}
    assert nobody.client.get("/api/about", headers=headers).status_code == 401
    assert nobody.client.get("/health", headers=headers).status_code in (200, 401)
