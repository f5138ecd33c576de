"""HEAD answers as GET does, without the body, at every page and at every twin."""

from __future__ import annotations

import pytest
from case_made import submitted
from litestar.routes import HTTPRoute

#: What two answers to the same request need not share: a page may show a moment or a number of entries.
CHANGES = {"set-cookie", "content-length"}


def paths(app):
    """Every path that GET has and that needs no id, and some that need one."""
    found = {
        route.path_format
        for route in app.routes
        if isinstance(route, HTTPRoute) and "GET" in {str(name) for name in route.methods}
    }
    return sorted(path for path in found if "{" not in path and "oidc" not in path)


def test_every_page_and_twin_answers_head_as_get_without_a_body(local_app, local, desk, people):
    case = submitted(desk, people)
    every = [*paths(local_app), f"/cases/{case.id}", f"/api/cases/{case.id}", "/nowhere", "/api/x"]
    assert len(every) > 40
    for path in every:
        whole = local.get(path)
        head = local.client.request("HEAD", path, headers={"Accept": "text/html"})
        assert head.status_code == whole.status_code, path
        assert head.content == b"", path
        for name in set(whole.headers) - CHANGES:
            assert head.headers[name] == whole.headers[name], (path, name)
        assert whole.headers.get("content-type", "").count("charset") <= 1, path
    whole = local.get("/static/medwarrant.css")
    head = local.client.request("HEAD", "/static/medwarrant.css")
    assert head.headers["content-length"] == whole.headers["content-length"] == str(len(whole.content))  # fmt: skip


def test_head_opens_nothing_that_get_does_not(nobody, signed_in):
    assert nobody.client.request("HEAD", "/api/cases").status_code == 401
    wanted = nobody.client.request("HEAD", "/cases", headers={"Accept": "text/html"})
    assert (wanted.status_code, wanted.headers["location"]) == (303, "/sign-in?next=%2Fcases")
    assert signed_in("requester").client.request("HEAD", "/audit").status_code == 403


@pytest.mark.parametrize("path", ["/sign-out", "/api/determinations"])
def test_what_knows_no_get_knows_no_head(local, path):
    refused = local.client.request("HEAD", path)
    assert (refused.status_code, refused.content) == (405, b"")
    assert "HEAD" not in refused.headers["allow"]


def test_head_is_told_beside_get(local):
    allowed = local.client.options("/about").headers["allow"].split(", ")
    assert {"GET", "HEAD"} <= set(allowed)
    refused = local.client.request("DELETE", "/about")
    assert refused.status_code == 405
    assert {"GET", "HEAD"} <= set(refused.headers["allow"].split(", "))
