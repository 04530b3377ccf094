"""What is set down as data is said once."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from tests.house_rules.sources import named, tracked


@pytest.mark.parametrize("path", tracked(".yaml", ".yml"), ids=named)
def test_no_table_says_a_name_twice(path: Path) -> None:
    """Of two, the reader would keep the later and lose the earlier without a word."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    twice = [
        f"line {key.start_mark.line + 1}: {key.value}"
        for document in yaml.compose_all(path.read_text(encoding="utf-8"), Loader=loader)
        for key in _said_again(document)
    ]
    assert not twice


def _said_again(node: yaml.Node | None) -> list[yaml.ScalarNode]:
    if isinstance(node, yaml.SequenceNode):
        return [key for each in node.value for key in _said_again(each)]
    if not isinstance(node, yaml.MappingNode):
        return []
    keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
    often = Counter(key.value for key in keys)
    within = [key for _, value in node.value for key in _said_again(value)]
    return [key for key in keys if often[key.value] > 1] + within
