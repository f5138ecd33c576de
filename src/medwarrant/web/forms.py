"""What a person typed into a form, and the files that came with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.exceptions import ClientException
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE

from ..model.errors import InputError
from .errors import TooLarge

T = TypeVar("T", bound=msgspec.Struct)

CSRF_FIELD: Final = "_csrf"
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_LONGEST_NAME: Final = 200
_MISSING: Final = re.compile(r"Object missing required field `([^`]*)`")


class Upload(msgspec.Struct, frozen=True):
    """A file as it was sent; what `media_type` claims is not believed until the file is read."""

    name: str
    media_type: str
    body: bytes


class Form(msgspec.Struct, frozen=True):
    """The fields and files of a form.

    >>> form = Form({"reason": (" too early ",), "fact": ("a", "b")})
    >>> form.get("reason"), form.all("fact"), form.get("other")
    ('too early', ('a', 'b'), '')
    """

    fields: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    files: dict[str, tuple[Upload, ...]] = msgspec.field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """The last value of a field, blanks around it removed."""
        values = self.fields.get(name)
        return values[-1].strip() if values else default

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that is not empty, blanks around each removed."""
        return tuple(value.strip() for value in self.fields.get(name, ()) if value.strip())

    def has(self, name: str, value: str | None = None) -> bool:
        """Whether a field is there, with this value where one is named: a box that was ticked."""
        values = self.fields.get(name, ())
        return bool(values) if value is None else value in values

    @property
    def expected(self) -> int:
        """The version that the page showed; raises `InputError` where the form does not say.

        >>> Form({"expected": ("3",)}).expected
        3
        """
        text = self.get("expected")
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise InputError(
                "the form lacks the version it was made from", mend="open the page again"
            )
        return int(text)

    def into(self, kind: type[T]) -> T:
        """The fields as a value, such as the JSON twin of the route takes.

        An empty field counts as left out; a box that was ticked is true; a field whose type is a sequence takes all
        values. Raises `InputError` naming the field that cannot be used.

        >>> class Referral(msgspec.Struct):
        ...     reason: str
        ...     expected: int
        ...     urgent: bool = False
        >>> Form({"reason": ("x",), "expected": ("3",), "urgent": ("on",)}).into(Referral)
        Referral(reason='x', expected=3, urgent=True)
        >>> Form({"expected": ("3",)}).into(Referral)
        Traceback (most recent call last):
          ...
        medwarrant.model.errors.InputError: reason: this is needed
        """
        hints = get_type_hints(kind)
        found: dict[str, Any] = {}
        for field in msgspec.structs.fields(kind):
            name = field.encode_name
            hint = hints[field.name]
            if _is_sequence(hint):
                found[name] = self.all(name)
            elif hint is bool:
                found[name] = self.get(name).lower() in ("on", "true", "yes", "1")
            elif self.get(name):
                found[name] = self.get(name)
            elif field.required:
                raise InputError("this is needed", where=name)
        try:
            return msgspec.convert(found, kind, strict=False)
        except msgspec.ValidationError as error:
            raise wrong_value(str(error)) from None


EMPTY_FORM: Final = Form()


def wrong_value(message: str) -> InputError:
    """What msgspec found wrong, in our words: the field, and what was expected there.

    >>> str(wrong_value("Expected `int`, got `str` - at `$.expected`"))
    'expected: expected int, got str'
    >>> str(wrong_value("Object missing required field `reason`"))
    'reason: this is needed'
    """
    said, _, place = message.partition(" - at `$")
    where = place.rstrip("`").removeprefix(".")
    if missing := _MISSING.fullmatch(said):
        return InputError("this is needed", where=f"{where}.{missing[1]}" if where else missing[1])
    said = said.replace("`", "")
    return InputError(said[:1].lower() + said[1:], where=where)


def _is_sequence(hint: Any) -> bool:
    return get_origin(hint) in (tuple, list, frozenset, set) or any(
        get_origin(part) in (tuple, list, frozenset, set) for part in get_args(hint)
    )


async def read_form(request: Request[Any, Any, Any], *, most_fields: int, file_bytes: int) -> Form:
    """The form of a request, read once; empty where the request carries none.

    Raises `InputError` where it cannot be read and `TooLarge` where a file or the number of fields is beyond
    what is taken.
    """
    kept = request.scope["state"].get("form")
    if isinstance(kept, Form):
        return kept
    form = EMPTY_FORM
    if request.content_type[0] in FORMS:
        form = await _read(request, most_fields, file_bytes)
    request.scope["state"]["form"] = form
    return form


async def _read(request: Request[Any, Any, Any], most_fields: int, file_bytes: int) -> Form:
    if request.content_type[0] == FORMS[0] and (await request.body()).count(b"&") >= most_fields:
        raise TooLarge(f"the form has more than {most_fields} fields")
    try:
        data = await request.form()
    except ClientException as error:
        if error.status_code == HTTP_413_REQUEST_ENTITY_TOO_LARGE:
            raise
        if "Too Large" in error.detail:
            raise TooLarge(f"the form has more than {most_fields} fields") from None
        raise InputError("the form cannot be read", mend="send it again") from None
    except (UnicodeDecodeError, LookupError, ValueError):
        raise InputError("the form is not text in UTF-8", mend="send it again") from None
    try:
        return await _form_of(data, file_bytes)
    finally:
        await data.close()  # a file beyond a megabyte is on disk, until it is closed


async def _form_of(data: FormMultiDict, file_bytes: int) -> Form:
    fields: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            body = await value.read(file_bytes + 1)
            if len(body) > file_bytes:
                raise TooLarge(f"a file is larger than {file_bytes // 1_000_000} MB")
            if body or value.filename:
                found = Upload(_bare_name(value.filename), value.content_type, body)
                files.setdefault(name, []).append(found)
        else:
            fields.setdefault(name, []).append(_text(value))
    return Form(_frozen(fields), _frozen(files))


def _text(value: Any) -> str:
    """A field with line breaks as they are elsewhere (browsers send CR LF)."""
    return str(value).replace("\r\n", "\n")


def _frozen(found: Mapping[str, list[Any]]) -> dict[str, Any]:
    return {name: tuple(values) for name, values in found.items()}


def _bare_name(name: str) -> str:
    """The name of a file without the folders of whoever sent it."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    return "".join(char for char in bare if char.isprintable())[-_LONGEST_NAME:] or "file"
