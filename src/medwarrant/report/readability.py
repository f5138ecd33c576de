"""How hard a text is to read: the Flesch-Kincaid grade, for what patients are given."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .article import (
    Article,
    Bullets,
    Callout,
    Choices,
    Command,
    Details,
    Grid,
    Line,
    Prose,
    References,
    Slot,
    Table,
    Tracker,
    Tree,
    TreeNode,
    Verdicts,
    opened,
)

#: Endings whose e is not spoken: "time", "times", "passed"; but "needle", "boxes", "tested".
_SILENT = re.compile(r"([^aeiouyl]|[aeiouy]l)e$|([^aeiouylscgxzh]|[aeiouy]l)es$|[^aeiouytd]ed$")


def syllables(word: str) -> int:
    """Syllables of an English word, by its groups of vowels.

    >>> [syllables(word) for word in ("shot", "needle", "migraine", "clinician", "tested")]
    [1, 2, 2, 3, 2]
    """
    word = re.sub(r"[^a-z]", "", word.lower())
    if not word:
        return 1
    groups = len(re.findall(r"[aeiouy]+", word))
    if _SILENT.search(word):
        groups -= 1
    # Two vowels that are spoken apart (cl-in-ic-i-an), unless they follow t, s, c or g (sta-tion).
    groups += len(re.findall(r"(?<![tscg])i[ao](?!us)|eo", word))
    return max(groups, 1)


def reading_grade(sentences: Iterable[str]) -> float:
    """The Flesch-Kincaid grade of sentences: the school year in which they are easy to read.

    >>> reading_grade(["The cat sat.", "It was warm."]) < 3
    True
    """
    number = words = sounds = 0
    for text in sentences:
        for part in re.split(r"(?<=[.?!])\s+", text):
            found = re.findall(r"[A-Za-z][A-Za-z'-]*", part)
            if found:
                number += 1
                words += len(found)
                sounds += sum(syllables(word) for word in found)
    if not words:
        return 0.0
    return 0.39 * words / number + 11.8 * sounds / words - 15.59


def sentences_of(article: Article) -> list[str]:
    """The sentences a reader is given, but those that are not ours: the question, commands, what sources claim."""
    found: list[str] = []
    for section in article.sections:
        found += [section.title, section.words] if section.words else [section.title]
        for block in opened(section.blocks):
            match block:
                case Prose(lines=lines) | Bullets(lines=lines):
                    found += _lines(lines)
                case Callout(title=title, lines=lines):
                    found += [title, *_lines(lines)]
                case Grid(rows=rows):
                    found += [f"{c.words}. {c.detail}" for row in rows for c in row.cells]
                case Verdicts(verdicts=verdicts):
                    for verdict in verdicts:
                        found += [verdict.word, *_lines(verdict.lines)]
                case Table(caption=caption, rows=rows):
                    found += [caption, *(text for row in rows for text in _lines(row))]
                case Tree(title=title, root=root):
                    found += [title, *_nodes(root)]
                case Tracker(steps=steps):
                    found += [step.label for step in steps]
                case Choices(title=title, choices=choices):
                    found += [title, *(choice.label for choice in choices)]
                case References(entries=entries):
                    found += [entry.warning for entry in entries]
                    found += [
                        "; ".join(one.words) for e in entries for one in e.statements if one.words
                    ]
                case Command() | Details() | Slot():
                    pass
    return [text for text in found if text]


def _lines(lines: Iterable[Line]) -> list[str]:
    found = []
    for line in lines:
        found.append(" ".join(filter(None, (line.lead, line.text, line.see, line.note))))
        found += _lines(line.inner)
    return found


def _nodes(node: TreeNode) -> list[str]:
    found = [f"{node.title}. {node.quiet}"]
    for child in node.children:
        found += _nodes(child)
    return found
