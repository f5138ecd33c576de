"""The twins of the pages of settings."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ...review.errors import NotFound
from ..here import Here
from ..views import settings as views


@get(
    "/settings",
    name="api.settings",
    tags=["settings"],
    summary="Every setting of the plan",
    sync_to_thread=True,
)
def settings(here: NamedDependency[Here]) -> views.SettingsView:
    """Every setting with its version, and what is refused or assumed without it."""
    with here.look() as work:
        return views.settings(work)


@get(
    "/settings/{setting:str}",
    name="api.settings.one",
    tags=["settings"],
    summary="A setting",
    sync_to_thread=True,
)
def one(here: NamedDependency[Here], setting: FromPath[str]) -> views.SettingView:
    """A setting with its value and version; of clocks, the rules that follow, with their sources."""
    _known(setting)
    with here.look() as work:
        return views.setting(work, setting)


@post(
    "/settings/{setting:str}",
    name="api.settings.change",
    tags=["settings"],
    summary="Set a setting",
    status_code=200,
    sync_to_thread=True,
)
def change(
    here: NamedDependency[Here], setting: FromPath[str], data: JSONBody[views.NewSetting]
) -> views.SettingView:
    """Set a setting as somebody who saw its version `expected`; 409 where it was changed since."""
    _known(setting)
    with here.work() as work:
        return views.change(work, setting, data)


def _known(name: str) -> None:
    if name not in views.known_settings():
        raise NotFound("there is no such setting")


ROUTES = (settings, one, change)
