"""Bring changes into a document that was read: what is the same on both sides is not touched.

Two trees of nodes are compared, of what the document says and of what it shall say, made by the same functions. Every
difference between them is carried over to the elements of the document; all else in it (elements and attributes that
nobody here knows, comments, white space) stays. Neither tree has to say all that the document does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from core.interchange.rm5.elements import tag
from core.interchange.rm5.write_nodes import Node, Stamp, clean, element, fill
from core.interchange.rm5.xml import Element

Ranks = Mapping[str, Mapping[str, int]]

_IDENTITY: Final[Mapping[str, tuple[str, ...]]] = {
    "QUALITY_ITEM_DATA_ENTRY": ("STUDY_ID", "GROUP_ID"),
    "IDENTIFIER": ("TYPE", "VALUE"),
}
"""The attributes by which elements of one name are told apart; of all others those of `_USUAL`."""
_USUAL: Final = ("ID", "STUDY_ID")
_MOVABLE: Final = frozenset({"STUDY", "REFERENCE"})


def merge(root: Element, before: Node, after: Node, ranks: Ranks, stamp: Stamp | None) -> bool:
    """Change ``root``, which ``before`` was read from, so that reading it gives ``after``; whether anything changed.

    ``ranks`` says for an element the rank of each of its children: what has the lower one stands first.
    """
    if before == after:
        return False
    work = _Merge(ranks, stamp)
    work.find(root, before)
    work.change(root, before, after)
    return True


class _Merge:
    def __init__(self, ranks: Ranks, stamp: Stamp | None) -> None:
        self._ranks = ranks
        self._stamp = stamp
        self._elements: dict[int, Element] = {}
        self._movable: dict[tuple[str, str], Node] = {}

    def find(self, target: Element, before: Node) -> None:
        """Note which element each node was read from."""
        self._elements[id(before)] = target
        if before.tag in _MOVABLE and before.key:
            self._movable[before.tag, before.key] = before
        if not before.whole:
            for child, found in _partners(target, before.children):
                _name(found, child)
                self.find(found, child)

    def change(self, target: Element, before: Node, after: Node) -> bool:
        """Carry the differences of two nodes over to their element and what is in it."""
        if before == after:
            return False
        changed = _change_attributes(target, before, after)
        if after.whole or (after.text is not None and after.text != before.text):
            _replace(target, after)
            changed = True
        else:
            changed = self._change_children(target, before, after) or changed
        if changed and self._stamp is not None:
            self._stamp.put(target)
        return changed

    def _change_children(self, target: Element, before: Node, after: Node) -> bool:
        old, new = _by_name(before.children), _by_name(after.children)
        changed = False
        stay: list[Element] = []
        places: list[tuple[Node, Element | None]] = []
        for name, child in new.items():
            former = old.get(name)
            found = self._elements.get(id(former)) if former is not None else None
            if former is not None and found is not None:
                changed = self.change(found, former, child) or changed
                stay.append(found)
            elif former == child:
                continue  # what the document leaves out, and nobody has changed
            places.append((child, found))
        for name, child in old.items():
            found = self._elements.get(id(child))
            if name not in new and found is not None:
                changed = True
                if found.getparent() is target:  # else a study that has gone to another list already
                    _take_out(found)
        changed = _reorder(target, stay) or changed
        return self._put_in(target, places) or changed

    def _put_in(self, target: Element, places: Sequence[tuple[Node, Element | None]]) -> bool:
        """Insert the nodes that have no element yet, each behind its neighbour."""
        changed = False
        neighbour: Element | None = None
        for child, found in places:
            place = found
            if place is None:
                changed = True
                place = self._moved(child)
                if place is None:
                    place = element(child, self._stamp)
                self._insert(target, place, neighbour)
            neighbour = place
        return changed

    def _moved(self, child: Node) -> Element | None:
        """The element of a study or reference that stood elsewhere, changed and taken from there."""
        former = self._movable.pop((child.tag, child.key), None)
        found = self._elements.get(id(former)) if former is not None else None
        if former is None or found is None:
            return None
        self.change(found, former, child)
        _take_out(found)
        return found

    def _insert(self, target: Element, new: Element, neighbour: Element | None) -> None:
        """Insert behind the neighbour and behind everything that has to stand before the new element."""
        ranks = self._ranks.get(tag(target), {})
        rank = ranks.get(tag(new), 0)
        start = 0 if neighbour is None else target.index(neighbour) + 1
        for child in list(target)[start:]:
            if ranks.get(tag(child), rank) < rank:
                neighbour = child
        if neighbour is not None:
            _follow(neighbour, new)
            return
        if not (target.text or "").strip():
            target.text = target.text or "\n"
        new.tail = "\n" if len(target) == 0 or (target.text or "").strip() else target.text
        target.insert(0, new)


def _name(target: Element, before: Node) -> None:
    """Give an element the id under which it was read, where its own is missing or that of another one too."""
    own = before.attributes.get("ID")
    if own and _id(target, "ID") != own:
        target.set("ID", clean(own))
    study = before.attributes.get("STUDY_ID")
    if study and not _id(target, "STUDY_ID"):
        target.set("STUDY_ID", clean(study))


def _id(target: Element, name: str) -> str:
    return (target.get(name) or "").strip()


def _change_attributes(target: Element, before: Node, after: Node) -> bool:
    changed = False
    for name in {**before.attributes, **after.attributes}:
        value = after.attributes.get(name)
        if value == before.attributes.get(name):
            continue
        changed = True
        if value is not None:
            target.set(name, clean(value))
        elif name in target.attrib:
            del target.attrib[name]
    return changed


def _replace(target: Element, after: Node) -> None:
    """Replace text and children by those of a node."""
    del target[:]
    target.text = None
    fill(target, after)


def _follow(neighbour: Element, new: Element) -> None:
    """Put an element behind another one, on a line of its own as that one has."""
    parent = neighbour.getparent()
    assert parent is not None
    previous = neighbour.getprevious()
    ahead = parent.text if previous is None else previous.tail
    tail = neighbour.tail
    neighbour.tail = None
    neighbour.addnext(new)
    new.tail = tail
    neighbour.tail = ahead if ahead is not None and not ahead.strip() else tail


def _take_out(old: Element) -> None:
    """Remove an element with the white space behind it, but no text that stands there."""
    parent = old.getparent()
    if parent is None:
        return
    previous = old.getprevious()
    tail = old.tail or ""
    kept: str | None = None
    if tail.strip():
        kept = ((parent.text if previous is None else previous.tail) or "") + tail
    elif old.getnext() is None:
        kept = tail if previous is not None else ""  # the end tag moves up to where this element stood
    parent.remove(old)
    if kept is not None and previous is not None:
        previous.tail = kept or None
    elif kept is not None:
        parent.text = kept or None


def _reorder(target: Element, wanted: Sequence[Element]) -> bool:
    """Bring these children into the wanted order, in the places that they have now."""
    position = {id(child): index for index, child in enumerate(target)}
    places = [position[id(child)] for child in wanted]
    if places == sorted(places):
        return False
    children = list(target)
    tails = [child.tail for child in children]
    for place, child in zip(sorted(places), wanted, strict=True):
        children[place] = child
    target[:] = children
    for child, tail in zip(children, tails, strict=True):
        child.tail = tail
    return True


def _by_name(children: Sequence[Node]) -> dict[tuple[str, str, int], Node]:
    """The nodes under their name and key, and the how-many-eth with these they are."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    found: dict[tuple[str, str, int], Node] = {}
    for child in children:
        found[child.tag, child.key, seen[child.tag, child.key]] = child
        seen[child.tag, child.key] += 1
    return found


def _identity(name: str, attributes: Mapping[str, str]) -> tuple[str, ...]:
    return (name, *(attributes.get(part, "") for part in _IDENTITY.get(name, _USUAL)))


def _partners(target: Element, children: Sequence[Node]) -> list[tuple[Node, Element]]:
    """Which child of an element each node was read from: that with its ids, or with the id that it has in common with
    another one; where as many are left as nodes of their name, those in their order.
    """
    free: dict[tuple[str, ...], list[Element]] = defaultdict(list)
    for child in target:
        if tag(child):
            given = {str(name): str(value).strip() for name, value in child.attrib.items()}
            free[_identity(tag(child), given)].append(child)
    found: list[tuple[Node, Element]] = []
    rest: dict[str, list[Node]] = defaultdict(list)
    for child in children:
        same = free[_identity(child.tag, child.attributes)] or free[_identity(child.tag, _shared(child.attributes))]
        if same:
            found.append((child, same.pop(0)))
        elif not child.tag.endswith("_CHAR"):  # the rows of the characteristics need not stand as the studies do
            rest[child.tag].append(child)
    left: dict[str, list[Element]] = defaultdict(list)
    for (name, *_), elements in free.items():
        left[name].extend(elements)
    for name, nodes in rest.items():
        if len(nodes) == len(left[name]):
            found.extend(zip(nodes, left[name], strict=True))
    return found


def _shared(attributes: Mapping[str, str]) -> Mapping[str, str]:
    """With the id that two have, of which the reader called the second ``id~2``."""
    return {**attributes, "ID": attributes.get("ID", "").partition("~")[0]}
