"""Settings as they are typed into forms: the fields of each page, read into plain data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from ...model.errors import InputError
from ..forms import Form

#: Empty rows at the end of a list that can grow.
MORE: Final = 2
#: What a row of least times counts.
INFORMATION_DAYS: Final = ("standard_days", "expedited_days")
VALIDITY_DAYS: Final = ("days",)
#: Rows of one list, at most.
MOST_ROWS: Final = 300


def value_of(name: str, form: Form) -> Any:
    """The value of a setting from its form; raises `InputError` at the field that cannot be used."""
    return _READ[name](form)


def appeal_rows(form: Form) -> list[dict[str, str]]:
    """The texts on appeals that were typed, rows without a text and a source left out."""
    found = []
    for row in _rows(form, "appeal"):
        one = {
            part: form.get(f"{part}.{row}")
            for part in ("line_of_business", "state", "text", "source")
        }
        if one["text"] or one["source"]:
            found.append({**one, "state": one["state"].upper()})
    return found


def least_rows(form: Form, days: Sequence[str]) -> list[dict[str, Any]]:
    """The least times that were typed, by line of business; rows without a source and a number are left out."""
    found = []
    for row in _rows(form, "least"):
        if form.get(f"source.{row}") or any(form.get(f"{name}.{row}") for name in days):
            found.append(
                {
                    "line_of_business": form.get(f"line_of_business.{row}"),
                    **{name: _number(form, f"{name}.{row}") for name in days},
                    "source": form.get(f"source.{row}"),
                }
            )
    return found


def place_of(name: str, where: str) -> str:
    """The field of the form that an error of a setting is about.

    >>> place_of("organisation", "organisation.time_zone"), place_of("appeal_rights", "appeal_rights[2]")
    ('time_zone', 'row-2')
    """
    if "[" in where:
        return f"row-{where.partition('[')[2].partition(']')[0]}"
    if name in ("clocks", "appeal_clocks"):
        return "json"
    return where.removeprefix(f"{name}.") if where != name else ""


def _organisation(form: Form) -> Any:
    return {"name": form.get("name"), "time_zone": form.get("time_zone") or "UTC"}


def _letterhead(form: Form) -> Any:
    notes = []
    for row in _rows(form, "note"):
        text = form.get(f"note_text.{row}")
        if text:
            notes.append({"text": text, "lang": form.get(f"note_lang.{row}")})
    return {
        **{part: form.get(part) for part in ("plan", "phone", "fax", "online", "peer_to_peer")},
        "address": [line.strip() for line in form.get("address").splitlines() if line.strip()],
        "language_notes": notes,
        "notices": [
            text for row in _rows(form, "notice") if (text := form.get(f"notice_text.{row}"))
        ],
    }


def _appeal_rights(form: Form) -> Any:
    return appeal_rows(form)


def _sign_off(form: Form) -> Any:
    return {"statement": form.get("statement")}


def _information(form: Form) -> Any:
    return {
        **{name: _number(form, name) for name in INFORMATION_DAYS},
        "least": least_rows(form, INFORMATION_DAYS),
    }


def _validity(form: Form) -> Any:
    return least_rows(form, VALIDITY_DAYS)


def _second_reviews(form: Form) -> Any:
    return {"percent": _number(form, "percent")}


def _json(form: Form) -> Any:
    text = form.get("json") or "{}"
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        raise InputError("this is nested too deeply", where="json") from None
    except msgspec.DecodeError as error:
        raise InputError(
            "this is not JSON", where="json", mend=str(error).removeprefix("JSON is malformed: ")
        ) from None


def _number(form: Form, name: str) -> int:
    text = form.get(name) or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise InputError("write a whole number", where=name)
    return int(text)


def _rows(form: Form, name: str) -> range:
    """The rows of a list, by the number that the page says it had."""
    text = form.get(f"rows.{name}") or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise InputError("the form lacks the number of its rows", mend="open the page again")
    return range(min(int(text), MOST_ROWS))


_READ: Final[dict[str, Callable[[Form], Any]]] = {
    "organisation": _organisation,
    "letterhead": _letterhead,
    "appeal_rights": _appeal_rights,
    "sign_off": _sign_off,
    "information": _information,
    "validity": _validity,
    "second_reviews": _second_reviews,
    "clocks": _json,
    "appeal_clocks": _json,
}
