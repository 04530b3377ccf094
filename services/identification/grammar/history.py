"""What was done so far: the acts of something, in their order, as the next act finds them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.identification.grammar.acts import Act
from services.identification.place_settings import PlaceSettings
from shared.callers import Caller


@dataclass(frozen=True)
class Done:
    """One act that was done, with its words; some may be `hidden` from whoever reads it."""

    act: str
    from_state: str
    to_state: str
    actor: str
    person: str
    done_on: date
    done_at: datetime
    words: Mapping[str, Any]
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class History:
    """What was done, who asks for more, and on which day; `words` are those of what is asked."""

    settings: PlaceSettings
    acts: Sequence[Done]
    caller: Caller
    today: date
    words: Mapping[str, Any]

    def done(self, *names: str) -> list[Done]:
        """The acts of these names, in their order."""
        return [each for each in self.acts if each.act in names]

    def since(self, *names: str) -> Sequence[Done]:
        """Everything since an act of these names was last done, with it; all, where none was."""
        began = max((place for place, each in enumerate(self.acts) if each.act in names), default=0)
        return self.acts[began:]

    def after(self, done: Done) -> Sequence[Done]:
        """Everything that was done after an act of it."""
        return self.acts[self.acts.index(done) + 1 :]

    def moved_by(self, name: str) -> bool:
        """Whether an act of a name brought it to where it stands."""
        moves = [each.act for each in self.acts if each.from_state != each.to_state]
        return moves[-1:] == [name]

    def did_none(self, *names: str) -> bool:
        """Whether the caller did none of these acts: some are for two people to do."""
        return self.caller.person not in {each.person for each in self.done(*names)}

    def last(self, name: str) -> Done | None:
        """The last act of a name."""
        found = self.done(name)
        return found[-1] if found else None

    def the_last(self, name: str) -> Done:
        """The last act of a name where the table lets nothing come this far without it."""
        found = self.last(name)
        assert found is not None, f"nobody did {name}"
        return found


def dates_are_past(acts: Iterable[Act], at: History) -> bool:
    """Whether no date that is said lies in the future; a day by which something is due may."""
    fields = [(act, field) for act in acts for field in act.fields.values()]
    dates = {field.name for act, field in fields if field.type == "date" and act.due != field.name}
    return all(str(at.words[name]) <= at.today.isoformat() for name in dates & at.words.keys())


def dates_in_order(act: Act, at: History) -> bool:
    """Whether every date that is said lies on or after what it is `since` in the table."""
    return all(
        str(at.words[field.name]) >= first_day
        for field in act.fields.values()
        if field.name in at.words
        for first_day in _days(field.since, at)
    )


def _days(since: Iterable[str], at: History) -> Iterator[str]:
    """The days, written in full, no earlier than which something is since acts or their words; of
    what `|` says is said anew by another act, as it was said last."""
    for named in since:
        names, _, word = named.partition(".")
        anew = names.split("|")
        for each in at.done(*anew)[-1 if anew[1:] else 0 :]:
            yield str(each.words[word]) if word else each.done_on.isoformat()
