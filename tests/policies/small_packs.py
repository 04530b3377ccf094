"""A small law of its own – one pack, the nation, one valley – for tests that spoil it."""

from pathlib import Path

FILES = {
    "reasons.yaml": "unknown: {zh: 情况不明, en: unknown}\n",
    "sources.yaml": """\
winter-notice:
  title: {zh: 冬季取暖通知, en: notice on heating in winter}
valley-notice:
  title: {zh: 山谷县取暖通知, en: notice of the valley on heating}
""",
    "heating/README.md": "# Heating\n",
    "heating/rules.py": '''\
"""Heating: so much for a room, less what the employer pays."""

from policies.arithmetic import Table
from policies.marks import award, household, must_be


@must_be(at_least=1)
@household(source="winter-notice decision")
def heating_decided(on_heating: int) -> int:
    """The county has granted this household heating."""
    return on_heating


@household(source="winter-notice rate")
def heating_rate_fen(rooms: int, heating_room_fen: Table, registration: int) -> int:
    """So much for every room."""
    return rooms * heating_room_fen[registration]


@must_be(more_than=0)
@household(source="winter-notice rate")
def heating_left_fen(heating_rate_fen: int, employer_pays_fen: int, heating_least_fen: int) -> int:
    """What the employer does not pay, unless it is next to nothing."""
    left = heating_rate_fen - employer_pays_fen
    return left if left >= heating_least_fen else 0


@award
@household(source="winter-notice")
def heating_award_fen(heating_left_fen: int) -> int:
    """What is left is paid."""
    return heating_left_fen
''',
    "heating/words.yaml": """\
rules:
  heating_decided:
    label: {zh: 已批准取暖补助, en: heating granted}
    zh: 县级已批准取暖补助。
    otherwise: {zh: 没有批准取暖补助。, en: Heating was not granted.}
  heating_rate_fen:
    label: {zh: 取暖费, en: cost of heating}
    zh: 每间房按标准计算。
  heating_left_fen:
    label: {zh: 单位承担后的余额, en: left by the employer}
    zh: 扣除单位承担部分后的余额。
    otherwise: {zh: 单位已承担。, en: The employer pays it.}
  heating_award_fen:
    label: {zh: 取暖补助, en: heating aid}
    zh: 余额予以补助。
""",
    "heating/facts.yaml": """\
on_heating:
  of: household
  unit: flag
  label: {zh: 已批准取暖补助, en: heating granted}
  proof: {zh: 决定, en: the decision}
rooms:
  of: household
  unit: count
  at_most: 20
  label: {zh: 房间数, en: rooms}
  proof: {zh: 调查, en: the visit}
employer_pays_fen:
  of: household
  unit: fen
  label: {zh: 单位承担, en: paid by the employer}
  proof: {zh: 证明, en: the certificate}
registration:
  of: household
  unit: code
  label: {zh: 户籍类别, en: kind of registration}
  proof: {zh: 户口簿, en: the household register}
  ordinary: rural
  codes:
    1: {name: urban, zh: 城镇, en: urban}
    2: {name: rural, zh: 农村, en: rural}
""",
    "heating/numbers.yaml": """\
heating_room_fen:
  label: {zh: 每间标准, en: rate of a room}
  unit: fen
  by: registration
heating_least_fen:
  label: {zh: 起补金额, en: least that is paid}
  unit: fen
  values:
    - {since: 2020-01, amount: 100, source: winter-notice, standing: printed}
""",
    "heating/programme.yaml": """\
name: {zh: 取暖补助, en: Heating}
gives: money
period: month
payee: household
""",
    "heating/cases/heating.yaml": """\
- name: Nobody granted it
  month: 2020-01
  household: {rooms: 2}
  expect: {household: {heating: {fails: heating_decided}}}
- name: The employer pays it all
  month: 2019-12..2020-01
  numbers: {heating_room_fen: {urban: 5000, rural: 4000}, heating_least_fen: 1}
  household: {on_heating: yes, rooms: 2, employer_pays_fen: 8000}
  expect: {household: {heating: {fails: heating_left_fen}}}
- name: Before anything began nothing is known
  month: 2019-12
  household: {on_heating: yes, rooms: 2}
  expect: {household: {heating: {held: no-number-heating_room_fen}}}
- name: Two rooms are paid for
  month: 2020-01
  numbers: {heating_room_fen: {urban: 5000, rural: 4000}}
  household: {on_heating: yes, rooms: 2, employer_pays_fen: 1000}
  expect: {household: {heating: 7000}}
""",
    "places/nation/place.yaml": """\
name: {zh: 全国, en: the nation}
demonstration: no
calendar: {cut_off_day: 25, pay_day: 10}
families: {}
offers: all
funds:
  any: {zh: 资金, en: any fund, programmes: all}
""",
    "places/valley/place.yaml": """\
name: {zh: 山谷县, en: Valley County}
demonstration: no
calendar: {cut_off_day: 25, pay_day: 10}
families:
  winter: {zh: 冬季, en: winter, programmes: [heating]}
funds:
  any: {zh: 资金, en: any fund, programmes: all}
budget_items:
  heating: {urban: 2081901, rural: 2081902}
""",
    "places/valley/heating.yaml": """\
heating_room_fen:
  urban:
    - {since: 2021-10, amount: 6000, source: valley-notice, standing: confirmed}
    - {since: 2022-10, amount: 7000, source: valley-notice, standing: lead}
  rural:
    - {since: 2021-10, amount: 5000, source: valley-notice, standing: printed}
""",
    "places/valley/cases/heating.yaml": """\
- name: One room in the first month of the valley's own rate, and nothing known before
  month: 2021-10
  household: {on_heating: yes, rooms: 1}
  expect: {household: {heating: 5000}}
- name: The month before the rate
  month: 2021-09
  household: {on_heating: yes, rooms: 1}
  expect: {household: {heating: {held: no-number-heating_room_fen}}}
- name: A town room before and after the raise
  month: 2022-09..2022-10
  household: {on_heating: yes, rooms: 1, registration: urban}
  expect: {household: {heating: 13000}}
""",
}


def write(folder: Path) -> Path:
    """Put the whole law in a folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    """Write something else in one place of one file."""
    path = folder / name
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    assert old in text, f"{old!r} is not in {name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(folder: Path, name: str, text: str) -> int:
    """The line of a file on which something stands first."""
    lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
    return next(number for number, line in enumerate(lines, 1) if text in line)
