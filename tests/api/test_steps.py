"""The list of Python steps that a drawn node may name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel
from rest_framework.test import APIClient

from tests.api.asking import in_this_process
from workflows_app.authoring import create_step, create_workflow
from workflows_app.authoring.registry import registry
from workflows_app.interface import compile_document

URL = "/api/steps/"


class Order(BaseModel):
    order: int


class Answer(BaseModel):
    yes: bool


@pytest.fixture
def demo_steps(db: None) -> Iterator[None]:
    def charge(order: Order) -> str:
        """Charge what the order comes to."""
        return str(order.order)

    with in_this_process():
        pay = create_step(
            charge,
            id="zz_charge",
            name="Charge your card",
            resume_schema=Answer,
            retries=2,
            timeout=5,
        )
        create_workflow(id="zz-orders").then(pay).commit()
        create_workflow(id="zz-again").then(pay).commit()
        for letter in "ab":
            shared = create_step(id="zz_shared", execute=lambda value: value)
            create_workflow(id=f"zz-{letter}").then(shared).commit()
        yield


def listed(api: APIClient, query: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = api.get(f"{URL}{query}").json()["results"]
    return rows


def test_a_step_is_listed_with_its_schemas_and_its_policy(api: APIClient, demo_steps: None) -> None:
    (step,) = listed(api, "?q=zz_charge")

    assert step["ref"] == step["id"] == "zz_charge"
    assert (step["name"], step["description"]) == (
        "Charge your card",
        "Charge what the order comes to.",
    )
    assert step["input_schema"]["required"] == ["order"]
    assert step["output_schema"] == {"type": "string"}
    assert step["resume_schema"]["required"] == ["yes"]
    assert step["state_schema"] is None
    assert (step["retries"], step["timeout_seconds"], step["queue"]) == (2, 5.0, None)
    assert step["workflows"] == ["zz-again", "zz-orders"]


def test_steps_that_share_an_id_are_named_by_their_workflow(
    api: APIClient, demo_steps: None
) -> None:
    assert [step["ref"] for step in listed(api, "?q=zz_shared")] == [
        "zz-a/zz_shared",
        "zz-b/zz_shared",
    ]


def test_every_name_listed_compiles_in_a_drawn_node(api: APIClient, demo_steps: None) -> None:
    refs = [step["ref"] for step in listed(api, "?page_size=200")]

    nodes = [{"id": f"n{at}", "type": "step", "step": ref} for at, ref in enumerate(refs)]
    compiled = compile_document({"schema_version": 1, "name": "all", "nodes": nodes, "edges": []})

    assert {"zz_charge", "zz-a/zz_shared"} <= set(refs)
    unknown = {"step.unknown", "step.ambiguous"}
    assert not [one for one in compiled.diagnostics if one.code in unknown]


def test_steps_are_searched_and_paged(api: APIClient, demo_steps: None) -> None:
    assert [step["ref"] for step in listed(api, "?q=CHARGE YOUR CARD")] == ["zz_charge"]
    assert [step["ref"] for step in listed(api, "?workflow=zz-a")] == ["zz-a/zz_shared"]
    first = api.get(f"{URL}?q=zz_shared&page_size=1").json()
    second = api.get(first["next"]).json()

    assert (first["previous"], second["next"]) == (None, None)
    assert second["results"][0]["ref"] == "zz-b/zz_shared"


def test_steps_that_only_call_a_tool_are_not_listed(api: APIClient, demo_steps: None) -> None:
    assert all(one.step.body is not None for one in registry.named_steps())


def test_strangers_see_no_steps(client_of: Any) -> None:
    assert client_of(None).get(URL).status_code == 401
