"""Editorial review: what a policy says, its examples and versions, and an editor's word on exactly that."""

from __future__ import annotations

import pytest

from medwarrant.policy.load import digest_of, read_files

AT = "/content/aetna/nerve-block"
CHECKED = "Read against the bulletin and its sources, and every example holds."


def policy(browser, at=AT):
    response = browser.api("GET", f"/api{at}")
    assert response.status_code == 200, response.text
    return response.json()


def test_the_editorial_policy_and_every_policy_are_shown(signed_in, medwarrant):
    browser = signed_in("requester")
    page = browser.open("/content")
    view = browser.api("GET", "/api/content").json()
    assert "The three statuses" in page
    assert {one["id"] for one in view["policies"]} == set(medwarrant.library.policies)
    for name in medwarrant.library.policies:
        assert name in page


@pytest.mark.parametrize(
    ("query", "number"),
    [("?pack=spine-and-botulinum", 20), ("?status=approved", 0), ("?pack=common", 0)],
)
def test_policies_are_filtered(local, query, number):
    assert len(local.api("GET", f"/api/content{query}").json()["policies"]) == number
    assert f"{number} of 53 policies" in local.open(f"/content{query}") or number == 0


@pytest.mark.parametrize(("query", "status"), [("?pack=moon", 404), ("?status=moon", 400)])
def test_a_filter_that_does_not_exist_is_refused(local, query, status):
    assert local.get(f"/content{query}").status_code == status
    assert local.api("GET", f"/api/content{query}").status_code == status


def test_a_policy_is_shown_with_criteria_sources_and_how_they_were_verified(local, medwarrant):
    page, view = local.open(AT), policy(local)
    statements = {one["id"] for source in view["sources"] for one in source["statements"]}
    assert statements
    for name in statements:
        assert f'id="s-{name}"' in page
    assert "read in the document" in page or "read in an account of it" in page
    assert view["digest"] in page
    assert view["prose"].splitlines()[0] == medwarrant.library.policies["aetna/nerve-block"].title


@pytest.mark.parametrize("ending", ["", "/examples", "/versions"])
def test_a_policy_that_is_not_there_is_not_found(local, ending):
    assert local.get(f"/content/aetna/moon{ending}").status_code == 404
    assert local.api("GET", f"/api/content/aetna/moon{ending}").status_code == 404


def test_examples_are_run_when_they_are_opened(local):
    view = policy(local, f"{AT}/examples")
    assert view["examples"]
    assert view["holding"] == len(view["examples"])
    assert f"All {view['holding']} hold." in local.open(f"{AT}/examples")


def test_an_editor_approves_what_was_shown_and_everybody_sees_it(signed_in):
    editor = signed_in("editor")
    digest = policy(editor)["digest"]
    fields = {"status": "approved", "note": CHECKED, "digest": digest}
    page = editor.act(AT, fields, page=AT)
    assert "This version is approved now." in page
    assert CHECKED in page
    seen = policy(signed_in("requester"))
    assert (seen["status"], seen["approved_by"]) == ("approved", "Edda Lund")
    approved = editor.api("GET", "/api/content?status=approved").json()["policies"]
    assert [one["id"] for one in approved] == ["aetna/nerve-block"]


def test_an_approval_needs_words_and_the_form_comes_back(signed_in):
    editor = signed_in("editor")
    fields = {"status": "approved", "note": "", "digest": policy(editor)["digest"]}
    response = editor.post(AT, fields, page=AT)
    assert response.status_code == 400
    assert 'id="e-note"' in response.text
    assert policy(editor)["status"] == "under_review"


def test_a_word_on_something_else_than_was_shown_is_refused(signed_in):
    editor = signed_in("editor")
    fields = {"status": "approved", "note": CHECKED, "digest": "sha256:" + "0" * 64}
    assert editor.post(AT, fields, page=AT).status_code == 409
    assert editor.api("POST", f"/api{AT}", fields).status_code == 409
    assert policy(editor)["words"] == []


def test_the_twin_takes_the_same_word(signed_in):
    editor = signed_in("editor")
    body = {"status": "submitted", "digest": policy(editor)["digest"]}
    assert editor.api("POST", f"/api{AT}", body).json()["status"] == "submitted"


@pytest.mark.parametrize("role", ["requester", "nurse_reviewer", "administrator"])
def test_only_editors_say_where_content_stands(signed_in, role):
    browser = signed_in(role)
    fields = {"status": "submitted", "digest": policy(browser)["digest"]}
    assert browser.post(AT, fields).status_code == 403
    assert "Say where this version stands" not in browser.open(AT)


def test_a_version_before_is_compared_with_that_of_today(local, desk, medwarrant):
    assert "No other version" in local.open(f"{AT}/versions")
    pack = next(one for one in medwarrant.library.packs if one.id == "head-neck-injections")
    kept = desk.kept_packs / pack.digest.removeprefix("sha256:")
    before = desk.kept_packs / "before"
    before.mkdir()
    for path in kept.rglob("*"):
        if path.is_file():
            to = before / path.relative_to(kept)
            to.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_bytes()
            if path.name == "pack.yaml":
                text = text.replace(b"version: 1.0.0", b"version: 0.9.0")
            to.write_bytes(text)
    title = medwarrant.library.policies["aetna/nerve-block"].title
    for path in before.rglob("*.yaml"):
        text = path.read_text()
        if f"title: {title}" in text:
            path.write_text(text.replace(f"title: {title}", "title: An older name", 1))
    before.rename(desk.kept_packs / digest_of(read_files(before)).removeprefix("sha256:"))
    (version,) = policy(local, f"{AT}/versions")["versions"]
    assert version["version"] == "0.9.0"
    changed = [(line["kind"], line["text"]) for line in version["prose"]]
    assert ("removed", "An older name") in changed
    assert ("added", title) in changed
    page = local.open(f"{AT}/versions")
    assert 'class="diff-removed"' in page
    assert "Taken out: " in page
