"""Section K: suspending and resuming in a row."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow


class WithDefault(BaseModel):
    value: int = 21


class UserInput(BaseModel):
    user_input: str


def _pass(value: Any, ctx: StepContext) -> Any:
    return {"from": ctx.step_id, "got": value}


def _ask_once(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        ctx.suspend({"reason": f"{ctx.step_id} needs input"})
        return None
    return {"said": ctx.resume_data["user_input"], "before": value}


def _ask_silently(value: Any, ctx: StepContext) -> Any:
    return ctx.suspend() if ctx.resume_data is None else ctx.resume_data


#: 176 - 179, 181, 191
linear = (
    create_workflow(id="k-linear")
    .then(recorded("A", lambda value: {"a": value}))
    .then(recorded("B", _ask_once))
    .then(recorded("C", _pass))
    .commit()
)

#: 180
silent = create_workflow(id="k-silent").then(recorded("B", _ask_silently)).commit()


def _add_default(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend()
    return {"value": value["value"] + ctx.resume_data["value"]}


#: 182: 0 -> 1 -> 1 + 21
defaulted = (
    create_workflow(id="k-defaulted")
    .then(recorded("inc", lambda value: {"value": value["value"] + 1}))
    .then(recorded("add", _add_default, resume_schema=WithDefault))
    .commit()
)

#: 183
strict = (
    create_workflow(id="k-strict")
    .then(recorded("A", _pass))
    .then(recorded("B", _ask_once, resume_schema=UserInput))
    .commit()
)

#: 184
two_turns = (
    create_workflow(id="k-two-turns")
    .then(recorded("A", lambda value: {"a": value}))
    .then(recorded("first", _ask_once))
    .then(recorded("between", _pass))
    .then(recorded("second", _ask_once))
    .commit()
)


def _prompt_agent(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend({"prompt": value["user_input"]})
    return {"model_output": ctx.resume_data["model_output"]}


def _evaluate(value: Any) -> Any:
    return {"score": len(value["model_output"]), "text": value["model_output"]}


def _improve(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend({"score": value["score"]})
    return {"improved": f"{value['text']} {ctx.resume_data['hint']}"}


def _evaluate_improved(value: Any, ctx: StepContext) -> Any:
    return {
        "score": len(value["improved"]),
        "first_score": ctx.get_step_result("evaluate")["score"],
        "asked": ctx.get_init_data()["input"],
    }


#: 185
conversation = (
    create_workflow(id="k-conversation")
    .then(recorded("get_user_input", lambda value: {"user_input": value["input"]}))
    .then(recorded("prompt_agent", _prompt_agent))
    .then(recorded("evaluate", _evaluate))
    .then(recorded("improve", _improve))
    .then(recorded("evaluate_improved", _evaluate_improved))
    .commit()
)


def _labelled(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend({"at": ctx.step_id}, label=value["label"])
    return ctx.resume_data


#: 200
labelled = create_workflow(id="k-labelled").then(recorded("ask", _labelled)).commit()
