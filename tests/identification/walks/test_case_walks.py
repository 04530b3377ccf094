"""Random hands do random acts: what is lawful happens, what is not changes nothing.

Each table is walked a little way, for a few acts that chance picks.
"""

from typing import Final

import pytest

from services.identification.casework.paths import all_paths
from tests.identification.walking import walk_some
from tests.identification.walks.walked import WalkedCase

ACTS: Final = 4
ASKED: Final = 25


@pytest.mark.parametrize("category", sorted(all_paths()))
async def test_only_what_the_table_allows_ever_happens(walked: WalkedCase) -> None:
    walked.asked_max = ASKED
    await walk_some(walked, ACTS)
