"""The OpenAPI description is complete: every twin, who may, and how it refuses."""

from __future__ import annotations

import pytest

from medwarrant.version import __version__
from medwarrant.web.api.openapi import TAGS, description
from medwarrant.web.permissions import PERMISSIONS


@pytest.fixture(scope="module")
def found():
    return description(accounts=True)


@pytest.fixture(scope="module")
def operations(found):
    return [
        (path, method, operation)
        for path, item in found["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "responses" in operation
    ]


def test_it_is_served_as_json(local):
    response = local.client.get("/api/openapi.json")
    assert response.status_code == 200
    assert response.json()["info"]["version"] == __version__
    assert response.json()["openapi"].startswith("3.1")


def test_it_describes_every_twin(operations):
    twins = {name for name in PERMISSIONS if name.startswith("api.")} - {"api.openapi"}
    assert len(operations) == len(twins)


def test_every_tag_is_explained_and_used(operations):
    used = {tag for _, _, operation in operations for tag in operation["tags"]}
    assert used == set(TAGS)


def test_an_operation_says_what_it_does_who_may_and_how_it_refuses(operations):
    for path, method, operation in operations:
        said = {name for name in ("summary", "description", "tags") if operation.get(name)}
        assert said == {"summary", "description", "tags"}, (method, path)
        assert "security" in operation
        responses = operation["responses"]
        assert any(status.startswith("2") for status in responses), (method, path)
        wanted = {"400", "401", "403", "500", "503"}
        wanted |= {"413", "415"} if "requestBody" in operation else set()
        wanted |= {"404"} if "{" in path else set()
        assert wanted <= set(responses), (method, path)
        assert responses["400"] == {"$ref": "#/components/responses/Problem400"}


def test_operation_ids_name_one_operation_each(operations):
    ids = [operation["operationId"] for _, _, operation in operations]
    assert len(ids) == len(set(ids))


def test_every_reference_leads_somewhere(found):
    def walk(value):
        if isinstance(value, dict):
            if "$ref" in value:
                yield value["$ref"]
            for inside in value.values():
                yield from walk(inside)
        elif isinstance(value, list):
            for inside in value:
                yield from walk(inside)

    for reference in set(walk(found)):
        place = found
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
