"""What is asked when the API is fuzzed: what Schemathesis makes of the description, set on real ground.

Of each operation cases are drawn that fit the description and cases that do not; then real objects stand in the path,
real words in the query, and a real document carries some members of the drawn one, or is bent at random places. One
in four is a case of which something was given to who asks, as it was or with its document bent: so what lies behind all
refusals is asked as well. Schemathesis asks again of each part that was changed whether it fits.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.overrides import Override

from tests.fuzz.world import World

ACCEPTED = ("application/json", "application/geo+json", "*/*", "text/csv", "text/html", "application/*;q=0.5")
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "\0", "\ud83d", "exercise", "2025-03-10T20:00:00Z", "9999-12-31T23:59:59Z", "x" * 300, "١٢", "1e9"]
    ),
    st.text(max_size=20),
)
VALUES = st.recursive(
    ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def cases(operation: Any, world: World, taken: Sequence[Case]) -> st.SearchStrategy[tuple[Case, dict[str, str]]]:
    """Cases of the operation, each with the headers that go with it; `taken`: some of which something was given."""
    made = st.one_of(*(operation.as_strategy(generation_mode=mode, feedback=NO_FEEDBACK) for mode in GenerationMode))
    return _grounded(made, operation, world, taken)


@st.composite
def _grounded(draw: Any, made: Any, operation: Any, world: World, taken: Sequence[Case]) -> tuple[Case, dict[str, str]]:
    case = draw(made)
    if taken and draw(st.integers(0, 3)) == 0:
        become(draw, case, draw(st.sampled_from(taken)))
        return case, headers(draw, world)
    broken = {where for where, part in case.meta.components.items() if part.mode.is_negative}
    tag = operation.tags[0]
    if case.path_parameters and ParameterLocation.PATH not in broken and mostly(draw):
        case.path_parameters = {name: draw(st.sampled_from(world.objects[tag])) for name in case.path_parameters}
    if ParameterLocation.QUERY not in broken:
        case.query = asked(draw, operation, case.query, world)
    if case.body is not NOT_SET:
        ground_body(draw, case, operation, world)
    return case, headers(draw, world)


def real(operation: Any, world: World) -> Iterator[Case]:
    """Cases in which everything that must be said is real, and nothing else is said."""
    objects = world.objects[operation.tags[0]] if "{" in operation.path else [""]
    documents = world.documents.get(operation.definition.raw["operationId"], [NOT_SET])
    words = world.words(operation)
    required = [parameter.name for parameter in operation.query if parameter.is_required]
    for where, body, *said in itertools.product(objects, documents, *(words[name] for name in required)):
        yield operation.Case(
            path_parameters={parameter.name: where for parameter in operation.path_parameters},
            query=dict(zip(required, said, strict=True)),
            body=body,
            media_type=None if body is NOT_SET else "application/json",
        )


def at_the_boundaries(operation: Any, world: World) -> Iterator[Case]:
    """Every case at a boundary of the description, within and beyond, and by methods that it does not know."""
    found = CoverageGenerator(
        operation=operation,
        generation_modes=list(GenerationMode),
        generation_config=operation.schema.config.generation_for(operation=operation, phase="coverage"),
        auth_storage=None,
        override=Override(),
        feedback=NO_FEEDBACK,
    )
    for case in found:
        broken = {where for where, part in case.meta.components.items() if part.mode.is_negative}
        if case.path_parameters and ParameterLocation.PATH not in broken:
            case.path_parameters = dict.fromkeys(case.path_parameters, world.objects[operation.tags[0]][0])
        if isinstance(case.body, dict) and isinstance(case.body.get("agreement"), str):
            case.body = {**case.body, "agreement": "exercise"}
        yield case


def mostly(draw: Any) -> bool:
    """Three times in four."""
    return draw(st.integers(0, 3)) > 0


def asked(draw: Any, operation: Any, query: dict[str, Any], world: World) -> dict[str, Any]:
    """A query as drawn, some of its words real; or a few real words alone."""
    real = world.words(operation)
    if not real or not mostly(draw):
        return query
    required = [parameter.name for parameter in operation.query if parameter.is_required]
    few = draw(st.lists(st.sampled_from(sorted(real)), max_size=2, unique=True))
    kept = dict.fromkeys((*required, *few)) if draw(st.booleans()) else query
    return {name: draw(st.sampled_from(real[name])) if name in real else value for name, value in kept.items()}


def become(draw: Any, case: Case, other: Case) -> None:
    """Say what the other case says, half of the time with its document bent."""
    case.path_parameters, case.query = dict(other.path_parameters), dict(other.query)
    case.body = copy.deepcopy(other.body)
    if other.body is not NOT_SET and draw(st.booleans()):
        case.body = bent(draw, case.body)
        case._meta = None  # it need not be JSON that could be judged


def ground_body(draw: Any, case: Case, operation: Any, world: World) -> None:
    """Take a real document instead, with members of the drawn one or bent; or leave what was drawn."""
    how = draw(st.sampled_from(["drawn", "real", "grafted", "grafted", "bent"]))
    if how == "drawn":
        return
    body = copy.deepcopy(draw(st.sampled_from(world.documents[operation.definition.raw["operationId"]])))
    if how == "grafted" and isinstance(case.body, dict) and case.body:
        for name in draw(st.lists(st.sampled_from(sorted(case.body)), max_size=2, unique=True)):
            body[name] = case.body[name]
    if how == "bent":
        body = bent(draw, body)
        case._meta = None  # it need not be JSON that could be judged
    case.body = body


def bent(draw: Any, body: Any) -> Any:
    """The document with other values at some of its places; the whole is a place too."""
    for path in draw(st.lists(st.sampled_from(places(body)), min_size=1, max_size=3)):
        value = draw(VALUES)
        if not path:
            return value
        place = body
        try:
            for name in path[:-1]:
                place = place[name]
            place[path[-1]] = value
        except (TypeError, KeyError, IndexError):
            continue  # a value before put something else there
    return body


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, part in inner for place in places(part, (*path, name)))]


def headers(draw: Any, world: World) -> dict[str, str]:
    """Which form is wanted, and what is held already."""
    given = {"Accept": draw(st.sampled_from(ACCEPTED))} if draw(st.booleans()) else {}
    if draw(st.integers(0, 4)) == 0:
        given["If-None-Match"] = draw(st.sampled_from([*world.tags, "*", '"none"', "W/" + world.tags[0], "\x7f,,"]))
    return given
