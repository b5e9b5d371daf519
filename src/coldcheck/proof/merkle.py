"""The Merkle tree of RFC 6962 (RFC 9162 section 2.1): roots, inclusion proofs and consistency proofs, with SHA-256.

Promises: a verified inclusion proof ties one leaf to one place under one root; a verified consistency proof shows that
an older tree is the beginning of a newer one. Making and verifying either costs O(log n) hashes.

Does not do: storage. Nodes are read through a `NodeReader` the caller supplies; only complete subtrees are ever stored
or read, so a stored node never changes. `leaf` always means the leaf's own bytes, never their hash.

>>> frontier = Frontier()
>>> nodes = frontier.append(b"first") + frontier.append(b"second")
>>> [(node.level, node.index) for node in nodes]
[(0, 0), (0, 1), (1, 0)]
>>> stored = {(node.level, node.index): node.hash for node in nodes}
>>> proof = inclusion_proof(entry_index=1, tree_size=2, read=lambda level, index: stored[level, index])
>>> verify_inclusion(entry_index=1, tree_size=2, leaf=b"second", proof=proof, root=frontier.root())
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from coldcheck.proof.errors import ColdcheckError

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a tree without leaves."""


class Node(NamedTuple):
    """The hash over the complete subtree of 2**level leaves that begins at leaf `index * 2**level`."""

    level: int
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody asks a node for
    hash: bytes


NodeReader = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree at (level, index)."""


class BadProof(ColdcheckError):
    """A proof does not show what it claims. Remedy: ask the log again; if it repeats, keep both as evidence."""


class ForkedLog(BadProof):
    """Two trees of one log cannot both be its history. Remedy: keep both checkpoints as evidence, stop hot work."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf's bytes. The prefix keeps a leaf from posing as an inner node."""
    return sha256(b"\x00" + data).digest()


def node_hash(*, left: bytes, right: bytes) -> bytes:
    """The hash of an inner node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over these hashes, level by level; all but the last stand for complete subtrees of one size.

    For whoever has all of them at hand: a third of what growing a `Frontier` costs. `EMPTY_ROOT` for none.
    """
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        pairs = iter(level)
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
        # What is left over has no right neighbour yet: it stands on the next level as it is.
        level = above if len(level) % 2 == 0 else [*above, level[-1]]
    return level[0]


class Frontier:
    """The right edge of a growing tree: all that is needed to append and to know the root.

    It holds the hashes of the complete subtrees that make up the tree, largest first: one per set bit of `size`.
    """

    __slots__ = ("_peaks", "_size")

    def __init__(self) -> None:
        self._size = 0
        self._peaks: list[bytes] = []

    @classmethod
    def read_back(cls, size: int, read: NodeReader) -> "Frontier":
        """The frontier of a stored tree of `size` leaves, from its complete subtrees."""
        frontier = cls()
        frontier._peaks = [read(level, index) for level, index in _peaks(size)]
        frontier._size = size
        return frontier

    def copy(self) -> "Frontier":
        """A frontier of its own over the same leaves."""
        twin = Frontier()
        twin._peaks = self._peaks.copy()
        twin._size = self._size
        return twin

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._size

    def proof_of_next(self) -> tuple[bytes, ...]:
        """The inclusion proof of the leaf that is appended next, under the root it makes: it is the last on the right."""
        return tuple(reversed(self._peaks))

    def append(self, leaf: bytes) -> tuple[Node, ...]:
        """Every node that became complete with `leaf`, its own (level 0) first."""
        peaks, index = self._peaks, self._size
        current = sha256(b"\x00" + leaf).digest()
        nodes = [Node(0, index, current)]
        level = 0
        # Each set bit at the low end of the old size is a peak that now has its right-hand twin.
        while index & 1:
            current = sha256(b"\x01" + peaks.pop() + current).digest()
            level += 1
            index >>= 1
            nodes.append(Node(level, index, current))
        peaks.append(current)
        self._size += 1
        return tuple(nodes)

    def root(self) -> bytes:
        """The root over all leaves so far; `EMPTY_ROOT` when there is none."""
        return _fold(self._peaks)


def tree_root(tree_size: int, read: NodeReader) -> bytes:
    """The root of the tree of the first `tree_size` leaves."""
    return _fold([read(level, index) for level, index in _peaks(tree_size)])


def inclusion_proof(*, entry_index: int, tree_size: int, read: NodeReader) -> tuple[bytes, ...]:
    """The sibling hashes from leaf `entry_index` up to the root of `tree_size` leaves (RFC 9162 section 2.1.3.1).

    Raises BadProof if the tree has no such leaf.
    """
    if not 0 <= entry_index < tree_size:
        raise BadProof(f"A tree of {tree_size} entries has no entry {entry_index}, so there is nothing to prove.")
    start, end = 0, tree_size
    proof: list[bytes] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if entry_index < middle:
            proof.append(_range_root(start=middle, end=end, read=read))
            end = middle
        else:
            proof.append(_range_root(start=start, end=middle, read=read))
            start = middle
    return tuple(reversed(proof))


def verify_inclusion(*, entry_index: int, tree_size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Nothing if `leaf` is entry `entry_index` under `root`; raises BadProof otherwise (RFC 9162 section 2.1.3.2)."""
    if not 0 <= entry_index < tree_size:
        raise BadProof(f"A tree of {tree_size} entries has no entry {entry_index}.")
    _verify_shape(proof)
    position, last = entry_index, tree_size - 1
    current = leaf_hash(leaf)
    for sibling in proof:
        if last == 0:
            raise BadProof(f"The inclusion proof of entry {entry_index} is too long for {tree_size} entries.")
        if position & 1 or position == last:
            current = node_hash(left=sibling, right=current)
            # On the right edge of an incomplete tree some levels have no sibling: climb to the next that has one.
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(left=current, right=sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise BadProof(f"The inclusion proof of entry {entry_index} is too short for {tree_size} entries.")
    if current != root:
        raise BadProof(f"The proof does not place these bytes at entry {entry_index} of {tree_size} under this root.")


def consistency_proof(*, old_size: int, new_size: int, read: NodeReader) -> tuple[bytes, ...]:
    """The hashes that show the first `old_size` leaves unchanged in `new_size` (RFC 9162 section 2.1.4.1).

    Empty for equal sizes and for an empty old tree. Raises BadProof if the old tree is the larger one.
    """
    if not 0 <= old_size <= new_size:
        raise BadProof(f"A log of {new_size} entries cannot prove that it continues one of {old_size}.")
    if old_size in (0, new_size):
        return ()
    start, end = 0, new_size
    proof: list[bytes] = []
    # The old root itself is left out when the old tree is one complete subtree that begins at leaf 0.
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            proof.append(_range_root(start=middle, end=end, read=read))
            end = middle
        else:
            proof.append(_range_root(start=start, end=middle, read=read))
            start = middle
    if start:
        proof.append(_range_root(start=start, end=end, read=read))
    return tuple(reversed(proof))


def verify_consistency(
    *, old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Nothing if the new tree continues the old one (RFC 9162 section 2.1.4.2); raises BadProof otherwise.

    Raises ForkedLog for equal sizes with different roots: no proof could ever join those.
    """
    if not 0 <= old_size <= new_size:
        raise BadProof(f"A log of {new_size} entries does not continue one of {old_size}.")
    _verify_shape(proof)
    if old_size == new_size and old_root != new_root:
        raise ForkedLog(f"Two different roots are claimed for the same {old_size} entries: the log was forked.")
    if old_size == 0 and old_root != EMPTY_ROOT:
        raise BadProof("The root given for the empty tree is not the root of an empty tree.")
    if old_size in (0, new_size):
        if proof:
            raise BadProof("A consistency proof from an empty or an equal tree must be empty.")
        return
    old, new = _consistency_roots(old_size=old_size, new_size=new_size, old_root=old_root, proof=proof)
    if old != old_root or new != new_root:
        raise BadProof(f"The proof does not show that {new_size} entries continue the {old_size} seen before.")


def _consistency_roots(*, old_size: int, new_size: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The two roots that the proof leads to."""
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    # position is now 0 exactly if the old tree is one complete subtree: its root opens the path and is not sent.
    path = [old_root, *proof] if position == 0 else list(proof)
    if not path:
        raise BadProof("The consistency proof is empty.")
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise BadProof("The consistency proof is too long.")
        if position & 1 or position == last:
            old = node_hash(left=sibling, right=old)
            new = node_hash(left=sibling, right=new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(left=new, right=sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise BadProof("The consistency proof is too short.")
    return old, new


def _verify_shape(proof: Iterable[bytes]) -> None:
    if any(len(sibling) != HASH_BYTES for sibling in proof):
        raise BadProof("A proof consists of 32-byte hashes; this one holds something else.")


def _fold(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, largest first."""
    if not peaks:
        return EMPTY_ROOT
    current = peaks[-1]
    for peak in peaks[-2::-1]:
        current = sha256(b"\x01" + peak + current).digest()
    return current


def _peaks(tree_size: int) -> list[tuple[int, int]]:
    """Level and index of the complete subtrees that make up the tree, largest first."""
    assert tree_size >= 0, "a tree size is a count"
    levels = range(tree_size.bit_length() - 1, -1, -1)
    return [(level, (tree_size >> level) - 1) for level in levels if tree_size >> level & 1]


def _split(width: int) -> int:
    """The largest power of two below `width`: where RFC 6962 splits a tree of that width."""
    return 1 << (width - 1).bit_length() - 1


def _range_root(*, start: int, end: int, read: NodeReader) -> bytes:
    """The hash over leaves [start, end), where `start` is a multiple of the next power of two."""
    peaks: list[bytes] = []
    for level, index in _peaks(end - start):
        peaks.append(read(level, (start >> level) + index))
    return _fold(peaks)
