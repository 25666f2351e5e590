"""The words of ``manage.py executions`` that command one execution: what each takes, and does.

Refuses to decide anything: every word is one operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.core.management.base import CommandParser

from executions_app.management.operator import BY
from executions_app.models import Execution
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.pause import pause_execution, unpause_execution
from executions_app.operations.restart import restart_execution
from executions_app.operations.resume import resume_execution
from executions_app.operations.retry import retry_execution
from executions_app.operations.send_event import send_event
from executions_app.operations.skip import skip_step
from executions_app.operations.time_travel import time_travel
from workflows_app.management.json_argument import json_file, json_text
from workflows_app.management.terminal_command import Refused

Options = Mapping[str, Any]
STEP_HELP = "its id, a dotted path into nested workflows, or a key with rounds, as in charge[5]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A command to one execution."""

    help: str
    arguments: Callable[[CommandParser], None]
    act: Callable[[str, Options], Execution]


def _reason(parser: CommandParser) -> None:
    parser.add_argument("--reason", default="", help="kept in its history")


def _step(parser: CommandParser, *, required: bool = False) -> None:
    parser.add_argument("--step", metavar="STEP", required=required, help=STEP_HELP)


def _resume_arguments(parser: CommandParser) -> None:
    _step(parser)
    parser.add_argument("--label", help="the name it was suspended under, instead of --step")
    parser.add_argument("--index", type=int, metavar="N", help="only item N of a foreach, from 0")
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--data", metavar="JSON", help="the answer")
    given.add_argument("--data-file", metavar="FILE", help="the answer, from a file")
    parser.add_argument("--context", metavar="JSON", help="keys of the runtime context to set")


def _event_arguments(parser: CommandParser) -> None:
    parser.add_argument("event", metavar="EVENT", help="its name")
    parser.add_argument("--data", metavar="JSON", help="what comes with it")


def _retry_arguments(parser: CommandParser) -> None:
    _step(parser)
    _reason(parser)


def _skip_arguments(parser: CommandParser) -> None:
    _step(parser, required=True)
    parser.add_argument("--output", metavar="JSON", required=True, help="what it is to put out")
    _reason(parser)


def _travel_arguments(parser: CommandParser) -> None:
    _step(parser, required=True)
    given = parser.add_mutually_exclusive_group()
    given.add_argument("--input", metavar="JSON", help="what the step receives")
    given.add_argument("--input-file", metavar="FILE", help="the same, from a file")
    parser.add_argument("--outputs", metavar="JSON", help="outputs of earlier steps, by step")
    parser.add_argument("--state", metavar="JSON", help="in place of the shared state")
    parser.add_argument("--resume-data", metavar="JSON", help="answers the first question")
    parser.add_argument("--per-step", action="store_true", help="pause again after one step")
    parser.add_argument("--latest", action="store_true", help="go on with the published version")
    _reason(parser)


def _resume(execution_id: str, options: Options) -> Execution:
    return resume_execution(
        execution_id,
        data=_given(options, "data"),
        step=options["step"],
        label=options["label"],
        foreach_index=options["index"],
        runtime_context=_object(options, "context"),
        by=BY,
    )


def _travel(execution_id: str, options: Options) -> Execution:
    asked: dict[str, Any] = {
        "context": _object(options, "outputs"),
        "initial_state": _object(options, "state"),
        "per_step": options["per_step"],
        "version": "latest" if options["latest"] else "pinned",
        "reason": options["reason"],
    }
    if options["input"] is not None or options["input_file"] is not None:
        asked["input_data"] = _given(options, "input")
    if options["resume_data"] is not None:
        asked["resume_data"] = json_text(options["resume_data"], option="--resume-data")
    return time_travel(execution_id, step=options["step"], by=BY, **asked)


#: Word -> what it is, in the order in which ``--help`` lists them.
WORDS: Mapping[str, Word] = MappingProxyType(
    {
        "cancel": Word(
            help="stop one: nothing new starts, what runs may finish",
            arguments=_reason,
            act=lambda pk, it: cancel_execution(pk, reason=it["reason"], by=BY),
        ),
        "pause": Word(
            help="hold one: what runs may finish, nothing else begins",
            arguments=_reason,
            act=lambda pk, it: pause_execution(pk, reason=it["reason"], by=BY),
        ),
        "unpause": Word(
            help="let one that is paused go on",
            arguments=_reason,
            act=lambda pk, it: unpause_execution(pk, reason=it["reason"], by=BY),
        ),
        "resume": Word(
            help="answer what one is suspended for", arguments=_resume_arguments, act=_resume
        ),
        "send-event": Word(
            help="tell one that something happened",
            arguments=_event_arguments,
            act=lambda pk, it: send_event(pk, event=it["event"], data=_given(it, "data"), by=BY),
        ),
        "retry": Word(
            help="run what failed once more, and what follows",
            arguments=_retry_arguments,
            act=lambda pk, it: retry_execution(pk, step=it["step"], reason=it["reason"], by=BY),
        ),
        "skip": Word(
            help="go on without a step that failed or waits",
            arguments=_skip_arguments,
            act=lambda pk, it: skip_step(
                pk, step=it["step"], output=_given(it, "output"), reason=it["reason"], by=BY
            ),
        ),
        "restart": Word(
            help="have workers take up what is due of one that was left",
            arguments=_reason,
            act=lambda pk, it: restart_execution(pk, reason=it["reason"], by=BY),
        ),
        "time-travel": Word(
            help="go on from a step once more", arguments=_travel_arguments, act=_travel
        ),
    }
)


def _given(options: Options, name: str) -> Any:
    """Return the JSON of ``--name``, or of the file that ``--name-file`` names."""
    path, text = options.get(f"{name}_file"), options[name]
    if path is not None:
        return json_file(path)
    return None if text is None else json_text(text, option=f"--{name}")


def _object(options: Options, name: str) -> dict[str, Any] | None:
    if options[name] is None:
        return None
    value = json_text(options[name], option=f"--{name}")
    if not isinstance(value, dict):
        raise Refused(f"--{name} must be a JSON object", code="usage.invalid")
    return value
