"""Signing in and out with a password, one's own account, and the people of the desk, as pages and twins."""

from __future__ import annotations

import re
from html import unescape

import pytest
from argon2 import PasswordHasher
from browsing import Browser

from medwarrant.review import accounts
from medwarrant.review.accounts import COMMAND_LINE, passwords
from medwarrant.review.store import audit
from medwarrant.web.app import create_app
from medwarrant.web.attempts import Attempts
from medwarrant.web.settings import WebSettings
from medwarrant.web.views.sign_in import local_path

PASSWORD = "four quiet herons"
OTHER = "seven loud magpies"


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch):
    monkeypatch.setattr(
        passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def ada(desk):
    with desk.work(COMMAND_LINE) as work:
        return accounts.add_person(
            work, login="ada", name="Ada <Reyes>", roles=["auditor"], password=PASSWORD
        )


@pytest.fixture
def another(desk):
    """Another browser; with an application of its own, which an ended browser closes."""
    with Browser(create_app(desk, WebSettings(accounts=True))) as browser:
        yield browser


@pytest.fixture
def root(another, desk, people):
    return another.sign_in(desk, people["administrator"])


def sign_in(browser, login="ada", password=PASSWORD, **more):
    return browser.post("/sign-in", {"login": login, "password": password, **more}, page="/sign-in")


def session_of(browser):
    return browser.client.cookies.get("medwarrant-session")


def acts(desk):
    with desk.database.read() as connection:
        audit.verify_chain(connection, desk.audit_key)
        return [entry.act for entry in audit.entries(connection)]


# --- in and out -----------------------------------------------------------------------------------


def test_in_and_out(nobody, ada, desk):
    assert nobody.get("/account").headers["location"] == "/sign-in?next=%2Faccount"
    response = sign_in(nobody)
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert "Ada &lt;Reyes&gt;" in nobody.open("/account")
    assert nobody.get("/sign-in").headers["location"] == "/"
    before = session_of(nobody)
    response = nobody.post("/sign-out", page="/account")
    assert response.headers["location"] == "/signed-out"
    assert session_of(nobody) is None
    assert accounts.person_of_session(desk, before) is None
    assert "You are signed out" in nobody.open("/signed-out")
    nobody.client.cookies.set("medwarrant-session", before, domain="127.0.0.1", path="/")
    assert nobody.get("/account").status_code == 303
    assert acts(desk) == ["person_added", "signed_in", "signed_out"]


def test_refused_with_one_message(nobody, ada):
    pages = set()
    tried = (
        ("ada", "not this one"),
        ("nobody", PASSWORD),
        ("ada", ""),
        ("", ""),
        ("ada", PASSWORD + " "),
    )
    for login, password in tried:
        response = sign_in(nobody, login, password)
        assert response.status_code == 403
        assert session_of(nobody) is None
        pages.add(re.search(r'<div class="callout bad.*?</div>', response.text, re.S)[0])
    (said,) = pages
    assert "The login or the password is not right, or the account is closed or locked" in said


def test_what_was_typed_is_kept_but_never_the_password(nobody, ada):
    page = sign_in(nobody, '"><b>', "not this one").text
    assert 'value="&#34;&gt;&lt;b&gt;"' in page
    assert "not this one" not in page


def test_password_managers_and_the_keyboard_find_their_way(nobody, ada):
    page = nobody.open("/sign-in")
    assert re.search(
        r'<input id="f-login" name="login" type="text"[^>]* autocomplete="username"', page
    )
    assert re.search(
        r'<input id="f-password" name="password" type="password"[^>]* autocomplete="current-password"',
        page,
    )
    assert "onpaste" not in page
    assert '<form method="post" action="/sign-in"' in page


def test_nobody_yet(nobody):
    page = nobody.open("/sign-in")
    assert "medwarrant person add" in page
    assert nobody.client.get("/api/sign-in").json() == {
        "password": True,
        "organisation": None,
        "nobody_yet": True,
        "next": "/",
    }


def test_with_a_token_of_the_form_only(nobody, ada):
    form = {"login": "ada", "password": PASSWORD}
    own = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert nobody.client.post("/sign-in", data=form, headers=own).status_code == 403
    nobody.open("/sign-in")
    assert nobody.client.post("/sign-in", data=form, headers=own).status_code == 403
    cross = {**own, "Sec-Fetch-Site": "cross-site"}
    form["_csrf"] = nobody.token("/sign-in")
    assert nobody.client.post("/sign-in", data=form, headers=cross).status_code == 403
    assert nobody.client.post("/sign-in", data=form, headers=own).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/people", "/people"),
        ("/a b/ü", "/a%20b/%C3%BC"),
        ("/a%20b", "/a%20b"),
        (
            "/dashboard?first=2026-01-01&last=2026-02-01",
            "/dashboard?first=2026-01-01&last=2026-02-01",
        ),
        ("/cases?next=//example.org", "/cases?next=//example.org"),
        ("?first=2026-01-01", "/"),
        ("//example.org?/cases", "/"),
        ("/#//example.org", "/%23//example.org"),
        ("/sign-in?next=/cases", "/"),
        ("/cases?x=\r\nSet-Cookie: a=b", "/"),
        ('/cases?"><script>', "/cases?%22%3E%3Cscript%3E"),
        ("//example.org", "/"),
        ("https://example.org", "/"),
        ("/\\example.org", "/"),
        ("/\t/example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("/sign-in", "/"),
        ("", "/"),
        ("/" + "x" * 1_001, "/"),
    ],
)
def test_paths_to_go_to_afterwards(wanted, leads_to):
    assert local_path(wanted) == leads_to


def test_where_one_is_led(nobody, ada):
    ways = (("/people", "/people"), ("//example.org", "/"), ("/\\example.org", "/"))
    for wanted, leads_to in ways:
        page = nobody.get("/sign-in", params={"next": wanted})
        assert f'name="next" value="{leads_to}"' in page.text
        assert sign_in(nobody, next=wanted).headers["location"] == leads_to
        nobody.post("/sign-out", page="/account")


def test_a_link_into_the_desk_keeps_its_query(nobody, ada):
    wanted = "/dashboard?first=2026-01-01&last=2026-02-01&line_of_business=a%20b%26c"
    begun = nobody.get(wanted)
    assert begun.status_code == 303
    page = nobody.get(begun.headers["location"])
    shown = unescape(re.search(r'name="next" value="([^"]*)"', page.text)[1])
    assert shown == wanted
    assert sign_in(nobody, next=shown).headers["location"] == wanted


def test_every_sign_in_begins_a_session_of_its_own(nobody, ada, desk):
    sign_in(nobody)
    first = session_of(nobody)
    nobody.client.cookies.clear()
    nobody.client.cookies.set("medwarrant-session", "A" * 43, domain="127.0.0.1", path="/")
    sign_in(nobody)
    assert session_of(nobody) not in (first, "A" * 43)
    assert accounts.person_of_session(desk, first) == ada


def test_cookies_are_for_this_server_alone(desk, ada):
    public = "https://desk.example.org"
    with Browser(create_app(desk, WebSettings(accounts=True, public_url=public))) as browser:
        form = {"login": "ada", "password": PASSWORD}
        response = browser.post(f"{public}/sign-in", form, page=f"{public}/sign-in")
        assert response.status_code == 303
        (cookie,) = [c for c in response.headers.get_list("set-cookie") if "-session=" in c]
    assert cookie.startswith("__Host-medwarrant-session=")
    for part in ("httponly", "secure", "samesite=lax", "path=/"):
        assert part in cookie.lower()
    assert "domain" not in cookie.lower()
    assert "max-age" not in cookie.lower()


def test_locked_after_five_and_unlocked_by_an_administrator(nobody, ada, root, desk):
    for _ in range(5):
        sign_in(nobody, password="not this one")
    assert sign_in(nobody).status_code == 403
    assert "locked until" in root.open(f"/people/{ada.id}")
    assert "locked until" in root.open("/people")
    page = root.act(f"/people/{ada.id}/unlock")
    assert "locked until" not in page
    assert sign_in(nobody).status_code == 303


def test_many_logins_from_one_address(nobody, ada, accounts_app, monkeypatch):
    house = accounts_app.state.house
    now = [0.0]
    object.__setattr__(house, "sign_ins", Attempts(most=3, every=10.0, clock=lambda: now[0]))
    for number in range(3):
        assert sign_in(nobody, f"login{number}").status_code == 403
    response = sign_in(nobody)
    assert response.status_code == 429
    assert response.headers["retry-after"] == "10"
    assert "too many failed sign-ins from this address" in response.text
    again = {"login": "ada", "current": PASSWORD, "new": OTHER, "again": OTHER}
    assert nobody.post("/sign-in/password", again, page="/sign-in").status_code == 429
    now[0] = 10.0
    assert sign_in(nobody).status_code == 303


def test_settings_say_how_long_a_session_lasts(desk, ada, monkeypatch):
    with Browser(create_app(desk, WebSettings(accounts=True, session_minutes=1))) as browser:
        sign_in(browser)
        assert browser.get("/account").status_code == 200
        with desk.database.begin() as connection:
            connection.exec_driver_sql("UPDATE session SET seen_at = '2020-01-01 00:00:00.000000'")
        assert browser.get("/account").status_code == 303


def test_in_the_local_mode_nobody_signs_in(local):
    assert local.get("/sign-in").headers["location"] == "/"
    assert local.post("/sign-in", {"login": "local", "password": "x"}).status_code == 404
    assert local.post("/sign-out").status_code == 404
    assert "Current password" not in local.open("/account")
    assert local.post("/account/password", {}).status_code == 404


# --- one's own account ----------------------------------------------------------------------------


def test_another_password(nobody, ada, desk, another):
    sign_in(another)
    sign_in(nobody)
    form = {"current": PASSWORD, "new": OTHER, "again": OTHER}
    page = nobody.act("/account/password", form, page="/account")
    assert "The password was changed" in page
    assert another.get("/account").status_code == 303
    assert sign_in(another).status_code == 403
    assert sign_in(another, password=OTHER).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "again", "field", "status"),
    [
        ("not this one", OTHER, OTHER, "current", 403),
        (PASSWORD, OTHER, OTHER + "x", "again", 400),
        (PASSWORD, "short", "short", "new", 400),
        (PASSWORD, "password1234", "password1234", "new", 400),
        (PASSWORD, PASSWORD, PASSWORD, "new", 400),
        ("", "", "", "current", 403),
    ],
)
def test_another_password_refused(nobody, ada, current, new, again, field, status):
    sign_in(nobody)
    form = {"current": current, "new": new, "again": again}
    response = nobody.post("/account/password", form, page="/account")
    assert response.status_code == status
    assert f'id="e-{field}"' in response.text
    assert nobody.get("/account").status_code == 200


def test_sessions_are_listed_and_ended(nobody, ada, another):
    sign_in(another)
    sign_in(nobody)
    listed = nobody.client.get("/api/account").json()["sessions"]
    assert sorted(one["current"] for one in listed) == [False, True]
    (other,) = [one["id"] for one in listed if not one["current"]]
    page = nobody.act("/account/sessions/end", {"session": other}, page="/account")
    assert "The session was ended" in page
    assert another.get("/account").status_code == 303
    assert nobody.post("/account/sessions/end", {"session": "x"}).status_code == 404


def test_a_token_is_shown_once_and_opens_what_its_scopes_reach(nobody, ada, desk):
    sign_in(nobody)
    form = {"name": "nightly <import>", "scopes": ["read"], "days": "30"}
    response = nobody.post("/account/tokens", form, page="/account")
    assert response.status_code == 201
    token = re.search(r'<code id="token">(mw_[\w-]{43})</code>', response.text)[1]
    page = nobody.open("/account")
    assert token not in page
    assert "nightly &lt;import&gt;" in page
    program = {"Authorization": f"Bearer {token}"}
    client = nobody.client
    client.cookies.clear()
    assert client.get("/api/account", headers=program).json()["login"] == "ada"
    assert client.get("/api/people", headers=program).status_code == 200
    body = {"name": "more", "scopes": ["read"], "days": 30}
    assert client.post("/api/account/tokens", json=body, headers=program).status_code == 403
    change = {"current": PASSWORD, "new": OTHER}
    assert client.put("/api/account/password", json=change, headers=program).status_code == 403
    assert client.get("/account", headers=program).status_code == 403
    sign_in(nobody)
    (kept,) = nobody.client.get("/api/account").json()["tokens"]
    assert kept["last_used"]
    nobody.act("/account/tokens/revoke", {"token": kept["id"]}, page="/account")
    client.cookies.clear()
    assert client.get("/api/account", headers=program).status_code == 401


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": "", "scopes": ["read"]}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": ["read"], "days": "1000"}, "days"),
        ({"name": "x" * 201, "scopes": ["read"]}, "name"),
    ],
)
def test_a_token_refused(nobody, ada, form, field):
    sign_in(nobody)
    response = nobody.post("/account/tokens", form, page="/account")
    assert response.status_code == 400
    assert f'href="#f-{field}"' in response.text


def test_the_scope_admin_is_for_administrators(nobody, ada, root):
    sign_in(nobody)
    assert 'value="admin"' not in nobody.open("/account")
    form = {"name": "x", "scopes": ["admin"], "days": "30"}
    assert nobody.post("/account/tokens", form, page="/account").status_code == 403
    assert 'value="admin"' in root.open("/account")


def test_the_twin_of_ones_own_account(nobody, ada):
    sign_in(nobody)
    made = nobody.api("POST", "/api/account/tokens", {"name": "x", "scopes": ["read"]}).json()
    assert made["token"].startswith("mw_")
    token = made["account"]["tokens"][0]["id"]
    revoked = nobody.api("DELETE", f"/api/account/tokens/{token}").json()
    assert [one["usable"] for one in revoked["tokens"]] == [False]
    changed = nobody.api("PUT", "/api/account/password", {"current": PASSWORD, "new": OTHER})
    assert [one["current"] for one in changed.json()["sessions"]] == [True]
    assert nobody.client.get("/api/account").status_code == 200
    weak = nobody.api("PUT", "/api/account/password", {"current": OTHER, "new": "short"})
    assert (weak.status_code, weak.json()["where"]) == (400, "password")
    current = nobody.client.get("/api/account").json()["sessions"][0]["id"]
    assert nobody.api("DELETE", f"/api/account/sessions/{current}").status_code == 200
    assert nobody.client.get("/api/account").status_code == 401


# --- people ---------------------------------------------------------------------------------------


def test_a_person_is_added_signs_in_and_chooses_a_password(root, nobody, desk):
    form = {
        "login": "Eve.Stone",
        "name": "Eve Stone",
        "roles": ["physician_reviewer"],
        "credentials": "MD, licence CA 99",
        "password": "on",
    }
    response = root.post("/people", form, page="/people")
    assert response.status_code == 201
    told = re.search(r'<code id="told">([^<]+)</code>', response.text)[1]
    assert told not in root.open("/people")
    assert "has yet to choose a password" in root.open("/people")
    chosen = sign_in(nobody, "eve.stone", told)
    assert chosen.status_code == 200
    assert "Choose your password" in chosen.text
    assert told not in chosen.text
    assert session_of(nobody) is None
    form = {"login": "eve.stone", "current": told, "new": OTHER, "again": OTHER, "next": "/account"}
    response = nobody.post("/sign-in/password", form, page="/sign-in")
    assert response.headers["location"] == "/account"
    assert "Eve Stone, MD, licence CA 99" in nobody.open("/account")
    assert "has yet to choose a password" not in root.open("/people")


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"current": "not this one"}, 403, None),
        ({"new": "short", "again": "short"}, 400, "new"),
        ({"again": "something else"}, 400, "again"),
    ],
)
def test_a_temporary_password_is_kept_until_another_is_chosen(
    root, nobody, desk, fields, status, field
):
    given = root.api(
        "POST", "/api/people", {"login": "eve", "name": "Eve", "password": True}
    ).json()
    told = given["password"]
    form = {"login": "eve", "current": told, "new": OTHER, "again": OTHER, **fields}
    response = nobody.post("/sign-in/password", form, page="/sign-in")
    assert response.status_code == status
    assert field is None or f'id="e-{field}"' in response.text
    assert sign_in(nobody, "eve", told).status_code == 200
    assert sign_in(nobody, "eve", OTHER).status_code == 403


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"login": "", "name": "X"}, "login"),
        ({"login": "a b", "name": "X"}, "login"),
        ({"login": "ada", "name": "X"}, "login"),
        ({"login": "x", "name": ""}, "name"),
        ({"login": "x", "name": "X", "credentials": "y" * 401}, "credentials"),
        ({"login": "x", "name": "X", "roles": ["chief"]}, "roles"),
    ],
)
def test_a_person_who_cannot_be_added(root, ada, form, field):
    response = root.post("/people", form, page="/people")
    assert response.status_code == (409 if form["login"] == "ada" else 400)
    assert f'href="#f-{field}"' in response.text
    assert response.text.count("Ada &lt;Reyes&gt;") == 1


def test_a_person_is_changed(root, nobody, ada, desk):
    sign_in(nobody)
    form = {
        "name": "Ada Lund",
        "credentials": "RN, licence CA 5",
        "roles": ["nurse_reviewer"],
        "seen": ["auditor"],
    }
    page = root.act(f"/people/{ada.id}", form, page="/people")
    assert "Nurse reviewer" in page
    assert "RN, licence CA 5" in page
    assert nobody.get("/account").status_code == 303
    stale = root.post(f"/people/{ada.id}", form, page="/people")
    assert stale.status_code == 409
    assert f'href="/people/{ada.id}"' in stale.text
    bad = root.post(
        f"/people/{ada.id}", {**form, "name": "", "seen": ["nurse_reviewer"]}, page="/people"
    )
    assert bad.status_code == 400
    assert 'id="e-name"' in bad.text


def test_an_account_is_closed_and_opened_again(root, nobody, ada):
    sign_in(nobody)
    page = root.act(f"/people/{ada.id}/deactivate")
    assert "Open the account again" in page
    assert nobody.get("/account").status_code == 303
    assert sign_in(nobody).status_code == 403
    root.act(f"/people/{ada.id}/reactivate")
    assert sign_in(nobody).status_code == 303


def test_the_last_administrator_stays(root, people):
    own = people["administrator"].id
    response = root.post(f"/people/{own}/deactivate")
    assert response.status_code == 403
    assert "last administrator" in response.text
    form = {"name": "Ada Reyes", "roles": ["auditor"], "seen": ["administrator"]}
    assert root.post(f"/people/{own}", form).status_code == 403
    assert root.get("/people").status_code == 200


def test_nobody_gives_a_password_to_themselves(root, people):
    assert root.post(f"/people/{people['administrator'].id}/password").status_code == 403


def test_a_new_password_ends_the_sessions(root, nobody, ada):
    sign_in(nobody)
    response = root.post(f"/people/{ada.id}/password")
    told = re.search(r'<code id="told">([^<]+)</code>', response.text)[1]
    assert nobody.get("/account").status_code == 303
    assert sign_in(nobody).status_code == 403
    assert "Choose your password" in sign_in(nobody, password=told).text


@pytest.mark.parametrize(
    ("role", "status"), [("auditor", 200), ("nurse_reviewer", 403), ("requester", 403)]
)
def test_who_sees_people(signed_in, ada, role, status):
    browser = signed_in(role)
    assert browser.get("/people").status_code == status
    assert browser.get(f"/people/{ada.id}").status_code == status
    assert browser.client.get("/api/people").status_code == status
    if status == 200:
        assert "Add a person" not in browser.open("/people")
        assert "<form" not in browser.open(f"/people/{ada.id}").partition("<main")[2]


@pytest.mark.parametrize("act", ["", "/password", "/deactivate", "/reactivate", "/unlock"])
@pytest.mark.parametrize("role", ["auditor", "physician_reviewer"])
def test_only_administrators_change_people(signed_in, ada, role, act):
    browser = signed_in(role)
    form = {"name": "X", "roles": ["administrator"], "seen": ["auditor"]}
    assert browser.post(f"/people/{ada.id}{act}", form).status_code == 403
    method = "POST" if act else "PUT"
    assert browser.api(method, f"/api/people/{ada.id}{act}", form).status_code == 403


def test_the_twin_of_people(root, ada):
    listed = root.client.get("/api/people").json()["people"]
    assert "Ada <Reyes>" in {one["name"] for one in listed}
    one = root.client.get(f"/api/people/{ada.id}").json()
    assert (one["login"], one["roles"], one["active"]) == ("ada", ["auditor"], True)
    body = {"name": "Ada", "credentials": "", "roles": ["editor"], "seen": ["auditor"]}
    assert root.api("PUT", f"/api/people/{ada.id}", body).json()["roles"] == ["editor"]
    assert root.api("PUT", f"/api/people/{ada.id}", body).status_code == 409
    assert root.api("POST", f"/api/people/{ada.id}/deactivate").json()["active"] is False
    assert root.api("POST", f"/api/people/{ada.id}/reactivate").json()["active"] is True
    assert root.api("POST", f"/api/people/{ada.id}/unlock").json()["locked_until"] is None
    assert len(root.api("POST", f"/api/people/{ada.id}/password").json()["password"]) == 23
    assert root.client.get("/api/people/none").status_code == 404
    twice = root.api("POST", "/api/people", {"login": "ada", "name": "Ada"})
    assert (twice.status_code, twice.json()["where"]) == (409, "login")


def test_the_local_person_can_be_looked_at_only(local):
    (one,) = local.client.get("/api/people").json()["people"]
    page = local.open(f"/people/{one['id']}")
    assert "single-user mode" in page
    assert "<form" not in page.partition("<main")[2]
    assert local.post(f"/people/{one['id']}/deactivate").status_code == 403
