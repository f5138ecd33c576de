"""The bodies of the twins, read exactly as they are described.

Litestar reads a body leniently, as if it were a form: `"overdue": 0` counts as false, `"expected": "3"` as 3. What is
described to programs are the types of JSON, so they are what is taken.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import lru_cache
from typing import Any, Final

import msgspec
from litestar.dto import AbstractDTO, DTOConfig
from litestar.dto.data_structures import DTOFieldDefinition
from litestar.openapi.spec import Schema
from litestar.typing import FieldDefinition

from ...model.errors import InputError
from ..forms import wrong_value

_MEND: Final = "send one JSON object in UTF-8, as the description of the API has it"


class ExactBody(AbstractDTO[Any]):
    """Reads the body of a twin into the struct that its route takes.

    Litestar's interface for bodies that are read otherwise; the schema is made elsewhere (`openapi`).
    """

    config = DTOConfig()

    def decode_bytes(self, value: bytes) -> Any:
        """The struct. Raises `InputError` naming the field that cannot be used."""
        field = self.asgi_connection.route_handler.parsed_data_field
        assert field is not None, "a route without a body reads none"
        return read_body(value, field.annotation)

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """Nothing to prepare: the struct itself is what is read."""

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: Any
    ) -> Schema:
        """A place for the schema that `openapi` puts in."""
        return Schema()

    @classmethod
    def generate_field_definitions(
        cls, model_type: type[Any]
    ) -> Generator[DTOFieldDefinition, None, None]:
        """None: no model is derived."""
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """False: no model is derived."""
        return False


def read_body(body: bytes, kind: Any) -> Any:
    """A JSON body as a value of its type. Raises `InputError` for anything else.

    >>> class Act(msgspec.Struct):
    ...     expected: int
    >>> read_body(b'{"expected": 3}', Act)
    Act(expected=3)
    >>> read_body(b'{"expected": 3.0}', Act)
    Act(expected=3)
    >>> read_body(b'{"expected": "3"}', Act)
    Traceback (most recent call last):
      ...
    medwarrant.model.errors.InputError: expected: expected int, got str
    """
    try:
        return _decoder(kind).decode(body)
    except msgspec.ValidationError as error:
        if "Expected `int`, got `float`" in str(error):
            return _with_whole_numbers(body, kind)
        raise wrong_value(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise InputError("this is not JSON", mend=_MEND) from None
    except RecursionError:
        raise InputError("this is nested too deeply", mend=_MEND) from None


def _with_whole_numbers(body: bytes, kind: Any) -> Any:
    """The value where a whole number may be written 3.0: in JSON, and for JSON Schema, that is 3."""
    try:
        return msgspec.convert(_whole(msgspec.json.decode(body)), kind)
    except msgspec.ValidationError as error:
        raise wrong_value(str(error)) from None


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [_whole(inside) for inside in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@lru_cache(maxsize=256)
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)
