"""Read policies, safety profiles, coding rules and conflicts: everything that cites and decides."""

from __future__ import annotations

from datetime import date
from typing import get_args

from ..model.sources import Certainty, Direction, Strength
from . import criteria as c
from .pack import CodingRule, ConflictRecord
from .policy import (
    AUTHORITIES,
    CitedText,
    CodeQuestion,
    Contraindication,
    Indication,
    Policy,
    PolicyStatus,
    Position,
    RequestRule,
    SafetyProfile,
)
from .read_criteria import CriteriaReader
from .read_tables import Fields, optional_text, required, text_of, texts_of
from .yaml_source import YamlValue

_LISTS = frozenset(
    {
        "contraindications",
        "cautions",
        "technique",
        "pitfalls",
        "limits",
        "documents",
        "request_rules",
    }
)
_POLICY = _LISTS | frozenset(
    {"policy", "title", "publisher", "authority", "status", "contested", "effective", "last_seen"}
    | {
        "number",
        "applies_to",
        "services",
        "safety",
        "summary",
        "plain",
        "rests_on",
        "indications",
        "note",
    }
)
_INDICATION = frozenset(
    {
        "id",
        "title",
        "plain",
        "diagnoses",
        "scope",
        "position",
        "rests_on",
        "requires",
        "ask",
        "note",
    }
)


class PolicyReader:
    """Reads the deciding parts of one pack with the criteria reader of the whole pack set."""

    def __init__(self, criteria: CriteriaReader, pack: str) -> None:
        self.criteria = criteria
        self.pack = pack

    def policy(self, value: YamlValue, profiles: dict[str, SafetyProfile]) -> Policy | None:
        """One policy file."""
        fields = value.fields(_POLICY, "a policy")
        required(
            value,
            fields,
            "policy",
            "title",
            "publisher",
            "authority",
            "status",
            "services",
            "indications",
        )
        authority = (
            fields["authority"].one_of(AUTHORITIES, "an authority")
            if "authority" in fields
            else None
        )
        status = (
            fields["status"].one_of(get_args(PolicyStatus), "a policy status")
            if "status" in fields
            else None
        )
        if authority is None or status is None or "services" not in fields:
            return None
        since, until = self._effective(fields)
        used: set[str] = set()
        rests_on = self.statements(fields)
        applies = fields.get("applies_to")
        services = self.criteria.services(fields["services"])
        profile = self._profiles(fields, profiles)
        lists = self.lists(fields, rests_on, used)
        indications = [
            self._indication(part, rests_on, used)
            for part in (fields["indications"].items() if "indications" in fields else ())
        ]
        ids = [item.id for item in indications if item]
        for double in {name for name in ids if ids.count(name) > 1}:
            value.complain(f"the indication '{double}' stands twice")
        return Policy(
            id=text_of(fields, "policy"),
            pack=self.pack,
            title=text_of(fields, "title"),
            publisher=text_of(fields, "publisher"),
            authority=authority,  # type: ignore[arg-type]  # one_of has checked it
            status=status,  # type: ignore[arg-type]  # likewise
            effective_from=since,
            effective_to=until,
            services=services,
            indications=tuple(item for item in indications if item),
            contested="contested" in fields and fields["contested"].flag(),
            last_seen=fields["last_seen"].day() if "last_seen" in fields else None,
            number=text_of(fields, "number"),
            summary=text_of(fields, "summary"),
            plain=text_of(fields, "plain"),
            applies_to=self.criteria.read(applies, rests_on, used) if applies else None,
            rests_on=rests_on,
            request_rules=profile.request_rules + lists.request_rules,
            contraindications=profile.contraindications + lists.contraindications,
            cautions=profile.cautions + lists.cautions,
            technique=profile.technique + lists.technique,
            pitfalls=profile.pitfalls + lists.pitfalls,
            limits=profile.limits + lists.limits,
            documents=profile.documents + lists.documents,
            file=value.place.file,
            line=value.line,
        )

    def _effective(self, fields: Fields) -> tuple[date | None, date | None]:
        if "effective" not in fields:
            return None, None
        parts = fields["effective"].fields(frozenset({"from", "to"}), "effective")
        since = parts["from"].day() if "from" in parts else None
        until = parts["to"].day() if "to" in parts else None
        if since and until and until < since:
            fields["effective"].complain("the period ends before it begins")
        return since, until

    def _profiles(self, fields: Fields, known: dict[str, SafetyProfile]) -> SafetyProfile:
        merged = SafetyProfile(id="merged")
        for name in texts_of(fields, "safety"):
            profile = known.get(name)
            if profile is None:
                self.criteria.check_name(fields["safety"], "safety", name)
                continue
            merged = SafetyProfile(
                id="merged",
                contraindications=merged.contraindications + profile.contraindications,
                cautions=merged.cautions + profile.cautions,
                technique=merged.technique + profile.technique,
                pitfalls=merged.pitfalls + profile.pitfalls,
                limits=merged.limits + profile.limits,
                documents=merged.documents + profile.documents,
                request_rules=merged.request_rules + profile.request_rules,
            )
        return merged

    def profile(self, name: str, value: YamlValue) -> SafetyProfile:
        """One safety profile."""
        fields = value.fields(_LISTS | {"rests_on", "title", "note"}, "a safety profile")
        lists = self.lists(fields, self.statements(fields), set())
        return SafetyProfile(
            id=name,
            contraindications=lists.contraindications,
            cautions=lists.cautions,
            technique=lists.technique,
            pitfalls=lists.pitfalls,
            limits=lists.limits,
            documents=lists.documents,
            request_rules=lists.request_rules,
        )

    def lists(self, fields: Fields, inherited: tuple[str, ...], used: set[str]) -> SafetyProfile:
        """The seven lists that policies and safety profiles share."""

        def parts(name: str) -> list[YamlValue]:
            return fields[name].items() if name in fields else []

        return SafetyProfile(
            id="",
            contraindications=tuple(
                found
                for part in parts("contraindications")
                if (found := self._contraindication(part, inherited, used))
            ),
            cautions=tuple(self._cited(part, inherited, used) for part in parts("cautions")),
            technique=tuple(self._cited(part, inherited, used) for part in parts("technique")),
            pitfalls=tuple(self._cited(part, inherited, used) for part in parts("pitfalls")),
            limits=tuple(self._cited(part, inherited, used) for part in parts("limits")),
            documents=tuple(self._cited(part, inherited, used) for part in parts("documents")),
            request_rules=tuple(
                item
                for part in parts("request_rules")
                if (item := self._request_rule(part, inherited, used))
            ),
        )

    def statements(self, fields: Fields, inherited: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The `rests_on` field, each id checked; the parent's where there is none."""
        own = texts_of(fields, "rests_on")
        for name in own:
            self.criteria.check_name(fields["rests_on"], "statements", name)
        return own or inherited

    def _indication(
        self, value: YamlValue, inherited: tuple[str, ...], used: set[str]
    ) -> Indication | None:
        fields = value.fields(_INDICATION, "an indication")
        required(value, fields, "id", "title", "diagnoses", "position")
        if "position" not in fields or "diagnoses" not in fields or "id" not in fields:
            return None
        position = self._position(fields["position"])
        if position is None:
            return None
        rests_on = self.statements(fields, inherited)
        own_ids: set[str] = set()
        scope = self._scope(fields["scope"], rests_on, own_ids) if "scope" in fields else None
        requires = (
            self.criteria.read(fields["requires"], rests_on, own_ids)
            if "requires" in fields
            else None
        )
        return Indication(
            id=fields["id"].text(),
            title=text_of(fields, "title"),
            plain=text_of(fields, "plain"),
            diagnoses=self.criteria.diagnoses(fields["diagnoses"]),
            scope=scope,
            position=position,
            rests_on=rests_on,
            requires=requires,
            ask=self._code_questions(fields),
            note=text_of(fields, "note"),
            verified=not rests_on or self.criteria.supported(rests_on),
            line=value.line,
        )

    def _scope(
        self, value: YamlValue, rests_on: tuple[str, ...], used: set[str]
    ) -> c.Criterion | None:
        parts: list[c.Criterion] = []
        for name, entry in value.entries():
            if name == "when":
                tree = self.criteria.read(entry, rests_on, used)
                if tree is not None:
                    parts.append(tree)
                continue
            known = self.criteria.facts.get(name)
            if known is None:
                entry.complain(f"'{name}' is not in the fact dictionary")
                continue
            used.add(name)
            if known.kind == "flag":
                flag = c.Flag(id=name, fact=name, rests_on=rests_on, line=entry.line)
                word = entry.text()
                if word not in ("true", "false", "present", "absent"):
                    entry.complain(f"'{name}' is a flag: write present or absent")
                if word in ("false", "absent"):
                    parts.append(
                        c.NoneOf(
                            id=f"no-{name}", children=(flag,), rests_on=rests_on, line=entry.line
                        )
                    )
                else:
                    parts.append(flag)
                continue
            values = self.criteria.choice_values(entry, known)
            parts.append(
                c.Choice(id=name, fact=name, values=values, rests_on=rests_on, line=entry.line)
            )
        if len(parts) == 1:
            return parts[0]
        return (
            c.AllOf(id="scope", children=tuple(parts), rests_on=rests_on, line=value.line)
            if parts
            else None
        )

    def _position(self, value: YamlValue) -> Position | None:
        fields = value.fields(
            frozenset({"direction", "strength", "certainty", "searched"}), "a position"
        )
        required(value, fields, "direction")
        if "direction" not in fields:
            return None
        direction = fields["direction"].one_of(get_args(Direction), "a direction")
        if direction is None:
            return None

        def word(name: str, vocabulary: tuple[str, ...]) -> str | None:
            if optional_text(fields, name) is None:
                return None
            return fields[name].one_of(vocabulary, f"a {name}")

        searched = fields["searched"].day() if "searched" in fields else None
        if direction == "none_found" and searched is None:
            value.complain("'none_found' needs the date of the search", "add searched: 2026-11-23")
        return Position(
            direction=direction,  # type: ignore[arg-type]  # one_of has checked it
            strength=word("strength", get_args(Strength)),  # type: ignore[arg-type]  # likewise
            certainty=word("certainty", get_args(Certainty)),  # type: ignore[arg-type]  # likewise
            searched=searched,
        )

    def _code_questions(self, fields: Fields) -> tuple[CodeQuestion, ...]:
        if "ask" not in fields:
            return ()
        found = []
        for part in fields["ask"].items():
            if not part.is_map:
                found.append(CodeQuestion(question=part.text()))
                continue
            entries = part.fields(frozenset({"question", "code", "why"}), "a question")
            required(part, entries, "question")
            found.append(
                CodeQuestion(
                    question=text_of(entries, "question"), code=optional_text(entries, "code")
                )
            )
        return tuple(found)

    def _request_rule(
        self, value: YamlValue, inherited: tuple[str, ...], used: set[str]
    ) -> RequestRule | None:
        fields = value.fields(
            frozenset({"id", "title", "rule", "message", "rests_on", "plain", "note"}),
            "a request rule",
        )
        required(value, fields, "id", "title", "rule", "message")
        if "rule" not in fields:
            return None
        rests_on = self.statements(fields, inherited)
        rule = self.criteria.read(fields["rule"], rests_on, set())
        if rule is None:
            return None
        return RequestRule(
            id=text_of(fields, "id"),
            title=text_of(fields, "title"),
            rule=rule,
            message=text_of(fields, "message"),
            rests_on=rests_on,
            verified=not rests_on or self.criteria.supported(rests_on),
            line=value.line,
        )

    def _contraindication(
        self, value: YamlValue, inherited: tuple[str, ...], used: set[str]
    ) -> Contraindication | None:
        known = frozenset(
            {"id", "severity", "when", "message", "plain", "rests_on", "title", "note"}
        )
        fields = value.fields(known, "a contraindication")
        required(value, fields, "id", "severity", "when", "message")
        if "when" not in fields or "severity" not in fields:
            return None
        severity = fields["severity"].one_of(("absolute", "relative"), "absolute or relative")
        rests_on = self.statements(fields, inherited)
        when = self.criteria.read(fields["when"], rests_on, set())
        if when is None or severity is None:
            return None
        return Contraindication(
            id=text_of(fields, "id"),
            severity=severity,  # type: ignore[arg-type]  # one_of has checked it
            when=when,
            message=text_of(fields, "message"),
            plain=text_of(fields, "plain"),
            rests_on=rests_on,
            verified=not rests_on or self.criteria.supported(rests_on),
            line=value.line,
        )

    def _cited(self, value: YamlValue, inherited: tuple[str, ...], used: set[str]) -> CitedText:
        known = frozenset({"id", "message", "what", "plain", "when", "rests_on", "title", "note"})
        fields = value.fields(known, "a cited sentence")
        message = text_of(fields, "message") or text_of(fields, "what")
        if not message:
            value.complain(
                "the sentence itself is missing", "add message: (or what: for a document)"
            )
        rests_on = self.statements(fields, inherited)
        return CitedText(
            id=text_of(fields, "id", "text"),
            message=message,
            plain=text_of(fields, "plain"),
            rests_on=rests_on,
            when=self.criteria.read(fields["when"], rests_on, set()) if "when" in fields else None,
            line=value.line,
        )

    def coding_rule(self, value: YamlValue) -> CodingRule | None:
        """One coding rule."""
        known = frozenset(
            {
                "id",
                "kind",
                "services",
                "diagnoses",
                "message",
                "ask",
                "rests_on",
                "when",
                "note",
                "plain",
            }
        )
        fields = value.fields(known, "a coding rule")
        required(value, fields, "id", "kind", "message")
        kind = (
            fields["kind"].one_of(("mismatch", "note"), "mismatch or note")
            if "kind" in fields
            else None
        )
        if kind is None:
            return None
        rests_on = self.statements(fields)
        return CodingRule(
            id=text_of(fields, "id"),
            kind=kind,  # type: ignore[arg-type]  # one_of has checked it
            message=text_of(fields, "message"),
            services=self.criteria.services(fields["services"]) if "services" in fields else (),
            diagnoses=self.criteria.diagnoses(fields["diagnoses"]) if "diagnoses" in fields else (),
            when=self.criteria.read(fields["when"], rests_on, set()) if "when" in fields else None,
            ask=self._code_questions(fields),
            rests_on=rests_on,
            verified=not rests_on or self.criteria.supported(rests_on),
            line=value.line,
        )

    def conflict(self, value: YamlValue) -> ConflictRecord:
        """One disagreement between sources."""
        fields = value.fields(
            frozenset({"about", "services", "diagnoses", "statements", "id", "note"}), "a conflict"
        )
        required(value, fields, "about", "statements")
        statements = texts_of(fields, "statements")
        for name in statements:
            self.criteria.check_name(fields["statements"], "statements", name)
        return ConflictRecord(
            about=text_of(fields, "about"),
            services=self.criteria.services(fields["services"]) if "services" in fields else (),
            diagnoses=self.criteria.diagnoses(fields["diagnoses"])
            if "diagnoses" in fields
            else ("any",),
            statements=statements,
            line=value.line,
        )
