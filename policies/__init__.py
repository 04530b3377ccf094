"""The law as code: dated numbers, small rules, worked cases; pure, without clock or database."""

from policies.answers import Answer, FailedTest, Part, Programme
from policies.documents import PackFault
from policies.law import Law
from policies.loading import load
from policies.outcome import Award, Hold, Outcome
from policies.snapshot import Snapshot
from policies.words import Words
from policies.workings import Evidence, Working

__all__ = [
    "Answer",
    "Award",
    "Evidence",
    "FailedTest",
    "Hold",
    "Law",
    "Outcome",
    "PackFault",
    "Part",
    "Programme",
    "Snapshot",
    "Words",
    "Working",
    "load",
]
