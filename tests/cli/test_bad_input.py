"""Whatever is given: exit 2 with one clear message, or exit 0 with an honest answer; never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from medwarrant.cli.main import run

ASK = "Is 64405 medically necessary for G43.919?"
REQUEST = {"as_of": "2026-11-23", "services": ["64405"], "diagnoses": ["G43.919"]}


def call(capfd, *arguments):
    """Exit status, standard output and the message on standard error."""
    status = run([*map(str, arguments)])
    out, err = capfd.readouterr()
    assert "Traceback" not in err
    assert "defect of medwarrant" not in err
    if status == 2:
        assert err.startswith("medwarrant: "), err
        assert err.count("\n") == 1, err
        assert len(err) < 600, err
        assert out == ""
    return status, out, err


def answered(capfd, *arguments):
    status, out, _ = call(capfd, *arguments, "--format", "json")
    assert status == 0
    return json.loads(out)


def requested(capfd, tmp_path, request, *options):
    file = tmp_path / "request.json"
    file.write_text(request if isinstance(request, str) else json.dumps(request), encoding="utf-8")
    return call(capfd, "determine", file, "--format", "json", *options)


# --- answered, whatever was asked ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("services", "diagnoses", "outcomes", "kinds"),
    [
        (["99999"], ["G43.919"], ["no_policy"], {"unknown_procedure"}),
        (["64405"], ["G43.999"], ["no_policy"], {"unknown_code"}),
        (["64405"], ["QQQ"], ["no_policy"], {"unknown_code"}),
        (["64405"], ["G43"], None, {"header_code"}),
        ([], ["G43.919"], [], set()),
        (["64405"], [], [], set()),
        ([], [], [], set()),
    ],
)
def test_codes_that_are_not_there(capfd, tmp_path, services, diagnoses, outcomes, kinds):
    request = {**REQUEST, "services": services, "diagnoses": diagnoses}
    status, out, _ = requested(capfd, tmp_path, request)
    answer = json.loads(out)
    assert status == 0
    assert kinds <= {finding["kind"] for item in answer["items"] for finding in item["coding"]}
    if outcomes is not None:
        assert [item["outcome"] for item in answer["items"]] == outcomes


def test_a_code_that_does_not_exist_is_pointed_out_and_not_repaired(capfd, tmp_path):
    _, out, _ = requested(capfd, tmp_path, {**REQUEST, "diagnoses": ["G43.999"]})
    answer = json.loads(out)
    (correction,) = answer["reading"]["corrections"]
    assert (correction["kind"], "near it" in correction["message"]) == ("unknown_code", True)
    assert answer["request"]["diagnoses"] == ["G43.999"]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2014-06-01", "not yet in use"),
        ("2020-06-01", "newer than 2020-06-01"),
        ("2099-01-01", "a newer one is in force"),
        ("2026-09-01", None),
    ],
)
def test_codes_of_another_year(capfd, tmp_path, day, said):
    """Judged on the release at hand, and said so."""
    _, out, _ = requested(capfd, tmp_path, {**REQUEST, "as_of": day})
    answer = json.loads(out)
    remarks = [r["message"] for r in answer["reading"]["assumptions"] if r["kind"] == "code_set"]
    assert (said in remarks[0]) if said else remarks == []
    assert answer["as_of"] == day


@pytest.mark.parametrize(
    "question", ["", "   ", "hello", "?", "64405", "migraine", "\u4f60\u597d", "'; DROP TABLE"]
)
def test_questions_without_a_pair_are_answered(capfd, question):
    answer = answered(capfd, "ask", question)
    assert answer["items"] == []
    assert answer["outcome"] is None


@pytest.mark.parametrize("size", [2**20, 100_000])
def test_more_text_than_a_question_has(capfd, monkeypatch, size):
    """A megabyte is refused at once, with what may be done instead."""
    words = "The patient was seen and the pain was discussed at length. "
    text = f"{ASK} {words * (size // len(words))}"
    monkeypatch.setattr("sys.stdin", _Input(text.encode()))
    status, _, err = call(capfd, "ask", "-")
    assert status == 2
    assert "shorten it" in err


def test_a_long_question_is_read(capfd, monkeypatch):
    words = "The patient was seen and the pain was discussed at length. "
    monkeypatch.setattr("sys.stdin", _Input(f"{words * 300} {ASK}".encode()))
    answer = answered(capfd, "ask", "-")
    assert ("64405", "G43.919") in [(i["service"], i["diagnosis"]) for i in answer["items"]]


def test_a_fact_may_be_about_one_service(capfd):
    facts = ["--fact", "64405:intent=acute", "--fact", "setting=emergency"]
    (item,) = answered(capfd, "ask", ASK, *facts)["items"]
    assert item["outcome"] == "meets_criteria"


def test_contradictory_facts_of_a_request_are_missing(capfd, tmp_path):
    facts = [{"intent": "acute"}, {"intent": "prevention"}, {"setting": "emergency"}]
    _, out, _ = requested(capfd, tmp_path, {**REQUEST, "facts": facts})
    (item,) = json.loads(out)["items"]
    assert (item["outcome"], "intent" in item["missing"]) == ("needs_information", True)
    assert any("both" in leaf["why"] for leaf in _leaves(item["criteria"]))


def _leaves(node):
    return [node] if not node["children"] else [x for c in node["children"] for x in _leaves(c)]


# --- options ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--fact", "intent"], "a fact is written fact=value"),
        (["--fact", "=acute"], "a fact is written fact=value"),
        (["--fact", "intnt=acute"], "'intnt' is not in the fact dictionary; did you mean 'intent'?"),
        (["--fact", "intent=acut"], "--fact intent: 'acut' is not a known value; did you mean 'acute'?"),
        (["--fact", "intent=[acute, prevention]"], "one value is needed"),
        (["--fact", "trigger-points=perhaps"], "not a value of a yes-or-no fact"),
        (["--fact", "age=old"], "--fact age"),
        (["--fact", "age=NaN"], "--fact age"),
        (["--fact", "age=1e999"], "--fact age"),
        (["--fact", "age=900"], "out of the possible range"),
        (["--fact", "drug-trial={drug: [}"], "not readable"),
        (["--fact", "drug-trial={drug: sumatriptann}"], "did you mean 'sumatriptan'?"),
        (["--fact", "drug-trial={drugs: sumatriptan}"], "did you mean 'drug'?"),
        (["--fact", "drug-trial=sumatriptan"], "an event is written"),
        (["--fact", "drug-trial={date: 1800-01-01}"], "outside the years"),
        (["--fact", "drug-trial=" + "[" * 5000], "not readable"),
        (["--fact", "drug-trial={history: partial}"], "history can only be complete"),
        (["--fact", "state=California"], "not a two-letter state"),
        (["--payer", "nobody"], "--payer"),
        (["--line-of-business", "nothing"], "--line-of-business"),
        (["--state", "12"], "--state"),
        (["--as-of", "1800-01-01"], "--as-of: the date is outside the years 1900 to 2200"),
        (["--as-of", "1950-01-01"], "cannot be a date of service"),
        (["--as-of", "2026-02-30"], "--as-of"),
        (["--as-of", "2026"], "one day is needed"),
        (["--as-of", "yesterday"], "--as-of"),
        (["--format", "docx"], "--format"),
        (["--for", "judge"], "--for"),
        (["--unknown"], "--unknown"),
        (["--packs", "nowhere"], "no pack is in this folder"),
        (["another", "word"], "unexpected extra argument"),
    ],
)  # fmt: skip
def test_options_that_cannot_be_used(capfd, options, said):
    status, _, err = call(capfd, "ask", ASK, *options)
    assert status == 2
    assert said.lower() in err.lower()


@pytest.mark.parametrize(
    "arguments",
    [["ask"], ["determine"], ["nothing"], ["policy", "nothing"], ["replay"], ["policy", "show"]],
)
def test_commands_that_are_not_whole(capfd, arguments):
    assert call(capfd, *arguments)[0] == 2


def test_health_data_is_not_repeated_at_length(capfd):
    """The message shows the place, not the story."""
    story = (
        "the patient, a woman of 44 years from Springfield, has had headaches since her divorce "
        * 50
    )
    for fact in (
        f"intent={story}",
        f"{story}=acute",
        f"drug-trial={{drug: {story}}}",
        f"age={story}",
    ):
        status, _, err = call(capfd, "ask", ASK, "--fact", fact)
        assert status == 2
        assert "divorce" not in err


# --- requests -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "3", '"64405"', "{]", "not json", '{"services": ["64405"',
        '{"services": ["64405"], "services": ["64400"]}',
        '{"facts": [{"age": NaN}]}', '{"facts": [{"age": Infinity}]}', '{"facts": [{"age": -Infinity}]}',
        '{"facts": [{"age": 1e999}]}', '{"facts": [{"age": ' + "9" * 5000 + "}]}",
        '{"facts": [{"age": -1}]}', '{"facts": [{"age": true}]}', '{"facts": [{"age": [9, 1]}]}',
        "[" * 100_000, '{"facts": ' + "[" * 900 + "]" * 900 + "}",
        '{"services": "64405"}', '{"services": [["64405"]]}', '{"services": ["644"]}', '{"services": [null]}',
        '{"services": [{"code": "64405", "side": "up"}]}', '{"services": [{"code": "64405", "units": "two"}]}',
        '{"services": [{"code": "64405", "colour": "red"}]}', '{"services": [{"code": "64405", "units": -1}]}',
        '{"services": [{"code": "64405", "diagnoses": ["M54.2"]}], "diagnoses": ["G43.919"]}',
        '{"services": [{"code": "64405", "drugs": [{"drug": "water"}]}]}',
        '{"diagnoses": ["G"]}', '{"diagnoses": [""]}', '{"diagnoses": [{"text": "headache"}]}',
        '{"facts": ["acute"]}', '{"facts": [{"intent": {"a": {"b": 1}}}]}', '{"facts": {"intent": []}}',
        '{"coverage": "aetna"}', '{"coverage": {"payer": 3}}', '{"coverage": {"plan": "x"}}',
        '{"as_of": "1800-01-01"}', '{"as_of": "2026"}', '{"as_of": 20261123}', '{"as_of": "tomorrow"}',
        '{"colour": "red"}', '{"schema": "other"}', '{"diagnoses": ["\\ud800"]}',
        '{"services": ' + json.dumps(["64405"] * 201) + "}",
    ],
)  # fmt: skip
def test_requests_that_cannot_be_used(capfd, tmp_path, text):
    assert requested(capfd, tmp_path, text)[0] == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nowhere.json", None, "No such file"),
        ("folder.json", Path, "Is a directory"),
        ("bytes.json", b"\x80\x81\xff\x00", "is not UTF-8 text"),
        ("nulls.json", b"\x00" * 100, "is not JSON"),
        ("utf16.json", json.dumps(REQUEST).encode("utf-16"), "is not UTF-8 text"),
        ("large.json", b" " * 5_000_001, "larger than 5 MB"),
    ],
)
@pytest.mark.parametrize("command", ["determine", "replay"])
def test_files_that_cannot_be_used(capfd, tmp_path, command, name, content, said):
    file = tmp_path / name
    if content is Path:
        file.mkdir()
    elif content is not None:
        file.write_bytes(content)
    status, _, err = call(capfd, command, file)
    assert status == 2
    assert said in err


def test_a_file_without_an_end(capfd):
    assert call(capfd, "determine", "/dev/zero")[0] == 2


def test_a_file_with_a_byte_order_mark_is_read(capfd, tmp_path):
    assert requested(capfd, tmp_path, "\ufeff" + json.dumps(REQUEST))[0] == 0


@pytest.mark.parametrize(
    "stored",
    [
        {}, [], 3, {"request": 1, "digest": 2, "packs": 3}, {"request": {}, "digest": "x", "packs": [3]},
        {"request": {}, "digest": "x", "packs": [{"name": "x"}]}, {"request": {}, "digest": "x", "packs": []},
        {"request": {}, "digest": "x", "packs": [{"id": ["x"], "digest": {}}]},
    ],
)  # fmt: skip
def test_what_is_no_stored_answer(capfd, tmp_path, stored):
    file = tmp_path / "stored.json"
    file.write_text(json.dumps(stored), encoding="utf-8")
    assert call(capfd, "replay", file)[0] == 2


def test_an_answer_that_was_changed_does_not_replay(capfd, tmp_path):
    _, out, _ = requested(capfd, tmp_path, REQUEST)
    answer = json.loads(out)
    for change in (
        {"digest": "sha256:" + "0" * 64},
        {"request": {**REQUEST, "diagnoses": ["M54.2"]}},
    ):
        file = tmp_path / "stored.json"
        file.write_text(json.dumps({**answer, **change}), encoding="utf-8")
        status, _, err = call(capfd, "replay", file)
        assert status == 2
        assert "different determination" in err


# --- output -------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["nowhere/answer.json", "."])
def test_output_that_cannot_be_written(capfd, tmp_path, place):
    status, _, err = call(capfd, "ask", ASK, "--format", "json", "--output", tmp_path / place)
    assert status == 2
    assert "cannot be written" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_a_full_disk(capfd):
    status, _, err = call(capfd, "ask", ASK, "--format", "json", "--output", "/dev/full")
    assert status == 2
    assert "cannot be written" in err


# --- as a program -------------------------------------------------------------------------------


class _Input:
    """Standard input that holds bytes."""

    def __init__(self, data):
        import io

        self.buffer = io.BytesIO(data)


def program(arguments, data=b"", **options):
    return subprocess.run(
        [sys.executable, "-m", "medwarrant", *arguments],
        input=data,
        capture_output=True,
        timeout=120,
        **options,
    )


@pytest.mark.parametrize(
    ("arguments", "data"),
    [
        ([b"ask", b"\xff\xfe\x00bytes".replace(b"\x00", b"")], b""),
        (["ask", "-"], b"\xff\xfe\x80binary"),
        (["determine", "-"], b"\x00\xff\x00"),
        ([b"determine", b"\xff.json"], b""),
        (["ask", "-"], b"x" * 5_000_001),
    ],
    ids=["bytes", "bytes on input", "bytes for a request", "name of bytes", "too much"],
)
def test_bytes_that_are_no_text(arguments, data):
    ran = program(arguments, data)
    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr
    assert b"defect" not in ran.stderr
    assert ran.stderr.count(b"\n") == 1


def test_a_pipe_that_closes_early():
    """As `medwarrant packs | head -1` does: no message, no traceback."""
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "medwarrant", "packs", "--facts"]
    started = subprocess.Popen(command, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    _, errors = started.communicate(timeout=120)
    assert errors == b""
    assert started.returncode == 0


def test_a_defect_is_one_line(monkeypatch, capfd):
    """Even what we did not foresee shows no traceback, and says how to report it."""

    def broken(*_, **__):
        raise KeyError("something of the patient")

    monkeypatch.setattr("medwarrant.answer.Medwarrant.ask", broken)
    monkeypatch.delenv("MEDWARRANT_DEBUG", raising=False)
    assert run(["ask", ASK]) == 2
    err = capfd.readouterr().err
    assert "this is a defect of medwarrant (KeyError)" in err
    assert "patient" not in err
    monkeypatch.setenv("MEDWARRANT_DEBUG", "1")
    with pytest.raises(KeyError):
        run(["ask", ASK])
