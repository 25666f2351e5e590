"""Any Celery task, unchanged, is a step."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery, shared_task
from celery.exceptions import Ignore, Reject
from pydantic import BaseModel

from workflows_app.authoring import NonRetryableError, Step, StepContext, create_step, step
from workflows_app.authoring.task_body import TaskRejected, TaskRetry

app = Celery("shop", broker="memory://", set_as_current=False)


class Sum(BaseModel):
    x: int
    y: int


@app.task(name="shop.tasks.add")
def add(x: int, y: int = 1) -> int:
    """Add two numbers."""
    return x + y


@app.task
def charge(order: Any) -> Any:
    return {"charged": order}


@app.task
def ping() -> str:
    return "pong"


@app.task(bind=True)
def tell(self: Any, word: str) -> dict[str, Any]:
    return {"word": word, "id": self.request.id, "tries": self.request.retries}


@app.task(bind=True, max_retries=1)
def stubborn(self: Any, how: str) -> None:
    match how:
        case "error":
            raise self.retry(exc=OSError("down"), countdown=60)
        case "plain":
            raise self.retry()
        case "ignore":
            raise Ignore
        case "reject":
            raise Reject("broken", requeue=False)
        case "requeue":
            raise Reject("later", requeue=True)


@app.task(autoretry_for=(OSError,), retry_backoff=True)
def flaky(n: int) -> int:
    if n:
        raise OSError("down")
    return n


@shared_task
def shared(n: int) -> int:
    return n * 2


def run(made: Step, value: Any, **fields: Any) -> Any:
    context = StepContext(input_data=value, run_id="r", workflow_id="w", step_id="s", **fields)
    assert made.body is not None
    return made.body(*made.arguments(made.input_type.parse(value), context))


def test_a_task_gives_its_name_and_its_description() -> None:
    made = create_step(add)

    assert (made.id, made.description, made.tool) == ("add", "Add two numbers.", None)
    assert create_step(add, id="sum", retries=3).retries == 3


def test_a_task_may_be_decorated_or_given_as_what_is_executed() -> None:
    assert step(charge).id == "charge"
    assert run(create_step(id="sum", execute=add), {"x": 2}) == 3


def test_a_mapping_becomes_keyword_arguments() -> None:
    assert run(create_step(add), {"x": 1, "y": 2}) == 3
    assert run(create_step(add), {"x": 1}) == 2
    assert run(create_step(charge), {"order": 5}) == {"charged": 5}


def test_a_model_becomes_keyword_arguments() -> None:
    assert run(create_step(add, input_schema=Sum), {"x": "1", "y": 2}) == 3


def test_the_one_argument_of_a_task_receives_the_value() -> None:
    assert run(create_step(charge), {"id": "o-1"}) == {"charged": {"id": "o-1"}}
    assert run(create_step(add), 41) == 42


def test_a_task_without_arguments_is_called_with_none() -> None:
    assert run(create_step(ping), {"anything": 1}) == "pong"


def test_a_shared_task_is_a_step_too() -> None:
    assert run(create_step(shared), 4) == 8


def test_an_input_that_does_not_fit_is_not_tried_again() -> None:
    with pytest.raises(NonRetryableError, match=r"'shop.tasks.add' takes \(x: 'int'"):
        run(create_step(add), {"x": 1, "z": 2})


def test_a_bound_task_sees_a_request() -> None:
    told = run(create_step(tell), "hi", retry_count=2, idempotency_key="r:s")

    assert told == {"word": "hi", "id": "r:s", "tries": 2}
    assert tell.request.id is None


@pytest.mark.parametrize(
    ("how", "raised", "message"),
    [
        ("error", OSError, "down"),
        ("plain", TaskRetry, "retried"),
        ("reject", NonRetryableError, "broken"),
        ("requeue", TaskRejected, "later"),
    ],
)
def test_what_a_task_says_by_raising_fails_the_attempt(
    how: str, raised: type[Exception], message: str
) -> None:
    with pytest.raises(raised, match=message):
        run(create_step(stubborn), how)


def test_an_ignored_task_completes_without_an_output() -> None:
    assert run(create_step(stubborn), "ignore") is None


def test_a_task_that_retries_by_itself_leaves_that_to_the_step() -> None:
    with pytest.raises(OSError, match="down"):
        run(create_step(flaky), 1)

    assert run(create_step(flaky), 0) == 0
