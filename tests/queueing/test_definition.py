"""Limits as people write them: in a definition, in Python, and between the two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from workflows_app.authoring import (
    Concurrency,
    Rate,
    WorkflowInvalid,
    clone_workflow,
    create_step,
    create_workflow,
)
from workflows_app.authoring.concurrency import ConcurrencyInvalid
from workflows_app.authoring.registry import registry
from workflows_app.interface import compile_document
from workflows_app.language.plan import parse_plan
from workflows_app.language.python_source import python_source


@pytest.fixture(autouse=True)
def _own_registry() -> Iterator[None]:
    """Forget the workflows that were written meanwhile."""
    names = ("workflows", "compiled", "_steps")
    before = [dict(getattr(registry, name)) for name in names]
    yield
    for name, kept in zip(names, before, strict=True):
        setattr(registry, name, kept)


LOG = {"id": "a", "type": "tool", "tool": "log", "input": {"message": {"value": "hi"}}}
INPUTS = {"type": "object", "properties": {"who": {"type": "string"}}, "required": ["who"]}


def document(**fields: Any) -> dict[str, Any]:
    return {"schema_version": 1, "name": "w", "inputs": INPUTS, "nodes": [LOG], **fields}


def problems(**fields: Any) -> list[tuple[str, str]]:
    compiled = compile_document(document(**fields))
    return [(item.code, item.path) for item in compiled.diagnostics]


def hash_of(**fields: Any) -> str:
    compiled = compile_document(document(**fields))
    assert compiled.plan_hash is not None, compiled.diagnostics
    return compiled.plan_hash


def test_a_definition_without_limits_keeps_the_hash_it_had() -> None:
    compiled = compile_document(document())

    assert compiled.plan is not None
    assert "admission" not in compiled.plan.dump()
    assert hash_of(priority=0) == hash_of(concurrency=None, start_rate=None) == hash_of()


def test_each_limit_is_part_of_the_plan_and_read_again_as_it_was_written() -> None:
    fields = [
        {"concurrency": {"limit": 1}},
        {"concurrency": {"limit": 2}},
        {"concurrency": {"limit": 1, "key": "inputs.who"}},
        {"start_rate": {"limit": 1, "per": 60}},
        {"start_rate": {"limit": 1, "per": 61}},
        {"start_rate": {"limit": 1, "per": 60, "key": "inputs.who"}},
        {"priority": -1},
    ]

    assert len({hash_of(**one) for one in fields} | {hash_of()}) == len(fields) + 1
    for one in fields:
        plan = compile_document(document(**one)).plan
        assert plan is not None
        assert parse_plan(plan.dump()) == plan


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"concurrency": {"limit": 0}}, "/concurrency/limit"),
        ({"concurrency": {"limit": 1_001}}, "/concurrency/limit"),
        ({"concurrency": {"limit": "3"}}, "/concurrency/limit"),
        ({"concurrency": {"limit": True}}, "/concurrency/limit"),
        ({"concurrency": {}}, "/concurrency/limit"),
        ({"concurrency": 5}, "/concurrency"),
        ({"concurrency": {"limit": 1, "keys": "x"}}, "/concurrency/keys"),
        ({"concurrency": {"limit": 1, "key": ""}}, "/concurrency/key"),
        ({"concurrency": {"limit": 1, "key": 7}}, "/concurrency/key"),
        ({"start_rate": {"limit": 0, "per": 60}}, "/start_rate/limit"),
        ({"start_rate": {"limit": 10_001, "per": 60}}, "/start_rate/limit"),
        ({"start_rate": {"limit": 1, "per": 0}}, "/start_rate/per"),
        ({"start_rate": {"limit": 1, "per": 367 * 86_400}}, "/start_rate/per"),
        ({"start_rate": {"limit": 1}}, "/start_rate/per"),
        ({"priority": 101}, "/priority"),
        ({"priority": -101}, "/priority"),
        ({"priority": 1.5}, "/priority"),
        ({"priority": "high"}, "/priority"),
    ],
)
def test_what_cannot_be_kept_is_pointed_at(fields: dict[str, Any], path: str) -> None:
    assert problems(**fields) == [("definition.field_invalid", path)]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("inputs.", "expression.syntax"),
        ("steps.a.output", "expression.unknown_name"),
        ("state.n", "expression.unknown_name"),
        ("item", "expression.unknown_name"),
        ("nobody(1)", "expression.unknown_function"),
        ("inputs.whom", "reference.unknown_input"),
        ("input.whom", "reference.unknown_input"),
        ("configs.region", "reference.unknown_config"),
        ("inputs.__class__", "expression.unknown_name"),
    ],
)
@pytest.mark.parametrize("field", ["concurrency", "start_rate"])
def test_a_key_that_has_no_value_is_pointed_at(field: str, key: str, code: str) -> None:
    limit = {"limit": 1, "key": key} | ({"per": 1} if field == "start_rate" else {})

    assert (code, f"/{field}/key") in problems(**{field: limit})


@pytest.mark.parametrize("key", ["inputs.who", "input.who", "context.tenant", "inputs.who + 'x'"])
def test_a_key_reads_what_is_there_before_anything_runs(key: str) -> None:
    assert problems(concurrency={"limit": 1, "key": key}) == []


def test_an_execution_waits_in_one_lane_so_there_is_one_key() -> None:
    fields = {
        "concurrency": {"limit": 1, "key": "inputs.who"},
        "start_rate": {"limit": 1, "per": 60},
    }

    assert problems(**fields) == [("concurrency.keys_differ", "/start_rate/key")]


# -- Python -----------------------------------------------------------------------------------


def workflow(workflow_id: str, **options: Any) -> Any:
    step = create_step(id="queued-echo", execute=lambda value: value)
    return create_workflow(id=workflow_id, input_schema=INPUTS, **options).then(step)


def test_python_writes_the_same_fields() -> None:
    bounds = Concurrency(limit=5, key="inputs.who", rate=Rate(10, per=timedelta(minutes=1)))

    written = workflow("w", concurrency=bounds, priority=3).to_definition()

    assert written["concurrency"] == {"limit": 5, "key": "inputs.who"}
    assert written["start_rate"] == {"limit": 10, "per": 60.0, "key": "inputs.who"}
    assert written["priority"] == 3


def test_a_number_is_the_limit_of_all_together() -> None:
    assert workflow("w", concurrency=5).to_definition()["concurrency"] == {"limit": 5}


def test_without_limits_python_writes_none() -> None:
    written = workflow("w").to_definition()

    assert not {"concurrency", "start_rate", "priority"} & written.keys()


@pytest.mark.parametrize(
    "given", [True, "5", lambda ctx: 5, Rate(1, per=1)], ids=["flag", "text", "callable", "rate"]
)
def test_what_is_no_concurrency_is_refused_where_it_is_written(given: Any) -> None:
    with pytest.raises(ConcurrencyInvalid) as caught:
        workflow("w", concurrency=given)

    assert caught.value.code == "concurrency.invalid"


@pytest.mark.parametrize("given", [{}, {"key": "x"}, {"limit": 1, "key": len}, {"rate": 5}])
def test_a_concurrency_that_bounds_nothing_is_refused(given: Any) -> None:
    with pytest.raises(ConcurrencyInvalid):
        Concurrency(**given)


def test_a_limit_that_cannot_be_kept_is_told_at_commit() -> None:
    with pytest.raises(WorkflowInvalid) as caught:
        workflow("w", concurrency=0).commit()

    assert [item.path for item in caught.value.diagnostics] == ["/concurrency/limit"]


def test_a_clone_has_the_limits_of_what_it_was_made_from() -> None:
    original = workflow("w", concurrency=5, priority=3).commit()

    copy = clone_workflow(original, id="copy")

    assert copy.to_definition()["concurrency"] == {"limit": 5}
    assert copy.to_definition()["priority"] == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"concurrency": {"limit": 5}},
        {"concurrency": {"limit": 5, "key": "inputs.who + '\"' + \"'\""}},
        {"start_rate": {"limit": 5, "per": 0.5, "key": "inputs.who"}},
        {
            "concurrency": {"limit": 1, "key": "inputs.who"},
            "start_rate": {"limit": 5, "per": 60, "key": "inputs.who"},
            "priority": -7,
        },
    ],
)
def test_exported_python_compiles_to_the_same_plan(fields: dict[str, Any]) -> None:
    source = python_source(document(**fields), workflow_id="exported")

    namespace: dict[str, Any] = {}
    exec(compile(source, "exported", "exec"), namespace)

    assert namespace["workflow"].compiled.plan_hash == hash_of(**fields)
