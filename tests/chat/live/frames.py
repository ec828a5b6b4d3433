"""Hypothesis strategies for the frames of the protocol, made from their types: a new frame is covered by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, get_args

from hypothesis import strategies as st
from msgspec import inspect

from chat.wire import codec, incoming

Json = Any
STAFF = {inspect.type_info(one).tag for one in get_args(incoming.FromStaff)}  # type: ignore[attr-defined]
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def frames(types: Sequence[type], sessions: Sequence[str]) -> st.SearchStrategy[dict[str, Json]]:
    """Valid frames of any of these types, about any of these sessions."""
    made = st.one_of(*[_struct(inspect.type_info(one), sessions) for one in types])  # type: ignore[arg-type]
    return made.filter(_is_valid)


def _is_valid(frame: dict[str, Json]) -> bool:
    """Some rules stand between fields."""
    try:
        codec.decode_staff(json.dumps(frame)) if frame["type"] in STAFF else codec.decode_visitor(json.dumps(frame))
    except codec.BadFrame:
        return False
    return True


def any_json() -> st.SearchStrategy[Json]:
    leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
    return st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


def _struct(info: inspect.StructType, sessions: Sequence[str]) -> st.SearchStrategy[dict[str, Json]]:
    fixed: dict[str, st.SearchStrategy[Json]] = {}
    optional: dict[str, st.SearchStrategy[Json]] = {}
    if info.tag_field:
        fixed[info.tag_field] = st.just(info.tag)
    for field in info.fields:
        value = st.sampled_from(sessions) if field.encode_name == "session" else _value(field.type, sessions)
        (fixed if field.required else optional)[field.encode_name] = value
    return st.fixed_dictionaries(fixed, optional=optional)


def _value(info: inspect.Type, sessions: Sequence[str]) -> st.SearchStrategy[Json]:
    make = MAKERS.get(type(info))
    if make is not None:
        return make(info)
    match info:
        case inspect.ListType():
            return st.lists(_value(info.item_type, sessions), max_size=3)
        case inspect.DictType():
            keys, values = _value(info.key_type, sessions), _value(info.value_type, sessions)
            return st.dictionaries(keys, values, max_size=3)
        case inspect.UnionType():
            return st.one_of(*[_value(one, sessions) for one in info.types])
        case inspect.StructType():
            return _struct(info, sessions)
    raise TypeError(f"no strategy for {info}")


def _text(info: inspect.StrType) -> st.SearchStrategy[Json]:
    return st.text(LETTERS, min_size=info.min_length or 0, max_size=min(info.max_length or 60, 60))


def _integer(info: inspect.IntType) -> st.SearchStrategy[Json]:
    return st.integers(-1000 if info.ge is None else info.ge, min(10_000, info.le or 10_000))


MAKERS: dict[type, Callable[[Any], st.SearchStrategy[Json]]] = {
    inspect.StrType: _text,
    inspect.IntType: _integer,
    inspect.FloatType: lambda _: st.floats(allow_nan=False, allow_infinity=False),
    inspect.BoolType: lambda _: st.booleans(),
    inspect.NoneType: lambda _: st.none(),
    inspect.UUIDType: lambda _: st.uuids().map(str),
    inspect.LiteralType: lambda info: st.sampled_from(info.values),
}
