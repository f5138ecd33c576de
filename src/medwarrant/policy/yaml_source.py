"""YAML read strictly, with the file and line of every value, and errors collected.

Not YAML 1.1's idea of scalars: only `true` and `false` are booleans, `012` is text, dates are text
until a field asks for one. Duplicate keys, anchors and aliases are errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar

import yaml

from ..model.dates import parse_date
from ..model.errors import Problem

T = TypeVar("T")
_QUOTED = ("'", '"', "|", ">")
_INT = re.compile(r"-?(?:0|[1-9]\d*)")
_INDENTED = re.compile(r"^[ \t?:-]{200}", re.M)
_BRACKET = re.compile(r"[\[\]{}]")
_MOST_BRACKETS = 100
_FLOAT = re.compile(r"-?(?:0|[1-9]\d*)\.\d+")
_BASE_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Problems:
    """Collects everything wrong in the files being read."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(
        self, place: Place | YamlValue, message: str, mend: str = "", rule: str = "format"
    ) -> None:
        """Note one problem at a place."""
        at = place.place if isinstance(place, YamlValue) else place
        self.found.append(Problem(at.file, at.line, message, mend, rule=rule))


class Place:
    """A line of a file, counted from 1."""

    __slots__ = ("file", "line")

    def __init__(self, file: str, line: int) -> None:
        self.file = file
        self.line = line


class YamlValue:
    """One value of a document with its place; every reader of it reports into `problems`."""

    __slots__ = ("node", "place", "problems")

    def __init__(self, node: yaml.Node, file: str, problems: Problems) -> None:
        self.node = node
        self.place = Place(file, node.start_mark.line + 1)
        self.problems = problems

    @property
    def line(self) -> int:
        """The line the value starts on."""
        return self.place.line

    @property
    def is_map(self) -> bool:
        """Whether the value is a mapping."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def complain(self, message: str, mend: str = "") -> None:
        """Note a problem at this value."""
        self.problems.add(self, message, mend)

    def _child(self, node: yaml.Node) -> YamlValue:
        return YamlValue(node, self.place.file, self.problems)

    def entries(self) -> Iterator[tuple[str, YamlValue]]:
        """The keys and values of a mapping; a duplicate key is reported and skipped."""
        if not isinstance(self.node, yaml.MappingNode):
            self.complain("a mapping (key: value) is needed here")
            return
        seen: dict[str, int] = {}
        for key_node, value_node in self.node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in seen:
                self.problems.add(
                    Place(self.place.file, line),
                    f"'{key}' stands twice in one mapping",
                    f"it is first on line {seen[key]}; keep one",
                )
                continue
            seen[key] = line
            yield key, self._child(value_node)

    def fields(self, known: frozenset[str], what: str) -> dict[str, YamlValue]:
        """The entries of a mapping whose keys must be among `known`."""
        found: dict[str, YamlValue] = {}
        for key, value in self.entries():
            if key in known:
                found[key] = value
            else:
                value.complain(f"'{key}' is not a field of {what}", _nearest(key, known))
        return found

    def items(self) -> list[YamlValue]:
        """The members of a list; a single value counts as a list of one."""
        if isinstance(self.node, yaml.SequenceNode):
            return [self._child(node) for node in self.node.value]
        return [self]

    def scalar(self) -> Any:
        """The plain value: None, bool, int, float or text."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.complain("a single value is needed here, not a list or mapping")
            return None
        text = self.node.value
        if self.node.style in _QUOTED:
            return text
        if text in ("", "null", "~"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if _INT.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        return text

    def plain(self) -> Any:
        """The value with everything below it as plain Python."""
        if isinstance(self.node, yaml.MappingNode):
            return {key: value.plain() for key, value in self.entries()}
        if isinstance(self.node, yaml.SequenceNode):
            return [value.plain() for value in self.items()]
        return self.scalar()

    def text(self) -> str:
        """The value as text, whatever it looks like."""
        if isinstance(self.node, yaml.ScalarNode):
            return str(self.node.value).strip()
        self.complain("text is needed here")
        return ""

    def texts(self) -> tuple[str, ...]:
        """The value as a list of texts."""
        return tuple(value.text() for value in self.items())

    def flag(self) -> bool:
        """The value as true or false."""
        value = self.scalar()
        if isinstance(value, bool):
            return value
        self.complain(f"'{value}' is not true or false", "write true or false")
        return False

    def whole_number(self) -> int:
        """The value as a whole number."""
        value = self.scalar()
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.complain(f"'{value}' is not a whole number")
        return 0

    def day(self) -> date | None:
        """The value as an exact date, or None where it is null."""
        if self.scalar() is None:
            return None
        try:
            span = parse_date(self.text())
        except ValueError as error:
            self.complain(str(error))
            return None
        if not span.exact:
            self.complain("an exact date is needed", "write it as 2026-11-23")
            return None
        return span.first

    def one_of(self, known: tuple[str, ...], what: str) -> str | None:
        """The value as one word of a vocabulary."""
        word = self.text()
        if word in known:
            return word
        self.complain(f"'{word}' is not {what}", _nearest(word, known))
        return None

    def tried(self, read: Callable[[Any], T], default: T) -> T:
        """The plain value through a function that raises `ValueError` with a message."""
        try:
            return read(self.plain())
        except ValueError as error:
            self.complain(str(error))
            return default


def _nearest(word: str, known: frozenset[str] | tuple[str, ...]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known: {', '.join(sorted(known)[:20])}"


def read_yaml(text: str, file: str, problems: Problems) -> YamlValue | None:
    """Compose one YAML document; None, with the problem noted, if it is not one mapping.

    >>> problems = Problems()
    >>> read_yaml("a: [1, 2", "x.yaml", problems) is None
    True
    >>> problems.found[0].file, problems.found[0].message.startswith("not YAML")
    ('x.yaml', True)
    """
    place = Place(file, 1)
    deep = _too_deep(text)
    if deep is not None:
        problems.add(Place(file, deep), "not YAML: nested too deeply")
        return None
    try:
        node = yaml.compose(text, Loader=_BASE_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problems.add(
            Place(file, line),
            f"not YAML: {error.problem or error.context}",
            "check indentation, quotes and brackets",
        )
        return None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problems.add(place, f"not YAML: {str(error).splitlines()[0][:120]}")
        return None
    if node is None:
        problems.add(place, "the file is empty", "fill it or remove it")
        return None
    if not isinstance(node, yaml.MappingNode):
        problems.add(place, "the file must be a mapping (key: value) at the top")
        return None
    shared = _first_alias(node)
    if shared is not None:
        problems.add(
            Place(file, shared), "anchors and aliases are not allowed", "write the value out"
        )
        return None
    return YamlValue(node, file, problems)


def _too_deep(text: str) -> int | None:
    """The line on which nesting gets so deep that the YAML library would exhaust the stack."""
    indented = _INDENTED.search(text)
    if indented is not None:
        return text.count("\n", 0, indented.start()) + 1
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
        if depth > _MOST_BRACKETS:
            return text.count("\n", 0, bracket.start()) + 1
    return None


def _first_alias(root: yaml.Node) -> int | None:
    seen: set[int] = set()
    stack: list[yaml.Node] = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            return int(node.start_mark.line) + 1
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            continue
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                stack += (key, value)
        else:
            stack += node.value
    return None
