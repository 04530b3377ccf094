"""Every system of people and cases has a test that shows it."""

from tests.systems import shown, systems


def test_a_mark_names_a_system_there_is() -> None:
    assert set(shown()) <= set(systems())
