"""What is wrong with a word that was said, in both languages."""


class Wrong(ValueError):
    """A word is not as it is asked for; says how it should be, never what stood there."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh
