"""A note goes to the address configured and nowhere else; whatever comes back is bounded."""

from __future__ import annotations

import itertools
import json
import threading

import pytest

from medwarrant.llm.endpoint import KEY, MODEL, URL, Endpoint, completion
from medwarrant.model.errors import InputError

ASKED = [{"role": "user", "content": "Zyxwona"}]


def test_there_is_no_endpoint_unless_one_is_configured():
    with pytest.raises(InputError, match=f"set {URL} and {MODEL}"):
        Endpoint.configured({})
    with pytest.raises(InputError, match="a model is needed"):
        Endpoint.configured({URL: "http://localhost:1"})
    found = Endpoint.configured({URL: " https://example.org/v1/ ", MODEL: "m", KEY: "k"})
    assert (found.address, found.key) == ("https://example.org/v1/chat/completions", "k")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:11434/v1",
        "http://127.0.0.9/v1",
        "http://[::1]:80",
        "https://example.org/a/chat/completions",
    ],
)
def test_addresses_that_a_note_may_go_to(url):
    assert Endpoint(url=url, model="m").address.endswith("/chat/completions")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.org/v1", "unencrypted"),
        ("http://localhost.example.org/v1", "unencrypted"),
        ("http://127.0.0.1.example.org/v1", "unencrypted"),
        ("http://localhost@example.org/v1", "more than host and path"),
        ("https://name:secret@example.org/v1", "more than host and path"),
        ("https://example.org/v1?key=secret", "more than host and path"),
        ("https://example.org/v1#a", "more than host and path"),
        ("file:" + "///v1", "not an address"),
        ("ftp://localhost/v1", "not an address"),
        ("localhost:11434", "not an address"),
        ("https://", "not an address"),
        ("http://[::1", "not an address"),
        ("https://localhost:port", "not an address"),
        ("https://example.org/\r\nX: y", "not an address"),
        ("https://ex\u00e4mple.org", "not an address"),
    ],
)  # fmt: skip
def test_addresses_that_a_note_may_not_go_to(url, reason):
    with pytest.raises(InputError, match=reason) as refused:
        Endpoint(url=url, model="m")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("key", ["a b", "a\r\nX: y", "\u00e4"])
def test_a_key_cannot_add_a_header(key):
    with pytest.raises(InputError, match="signs that no key has"):
        Endpoint(url="http://localhost", model="m", key=key)


def test_a_key_is_sent_and_never_shown(stub):
    endpoint = stub.endpoint(key="Qwertz")
    completion(endpoint, ASKED)
    assert stub.keys == ["Bearer Qwertz"]
    assert "Qwertz" not in repr(endpoint)
    completion(stub.endpoint(), ASKED)
    assert stub.keys[-1] is None


def test_one_completion_is_asked_for(stub):
    stub.text = "hello"
    assert completion(stub.endpoint(), ASKED) == "hello"
    assert stub.paths == ["/v1/chat/completions"]
    assert stub.asked == [{"model": "stub", "messages": ASKED, "stream": False}]


def test_a_note_for_this_machine_takes_no_proxy(stub, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert completion(stub.endpoint(), ASKED) == "[]"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(stub, status):
    stub.status, stub.headers = status, {"Location": f"{stub.address}/other"}
    with pytest.raises(InputError, match=f"status {status}"):
        completion(stub.endpoint(), ASKED)
    assert stub.paths == ["/v1/chat/completions"]


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_an_error_is_told_by_its_number_alone(stub, status):
    stub.status, stub.reply = status, b"Zyxwona"
    with pytest.raises(InputError, match=f"status {status}") as failed:
        completion(stub.endpoint(), ASKED)
    assert "Zyxwona" not in str(failed.value)


def test_an_endpoint_that_is_not_there():
    with pytest.raises(InputError, match="cannot be reached"):
        completion(Endpoint(url="http://127.0.0.1:9/v1", model="m"), ASKED)


def test_an_answer_that_does_not_come(stub):
    waiting = threading.Event()
    stub.drops = (b"" for _ in iter(lambda: waiting.wait(20), True))
    with pytest.raises(InputError, match="in time"):
        completion(stub.endpoint(seconds=0.2), ASKED)
    waiting.set()


def test_an_answer_that_comes_drop_by_drop(stub):
    pause = threading.Event()
    stub.drops = (b" " for _ in iter(lambda: pause.wait(0.05), True))
    with pytest.raises(InputError, match="in time"):
        completion(stub.endpoint(seconds=0.4), ASKED)
    pause.set()


def test_an_answer_without_end(stub):
    stub.drops = itertools.repeat(b"x" * 65_536)
    with pytest.raises(InputError, match="more than 1000 kB"):
        completion(stub.endpoint(), ASKED)


def test_an_answer_that_breaks_off(stub):
    stub.headers, stub.reply = {"Content-Length": "1000"}, b'{"choices"'
    assert completion(stub.endpoint(), ASKED) is None


@pytest.mark.parametrize(
    "reply",
    [
        b"", b"null", b"[]", b"{}", b"<html>", b"\xff\xfe", b'{"choices": []}', b'{"choices": [{"message": null}]}',
        b'{"choices": {"0": 1}}', b'{"choices": [{"message": {"content": ["a"]}}]}', b"[" * 100_000, b'"\\ud800"',
        b"data: {}", b'{"choices": [{"message": {"content": null}}]}', b"1" * 5000,
    ],
)  # fmt: skip
def test_a_reply_of_another_form_is_no_answer(stub, reply):
    stub.reply = reply
    assert completion(stub.endpoint(), ASKED) is None


def test_every_character_of_a_note_can_be_sent(stub):
    content = "\u00b0 \U0001f600 \ufffd \u2028 \x07"
    completion(stub.endpoint(), [{"role": "user", "content": content}])
    assert json.loads(json.dumps(stub.asked[0]))["messages"][0]["content"] == content
