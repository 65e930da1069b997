"""Phase 1: a directed graph in, an order of its nodes out along which few edges run backwards."""

from __future__ import annotations

from collections.abc import Sequence


def order_nodes(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Return the position of each node in an order with few backward edges.

    Eades, Lin, Smyth: A fast and effective heuristic for the feedback arc set problem (1993):
    sinks go to the end, sources to the front, then the node with the most surplus of outgoing
    edges; the node with the smallest number wins a tie.

    Args:
        count: Number of nodes, 0..count-1.
        edges: Pairs (from, to); self-loops are ignored.

    Postcondition: the result is a permutation of 0..count-1; an acyclic graph has no backward
    edge.

    >>> order_nodes(3, [(2, 1), (1, 0)])
    [2, 1, 0]
    """
    state = _State(count, edges)
    front: list[int] = []
    back: list[int] = []
    while True:
        if (node := state.take(state.sinks)) >= 0:
            back.append(node)
        elif (node := state.take(state.sources)) >= 0 or (node := state.take_best()) >= 0:
            front.append(node)
        else:
            break
    position = [0] * count
    for place, node in enumerate(front + back[::-1]):
        position[node] = place
    return position


class _State:
    """What is left of the graph: the nodes, their free edges, and which are sinks or sources."""

    def __init__(self, count: int, edges: Sequence[tuple[int, int]]) -> None:
        self.after: list[list[int]] = [[] for _ in range(count)]
        self.before: list[list[int]] = [[] for _ in range(count)]
        for a, b in edges:
            if a != b:
                self.after[a].append(b)
                self.before[b].append(a)
        self.outs = [len(nodes) for nodes in self.after]
        self.ins = [len(nodes) for nodes in self.before]
        self.alive = [True] * count
        self.left = list(range(count))
        self.sinks = [node for node in range(count) if not self.outs[node] and self.ins[node]]
        self.sources = [node for node in range(count) if not self.ins[node]]

    def take(self, nodes: list[int]) -> int:
        """Remove the last node of a list that is still there; -1 if none is."""
        while nodes:
            node = nodes.pop()
            if self.alive[node]:
                self._remove(node)
                return node
        return -1

    def take_best(self) -> int:
        """Remove the node with the most surplus of outgoing edges; -1 if none is left."""
        self.left = [node for node in self.left if self.alive[node]]
        if not self.left:
            return -1
        outs, ins = self.outs, self.ins
        node = max(self.left, key=lambda one: (outs[one] - ins[one], -one))
        self._remove(node)
        return node

    def _remove(self, node: int) -> None:
        self.alive[node] = False
        for other in self.after[node]:
            self.ins[other] -= 1
            if self.alive[other] and self.ins[other] == 0:
                self.sources.append(other)
        for other in self.before[node]:
            self.outs[other] -= 1
            if self.alive[other] and self.outs[other] == 0:
                self.sinks.append(other)
