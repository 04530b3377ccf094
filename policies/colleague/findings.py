"""What a careful colleague says of a pack: which file, which line, and what is wrong."""

from dataclasses import dataclass
from pathlib import Path

from policies.reading.documents import PackFault


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to be mended; `kind` is a word for machines."""

    path: Path
    line: int
    kind: str
    why: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.why}"

    @classmethod
    def of(cls, fault: PackFault) -> "Finding":
        """Something that cannot be read, and would be refused."""
        return cls(fault.path, fault.line, "refused", fault.why)
