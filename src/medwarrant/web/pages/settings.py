"""The settings of the plan, for administrators; auditors may read them."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ...model.errors import InputError
from ...review.before_signing import STATEMENT
from ...review.errors import NotFound
from ..forms import EMPTY_FORM, Form
from ..here import Here
from ..views import setting_forms
from ..views import settings as views


@get("/settings", name="settings", include_in_schema=False, sync_to_thread=True)
def settings(here: NamedDependency[Here]) -> Response[str]:
    """Every setting, and what needs it."""
    with here.look() as work:
        view = views.settings(work)
    return here.page("settings/settings.html", view)


@get("/settings/{setting:str}", name="settings.one", include_in_schema=False, sync_to_thread=True)
def one(here: NamedDependency[Here], setting: FromPath[str]) -> Response[str]:
    """One setting, with its form."""
    return _one(here, setting)


def _one(
    here: Here,
    setting: str,
    *,
    typed: Form = EMPTY_FORM,
    value: Any = None,
    problem: Exception | None = None,
) -> Response[str]:
    _known(setting)
    with here.look() as work:
        view = views.setting(work, setting)
    return here.page(
        "settings/setting.html",
        view,
        typed=typed,
        problem=problem,
        value=view.value if value is None else value,
        text=_indented(view.value),
        more=setting_forms.MORE,
        may_change=here.may("settings.change"),
        statement=STATEMENT,
    )


@post(
    "/settings/{setting:str}", name="settings.change", include_in_schema=False, sync_to_thread=True
)
def change(
    here: NamedDependency[Here], setting: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Set a setting."""
    _known(setting)
    value = None
    try:
        value = setting_forms.value_of(setting, form)
        new = views.NewSetting(value=value, expected=form.expected)
        with here.work() as work:
            view = views.change(work, setting, new)
    except InputError as error:
        where = setting_forms.place_of(setting, error.where)
        shown = InputError(error.problem, where=where, mend=error.mend)
        return _one(here, setting, typed=form, value=value, problem=shown)
    return here.redirect(
        "settings.one", say=f"{view.title}: version {view.version} holds now.", setting=setting
    )


def _known(name: str) -> None:
    if name not in views.known_settings():
        raise NotFound("there is no such setting")


def _indented(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


ROUTES = (settings, one, change)
