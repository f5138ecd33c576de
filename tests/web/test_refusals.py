"""What is refused and what breaks: the same answer for people and for programs, without a word of what was typed."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from browsing import Browser
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.exc import OperationalError

from medwarrant.model.errors import InputError, MedwarrantError, ReplayError
from medwarrant.review.errors import NotAllowed, NotFound, NotIntact, Stale, Unavailable
from medwarrant.web import routes
from medwarrant.web.app import create_app
from medwarrant.web.forms import Form
from medwarrant.web.here import Here
from medwarrant.web.permissions import PERMISSIONS, PUBLIC
from medwarrant.web.settings import WebSettings

SECRET = "Jane Roe, born 1980, has migraine"
ERRORS: dict[str, tuple[Exception, int]] = {
    "input": (InputError("not a date", where="as_of", mend="write 2026-11-23"), 400),
    "replay": (ReplayError("other packs"), 409),
    "other": (MedwarrantError("something of ours"), 400),
    "not-found": (NotFound("there is no such case"), 404),
    "not-allowed": (NotAllowed("only a physician may sign this"), 403),
    "stale": (Stale("somebody changed the case"), 409),
    "not-intact": (NotIntact("the record does not agree with its digest"), 500),
    "unavailable": (Unavailable("the database does not answer"), 503),
    "defect": (KeyError(SECRET), 500),
    "database": (OperationalError(SECRET, {"name": SECRET}, Exception(SECRET)), 503),
}
DEFECTS = {name for name, (_, status) in ERRORS.items() if status >= 500}


@get("/broken/{name:str}", name="broken", include_in_schema=False, sync_to_thread=True)
def broken(here: NamedDependency[Here], name: FromPath[str], count: FromQuery[int] = 1) -> None:
    """Raises what is named."""
    raise ERRORS[name][0]


@post("/typed", name="typed", include_in_schema=False, sync_to_thread=True)
def typed(here: NamedDependency[Here], form: NamedDependency[Form]) -> Response[Any]:
    """Tells what was typed."""
    files = {name: [len(f.body) for f in found] for name, found in form.files.items()}
    return Response({"fields": form.fields, "files": files})


@get("/broken/{name:str}", name="api.broken", sync_to_thread=True)
def broken_twin(name: FromPath[str]) -> None:
    """Raises what is named."""
    raise ERRORS[name][0]


@pytest.fixture
def browser(desk, monkeypatch):
    monkeypatch.setattr(routes, "PAGES", (*routes.PAGES, (broken, typed)))
    monkeypatch.setattr(routes, "TWINS", (*routes.TWINS, (broken_twin,)))
    for name in ("broken", "typed", "api.broken"):
        monkeypatch.setitem(PERMISSIONS, name, PUBLIC)
    settings = WebSettings(file_bytes=1000, request_bytes=20_000, form_fields=50, body_seconds=0.5)
    with Browser(create_app(desk, settings)) as found:
        yield found


@pytest.mark.parametrize("name", ERRORS)
def test_a_program_is_told_in_json(browser, name):
    error, status = ERRORS[name]
    response = browser.client.get(f"/api/broken/{name}")
    problem = response.json()
    assert response.status_code == status == problem["status"]
    assert response.headers["content-type"] == "application/problem+json"
    assert SECRET not in response.text
    assert "Traceback" not in response.text
    if name not in ("defect", "database"):
        assert (getattr(error, "problem", "") or str(error)) == problem["detail"]
    assert ("number" in problem) == (name in DEFECTS)


@pytest.mark.parametrize("name", ERRORS)
def test_a_person_is_told_on_a_page(browser, name):
    response = browser.get(f"/broken/{name}")
    assert response.status_code == ERRORS[name][1]
    assert response.headers["content-type"].startswith("text/html")
    assert '<main id="main"' in response.text
    assert SECRET not in response.text


def test_where_and_mend_are_told(browser):
    page = browser.get("/broken/input").text
    assert "as_of" in page
    assert "not a date." in page
    assert "write 2026-11-23" in page


def test_whoever_came_too_late_gets_a_way_to_look_again(browser):
    assert '<a href="/broken/stale">Look at it again</a>' in browser.get("/broken/stale").text


@pytest.mark.parametrize("name", ["defect", "database"])
def test_the_log_holds_type_and_route_and_nothing_typed(browser, caplog, name):
    with caplog.at_level(logging.DEBUG):
        number = browser.client.get(f"/api/broken/{name}").json()["number"]
    # The client of the test logs what it asks for; it is not the server.
    told = [record for record in caplog.records if record.name not in ("httpx", "asyncio")]
    entries = [record.getMessage() for record in told]
    assert len(entries) == 1
    assert number in entries[0]
    assert type(ERRORS[name][0]).__name__ in entries[0]
    assert "api.broken" in entries[0]
    assert "/api/broken" not in entries[0]
    assert SECRET not in caplog.text


def test_refusals_are_not_logged(browser, caplog):
    browser.get("/broken/stale")
    browser.get("/nowhere")
    assert caplog.text == ""


def test_a_query_that_is_no_number_is_refused_with_its_name(browser):
    response = browser.client.get(
        "/broken/input?count=many", headers={"Accept": "application/json"}
    )
    assert response.status_code == 400
    assert response.json()["where"] == "count"


@pytest.mark.parametrize("path", ["/nowhere", "/cases/..%2f..%2fx", "/%00", "/api/nowhere", "/é"])
def test_what_does_not_exist_is_404(browser, path):
    assert browser.get(path).status_code == 404


def test_a_method_that_a_path_does_not_know_is_405(browser):
    assert browser.client.delete("/api/about").status_code == 405
    assert browser.client.patch("/about").status_code == 405


# --- limits -----------------------------------------------------------------------------------------


def test_fields_and_files_arrive(browser):
    response = browser.post(
        "/typed",
        {"fact": ["a", "b"], "text": "one\r\ntwo"},
        files=[("note", ("../../note.txt", b"x" * 10, "text/plain"))],
    )
    told = response.json()
    assert told["fields"]["fact"] == ["a", "b"]
    assert told["fields"]["text"] == ["one\ntwo"]
    assert told["files"] == {"note": [10]}


def test_a_file_that_is_too_large_is_refused(browser):
    response = browser.post("/typed", files={"note": ("n.txt", b"x" * 1001, "text/plain")})
    assert response.status_code == 413
    assert "larger than" in response.text


def test_too_many_fields_are_refused(browser):
    fields = {f"f{number}": "x" for number in range(60)}
    assert browser.post("/typed", fields).status_code == 413
    files = {"note": ("n.txt", b"x", "text/plain")}
    assert browser.post("/typed", fields, files=files).status_code == 413


def test_a_body_that_is_too_large_is_refused(browser):
    assert browser.post("/typed", {"text": "x" * 20_000}).status_code == 413
    assert browser.api("PUT", "/api/working-as", {"person": "x" * 20_000}).status_code == 413


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", b"--x\r\n\r\n", b"", b"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--"],
)
def test_a_form_that_cannot_be_read_is_refused(browser, body):
    browser.open("/about")
    response = browser.client.post(
        "/typed", content=body, headers={"Content-Type": "multipart/form-data; boundary=B"}
    )
    assert response.status_code in (400, 403)


def test_text_that_is_not_utf8_is_refused(browser):
    browser.open("/about")
    part = b'--B\r\nContent-Disposition: form-data; name="t"\r\n\r\n\xff\xfe\r\n--B--\r\n'
    response = browser.client.post(
        "/typed", content=part, headers={"Content-Type": "multipart/form-data; boundary=B"}
    )
    assert response.status_code == 400


def test_a_body_that_does_not_arrive_is_given_up(browser):
    async def slowly():
        yield b'{"per'
        await asyncio.sleep(60)
        yield b'son": "x"}'

    response = browser.client.put(
        "/api/working-as", content=slowly(), headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 408
