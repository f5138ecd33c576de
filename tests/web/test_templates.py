"""Templates escape everything, hold no script and no style, and every form carries its token."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from medwarrant.report.markup import element
from medwarrant.web.forms import EMPTY_FORM, Form
from medwarrant.web.templating import Templates

FOLDER = files("medwarrant.web") / "templates"


def all_templates(folder=FOLDER, path=""):
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from all_templates(entry, f"{path}{entry.name}/")
        else:
            yield f"{path}{entry.name}"


NAMES = list(all_templates())


def source(name: str) -> str:
    return FOLDER.joinpath(*name.split("/")).read_text(encoding="utf-8")


def test_there_are_templates():
    assert {"base.html", "problem.html", "parts/forms.html"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "pattern",
    [
        r"\|\s*safe\b",
        r"\bMarkup\(",
        r"autoescape",
        r"<style",
        r"<[^<>%]*\sstyle\s*=",
        r"<[^<>%]*\son[a-z]+\s*=",
        r"<script(?![^>]*\ssrc=)",
        r"javascript:",
        r"\shx-on",
        r"\shx-vals\s*=\s*[\"']\s*(js|javascript):",
        r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
        r"<base\b",
        r"<(?:iframe|object|embed)\b",
    ],
)
def test_a_template_holds_nothing_that_the_policy_blocks(name, pattern):
    assert re.search(pattern, source(name), flags=re.I) is None


@pytest.mark.parametrize("name", NAMES)
def test_every_form_that_acts_carries_its_token(name):
    if name == "parts/forms.html":
        return  # its macros are what the other templates use; see below
    text = source(name)
    for form in re.finditer(r"<form\b[^>]*method=\"post\".*?</form>", text, flags=re.S | re.I):
        assert "here.csrf_field" in form[0], form[0][:200]


@pytest.mark.parametrize("name", NAMES)
def test_every_template_can_be_compiled(name):
    assert Templates().compiled(name)


# --- the macros -------------------------------------------------------------------------------------


class Visit:
    """As much of a request as the macros need."""

    csrf_field = element("input", type="hidden", name="_csrf", value="t")


def render(text: str, **more) -> str:
    values = {"here": Visit(), "typed": EMPTY_FORM, "problem": None, **more}
    head = '{% import "parts/forms.html" as forms with context %}'
    return Templates().of_text(head + text).render(values)


def test_a_field_shows_what_was_typed_and_what_is_wrong():
    from medwarrant.model.errors import InputError

    page = render(
        "{{ forms.errors() }}{{ forms.text('as_of', 'Date', value='2026-01-01', hint='As 2026-11-23.') }}",
        typed=Form({"as_of": ('"><script>',)}),
        problem=InputError("this is no date", where="as_of", mend="write 2026-11-23"),
    )
    assert 'value="&#34;&gt;&lt;script&gt;"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="h-as_of e-as_of"' in page
    assert '<label for="f-as_of">Date' in page
    assert 'href="#f-as_of">This is no date' in page
    assert "Write 2026-11-23." in page


def test_a_field_begins_with_its_value():
    page = render("{{ forms.text('as_of', 'Date', value='2026-01-01', required=False) }}")
    assert 'value="2026-01-01"' in page
    assert "(optional)" in page
    assert "aria-invalid" not in page


def test_choices_keep_what_was_chosen():
    options = (("a", "One"), ("b", "Two"))
    for macro in ("select", "radios"):
        page = render(
            "{{ forms." + macro + "('x', 'Which', options, value='a') }}",
            options=options,
            typed=Form({"x": ("b",)}),
        )
        assert re.search(r'value="b"[^>]* (selected|checked)', page), macro
        assert not re.search(r'value="a"[^>]* (selected|checked)', page), macro
    page = render("{{ forms.boxes('x', 'Which', options, values=('a',)) }}", options=options)
    assert re.search(r'value="a" checked', page)


def test_a_form_carries_its_token_and_its_kind():
    page = render("{% call forms.post('/x', files=True) %}inside{% endcall %}")
    assert 'name="_csrf"' in page
    assert 'enctype="multipart/form-data"' in page
    assert 'name="_csrf"' in render("{{ forms.act('/x', 'Do it') }}")


def test_markup_comes_from_report_alone():
    values = {"a": element("b", "<i>"), "b": "<b>", "c": "<i>"}
    page = Templates().of_text("{{ a|markup }}{{ b|markup }}{{ c }}").render(values)
    assert page == "<b>&lt;i&gt;</b>&lt;b&gt;&lt;i&gt;"
