"""What must not depend on which attempt is made first, told in every order there is."""

from __future__ import annotations

import pytest

from executions_app.testing import Engine, every_order
from tests.semantics.workflows import every_order as workflows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("told_workflows")]


def test_a_foreach_that_is_resumed_begins_as_many_items_as_it_may() -> None:
    def story(_: Engine) -> list[str]:
        run = workflows.asking.create_run()
        answers = [run.start(input_data=[1, 2, 3, 4])]
        answers += [run.resume("map", resume_data=5) for _ in range(2)]
        return [answer.status for answer in answers]

    told = every_order(story)

    assert len(told) > 3
    assert all(statuses == ["suspended", "suspended", "completed"] for statuses in told)
