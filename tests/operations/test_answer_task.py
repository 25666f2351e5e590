"""One question takes one answer, whoever else answers at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connections

from executions_app.models import Approval, Event
from executions_app.operations.answer_task import TaskAnswered, answer_task
from tests.api.asking import approving, in_this_process, settled, started

PEOPLE = 4


@pytest.mark.django_db(transaction=True)
def test_of_answers_at_the_same_moment_one_counts() -> None:
    names = [f"person-{number}" for number in range(PEOPLE)]
    users = [get_user_model().objects.create_user(name) for name in names]
    with in_this_process() as engine:
        execution = started(engine, approving("racing", assignees=names), None)
        task_id, together = Approval.objects.get().pk, Barrier(PEOPLE)

        def answer(user: Any) -> str:
            try:
                together.wait()
                answer_task(task_id, user=user, data={"approved": True}, comment=user.username)
            except TaskAnswered as late:
                return str(late.details["answered_by"])
            finally:
                connections.close_all()
            return ""

        with ThreadPoolExecutor(PEOPLE) as pool:
            told = list(pool.map(answer, users))

        task = Approval.objects.get()
        assert sorted(told) == ["", *[task.answered_by] * (PEOPLE - 1)]
        assert task.comment == task.answered_by
        assert Event.objects.filter(type="step_resumed").count() == 1
        settled(engine, execution)
