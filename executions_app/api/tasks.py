"""``/api/tasks/``: what people are asked, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import task_examples as examples
from executions_app.api.task_shapes import TaskRecord, TaskShape
from executions_app.models import Approval
from executions_app.operations import answer_task
from executions_app.operations.find_tasks import get_task, mine, tasks_for
from workflows_app.api.bodies import BodySerializer
from workflows_app.api.filters import Filter, choice, flag, read_filters, text
from workflows_app.api.openapi import PAGING_PARAMETERS, operation, page_example, page_of
from workflows_app.api.views import ApiView

TAG = "tasks"
_ALL = "all"
FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "status": choice("Only in this state; open, if not sent.", [*Approval.Status.values, _ALL]),
        "mine": flag("Only those that the caller is asked."),
        "workflow": text("Only of the workflow of this id."),
        "execution": text("Only of the execution of this id."),
    }
)


class ListTasks(ApiView):
    """Lists what the caller may see."""

    @operation(
        "tasks_list",
        summary="List what people are asked",
        description="What is asked of the caller or their groups, and what the caller's own "
        "executions ask of others; the newest first.",
        tag=TAG,
        answers={200: (page_of("TaskPage", TaskShape), page_example(examples.TASK))},
        filters=FILTERS,
        headers=PAGING_PARAMETERS,
    )
    def get(self, request: Request) -> Response:
        """Return one page."""
        asked = read_filters(request, FILTERS, paged=True)
        rows = tasks_for(request.user).defer("form", "context", "answer")
        status = asked.get("status", Approval.Status.OPEN)
        if status != _ALL:
            rows = rows.filter(status=status)
        if asked.get("mine"):
            rows = mine(rows, request.user)
        if "workflow" in asked:
            rows = rows.filter(execution__workflow_id=asked["workflow"])
        if "execution" in asked:
            rows = rows.filter(execution_id=asked["execution"])
        return self.page(rows, TaskShape, ordering=("-created_at", "-id"))


class ShowTask(ApiView):
    """Shows one."""

    @operation(
        "tasks_retrieve",
        summary="Show what somebody is asked",
        tag=TAG,
        answers={200: (TaskRecord, examples.RECORD)},
        filters={},
        errors=(404,),
    )
    def get(self, request: Request, task_id: int) -> Response:
        """Return the question."""
        read_filters(request, {})
        return Response(TaskRecord(get_task(request.user, task_id)).data)


class AnswerBody(BodySerializer):
    """The answer."""

    data = serializers.JSONField(allow_null=True, help_text="Fits the task's `form`.")
    comment = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=answer_task.MAX_COMMENT_CHARS,
        help_text="Kept with the answer, for people; the workflow does not see it.",
    )


class AnswerTask(ApiView):
    """Answers one."""

    @operation(
        "tasks_answer",
        summary="Answer what people are asked",
        description="The execution goes on with `data`. The first answer counts; whoever comes "
        "second is told who was quicker. Data that does not fit leaves the question open.",
        tag=TAG,
        takes=(AnswerBody, examples.BODY),
        answers={200: (TaskRecord, examples.ANSWERED)},
        errors=(404, 409),
    )
    def post(self, request: Request, task_id: int) -> Response:
        """Answer it."""
        task = get_task(request.user, task_id)
        asked = self.body(AnswerBody)
        answered = answer_task.answer_task(task.pk, user=request.user, **asked)
        return Response(TaskRecord(answered).data)
