"""Changes YAML text in place: only the lines concerned, comments and layout stay.

A change is made in the text and then checked: the new text has to hold exactly the wanted data.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Final

import yaml

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - a PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

APPEND: Final = "-"
WIDTH: Final = 110
_LAST_KEYS: Final = ("provenance", "explained", "superseded")
"""Keys that stand at the end of a card; a new key goes before them."""


class YamlTextError(ValueError):
    """Raised when a change cannot be made in the text."""


class _Dumper(yaml.SafeDumper):
    """Writes lists indented below their key, as the cards do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def changed(text: str, path: Sequence[str], value: Any, at: Sequence[int] = ()) -> str:
    """Changes one value of a YAML document.

    Args:
        text: The document.
        path: Keys and positions that lead to the value; ``-`` at the end adds to a list.
        value: Plain data; None takes the entry away.
        at: Positions that lead to the mapping that the path starts from, where it is not the root.

    Returns:
        The document with the change.

    Raises:
        YamlTextError: When the path leads nowhere, or the text cannot be changed safely.
    """
    before = yaml.load(text, Loader=_Loader)
    wanted = copy.deepcopy(before)
    full = [*map(str, at), *path]
    _apply(wanted, full, value)
    root = yaml.compose(text, Loader=_Loader)
    if root is None:
        raise YamlTextError("the document is empty")
    made = _edit(text, root, full, value, wanted)
    if yaml.load(made, Loader=_Loader) != wanted:
        raise YamlTextError(f"{'.'.join(full)} cannot be changed safely in this text")
    return made


def _edit(text: str, root: yaml.Node, path: list[str], value: Any, wanted: Any) -> str:
    chain = _chain(root, path)
    target = chain[-1]
    if len(chain) == len(path) + 1 and isinstance(target, yaml.ScalarNode) and _scalar(value):
        return _splice(text, target, _inline(value))
    if path[-1] == APPEND and len(chain) == len(path) and isinstance(target, yaml.SequenceNode):
        return _append(text, target, value)
    depth = min(len(chain) - 1, len(path) - 1)
    node = chain[depth]
    if isinstance(node, yaml.MappingNode) and _is_card(path, depth):
        return _new_key(text, node, path[depth], _data(wanted, path[: depth + 1]))
    return _splice(text, node, _block(_data(wanted, path[:depth]), node))


def _is_card(path: Sequence[str], depth: int) -> bool:
    """Tells whether the mapping at a depth is the whole card rather than a part of it."""
    return all(part.isdecimal() for part in path[:depth])


def _chain(root: yaml.Node, path: Sequence[str]) -> list[yaml.Node]:
    """The nodes along a path, as far as they are there."""
    chain = [root]
    for part in path:
        found = _child(chain[-1], part)
        if found is None:
            return chain
        chain.append(found)
    return chain


def _child(node: yaml.Node, part: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
        return node.value[int(part)]  # type: ignore[no-any-return]
    return None


def _apply(data: Any, path: Sequence[str], value: Any) -> None:
    for part in path[:-1]:
        data = data[int(part)] if isinstance(data, list) else data.get(part)
        if not isinstance(data, dict | list):
            raise YamlTextError(f"there is nothing at {part!r} of {'.'.join(path)}")
    last = path[-1]
    if isinstance(data, dict):
        data[last] = value
        if value is None:
            del data[last]
    elif last == APPEND:
        data.append(value)
    elif value is None:
        del data[int(last)]
    else:
        data[int(last)] = value


def _data(data: Any, path: Sequence[str]) -> Any:
    for part in path:
        data = data[int(part)] if isinstance(data, list) else data.get(part)
    return data


# --- text ------------------------------------------------------------------------------------


def _scalar(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _dump(value: Any, *, flow: bool | None = False, width: float = WIDTH) -> str:
    written: str = yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=flow,
        width=width,
    )
    return written.removesuffix("\n").removesuffix("\n...")


def _inline(value: Any) -> str:
    return _dump(value, flow=True, width=float("inf"))


def _block(value: Any, node: yaml.Node) -> str:
    """Writes a collection in the place of a node, in the style of the node."""
    if getattr(node, "flow_style", True) or not value:
        return _inline(value)
    return _indented(_dump(value), node.start_mark.column)


def _indented(text: str, column: int) -> str:
    return text.replace("\n", "\n" + " " * column)


def _end(text: str, node: yaml.Node) -> int:
    """Where a node's own text ends, without the blank lines and comments behind it."""
    end: int = node.end_mark.index
    if isinstance(node, yaml.ScalarNode):  # the text of a block scalar ends with its line
        return node.start_mark.index + len(text[node.start_mark.index : end].rstrip("\n"))
    if getattr(node, "flow_style", True):
        return end
    lines = text[node.start_mark.index : end].split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return node.start_mark.index + len("\n".join(lines).rstrip())


def _splice(text: str, node: yaml.Node, written: str) -> str:
    return text[: node.start_mark.index] + written + text[_end(text, node) :]


def _append(text: str, node: yaml.SequenceNode, value: Any) -> str:
    end = _end(text, node)
    if node.flow_style:
        comma = ", " if node.value else ""
        return text[: end - 1].rstrip() + comma + _inline(value) + text[end - 1 :]
    column = node.start_mark.column
    entry = _inline(value) if _scalar(value) else _indented(_dump(value), column + 2)
    return f"{text[:end]}\n{' ' * column}- {entry}{text[end:]}"


def _new_key(text: str, card: yaml.MappingNode, key: str, value: Any) -> str:
    """Adds a key to a card, before those that stand at its end; takes it away for None."""
    old = next((pair for pair in card.value if pair[0].value == key), None)
    column = card.start_mark.column
    written = "" if value is None else _indented(_dump({key: value}), column)
    if old is not None:
        start, end = old[0].start_mark.index, _end(text, old[1])
        if value is None and text[end : end + 1] == "\n":
            end += 1 + column
        return text[:start] + written + text[end:]
    behind = [pair[0] for pair in card.value if pair[0].value in _LAST_KEYS]
    if card.flow_style or value is None:
        raise YamlTextError(f"{key} cannot be added to this text")
    if behind:
        start = behind[0].start_mark.index
        return f"{text[:start]}{written}\n{' ' * column}{text[start:]}"
    end = _end(text, card)
    return f"{text[:end]}\n{' ' * column}{written}{text[end:]}"
