"""A review file as bytes and back, without loss: kept in the review that is made from it.

The way back to the other program starts from what was read, so that whatever has not been changed in Copse is written
as it came. Fields that hold their default are left out; what a later version of Copse adds is then its default.
"""

from __future__ import annotations

import enum
import json
import types
import typing
import zlib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any

from core.interchange.model import ReviewFile

_LARGE = 5_000_000
MEDIA_TYPE = "application/vnd.copse.review-file"


def dump(file: ReviewFile) -> bytes:
    """The file's content but for the bytes of the original, packed."""
    text = json.dumps(_plain(file), ensure_ascii=False, separators=(",", ":"))
    packed = text.encode("utf-8", "surrogatepass")
    # A large one is large by its figures, which hardly shrink in a long time.
    return zlib.compress(packed, 0 if len(packed) > _LARGE else -1)


def load(data: bytes, original: bytes = b"") -> ReviewFile:
    """The inverse of `dump`."""
    return _reader(ReviewFile)({**json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass")), **_raw(original)})


def _raw(original: bytes) -> dict[str, bytes]:
    return {"original": original} if original else {}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {
            name: _plain(found)
            for name, default in _defaults(type(value))
            if name != "original" and ((found := getattr(value, name)) != default or default is MISSING)
        }
    if isinstance(value, Mapping):
        return dict(typing.cast("Mapping[str, float | None]", value))
    if isinstance(value, tuple):
        return [_plain(one) for one in typing.cast("tuple[Any, ...]", value)]
    return value


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (one.name, one.default_factory() if one.default_factory is not MISSING else one.default) for one in fields(kind)
    )


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of this type from its plain form."""
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        readers = {one.name: _reader(hints[one.name]) for one in fields(kind)}
        return lambda plain: kind(  # pyright: ignore[reportUnknownLambdaType, reportCallIssue, reportUnknownVariableType]
            **{name: readers[name](value) for name, value in plain.items() if name in readers}
        )
    if typing.get_origin(kind) is tuple:
        inner = _reader(typing.get_args(kind)[0])
        return lambda plain: tuple(inner(one) for one in plain)
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        inner = _reader(next(one for one in typing.get_args(kind) if one is not type(None)))
        return lambda plain: None if plain is None else inner(plain)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind
    return lambda plain: plain
