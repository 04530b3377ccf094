"""What is wrong with a word that was said, in both languages."""

from datetime import date

from shared.kept import is_day


class Wrong(ValueError):
    """A word is not as it is asked for; says how it should be, never what stood there."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


def refuse_unmeant(day: date) -> None:
    """A day somebody may mean.

    Raises:
        Wrong: its year was mistyped.
    """
    if not is_day(day):
        raise Wrong("nobody means that day", "日期不对：年份写错了")
