"""The law as code: dated numbers, small rules, worked cases; pure, without clock or database."""

from policies.county import Award, Hold, Outcome
from policies.documents import PackFault
from policies.facts import Words
from policies.law import Answer, FailedTest, Law, Programme, load
from policies.snapshot import Snapshot
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
    "Programme",
    "Snapshot",
    "Words",
    "Working",
    "load",
]
