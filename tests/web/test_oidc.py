"""Signing in through an identity provider: one that is honest, and every way in which one may be cheated."""

from __future__ import annotations

import base64
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from browsing import Browser
from identity_provider import CLIENT, SECRET, IdentityProvider
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from medwarrant.model.errors import InputError
from medwarrant.review import accounts
from medwarrant.review.errors import Unavailable
from medwarrant.web.app import create_app
from medwarrant.web.oidc.flow import Flow
from medwarrant.web.oidc.refused import SignInRefused
from medwarrant.web.oidc.settings import OidcSettings, read_oidc_settings
from medwarrant.web.settings import WebSettings
from medwarrant.web.signing import Signing

BACK = "http://127.0.0.1:8000/sign-in/oidc/back"


@pytest.fixture(scope="module")
def key():
    return RSAKey.generate_key(2048, parameters={"kid": "one"})


@pytest.fixture
def provider(monkeypatch, key):
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(RSAKey, "generate_key", lambda *_, **__: key)
    made = IdentityProvider()
    yield made
    made.close()


@pytest.fixture
def settings(provider, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    return OidcSettings(
        issuer=provider.issuer,
        client_id=CLIENT,
        client_secret_file=str(secret),
        name="Lakeside Health",
    )


class Clock:
    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def flow(settings, clock):
    return Flow(settings, redirect_uri=BACK, signing=Signing(b"k" * 32, "oidc"), clock=clock)


def visit(address):
    """What the provider sends a browser back with."""
    response = httpx.get(address, verify=False)
    assert response.status_code == 302
    to = urlsplit(response.headers["location"])
    assert response.headers["location"].startswith(BACK + "?")
    return {name: values[0] for name, values in parse_qs(to.query).items()}


def go(flow, next_path="/"):
    address, cookie = flow.begin(next_path)
    return flow.finish(visit(address), cookie)


# --- an honest provider ---------------------------------------------------------------------------


def test_whom_the_provider_vouches_for(flow, provider):
    said = go(flow, "/cases/1")
    assert (said.issuer, said.subject, said.next) == (provider.issuer, "alice-1", "/cases/1")
    assert (said.login, said.name, said.roles) == ("alice", "Alice Moreau", None)


def test_what_is_published_is_asked_for_once(flow, provider):
    assert provider.asked == []
    for _ in range(3):
        go(flow)
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    assert provider.asked.count("/keys") == 1
    assert "/userinfo" not in provider.asked


def test_every_sign_in_asks_with_values_of_its_own(flow):
    asked = [parse_qs(urlsplit(flow.begin("/")[0]).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 43


def test_the_verifier_and_the_nonce_stay_between_browser_and_server(flow):
    address, cookie = flow.begin("/")
    raw = json.loads(base64.urlsafe_b64decode(cookie + "==")[32:])
    assert raw["verifier"] not in address
    assert raw["nonce"] in address


def test_secret_in_the_body_where_the_provider_wants_it_there(flow, provider):
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert go(flow).subject == "alice-1"


def test_a_new_key_of_the_provider_is_found(flow, provider, monkeypatch):
    go(flow)
    provider.new_key()
    with pytest.raises(SignInRefused, match="unknown key"):
        go(flow)
    monkeypatch.setattr("medwarrant.web.oidc.provider._AGAIN_SECONDS", 0.0)
    assert go(flow).subject == "alice-1"


def test_more_is_asked_for_where_the_token_says_little(settings, provider, flow):
    provider.claims = {"name": None, "preferred_username": None}
    provider.userinfo = {"sub": "alice-1", "name": "Alice M.", "email": "alice@example.org"}
    said = go(flow)
    assert (said.name, said.login) == ("Alice M.", "alice@example.org")
    provider.userinfo = {"sub": "mallory", "name": "Mallory"}
    with pytest.raises(SignInRefused, match="another person"):
        go(flow)


@pytest.mark.parametrize(
    ("claims", "path", "meaning", "roles"),
    [
        ({"groups": ["um-nurses", "staff"]}, "groups", {"um-nurses": "nurse_reviewer"}, ("nurse_reviewer",)),
        ({"groups": ["staff"]}, "groups", {"um-nurses": "nurse_reviewer"}, ()),
        ({"groups": None}, "groups", {"um-nurses": "nurse_reviewer"}, ()),
        ({"groups": ["auditor", "editor", "chief"]}, "groups", {}, ("editor", "auditor")),
        ({"groups": "auditor"}, "groups", {}, ("auditor",)),
        ({"groups": {"auditor": True}}, "groups", {}, ()),
        ({"groups": [["auditor"], 1, None]}, "groups", {}, ()),
        ({"realm": {"roles": ["auditor"]}}, "realm.roles", {}, ("auditor",)),
        ({"https://x.org/roles": ["auditor"]}, "https://x.org/roles", {}, ("auditor",)),
        ({"groups": ["administrator"]}, "", {}, None),
    ],
)  # fmt: skip
def test_roles_of_a_claim(settings, provider, clock, claims, path, meaning, roles):
    provider.claims = claims
    given = {
        name: getattr(settings, name) for name in ("issuer", "client_id", "client_secret_file")
    }
    flow = Flow(
        OidcSettings(**given, roles_claim=path, roles=meaning),
        redirect_uri=BACK,
        signing=Signing(b"k" * 32, "oidc"),
        clock=clock,
    )
    assert go(flow).roles == roles


# --- attacks on the way ---------------------------------------------------------------------------


def test_a_state_of_another_sign_in(flow):
    address, _ = flow.begin("/")
    _, cookie = flow.begin("/")
    with pytest.raises(SignInRefused, match="not begun in this browser"):
        flow.finish(visit(address), cookie)


@pytest.mark.parametrize("state", ["", "x", None, "\ud800"])
def test_a_wrong_state(flow, state):
    address, cookie = flow.begin("/")
    said = visit(address)
    said.pop("state")
    with pytest.raises(SignInRefused, match="not begun in this browser"):
        flow.finish(said if state is None else {**said, "state": state}, cookie)


@pytest.mark.parametrize("cookie", ["", "x", "e30", "{}"])
def test_a_cookie_that_is_not_ours(flow, cookie):
    address, _ = flow.begin("/")
    with pytest.raises(SignInRefused, match="not begun in this browser"):
        flow.finish(visit(address), cookie)


def test_a_cookie_signed_for_another_purpose(flow):
    address, cookie = flow.begin("/")
    raw = Signing(b"k" * 32, "oidc").opened(cookie)
    with pytest.raises(SignInRefused, match="not begun in this browser"):
        flow.finish(visit(address), Signing(b"k" * 32, "notice").signed(raw))


def test_a_replayed_answer(flow):
    address, cookie = flow.begin("/")
    said = visit(address)
    flow.finish(said, cookie)
    with pytest.raises(SignInRefused, match="finished already"):
        flow.finish(said, cookie)


def test_a_code_used_elsewhere_first(flow, provider):
    address, cookie = flow.begin("/")
    said = visit(address)
    provider.codes.clear()
    with pytest.raises(SignInRefused, match="refused the code"):
        flow.finish(said, cookie)


def test_a_code_of_somebody_else_put_into_ones_own_answer(flow):
    """The verifier of this browser does not fit the challenge of the other."""
    stolen = visit(flow.begin("/")[0])["code"]
    address, cookie = flow.begin("/")
    said = {**visit(address), "code": stolen}
    with pytest.raises(SignInRefused, match="refused the code"):
        flow.finish(said, cookie)


@pytest.mark.parametrize("code", ["", "x" * 5000])
def test_no_code(flow, code):
    address, cookie = flow.begin("/")
    with pytest.raises(SignInRefused, match="sent no code"):
        flow.finish({**visit(address), "code": code}, cookie)


@pytest.mark.parametrize("issuer", ["https://id.example.com", "", None])
def test_an_answer_of_another_provider(flow, issuer):
    address, cookie = flow.begin("/")
    said = visit(address)
    said.pop("iss")
    with pytest.raises(SignInRefused, match="another identity provider"):
        flow.finish(said if issuer is None else {**said, "iss": issuer}, cookie)


def test_a_provider_that_does_not_name_itself_in_its_answers(flow, provider):
    provider.metadata = {"authorization_response_iss_parameter_supported": None}
    address, cookie = flow.begin("/")
    said = visit(address)
    said.pop("iss")
    assert flow.finish(said, cookie).subject == "alice-1"


@pytest.mark.parametrize(
    ("error", "told"),
    [("access_denied", "access denied"), ("<script>alert(1)</script>", "no reason given")],
)
def test_the_provider_refuses(flow, provider, error, told):
    address, cookie = flow.begin("/")
    state = visit(address)["state"]
    with pytest.raises(SignInRefused, match=told) as refused:
        flow.finish({"error": error, "state": state, "iss": provider.issuer}, cookie)
    assert "script" not in str(refused.value)


def test_it_took_too_long(flow, clock):
    address, cookie = flow.begin("/")
    said = visit(address)
    clock.ahead = timedelta(minutes=10)
    with pytest.raises(SignInRefused, match="too long"):
        flow.finish(said, cookie)


# --- attacks on the token -------------------------------------------------------------------------


def part(value):
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def unsigned(claims):
    header = {"alg": "none", "kid": "one"}
    return f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}."


def signed_with_the_public_key(provider):
    """By hand, because the library refuses to do it."""

    def sign(claims):
        header = {"alg": "HS256", "kid": "one"}
        said = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
        public = provider.key.as_pem(private=False)
        return f"{said}.{part(hmac.digest(public, said.encode(), 'sha256'))}"

    return sign


def test_hs256_with_the_public_key(flow, provider):
    provider.sign = signed_with_the_public_key(provider)
    with pytest.raises(SignInRefused, match="signature"):
        go(flow)


def test_hs256_with_a_shared_key_among_the_published(flow, provider):
    shared = OctKey.generate_key(256, {"kid": "shared"})
    provider.published = [provider.key.as_dict(private=False), shared.as_dict()]
    provider.sign = lambda claims: jwt.encode({"alg": "HS256", "kid": "shared"}, claims, shared)
    with pytest.raises(SignInRefused):
        go(flow)


def test_alg_none(flow, provider):
    provider.sign = unsigned
    with pytest.raises(SignInRefused, match="signature"):
        go(flow)


def test_the_key_of_somebody_else_under_the_known_name(flow, provider):
    from joserfc.jwk import ECKey

    other = ECKey.generate_key("P-256", parameters={"kid": "one"})
    provider.sign = lambda claims: jwt.encode({"alg": "ES256", "kid": "one"}, claims, other)
    with pytest.raises(SignInRefused, match="signature"):
        go(flow)


def test_a_key_that_the_token_brings_along(flow, provider):
    from joserfc.jwk import ECKey

    other = ECKey.generate_key("P-256", parameters={"kid": "mine"})
    header = {"alg": "ES256", "kid": "mine", "jwk": other.as_dict(private=False)}
    provider.sign = lambda claims: jwt.encode(header, claims, other)
    with pytest.raises(SignInRefused, match="unknown key"):
        go(flow)


def test_a_token_changed_after_it_was_signed(flow, provider):
    def changed(claims):
        header, _, signature = jwt.encode(
            {"alg": "RS256", "kid": "one"}, claims, provider.key
        ).split(".")
        other = {**claims, "sub": "root"}
        payload = base64.urlsafe_b64encode(json.dumps(other).encode()).decode().rstrip("=")
        return f"{header}.{payload}.{signature}"

    provider.sign = changed
    with pytest.raises(SignInRefused, match="signature"):
        go(flow)


def test_a_key_that_is_not_for_signatures(flow, provider):
    provider.published = [{**provider.key.as_dict(private=False), "use": "enc"}]
    with pytest.raises((SignInRefused, Unavailable)):
        go(flow)


NOW = int(time.time())


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://id.example.com"}, "not meant"),
        ({"iss": None}, "not meant"),
        ({"iss": ["https://id.example.com"]}, "not meant"),
        ({"aud": "other"}, "not meant"),
        ({"aud": ["other", "another"]}, "not meant"),
        ({"aud": None}, "not meant"),
        ({"aud": [CLIENT, "other"]}, "another application"),
        ({"aud": [CLIENT, "other"], "azp": "other"}, "another application"),
        ({"azp": "other"}, "another application"),
        ({"exp": NOW - 3600}, "no longer good"),
        ({"exp": None}, "not meant"),
        ({"exp": "never"}, "not meant"),
        ({"iat": NOW + 36000}, "not meant"),
        ({"iat": None}, "not meant"),
        ({"nbf": NOW + 36000}, "not meant"),
        ({"nonce": "another"}, "does not belong"),
        ({"nonce": None}, "not meant"),
        ({"nonce": ["x"]}, "does not belong"),
        ({"sub": None}, "not meant"),
        ({"sub": ""}, "not meant"),
        ({"sub": 7}, "not meant"),
    ],
)
def test_a_token_for_another_or_of_another_time(flow, provider, claims, why):
    provider.claims = claims
    with pytest.raises(SignInRefused, match=why):
        go(flow)


@pytest.mark.parametrize("claims", [{"aud": [CLIENT]}, {"aud": [CLIENT, "other"], "azp": CLIENT}])
def test_several_audiences_with_us_as_the_party(flow, provider, claims):
    provider.claims = claims
    assert go(flow).subject == "alice-1"


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.b.c.d.e", "ä.ö.ü", "..", "x" * 100_000])
def test_no_token_at_all(flow, provider, token):
    provider.sign = lambda _: token
    with pytest.raises(SignInRefused):
        go(flow)


# --- a provider that cannot be used ---------------------------------------------------------------


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://id.example.com"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "http://id.example.org/token"},
        {"token_endpoint": "ftp://id.example.org/token"},
        {"jwks_uri": "https://user@example.org/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": "//example.org"},
    ],
)
def test_what_it_publishes_is_checked(flow, provider, metadata):
    provider.metadata = metadata
    with pytest.raises(Unavailable, match="cannot be used"):
        flow.begin("/")


@pytest.mark.parametrize(
    "raw",
    [
        (200, b"not json"),
        (200, b"[]"),
        (404, b"{}"),
        (500, b"{}"),
        (302, b"{}"),
        (200, b" " * 1_100_000),
    ],
)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
def test_answers_that_are_none(flow, provider, path, raw):
    provider.raw[path] = raw
    with pytest.raises((Unavailable, SignInRefused)):
        go(flow)
    assert "/elsewhere" not in provider.asked


@pytest.mark.parametrize("keys", [[], [{}], ["x"], [{"kty": "RSA"}], [{"kty": "oct", "k": "AAAA"}]])
def test_keys_that_are_none(flow, provider, keys):
    provider.published = keys
    with pytest.raises((Unavailable, SignInRefused)):
        go(flow)


def test_it_does_not_answer(flow, provider):
    provider.close()
    with pytest.raises(Unavailable, match="does not answer"):
        flow.begin("/")


# --- settings -------------------------------------------------------------------------------------

SET = {"MEDWARRANT_OIDC_ISSUER": "https://id.example.org", "MEDWARRANT_OIDC_CLIENT_ID": "desk"}


def test_settings_of_the_environment_outweigh_the_file(tmp_path):
    (tmp_path / "secret").write_text("s3cret")
    file = tmp_path / "oidc.toml"
    file.write_text(
        'issuer = "https://id.example.org"\nclient_id = "desk"\nclient_secret_file = "secret"\n'
        'roles_claim = "groups"\nname = "Lakeside"\n[roles]\n"um nurses" = "nurse_reviewer"\n'
    )
    found = read_oidc_settings(
        {"MEDWARRANT_OIDC_FILE": str(file), "MEDWARRANT_OIDC_CLIENT_ID": "x"}
    )
    assert (found.issuer, found.client_id, found.name) == (
        "https://id.example.org",
        "x",
        "Lakeside",
    )
    assert found.roles == {"um nurses": "nurse_reviewer"}
    assert found.secret() == "s3cret"
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("environ", "where"),
    [
        ({"MEDWARRANT_OIDC_ISSUER": "https://id.example.org"}, "CLIENT_ID"),
        ({"MEDWARRANT_OIDC_CLIENT_ID": "desk"}, "ISSUER"),
        ({**SET, "MEDWARRANT_OIDC_ISSUER": "http://id.example.org"}, "ISSUER"),
        ({**SET, "MEDWARRANT_OIDC_ISSUER": "https://id.example.org/?x=1"}, "ISSUER"),
        ({**SET, "MEDWARRANT_OIDC_ISSUER": "id.example.org"}, "ISSUER"),
        ({**SET, "MEDWARRANT_OIDC_SCOPES": "profile"}, "SCOPES"),
        ({**SET, "MEDWARRANT_OIDC_ROLES": "um-nurses"}, "ROLES"),
        ({**SET, "MEDWARRANT_OIDC_ROLES": "um-nurses=chief"}, "ROLES"),
        ({**SET, "MEDWARRANT_OIDC_CLIENT_SECRET_FILE": "no-such-file"}, "CLIENT_SECRET_FILE"),
        ({**SET, "MEDWARRANT_OIDC_FILE": "no-such-file"}, "no-such-file"),
    ],
)
def test_settings_that_cannot_be_used(environ, where):
    with pytest.raises(InputError) as refused:
        read_oidc_settings(environ)
    assert where in refused.value.where


def test_a_file_with_a_key_that_there_is_not(tmp_path):
    file = tmp_path / "oidc.toml"
    file.write_text('issuer = "https://id.example.org"\nclient_id = "desk"\nroles_clam = "x"\n')
    with pytest.raises(InputError, match="roles_clam"):
        read_oidc_settings({}, file)


# --- in the browser -------------------------------------------------------------------------------


@pytest.fixture
def browser(desk, settings):
    with Browser(create_app(desk, WebSettings(accounts=True, oidc=settings))) as browser:
        yield browser


def come_back(browser, path="/sign-in/oidc"):
    """Follow the way to the provider and back, as a browser does."""
    out = browser.get(path)
    assert out.status_code == 303
    back = httpx.get(out.headers["location"], verify=False).headers["location"]
    parts = urlsplit(back)
    return browser.get(
        f"{parts.path}?{parts.query}",
        headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    )


def test_nothing_is_asked_before_somebody_wants_it(browser, provider):
    assert "Sign in with Lakeside Health" in browser.open("/sign-in")
    browser.open("/signed-out")
    browser.get("/about")
    assert provider.asked == []


def test_a_first_sign_in_has_no_role_and_says_whom_to_ask(browser, desk):
    with desk.work(accounts.COMMAND_LINE) as work:
        accounts.add_person(
            work, login="root", name="Ada Reyes", roles=["administrator"], subject="x y"
        )
    response = come_back(browser)
    assert response.headers["location"] == "/account"
    page = browser.open("/account")
    assert "You have no role yet" in page
    assert "Ada Reyes" in page
    assert "Alice Moreau" in page


def test_signed_in_where_one_wanted_to_go(browser, desk):
    come_back(browser)
    with desk.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT id FROM person WHERE login = 'alice'").all()
    with desk.work(accounts.COMMAND_LINE) as work:
        accounts.change_person(work, rows[0].id, roles=["auditor"])
    response = come_back(browser, "/sign-in/oidc?next=/people%3Fpage%3D1%26of%3Da%2520b")
    assert response.headers["location"] == "/people?page=1&of=a%20b"
    assert browser.get("/people").status_code == 200
    cookie = next(c for c in response.headers.get_list("set-cookie") if "medwarrant-session" in c)
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


@pytest.mark.parametrize(
    "elsewhere", ["//example.org", "https://example.org/", "/\\example.org", "/%09/example.org", "javascript:x"]
)  # fmt: skip
def test_no_way_leads_elsewhere_afterwards(browser, provider, settings, desk, elsewhere):
    provider.claims = {"groups": ["auditor"]}
    given = {
        name: getattr(settings, name) for name in ("issuer", "client_id", "client_secret_file")
    }
    oidc = OidcSettings(**given, roles_claim="groups")
    with Browser(create_app(desk, WebSettings(accounts=True, oidc=oidc))) as other:
        response = come_back(other, f"/sign-in/oidc?next={elsewhere}")
        assert response.headers["location"] == "/"


def test_what_was_refused_is_said_and_nothing_begins(browser, provider, desk, caplog):
    provider.claims = {"nonce": "another"}
    response = come_back(browser)
    assert response.status_code == 403
    assert "does not belong to this sign-in" in response.text
    assert browser.client.cookies.get("medwarrant-session") is None
    assert browser.get("/account").status_code == 303
    with desk.database.read() as connection:
        assert accounts.count_people(connection) == 0
    assert "does not belong" in caplog.text
    assert "alice" not in caplog.text.lower()


def test_the_answer_of_another_browser(browser, desk, settings):
    """Somebody is sent a link that would sign them in as the attacker."""
    out = browser.get("/sign-in/oidc")
    back = urlsplit(httpx.get(out.headers["location"], verify=False).headers["location"])
    with Browser(create_app(desk, WebSettings(accounts=True, oidc=settings))) as victim:
        response = victim.get(f"{back.path}?{back.query}")
        assert response.status_code == 403
        assert "medwarrant-session" not in str(response.headers.get_list("set-cookie"))


def test_an_answer_opened_again(browser):
    out = browser.get("/sign-in/oidc")
    back = urlsplit(httpx.get(out.headers["location"], verify=False).headers["location"])
    kept = browser.client.cookies.get("medwarrant-oidc")
    assert browser.get(f"{back.path}?{back.query}").status_code == 303
    browser.client.cookies.set("medwarrant-oidc", kept, domain="127.0.0.1", path="/")
    assert browser.get(f"{back.path}?{back.query}").status_code == 403


def test_a_closed_account_is_not_opened(browser, desk):
    come_back(browser)
    with desk.database.read() as connection:
        row = connection.exec_driver_sql("SELECT id FROM person WHERE login = 'alice'").one()
    with desk.work(accounts.COMMAND_LINE) as work:
        accounts.deactivate(work, row.id)
    response = come_back(browser)
    assert response.status_code == 403
    assert "closed" in response.text


def test_a_provider_that_does_not_answer_leaves_the_password(browser, provider):
    provider.raw["/.well-known/openid-configuration"] = (500, b"")
    response = browser.get("/sign-in/oidc")
    assert response.status_code == 503
    assert 'name="password"' in response.text


def test_signed_out_here_and_there(browser, provider):
    come_back(browser)
    response = browser.post("/sign-out", page="/account")
    assert response.headers["location"] == "/signed-out"
    assert "you are still signed in there" in browser.open("/signed-out")
    there = browser.get("/sign-out/oidc").headers["location"]
    assert there.startswith(f"{provider.issuer}/logout?tenant=1&")
    asked = parse_qs(urlsplit(there).query)
    assert asked["post_logout_redirect_uri"] == ["http://127.0.0.1:8000/signed-out"]
    assert asked["client_id"] == [CLIENT]


def test_without_a_provider_there_is_no_such_way(nobody):
    assert "Sign in with" not in nobody.open("/sign-in")
    for path in ("/sign-in/oidc", "/sign-in/oidc/back?code=x&state=y", "/sign-out/oidc"):
        assert nobody.get(path).status_code == 404


def test_in_the_local_mode_nobody_signs_in(desk, settings):
    with Browser(create_app(desk, WebSettings(oidc=settings))) as browser:
        assert browser.get("/sign-in/oidc").status_code == 404
