"""The law as code: dated numbers, small rules, worked cases; pure, without clock or database."""

from policies.counties.laying_out import UNKNOWN, Laid, lay_out
from policies.counties.outcome import Award, Hold, Outcome
from policies.counties.snapshot import Snapshot
from policies.engine.answers import Answer, FailedTest, Part, Programme
from policies.engine.law import Law
from policies.engine.workings import Evidence, Explained, Working
from policies.reading.documents import PackFault
from policies.reading.loading import load
from policies.reading.words import Words

__all__ = [
    "UNKNOWN",
    "Answer",
    "Award",
    "Evidence",
    "Explained",
    "FailedTest",
    "Hold",
    "Laid",
    "Law",
    "Outcome",
    "PackFault",
    "Part",
    "Programme",
    "Snapshot",
    "Words",
    "Working",
    "lay_out",
    "load",
]
