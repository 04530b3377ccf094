"""One row of a roster as facts: every cell understood, or named as a fault."""

from dataclasses import dataclass, field
from datetime import date
from re import fullmatch
from typing import Final
from unicodedata import category

from stdnum import luhn

from services.identification import coded, id_numbers
from services.identification.places import Place
from services.identification.roster import columns, written
from services.identification.roster.columns import Field
from services.identification.roster.faults import Code, Fault, on_roster
from services.identification.roster.xlsx import Cell
from shared.months import Month
from shared.names import plain

_SIMPLE: Final = 9  # The columns that most people's rows end with.
_CODED: Final = 33  # The first of those only whoever has no ID number needs.
_MEMBERS_MAX: Final = 60
_TEXTS_MAX: Final = 100
_NAME_MAX: Final = 60
NUMBER_MOST: Final = 40
"""Signs of a number of the province."""
_AT_HAND: Final = frozenset({Field.FROM_MONTH, Field.UNTIL})
"""Months that lie no further ahead than the next, as those that a case names."""
_NOTHING: Final[list[Cell]] = [None] * len(columns.COLUMNS)
_ID_FLAWS: Final = {flaw: Code(flaw.value) for flaw in id_numbers.Flaw}


@dataclass(slots=True)
class AccountEntry:
    """Where money goes, as written in a row."""

    bank: str
    number: str
    kind: str
    since: str | None
    relation: str
    holder_name: str
    holder_number: str
    paper: str | None


@dataclass(slots=True)
class Entry:
    """One person's row."""

    row: int
    relation: str
    name: str
    id_number: str
    since: str
    until: str | None = None
    died_on: date | None = None
    phone: str | None = None
    tekun: bool = False
    care_mode: int | None = None
    self_care: int | None = None
    disability_grade: int | None = None
    disability_kind: int | None = None
    disability_living: bool = False
    disability_nursing: bool = False
    old_age: bool = False
    account: AccountEntry | None = None
    no_id_reason: str | None = None
    """Why there is no ID number; in its place stands what says the day of birth alone."""
    born_on: date | None = None
    code: str | None = None
    code_flaw: Code | None = None
    """What the register says against who this is said to be."""

    @property
    def assisted(self) -> bool:
        """On something that goes to the person."""
        return self.tekun or self.disability_living or self.disability_nursing or self.old_age


@dataclass(slots=True)
class HouseholdEntry:
    """The rows of one household, taken together."""

    number: str
    village: str
    registration: int
    members: list[Entry] = field(default_factory=list)
    dibao: bool = False
    income_fen: int | None = None
    decision_number: str | None = None
    decided_on: date | None = None
    from_month: str | None = None
    provincial_number: str | None = None

    @property
    def head(self) -> Entry:
        """The head of the household; there is one once the household was found whole."""
        return next(entry for entry in self.members if entry.relation == columns.HEAD)

    @property
    def assisted(self) -> bool:
        """Whether anybody here is on anything."""
        return self.dibao or any(entry.assisted for entry in self.members)


class EntryReader:
    """Reads rows as of a day; faults gather in `faults`."""

    def __init__(self, place: Place, today: date, from_1904: bool) -> None:
        self.faults: list[Fault] = []
        self._place = place
        self._today = today
        self._this_month = f"{today:%Y-%m}"
        self._next_month = str(Month.of(today).next())
        self._from_1904 = from_1904

    def household(self, rows: list[tuple[int, list[Cell]]]) -> HouseholdEntry:
        """The rows of one household; whatever is wrong with any of them is in `faults`."""
        if len(rows[0][1]) < len(columns.COLUMNS):
            # Put by before there were so many columns, and waiting since to be let in.
            rows = [(row, [*cells, *_NOTHING[len(cells) :]]) for row, cells in rows]
        first, cells = rows[0]
        whole = self._frame(first, cells)
        if len(rows) > _MEMBERS_MAX:
            self._fault(first, Field.HOUSEHOLD, Code.HOUSEHOLD_TOO_LARGE)
            return whole
        for row, cells in rows:
            if row != first:
                self._like_the_first(row, cells, whole)
            entry = self._entry(row, cells)
            whole.members.append(entry)
            if entry.relation == columns.HEAD:
                self._decision(row, cells, whole)
            else:
                self._nothing_of_the_heads(row, cells)
        if self._is_headed(whole, first) and whole.assisted and None in (
            whole.decision_number, whole.decided_on, whole.from_month,
        ):  # fmt: skip
            self._fault(whole.head.row, Field.DECISION_NUMBER, Code.DECISION_MISSING)
        if any(entry.no_id_reason is not None for entry in whole.members):
            self._codes(whole)
        return whole

    def _is_headed(self, whole: HouseholdEntry, first: int) -> bool:
        """Whether somebody heads it; nobody heads who stays once they left, and no two do."""
        heads = [each for each in whole.members if each.relation == columns.HEAD]
        for each in heads[1:]:
            self._fault(each.row, Field.RELATION, Code.HEAD_TWICE)
        if not heads:
            self._fault(first, Field.RELATION, Code.HEAD_MISSING)
        elif heads[0].until and not all(each.until for each in whole.members):
            more = "户主离户了，还有人住的，写明现在谁是户主"
            self._fault(heads[0].row, Field.RELATION, Code.HEAD_MISSING, more)
        return bool(heads)

    def _codes(self, whole: HouseholdEntry) -> None:
        """Nothing goes to whoever has no number, and nobody of them stands there twice."""
        seen = set()
        for entry in whole.members:
            if entry.no_id_reason is None:
                continue
            if entry.assisted or (whole.dibao and entry.relation == columns.HEAD):
                self._fault(entry.row, Field.ID_NUMBER, Code.NOTHING_TO_A_CODE)
            if (who := (plain(entry.name), entry.born_on)) in seen:
                self._fault(entry.row, Field.NAME, Code.PERSON_DUPLICATE)
            seen.add(who)

    def _frame(self, first: int, cells: list[Cell]) -> HouseholdEntry:
        number, village = written.text(cells[1]), written.plain(cells[2])
        if not number:
            self._fault(first, Field.HOUSEHOLD, Code.HOUSEHOLD_MISSING)
        else:
            self._fit(first, Field.HOUSEHOLD, number)
        if village not in self._place.villages:
            self._fault(first, Field.VILLAGE, Code.VILLAGE_UNKNOWN)
        registration = columns.REGISTRATIONS.get(written.plain(cells[6]), 0)
        if not registration:
            self._fault(first, Field.REGISTRATION, Code.REGISTRATION_UNKNOWN)
        return HouseholdEntry(number, village, registration)

    def _like_the_first(self, row: int, cells: list[Cell], whole: HouseholdEntry) -> None:
        if written.plain(cells[2]) != whole.village:
            self._fault(row, Field.VILLAGE, Code.VILLAGE_DIFFERS)
        if columns.REGISTRATIONS.get(written.plain(cells[6]), 0) != whole.registration:
            self._fault(row, Field.REGISTRATION, Code.REGISTRATION_DIFFERS)

    def _entry(self, row: int, cells: list[Cell]) -> Entry:
        relation, name = written.text(cells[3]), written.text(cells[4])
        if relation not in columns.RELATIONS:
            self._fault(row, Field.RELATION, Code.RELATION_UNKNOWN)
        if not name:
            self._fault(row, Field.NAME, Code.NAME_MISSING)
        else:
            self._fit(row, Field.NAME, name, _NAME_MAX)
        unnumbered = not written.text(cells[5]) and any(cells[_CODED:])
        number = "" if unnumbered else self._id_number(row, cells[5])
        since = self._month(row, Field.SINCE, cells[7])
        if not since:
            if not written.text(cells[7]):
                self._fault(row, Field.SINCE, Code.SINCE_MISSING)
        elif since > self._this_month:
            self._fault(row, Field.SINCE, Code.SINCE_FUTURE)
        entry = Entry(row, relation, name, number, since or "")
        if unnumbered:
            self._without_number(row, cells, entry)
        if any(cells[_SIMPLE - 1 :]):
            self._rest(row, cells, entry)
        return entry

    def _without_number(self, row: int, cells: list[Cell], entry: Entry) -> None:
        entry.code = written.plain(cells[_CODED]).upper() or None
        if entry.code and not fullmatch(coded.CODE_FORM, entry.code):
            self._fault(row, Field.TEMPORARY_CODE, Code.CODE_FORM)
        entry.no_id_reason = written.text(cells[_CODED + 1])
        if not entry.no_id_reason:
            self._fault(row, Field.NO_ID_REASON, Code.REASON_MISSING)
        self._fit(row, Field.NO_ID_REASON, entry.no_id_reason)
        faults = len(self.faults)
        entry.born_on = self._day(row, Field.BORN_ON, cells[_CODED + 2])
        if entry.born_on is not None:
            # Whose code it is the register knows; until it is asked, the day is what counts.
            entry.id_number = coded.in_its_place(entry.code or entry.name, entry.born_on)
        elif len(self.faults) == faults:
            self._fault(row, Field.BORN_ON, Code.BORN_MISSING)

    def _rest(self, row: int, cells: list[Cell], entry: Entry) -> None:
        entry.until = self._month(row, Field.UNTIL, cells[8])
        if entry.until and entry.until < entry.since:
            self._fault(row, Field.UNTIL, Code.UNTIL_BEFORE_SINCE)
        entry.tekun = self._flag(row, Field.TEKUN, cells[11])
        entry.care_mode = self._word(row, Field.CARE_MODE, cells[12], columns.CARE_MODES)
        entry.self_care = self._word(row, Field.SELF_CARE, cells[13], columns.SELF_CARE)
        entry.disability_grade = self._word(
            row, Field.DISABILITY_GRADE, cells[14], columns.DISABILITY_GRADES
        )
        entry.disability_kind = self._word(
            row, Field.DISABILITY_KIND, cells[15], columns.DISABILITY_KINDS
        )
        entry.disability_living = self._flag(row, Field.DISABILITY_LIVING, cells[16])
        entry.disability_nursing = self._flag(row, Field.DISABILITY_NURSING, cells[17])
        entry.old_age = self._flag(row, Field.OLD_AGE, cells[18])
        entry.died_on = self._day(row, Field.DIED_ON, cells[19])
        if entry.died_on is not None and len(entry.id_number) == 18:
            born = id_numbers.birth_date(entry.id_number)
            if born is not None and entry.died_on < born:
                self._fault(row, Field.DIED_ON, Code.DIED_BEFORE_BIRTH)
        phone = written.plain(cells[20]).replace("-", "").replace(" ", "").removeprefix("+86")
        if phone and not (len(phone) == 11 and phone.isdigit() and phone.startswith("1")):
            self._fault(row, Field.PHONE, Code.PHONE_BAD)
        entry.phone = phone or None
        if any(cells[21:29]):
            entry.account = self._account(row, cells, entry)

    def _id_number(self, row: int, cell: Cell) -> str:
        if cell is None or cell == "":
            self._fault(row, Field.ID_NUMBER, Code.ID_MISSING)
            return ""
        if isinstance(cell, float) or (isinstance(cell, int) and cell >= 2**53):
            self._fault(row, Field.ID_NUMBER, Code.ID_AS_NUMBER)
            return ""
        number = id_numbers.normalise(written.text(cell))
        flaw = id_numbers.flaw(number, self._today)
        if flaw is not None:
            as_number = isinstance(cell, int) and len(number) > 15
            code = Code.ID_AS_NUMBER if as_number else _ID_FLAWS[flaw]
            self._fault(row, Field.ID_NUMBER, code)
        return number

    def _account(self, row: int, cells: list[Cell], entry: Entry) -> AccountEntry | None:
        bank_name, number = written.text(cells[21]), written.plain(cells[22]).replace(" ", "")
        kind = columns.ACCOUNT_KINDS.get(written.text(cells[23]))
        if not bank_name or not number or not written.text(cells[23]):
            self._fault(row, Field.ACCOUNT_NUMBER, Code.ACCOUNT_INCOMPLETE)
            return None
        bank = self._place.banks.get(bank_name)
        if bank is None:
            self._fault(row, Field.BANK, Code.BANK_UNKNOWN, f"可填：{self._place.bank_names()}")
        if kind is None:
            self._fault(row, Field.ACCOUNT_KIND, Code.WORD_UNKNOWN)
        if isinstance(cells[22], float) or (isinstance(cells[22], int) and len(number) > 15):
            self._fault(row, Field.ACCOUNT_NUMBER, Code.ACCOUNT_AS_NUMBER)
        elif not (8 <= len(number) <= 32 and number.isascii() and number.isdigit()):
            self._fault(row, Field.ACCOUNT_NUMBER, Code.ACCOUNT_FORM)
        elif kind == "card" and not luhn.is_valid(number):
            # A passbook's number need not check; a card's does.
            self._fault(row, Field.ACCOUNT_NUMBER, Code.ACCOUNT_CHECK_DIGIT)
        since = self._month(row, Field.ACCOUNT_SINCE, cells[24])
        said = written.text(cells[25])
        relation = columns.HOLDER_RELATIONS.get(said, "self" if not said else "")
        if not relation:
            self._fault(row, Field.HOLDER_RELATION, Code.WORD_UNKNOWN)
        own = relation in ("self", "household")
        name, holder, paper = (
            written.text(cells[26]),
            id_numbers.normalise(written.text(cells[27])),
            written.text(cells[28]) or None,
        )
        if own:
            name, holder = entry.name, entry.id_number
        elif relation:
            self._holder(row, relation, name, holder, paper)
        return AccountEntry(bank or "", number, kind or "", since, relation, name, holder, paper)

    def _holder(self, row: int, relation: str, name: str, number: str, paper: str | None) -> None:
        if not name or not number:
            self._fault(row, Field.HOLDER_NAME, Code.HOLDER_MISSING)
        else:
            self._fit(row, Field.HOLDER_NAME, name, _NAME_MAX)
            self._holder_number(row, relation, number)
        if not paper:
            self._fault(row, Field.PAPER, Code.PAPER_MISSING)
        else:
            self._fit(row, Field.PAPER, paper)

    def _holder_number(self, row: int, relation: str, number: str) -> None:
        if relation == "institution":
            if not id_numbers.is_credit_code(number):
                self._fault(row, Field.HOLDER_NUMBER, Code.HOLDER_NUMBER_BAD)
        elif id_numbers.flaw(number, self._today) is not None:
            self._fault(row, Field.HOLDER_NUMBER, Code.HOLDER_NUMBER_BAD)

    def _decision(self, row: int, cells: list[Cell], whole: HouseholdEntry) -> None:
        whole.dibao = self._flag(row, Field.DIBAO, cells[10])
        try:
            whole.income_fen = written.fen(cells[9])
        except ValueError:
            self._fault(row, Field.INCOME, Code.INCOME_BAD)
        whole.decision_number = written.text(cells[29]) or None
        self._fit(row, Field.DECISION_NUMBER, whole.decision_number or "")
        whole.decided_on = self._day(row, Field.DECIDED_ON, cells[30])
        whole.from_month = self._month(row, Field.FROM_MONTH, cells[31])
        whole.provincial_number = written.text(cells[32]) or None
        self._fit(row, Field.PROVINCIAL_NUMBER, whole.provincial_number or "", NUMBER_MOST)

    def _nothing_of_the_heads(self, row: int, cells: list[Cell]) -> None:
        if cells[10] and self._flag(row, Field.DIBAO, cells[10]):
            self._fault(row, Field.DIBAO, Code.NOT_ON_HEAD)
        if written.text(cells[9]):
            self._fault(row, Field.INCOME, Code.NOT_ON_HEAD)

    def _flag(self, row: int, column: Field, cell: Cell) -> bool:
        try:
            return written.flag(cell)
        except ValueError:
            self._fault(row, column, Code.FLAG_BAD)
            return False

    def _word(self, row: int, column: Field, cell: Cell, words: dict[str, int]) -> int | None:
        said = written.plain(cell)
        if not said:
            return None
        if said not in words:
            self._fault(row, column, Code.WORD_UNKNOWN)
        return words.get(said)

    def _day(self, row: int, column: Field, cell: Cell) -> date | None:
        try:
            day = written.day(cell, self._from_1904)
        except ValueError:
            self._fault(row, column, Code.DATE_BAD)
            return None
        if day is not None and day > self._today:
            self._fault(row, column, Code.DATE_FUTURE)
        return day

    def _month(self, row: int, column: Field, cell: Cell) -> str | None:
        if cell is None:
            return None
        try:
            month = written.month(cell, self._from_1904)
        except ValueError:
            self._fault(row, column, Code.MONTH_BAD)
            return None
        if month is not None and month > self._next_month and column in _AT_HAND:
            self._fault(row, column, Code.MONTH_TOO_FAR)
        return month

    def _fit(self, row: int, column: Field, words: str, length_max: int = _TEXTS_MAX) -> None:
        """Words that can be kept and printed as they stand."""
        if len(words) > length_max:
            self._fault(row, column, Code.TEXT_TOO_LONG)
        elif not words.isprintable() and any(
            category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in words
        ):
            # Joiners and marks of direction are unusual, but they print.
            self._fault(row, column, Code.TEXT_UNPRINTABLE)

    def _fault(self, row: int, column: Field, code: Code, more: str = "") -> None:
        self.faults.append(on_roster(row, column, code, more))
