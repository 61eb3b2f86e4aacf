"""Questions to the nodes of a YAML document: where something stands, what shape it has."""

import re
from typing import Any

import yaml

_NOTHING = ("", "~", "null")


def plain(node: yaml.Node) -> Any:
    """Texts, lists and mappings; the node has been decoded before, so it does not contain itself."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    return node.value


def nearest(root: yaml.Node, path: str) -> yaml.Node:
    """What names the path's value: a person looks for the key, and its value may begin on the next line."""
    named = node = root
    for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        found = entry(node, key, index)
        if found is None:
            break
        named, node = found
    return named


def entry(node: yaml.Node, key: str, index: str) -> tuple[yaml.Node, yaml.Node] | None:
    """(what names it, the value) of a mapping's key or a list's item."""
    if key and isinstance(node, yaml.MappingNode):
        return next(((name, value) for name, value in node.value if name.value == key), None)
    if index and isinstance(node, yaml.SequenceNode) and int(index) < len(node.value):
        item: yaml.Node = node.value[int(index)]
        return item, item
    return None


def is_nothing(node: yaml.Node) -> bool:
    """Whether nothing was written: empty, ~ or null without quotes."""
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NOTHING


def shape(node: yaml.Node) -> str:
    """In words, for a message."""
    names = {yaml.ScalarNode: "single value", yaml.SequenceNode: "list", yaml.MappingNode: "mapping"}
    return names[type(node)]
