"""What a route may ask for by name."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide

from .forms import Form, read_form
from .here import Here


def dependencies() -> dict[str, Provide]:
    """What a route may ask for by name: `here`, who asks and how to answer, and `form`, what was typed."""
    return {
        "here": Provide(here_of, sync_to_thread=False),
        "form": Provide(form_of),
    }


def here_of(request: Request[Any, Any, Any]) -> Here:
    """The request as the guard left it."""
    here = request.scope["state"]["here"]
    assert isinstance(here, Here)
    return here


async def form_of(request: Request[Any, Any, Any], here: NamedDependency[Here]) -> Form:
    """The form of the request."""
    return await read_form(
        request, most_fields=here.settings.form_fields, file_bytes=here.settings.file_bytes
    )
