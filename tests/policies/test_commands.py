"""`python -m policies`: the commands it offers, and what it says to words it does not know."""

import subprocess
import sys

import pytest

from policies.__main__ import main

Captured = pytest.CaptureFixture[str]


def test_without_a_word_the_commands_are_listed_and_it_is_a_refusal(capsys: Captured) -> None:
    assert main([]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "coverage" in said.err


def test_who_asks_what_there_is_gets_the_list(capsys: Captured) -> None:
    assert main(["--help"]) == 0
    assert "coverage" in capsys.readouterr().out


def test_an_unknown_word_is_named(capsys: Captured) -> None:
    assert main(["chekc"]) == 2
    assert capsys.readouterr().err.startswith("there is no command chekc\n")


def test_a_known_word_hands_the_rest_on() -> None:
    asked = [sys.executable, "-m", "policies", "coverage", "--help"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603  # Our own interpreter and our own room.
    assert "--check" in done.stdout
