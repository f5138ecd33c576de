"""The reckoning of one clock: from it come the reading, every check, and the words that explain both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from ..policy.clock_rule import ClockExtension, ClockPause, ClockRule, TimeLimit, Urgency
from .clock_record import Extension, Pause, UrgencyChange
from .errors import NotAllowed
from .running_time import aware, days_later, in_words, whole_days_between, with_pauses


class Reckoning:
    """One clock of a case at one moment.

    Raises `InputError` for a moment without a time zone.
    """

    def __init__(
        self,
        rule: ClockRule,
        urgency: Urgency,
        received_at: datetime,
        extensions: Sequence[Extension],
        pauses: Sequence[Pause],
        now: datetime,
        changes: Sequence[UrgencyChange],
        zone: tzinfo,
    ) -> None:
        self.rule, self.urgency, self.zone = rule, urgency, zone
        self.received = aware(received_at, "received_at")
        self.now = aware(now, "now")
        self.granted = tuple(
            one for one in extensions if aware(one.granted_at, "extensions") <= self.now
        )
        self.recorded = tuple(one for one in pauses if aware(one.since, "pauses") <= self.now)
        self.limit: TimeLimit = rule.limit(urgency)
        self.start = self._start(changes)
        self.extended = self._counted(urgency)
        self.stops = self._stops(urgency, self.extended)
        base = self._base(urgency, self.start)
        #: Whether an expedited clock ends with the standard one, which would have ended sooner.
        self.capped = False
        if self.start > self.received:
            standard = self._standard_end(self.start)
            self.capped = standard < base
            base = min(base, standard)
        #: Where the clock would end without any pause.
        self.reached = self._extended(base, self.extended)
        self.end, self.paused_since = with_pauses(self.start, self.reached, self.stops, self.now)

    def _start(self, changes: Sequence[UrgencyChange]) -> datetime:
        asked = [aware(change.at, "changes") for change in changes if change.to == "expedited"]
        if self.urgency == "standard" or not asked:
            return self.received
        return max(self.received, max(asked))

    def _counted(self, urgency: Urgency) -> tuple[Extension, ...]:
        """The extensions of a clock that its rule allows, in the order they were granted."""
        allowed = self.rule.extension
        if allowed is None or urgency not in allowed.of:
            return ()
        own = [one for one in self.granted if one.of == urgency]
        return tuple(sorted(own, key=lambda one: one.granted_at)[: allowed.times])

    def _stops(
        self, urgency: Urgency, extended: Sequence[Extension]
    ) -> tuple[tuple[datetime, datetime | None], ...]:
        """The pauses that the rule allows of a clock."""
        allowed = self.rule.pause
        if not allowed.allowed or urgency not in allowed.of:
            return ()
        first = min((one.granted_at for one in extended), default=None)
        return tuple(
            (one.since, one.until)
            for one in self.recorded
            if not allowed.only_when_extended or (first is not None and first <= one.since)
        )

    def _base(self, urgency: Urgency, start: datetime) -> datetime:
        limit = self.rule.limit(urgency)
        if limit.unit == "days":
            return days_later(start, limit.number, self.zone)
        return start + timedelta(hours=limit.number)

    def _extended(self, end: datetime, extended: Sequence[Extension]) -> datetime:
        allowed, days = self.rule.extension, sum(one.days for one in extended)
        if allowed is None or not days:
            return end
        if allowed.counted == "beyond":
            return days_later(end, min(days, allowed.days), self.zone)
        most = days_later(self.received, allowed.days, self.zone)
        return max(end, min(days_later(end, days, self.zone), most))

    def _standard_end(self, at: datetime) -> datetime:
        """Where the standard clock ended, as it stood at a moment."""
        extended = [one for one in self._counted("standard") if one.granted_at <= at]
        end = self._extended(self._base("standard", self.received), extended)
        return with_pauses(self.received, end, self._stops("standard", extended), at)[0]

    # --- what is allowed ------------------------------------------------------------------------

    @property
    def extend_by(self) -> int:
        """How many calendar days the rule still gives."""
        allowed = self.rule.extension
        if allowed is None or self.urgency not in allowed.of:
            return 0
        if allowed.counted == "beyond":
            return max(allowed.days - sum(one.days for one in self.extended), 0)
        most = days_later(self.received, allowed.days, self.zone)
        return whole_days_between(self.reached, most, self.zone)

    def refuses_extension(self) -> NotAllowed | None:
        """Why the clock may not be extended now, or None."""
        allowed = self.rule.extension
        if allowed is None or self.urgency not in allowed.of:
            return NotAllowed(
                f"the rule of '{self.rule.id}' allows no extension of a case that is {self.urgency}",
                mend="decide it in time",
            )
        if self.now > self.end:
            return NotAllowed("the time has run out", mend="decide the case")
        if allowed.times is not None and len(self.extended) >= allowed.times:
            return NotAllowed(
                f"it was extended as often as the rule of '{self.rule.id}' allows",
                mend="decide it in time",
            )
        if not self.extend_by:
            return NotAllowed(
                f"it was extended as far as the rule of '{self.rule.id}' allows",
                mend="decide it in time",
            )
        return None

    def refuses_pause(self) -> NotAllowed | None:
        """Why the clock may not be stopped now, or None."""
        allowed = self.rule.pause
        if not allowed.allowed or self.urgency not in allowed.of:
            reason = f": {allowed.because}" if allowed.because else ""
            return NotAllowed(
                f"the rule of '{self.rule.id}' allows no pause of a case that is {self.urgency}{reason}",
                mend="use an extension"
                if self.refuses_extension() is None
                else "decide it in time",
            )
        if self.paused_since is not None:
            return NotAllowed("the clock stands still already", mend="resume it first")
        if self.now >= self.end:
            return NotAllowed("the time has run out", mend="decide the case")
        if allowed.only_when_extended and not self.extended:
            return NotAllowed(
                f"the rule of '{self.rule.id}' allows a pause only after an extension",
                mend="extend it first, and say what information is missing",
            )
        return None

    # --- in words -------------------------------------------------------------------------------

    def why(self) -> list[str]:
        """The reading in sentences, each with what it rests on."""
        rule = self.rule
        later = self.start > self.received
        origin = "the request to expedite" if later else "receipt"
        said = [
            f"{self.urgency.capitalize()}: {self.limit.text()} from {origin} ({_cited(self.limit)})."
        ]
        if self.capped:
            said.append("It ends no later than the standard clock, which runs from receipt.")
        if self.extended and rule.extension is not None:
            days = sum(one.days for one in self.extended)
            said.append(
                f"Extended by {days} calendar day{'' if days == 1 else 's'} "
                f"({rule.extension.text()}; {_cited(rule.extension)})."
            )
        own = [one for one in self.granted if one.of == self.urgency]
        if len(own) > len(self.extended):
            said.append(
                f"An extension is on record that the rule of '{rule.id}' does not allow; it does not count."
            )
        if self.paused_since is not None:
            said.append(f"The clock stands still ({_cited(rule.pause)}).")
        elif self.end > self.reached:
            said.append(
                f"It stood still for {in_words(self.end - self.reached)} ({_cited(rule.pause)})."
            )
        if len(self.recorded) > len(self.stops):
            said.append(
                f"A pause is on record that the rule of '{rule.id}' does not allow of a case that is "
                f"{self.urgency}; it does not count."
            )
        if not rule.pause.allowed and rule.pause.because:
            said.append(f"No pause: {rule.pause.because}.")
        if rule.because:
            said.append(f"House rule: {rule.because}.")
        return said

    def sources(self) -> tuple[str, ...]:
        """The sources that the reading rests on."""
        parts: list[TimeLimit | ClockExtension | ClockPause] = [self.limit]
        if self.extended and self.rule.extension is not None:
            parts.append(self.rule.extension)
        if self.stops:
            parts.append(self.rule.pause)
        return tuple(dict.fromkeys(name for part in parts for name in part.sources))


def _cited(part: TimeLimit | ClockExtension | ClockPause) -> str:
    if part.plan:
        return f"the plan's own text: {part.plan}"
    return f"source: {', '.join(part.sources)}" if part.sources else "house rule"
