"""Runs a trained model's graph one component after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Node(Protocol):
    """One component of a loaded graph; gives its own name with what it made."""

    def __call__(self, *inputs: tuple[str, Any]) -> tuple[str, Any]:
        """Runs the component on what the ones before it made."""
        ...


class OrderedRunner:
    """Runs components in an order that is worked out once for each target.

    Rasa's own runner prunes the graph, rebuilds it for Dask and lets Dask schedule it again for
    every message, which costs more than most of our components do.
    """

    def __init__(self, nodes: Mapping[str, Node], needs: Mapping[str, Sequence[str]]) -> None:
        """Takes the loaded components, and for each the names of those whose output it takes."""
        self._nodes = nodes
        self._needs = needs
        self._orders: dict[tuple[str, ...], list[str]] = {}

    @classmethod
    def of(cls, runner: Any) -> OrderedRunner:
        """Takes the components over from a ``rasa.engine.runner.dask.DaskGraphRunner``."""
        nodes = runner._instantiated_nodes
        schema = runner._graph_schema.nodes
        return cls(nodes, {name: tuple(schema[name].needs.values()) for name in nodes})

    def run(self, inputs: Mapping[str, Any], targets: Sequence[str]) -> dict[str, Any]:
        """Runs what the targets need.

        Args:
            inputs: Values by name that stand in for components.
            targets: Names of the components whose output is wanted.

        Returns:
            The outputs by name.

        Raises:
            KeyError: A component needs something that is neither an input nor in the graph.
        """
        made = {name: (name, value) for name, value in inputs.items()}
        for name in self._order(tuple(targets), inputs):
            made[name] = self._nodes[name](*(made[need] for need in self._needs[name]))
        return {target: made[target][1] for target in targets}

    def _order(self, targets: tuple[str, ...], inputs: Mapping[str, Any]) -> list[str]:
        known = self._orders.get(targets)
        if known is None:
            order: dict[str, None] = {}
            for target in targets:
                self._visit(target, inputs, order)
            known = self._orders[targets] = list(order)
        return known

    def _visit(self, name: str, inputs: Mapping[str, Any], order: dict[str, None]) -> None:
        if name in inputs or name in order:
            return
        for need in self._needs[name]:
            self._visit(need, inputs, order)
        order[name] = None
