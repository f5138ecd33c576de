"""Bodies of the twins are read as they are described: the types of JSON, and nothing that only looks like them."""

from __future__ import annotations

import json

import pytest

from medwarrant.web.api.openapi import description


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"overdue": True}, 200),
        ({"page": 1.0}, 200),
        ({"overdue": 0}, 400),
        ({"overdue": "true"}, 400),
        ({"page": "1"}, 400),
        ({"page": 1.5}, 400),
        ({"page": 0}, 400),
        ({"per_page": 201}, 400),
        ({"states": "received"}, 400),
        ([], 400),
        (None, 400),
    ],
)
def test_a_body_has_the_types_that_are_described(local, sent, status):
    response = local.api("POST", "/api/cases", sent)
    assert response.status_code == status, response.text


@pytest.mark.parametrize("body", [b"", b"{", b'{"page": \xff}', b"[" * 3000])
def test_what_is_no_json_is_refused(local, body):
    headers = {"Content-Type": "application/json", "X-CSRF-Token": local.token()}
    response = local.client.post("/api/cases", content=body, headers=headers)
    assert response.status_code == 400
    assert response.json()["status"] == 400


def test_a_refusal_names_the_field(local):
    said = local.api("POST", "/api/cases", {"overdue": 0}).json()
    assert said["where"] == "overdue"


def test_schemas_say_what_is_checked():
    schemas = description(accounts=True)["components"]["schemas"]
    sections = schemas["OpenSection"]["properties"]["sections"]
    assert sections["items"]["enum"][0] == "request"
    assert schemas["OpenSection"]["additionalProperties"] is False
    assert schemas["FileSent"]["properties"]["body"]["pattern"].startswith("^")
    assert '"format": "duration"' not in json.dumps(schemas)
