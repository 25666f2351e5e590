"""One simulation: what a seed makes happen, and what was wrong with it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from executions_app.models import Approval, Event, Execution, Item, Signal, StepRun
from tests.simulation.laws import broken_laws
from tests.simulation.story import Diary, Story, known_steps, story_of
from tests.simulation.world import World
from workflows_app.authoring import workflow_from_definition

#: Executions side by side.
EXECUTIONS = 2
#: For so many steps things go wrong; then everything has to come to its end.
TROUBLED_STEPS = 150
MOST_STEPS = 2_500


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one seed."""

    seed: int
    steps: int
    happened: Counter[str]
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        how = f"python -m tests.simulation --seed {self.seed} --trace"
        return "\n".join([f"seed {self.seed}, again with: {how}", *self.wrong])


def simulate(seed: int, *, tell: Callable[[str], None] | None = None) -> Report:
    """Run what ``seed`` says, in this process and its database; ``tell`` hears each thing."""
    random, diary = Random(f"stories {seed}"), Diary()
    world = World(seed, tell or _silent)
    diary.pause = world.pause_body
    stories: dict[str, Story] = {}
    steps, wrong = 0, []
    _forget_everything()
    logging.disable()  # what goes wrong on purpose is no news
    with known_steps(diary), world.set_up():
        try:
            for number in range(EXECUTIONS):
                name = f"simulated-{seed}-{number}"
                stories[name] = story_of(random)
                _start(name, stories[name])
            while not world.is_over and steps < MOST_STEPS:
                steps += 1
                if steps == TROUBLED_STEPS:
                    world.calm_down()
                world.step()
            world.calm_down()
            wrong = list(broken_laws(world, stories, diary))
        except Exception as error:
            wrong = [f"{type(error).__name__}: {error}"]
            if tell is not None:
                raise
        finally:
            logging.disable(logging.NOTSET)
    return Report(seed, steps, world.happened, wrong)


def _start(execution_id: str, story: Story) -> None:
    workflow = workflow_from_definition(dict(story.definition), id="simulated")
    workflow.create_run(run_id=execution_id).start_async(input_data={"n": story.number})


def _forget_everything() -> None:
    """Begin with an empty past: what an earlier seed left behind is none of this one's."""
    for model in (Event, Item, Signal, Approval, StepRun):
        model.objects.all().delete()
    Execution.objects.filter(root_id__isnull=False).delete()
    Execution.objects.all().delete()


def _silent(line: str) -> None:
    return None
