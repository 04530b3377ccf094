"""Every system of people and cases has a test that shows it, and its page says which."""

from tests.systems import PAGE, page, shown, systems


def test_a_mark_names_a_system_there_is() -> None:
    assert set(shown()) <= set(systems())


def test_every_system_is_shown_by_a_test() -> None:
    assert set(systems()) <= set(shown())


def test_the_page_of_systems_says_what_the_marks_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make systems writes it anew"
