"""Every system and every control has a test that says so, and its page says which."""

import pytest

from tests.systems import LISTINGS, Listing

each_listing = pytest.mark.parametrize("listing", LISTINGS, ids=lambda each: each.name)


@each_listing
def test_a_mark_names_something_there_is(listing: Listing) -> None:
    assert listing.shown.keys() <= listing.items.keys()


@each_listing
def test_everything_listed_has_a_test(listing: Listing) -> None:
    assert listing.items.keys() <= listing.shown.keys()


@each_listing
def test_the_page_says_what_the_marks_say(listing: Listing) -> None:
    said = listing.page_path.read_text(encoding="utf-8")
    assert said == listing.page(), "make systems writes it anew"
