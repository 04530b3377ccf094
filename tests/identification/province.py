"""The province at its desk: it writes lists by the templates and reads what comes back."""

import csv
import io
from collections.abc import Iterable
from typing import Any, Final

import httpx
import xlsxwriter

from services.identification.exchange.templates import Template, read_templates
from services.identification.roster.xlsx import Workbook
from shared.callers import Caller
from tests.identification.caseworkers import staff
from tests.identification.makers import VILLAGE
from tests.identification.register import Register

TEMPLATES: Final = read_templates()
SUN_YU: Final = staff("sun-yu", {"exchange:bring", "exchange:answer", "low-income:read"})
"""Of the county, who carries files to the province and back."""
ZHOU_JIE: Final = staff(
    "zhou-jie", {"exchange:answer", "low-income:read", "low-income:keep"}, VILLAGE[:9]
)
"""Of the township, who looks into what the province warns of."""
MA_JUN: Final = staff("ma-jun", {"exchange:answer"})
"""Of the county, who looks once more where an answer pays what is held."""
MA_LAN: Final = staff(
    "ma-lan",
    {"low-income:read", "low-income:keep", "low-income:agree", "low-income:file"},
    VILLAGE[:9],
)
"""The head of the township's office."""
OTHER_TOWN: Final = staff(
    "bai-xue",
    {
        "exchange:answer",
        "low-income:read",
        "low-income:keep",
        "low-income:agree",
        "low-income:file",
    },
    "511425102",
)


def a_list(template: str, rows: Iterable[dict[str, Any]], form: str = "xlsx") -> bytes:
    """A list as the province sends it: headings of the template, the rows in its codes."""
    found = TEMPLATES[template]
    headings = [each.heading for each in found.columns.values()]
    lines = [[_theirs(found, name, row.get(name)) for name in found.columns] for row in rows]
    if form != "xlsx":
        text = io.StringIO(newline="")
        csv.writer(text).writerows([headings, *lines])
        return text.getvalue().encode("gb18030" if form == "csv-gb18030" else "utf-8-sig")
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet(found.sheet)
        for number, line in enumerate([headings, *lines]):
            for at, cell in enumerate(line):
                sheet.write_string(number, at, cell)
    return content.getvalue()


def read(template: str, content: bytes) -> list[dict[str, str]]:
    """The rows of a file that came from us, by the names of the template's columns."""
    found = TEMPLATES[template]
    names = {each.heading: name for name, each in {**found.columns, **found.answers}.items()}
    if content.startswith(b"PK"):
        book = Workbook(io.BytesIO(content))
        rows = [
            ["" if cell is None else str(cell) for cell in cells]
            for _, cells in book.rows(book.sheet_names[0])
        ]
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030")
        rows = list(csv.reader(io.StringIO(text)))
    headings = [names.get(heading, heading) for heading in rows[0]]
    return [
        dict(zip(headings, [*row, *[""] * (len(headings) - len(row))], strict=True))
        for row in rows[1:]
    ]


async def bring(
    register: Register, template: str, content: bytes, by: Caller = SUN_YU
) -> httpx.Response:
    """Hand a file of the province in; the answer as it comes."""
    return await register.client.post(
        "/exchange/files",
        params={"template": template},
        content=content,
        headers=register.headers(by),
    )


async def brought(register: Register, template: str, content: bytes) -> dict[str, Any]:
    """Hand a file in that is applied."""
    answer = await bring(register, template, content)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert found["state"] == "applied", found
    return found


async def fetched(
    register: Register, template: str, form: str | None = None
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """A file that goes out, and its rows."""
    words = {"template": template} | ({"form": form} if form else {})
    made = await register.client.post(
        "/exchange/outgoing", json=words, headers=register.headers(SUN_YU)
    )
    assert made.status_code == 201, made.text
    file: dict[str, Any] = made.json()
    content = await register.get(f"/exchange/files/{file['file_id']}/content", SUN_YU)
    return file, read(template, content.content)


async def post(register: Register, path: str, by: Caller, **words: Any) -> httpx.Response:
    """Ask for something at a desk."""
    return await register.client.post(path, json=words, headers=register.headers(by))


def _theirs(template: Template, name: str, said: Any) -> str:
    column = template.columns[name]
    if said is None:
        return ""
    return column.code_of(str(said)) if column.type == "code" else str(said)
