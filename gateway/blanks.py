"""What fits into a blank of a path, by its name; into one that is called `…_id`, an id."""

import re
from typing import Final

BLANKS: Final = {
    "{pay_month}": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    "{number}": re.compile(r"[1-9][0-9]{0,17}"),
    "{act}": re.compile(r"[a-z]+(-[a-z]+){0,5}"),
    "{year}": re.compile(r"20[0-9]{2}"),
    "{area}": re.compile(r"[0-9]{6}([0-9]{3}([0-9]{3})?)?"),
    "{village}": re.compile(r"[0-9]{12}"),
    "{town}": re.compile(r"[0-9]{9}"),
    "{serial}": re.compile(r"[1-9][0-9]{0,8}"),
    "{form}": re.compile(r"[a-z]+(-[a-z]+){0,5}"),
    "{export}": re.compile(r"pdf|workbook"),
    "{which}": re.compile(r"content|annotated|answers"),
    "{template}": re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,8}"),
    "{letter}": re.compile(r"[a-z]+(-[a-z]+){0,5}"),
    "{report}": re.compile(r"month|quarter|year"),
    "{period}": re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4])?"),
    "{line}": re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,9}"),
    "{kind}": re.compile(r"[a-z]+(-[a-z]+){0,5}"),
    "{feed}": re.compile(r"[a-z]+(-[a-z]+){0,5}"),
    "{side}": re.compile(r"matched|only-here|only-there"),
    "{batch}": re.compile(r"[1-4]|(assisted|registered)-only|monitored-only-(here|there)"),
    "{part}": re.compile(r"[a-z]{1,20}"),
}
