"""Load packs from folders into a library, with every problem of every file collected.

Loading has two passes: tables first (facts, drugs, sources, ...), because rules are checked against
them; then rules. The result is kept in a cache keyed by the bytes of all files, as data that is
decoded and type-checked, never executed.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from ..model.errors import InputError, PackError, Problem
from ..terminology.cache import cache_folder
from . import read_tables as tables
from .clock_rule import ClockRule
from .coded import CodedFact
from .fact_dictionary import FactDefinition
from .library import Library
from .pack import CodingRule, ConflictRecord, Example, LineOfBusiness, Pack
from .policy import Policy, SafetyProfile
from .read_clocks import ClockReader
from .read_criteria import CriteriaReader
from .read_policy import PolicyReader
from .valueset import SpecificityQuestion
from .yaml_source import Place, Problems, YamlValue, read_yaml

#: Part of the cache key: raise it when the loaded values change shape or meaning.
FORMAT = "4"
#: The files of a pack by stem, and the top-level keys each may have.
FILES = {
    "pack": frozenset({"pack", "version", "title", "about", "requires", "licence", "review"}),
    "facts": frozenset({"facts", "events"}),
    "drugs": frozenset({"drugs", "classes"}),
    "procedures": frozenset({"procedures", "kinds", "families", "nerves", "muscles", "regions"}),
    "valuesets": frozenset({"valuesets", "specificity"}),
    "coding": frozenset({"coding"}),
    "coded": frozenset({"coded"}),
    "sections": frozenset({"sections", "boilerplate"}),
    "shorthand": frozenset({"shorthand", "places"}),
    "payers": frozenset({"payers", "lines_of_business", "contractors"}),
    "clocks": frozenset({"clocks"}),
    "sources": frozenset({"sources"}),
    "evidence": frozenset({"statements"}),
    "safety": frozenset({"safety"}),
    "conflicts": frozenset({"conflicts"}),
    "policies": frozenset(),
    "examples": frozenset({"examples"}),
}
_MAX_FILE = 8 * 1024 * 1024


def shipped_packs() -> tuple[Path, ...]:
    """The folders of the packs that ship with medwarrant, in the order of their names."""
    root = Path(str(resources.files("medwarrant") / "packs"))
    return tuple(sorted(path.parent for path in root.glob("*/pack.yaml")))


def load_packs(
    *folders: str | os.PathLike[str], shipped: bool = True, cache: bool = True
) -> Library:
    """Load packs into a library.

    `folders` are pack folders, or folders of pack folders; `shipped` adds the packs that come with
    medwarrant. Raises `PackError` with every problem found, and `InputError` where a folder holds
    no pack.

    >>> library = load_packs()
    >>> "common" in [pack.id for pack in library.packs]
    True
    """
    paths = list(shipped_packs()) if shipped else []
    for folder in folders:
        paths += pack_folders(Path(folder))
    files = {path: read_files(path) for path in dict.fromkeys(paths)}
    digests = {path: digest_of(contents) for path, contents in files.items()}
    key = hashlib.sha256("\n".join([FORMAT, *map(str, digests.values())]).encode()).hexdigest()
    stored = _from_cache(key) if cache else None
    if stored is not None:
        return Library(stored)
    packs, problems = read_packs(files, digests)
    if problems:
        raise PackError(tuple(sorted(problems)))
    if cache:
        _to_cache(key, packs)
    return Library(packs)


def pack_folders(path: Path) -> list[Path]:
    """The pack folders at a path: itself, or the folders in it.

    Raises `InputError` where there is none.
    """
    if (path / "pack.yaml").is_file():
        return [path]
    found = sorted(child.parent for child in path.glob("*/pack.yaml")) if path.is_dir() else []
    if not found:
        raise InputError(
            "no pack is in this folder",
            where=str(path),
            mend="a pack is a folder with a pack.yaml; see docs/pack-format.md",
        )
    return found


def read_files(folder: Path) -> dict[str, bytes]:
    """The YAML files of a pack folder by their name in it."""
    contents: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        try:
            with path.open("rb") as file:
                data = file.read(_MAX_FILE + 1)
        except OSError as error:
            unreadable = f"cannot be read ({error.strerror})"
            raise PackError((Problem(f"{folder.name}/{name}", 1, unreadable),)) from None
        if len(data) > _MAX_FILE:
            raise PackError(
                (Problem(f"{folder.name}/{name}", 1, "the file is larger than 8 MB", "split it"),)
            )
        contents[name] = data
    return contents


def digest_of(contents: dict[str, bytes]) -> str:
    """The digest of a pack: over the names and bytes of its files."""
    total = hashlib.sha256()
    for name, data in sorted(contents.items()):
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return f"sha256:{total.hexdigest()}"


def read_packs(
    files: dict[Path, dict[str, bytes]], digests: dict[Path, str]
) -> tuple[tuple[Pack, ...], list[Problem]]:
    """Read packs from the bytes of their files, without a cache; problems are returned."""
    problems = Problems()
    drafts = [
        _Draft(path.name, contents, digests[path], problems) for path, contents in files.items()
    ]
    for draft in drafts:
        draft.read_tables()
    drafts = _in_order(drafts, problems)
    merged = _Merged(drafts, problems)
    packs = tuple(draft.finish(merged) for draft in drafts)
    return packs, problems.found


class _Draft:
    """One pack while it is being read."""

    def __init__(
        self, folder: str, contents: dict[str, bytes], digest: str, problems: Problems
    ) -> None:
        self.folder = folder
        self.problems = problems
        self.digest = digest
        self.documents: dict[str, list[YamlValue]] = {stem: [] for stem in FILES}
        self.values: dict[str, Any] = {}
        for name, data in contents.items():
            self._add(name, data)
        self.id = folder
        self.requires: tuple[str, ...] = ()

    def _add(self, name: str, data: bytes) -> None:
        file = f"{self.folder}/{name}"
        stem = name.split("/", 1)[0].removesuffix(".yaml")
        if stem not in FILES:
            self.problems.add(
                Place(file, 1), "a pack has no such file", f"known: {', '.join(FILES)}"
            )
            return
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.problems.add(Place(file, 1), "the file is not UTF-8 text", "save it as UTF-8")
            return
        document = read_yaml(text, file, self.problems)
        if document is not None:
            self.documents[stem].append(document)

    def _sections(self, stem: str) -> Iterable[tuple[str, YamlValue]]:
        for document in self.documents[stem]:
            yield from document.fields(FILES[stem], f"{stem}.yaml").items()

    def _merge(self, stem: str, section: str, read: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in self._sections(stem):
            if name != section:
                continue
            for key, item in tables.table(value, read).items():
                if key in found:
                    value.complain(f"'{key}' stands twice in the {section} of this pack")
                found[key] = item
        return found

    def read_tables(self) -> None:
        """First pass: everything that rules are checked against."""
        head: dict[str, YamlValue] = {}
        for document in self.documents["pack"]:
            head = document.fields(FILES["pack"], "pack.yaml")
            tables.required(document, head, "pack", "version", "title")
        self.id = tables.text_of(head, "pack", self.folder)
        self.requires = tables.texts_of(head, "requires")
        self.values = {
            "id": self.id,
            "version": tables.text_of(head, "version", "0"),
            "title": tables.text_of(head, "title", self.id),
            "about": tables.text_of(head, "about"),
            "requires": self.requires,
            "review": tables.review(head),
            "digest": self.digest,
            "facts": self._merge("facts", "facts", tables.fact),
            "events": self._merge("facts", "events", tables.event),
            "drugs": self._merge("drugs", "drugs", tables.drug),
            "drug_classes": self._merge("drugs", "classes", tables.drug_class),
            "procedures": self._merge("procedures", "procedures", tables.procedure),
            "kinds": self._merge("procedures", "kinds", tables.kind),
            "families": self._merge("procedures", "families", tables.family),
            "nerves": self._merge("procedures", "nerves", tables.nerve),
            "muscles": self._merge("procedures", "muscles", tables.muscle),
            "regions": self._merge("procedures", "regions", tables.region),
            "valuesets": self._merge("valuesets", "valuesets", tables.valueset),
            "shorthand": self._merge("shorthand", "shorthand", tables.shorthand),
            "places": self._merge("shorthand", "places", tables.place),
            "payers": self._merge("payers", "payers", tables.payer),
            "lines_of_business": self._merge(
                "payers", "lines_of_business", tables.line_of_business
            ),
            "contractors": self._merge("payers", "contractors", tables.contractor),
            "sources": self._merge("sources", "sources", tables.source),
            "statements": self._merge("evidence", "statements", tables.statement),
        }
        self.values["sections"] = self._merge("sections", "sections", tables.note_section)
        self.values["boilerplate"] = tuple(
            words
            for name, value in self._sections("sections")
            if name == "boilerplate"
            for words in value.texts()
        )
        questions: list[SpecificityQuestion] = []
        for name, value in self._sections("valuesets"):
            if name == "specificity":
                questions += [tables.specificity(part) for part in value.items()]
        self.values["specificity"] = tuple(questions)

    def finish(self, merged: _Merged) -> Pack:
        """Second pass: rules, checked against the tables of all packs."""
        reader = PolicyReader(merged.criteria, self.id)
        profiles: dict[str, SafetyProfile] = self._merge("safety", "safety", reader.profile)
        merged.profiles.update(profiles)
        merged.criteria.known_names = {
            **merged.criteria.known_names,
            "safety": frozenset(merged.profiles),
        }
        policies: dict[str, Policy] = {}
        for document in self.documents["policies"]:
            policy = reader.policy(document, merged.profiles)
            if policy is None:
                continue
            if policy.id in policies or policy.id in merged.policies:
                document.complain(f"the policy '{policy.id}' stands twice")
            policies[policy.id] = policy
        merged.policies |= policies
        coding: list[CodingRule] = []
        for _, value in self._sections("coding"):
            coding += [rule for part in value.items() if (rule := reader.coding_rule(part))]
        coded: list[CodedFact] = []
        for _, value in self._sections("coded"):
            coded += [entry for part in value.items() if (entry := merged.coded_fact(part))]
        clocks: dict[str, ClockRule] = self._merge("clocks", "clocks", merged.clock_reader.rule)
        for name, clock in clocks.items():
            if name in merged.clocks:
                self.problems.add(
                    Place(clock.file, clock.line),
                    f"the clock of '{name}' is already in another pack",
                    "a plan's own times are settings of the review desk, not of a pack",
                )
        merged.clocks |= clocks
        conflicts: list[ConflictRecord] = []
        for _, value in self._sections("conflicts"):
            conflicts += [reader.conflict(part) for part in value.items()]
        examples: list[Example] = []
        for _, value in self._sections("examples"):
            examples += [found for part in value.items() if (found := tables.example(part))]
        return Pack(
            **self.values,
            safety=profiles,
            policies=policies,
            coding=tuple(coding),
            coded=tuple(coded),
            clocks=clocks,
            conflicts=tuple(conflicts),
            examples=tuple(examples),
        )


class _Merged:
    """The tables of all packs, as the second pass reads them."""

    def __init__(self, drafts: Sequence[_Draft], problems: Problems) -> None:
        merged: dict[str, dict[str, Any]] = {}
        for draft in drafts:
            for name, values in draft.values.items():
                if not isinstance(values, dict):
                    continue
                into = merged.setdefault(name, {})
                for key in values:
                    if key in into:
                        problems.add(
                            Place(f"{draft.folder}/{name}", 1),
                            f"'{key}' is already in the {name} of another pack",
                            "ids are unique across packs; choose another",
                        )
                into.update(values)
        procedures = merged.get("procedures", {})
        names = {name: frozenset(values) for name, values in merged.items()}
        names["procedures"] = frozenset(
            {*procedures, *merged.get("kinds", {})}
            | {code for item in procedures.values() for code in item.codes}
        )
        names["drugs"] = frozenset({*merged.get("drugs", {}), *merged.get("drug_classes", {})})
        for item in procedures.values():
            if item.kind not in merged.get("kinds", {}):
                problems.add(
                    Place(_file_of(drafts, "procedures", item.id), 1),
                    f"the kind '{item.kind}' of procedure '{item.id}' is not known",
                    "add it to kinds: of a procedures.yaml",
                )
        self.profiles: dict[str, SafetyProfile] = {}
        self.policies: dict[str, Policy] = {}
        self._statements = merged.get("statements", {})
        self._sources = merged.get("sources", {})
        self._facts: dict[str, FactDefinition] = merged.get("facts", {})
        for statement in self._statements.values():
            if statement.source not in self._sources:
                problems.add(
                    Place(_file_of(drafts, "statements", statement.id), 1),
                    f"statement '{statement.id}' cites the unknown source '{statement.source}'",
                    "add it to sources.yaml",
                )
        self.criteria = CriteriaReader(
            merged.get("facts", {}), merged.get("events", {}), names, self.supported
        )
        self.clocks: dict[str, ClockRule] = {}
        lines: dict[str, LineOfBusiness] = merged.get("lines_of_business", {})
        self.clock_reader = ClockReader(
            self.criteria, self._statements, {name: line.title for name, line in lines.items()}
        )

    def coded_fact(self, value: YamlValue) -> CodedFact | None:
        """One entry of a `coded:` table, its fact and value checked against the dictionary."""
        entry = tables.coded_fact(value)
        if entry is None:
            return None
        definition = self._facts.get(entry.fact)
        if definition is None:
            value.complain(f"the fact '{entry.fact}' is not known", "add it to facts.yaml")
            return None
        words = ("present", "absent") if definition.kind == "flag" else tuple(definition.values)
        if entry.value is not None and words and entry.value not in words:
            value.complain(
                f"'{entry.value}' is not a value of {entry.fact}", f"known: {', '.join(words)}"
            )
        return entry

    def supported(self, statements: tuple[str, ...]) -> bool:
        """Whether one of the statements may carry a rule (see `Library.supports`)."""
        return Library.any_supports(statements, self._statements, self._sources)


def _file_of(drafts: Sequence[_Draft], table: str, name: str) -> str:
    file = {"statements": "evidence.yaml"}.get(table, f"{table}.yaml")
    owner = next((draft.folder for draft in drafts if name in draft.values[table]), "")
    return f"{owner}/{file}"


def _in_order(drafts: list[_Draft], problems: Problems) -> list[_Draft]:
    """Packs after those they require; a missing or circular one is a problem."""
    by_id = {draft.id: draft for draft in drafts}
    done: dict[str, _Draft] = {}

    def place(draft: _Draft, above: tuple[str, ...]) -> None:
        if draft.id in done:
            return
        at = Place(f"{draft.folder}/pack.yaml", 1)
        for name in draft.requires:
            if name in above:
                problems.add(at, f"the packs {' -> '.join((*above, name))} require each other")
            elif name not in by_id:
                problems.add(at, f"the pack '{name}' is required but not loaded", "load it too")
            else:
                place(by_id[name], (*above, name))
        done[draft.id] = draft

    if len(by_id) < len(drafts):
        doubled = {draft.id for draft in drafts if sum(d.id == draft.id for d in drafts) > 1}
        for name in sorted(doubled):
            problems.add(
                Place(f"{name}/pack.yaml", 1), f"two packs have the id '{name}'", "load one of them"
            )
    for draft in drafts:
        place(draft, (draft.id,))
    return list(done.values())


# --- cache --------------------------------------------------------------------------------------


def _from_cache(key: str) -> tuple[Pack, ...] | None:
    path = cache_folder() / f"packs-{key[:32]}.msgpack"
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=tuple[Pack, ...])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _to_cache(key: str, packs: tuple[Pack, ...]) -> None:
    folder = cache_folder()
    try:
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(msgspec.msgpack.encode(packs))
        os.replace(file.name, folder / f"packs-{key[:32]}.msgpack")
    except OSError:
        return  # the cache only saves time; without it the packs are read again
