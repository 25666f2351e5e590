"""The rows of the table: what is shown of a measurement, and what it has to reach.  Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Better = Literal["at most", "at least", "exactly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What one figure must reach."""

    better: Better
    value: float
    unit: str = ""

    def is_met(self, figure: float) -> bool:
        match self.better:
            case "at most":
                return figure <= self.value
            case "at least":
                return figure >= self.value
            case "exactly":
                return figure == self.value

    def __str__(self) -> str:
        return f"{self.better} {self.value:g}{self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    name: str
    us: str
    celery: str = ""
    figure: float | None = None
    """What the target is about: a ratio, which has a unit, or our own count, which has none."""
    unit: str = ""
    target: Target | None = None

    @property
    def verdict(self) -> str:
        if self.target is None or self.figure is None:
            return ""
        return "yes" if self.target.is_met(self.figure) else "**no**"

    def cells(self) -> tuple[str, ...]:
        """Return the columns: name, us, Celery, what is compared, target, met."""
        compared = f"{self.figure:.3g}{self.unit}" if self.figure is not None and self.unit else ""
        target = "" if self.target is None else str(self.target)
        return (self.name, self.us, self.celery, compared, target, self.verdict)


HEAD = ("", "Celeriac", "plain Celery", "compared", "target", "met")
_TIMES = " x"
_WORKLOADS = {
    "w1": ("W1: chain of 100 steps, ms a step", Target(better="at most", value=3, unit=_TIMES)),
    "w2": (
        "W2: 200 executions of 5 steps at once, steps/s",
        Target(better="at least", value=0.3, unit=_TIMES),
    ),
    "w3": (
        "W3: 500 parallel steps and a join, s",
        Target(better="at most", value=3, unit=_TIMES),
    ),
    "w4": (
        "W4: start to the first line of the first step, ms (p95)",
        Target(better="at most", value=3, unit=_TIMES),
    ),
}
_GROWTH = Target(better="at most", value=1.2, unit=_TIMES)


def rows_of(measured: Mapping[str, Any]) -> list[Row]:
    """Return the table of one database's measurement."""
    return [
        *_workload_rows(measured["workloads"]),
        *_growth_rows(measured),
        *_count_rows(measured),
        *_other_rows(measured),
    ]


def _workload_rows(workloads: Mapping[str, Any]) -> Iterator[Row]:
    for key, found in workloads.items():
        name, target = _WORKLOADS[key]
        us, celery = found["us"], found["celery"]
        yield Row(
            name=name,
            us=_spread(us, with_p95=key == "w4"),
            celery=_spread(celery, with_p95=key == "w4"),
            figure=us["median"] / celery["median"],
            unit=_TIMES,
            target=target,
        )
    if "w1" in workloads:
        us, celery = (workloads["w1"][side]["worker_cpu_seconds"] for side in ("us", "celery"))
        yield Row(
            name="processor time of all workers in W1, ms a step",
            us=f"{us * 10:.2f}",
            celery=f"{celery * 10:.2f}",
            figure=us / celery,
            unit=_TIMES,
        )


def _spread(figures: Mapping[str, Any], *, with_p95: bool) -> str:
    return f"{figures['median']:.3g}" + (f" ({figures['p95']:.3g})" if with_p95 else "")


def _growth_rows(measured: Mapping[str, Any]) -> Iterator[Row]:
    growth, counts = measured["growth"], measured["counts"]
    pace, statements = growth["chain"], counts["chain"]
    last = growth["length"]
    yield Row(
        name=f"chain of {last:,}: last quarter against first, ms a step",
        us=f"{pace['last_ms']:.3g} / {pace['first_ms']:.3g}",
        figure=pace["last_ms"] / pace["first_ms"],
        unit=_TIMES,
        target=_GROWTH,
    )
    yield Row(
        name=f"chain of {last:,}: last steps against first, statements",
        us=f"{statements['last']['statements']:g} / {statements['first']['statements']:g}",
        figure=statements["last"]["statements"] / statements["first"]["statements"],
        unit=_TIMES,
        target=_GROWTH,
    )
    for name, values, what in (
        ("500 arms: last quarter against first, ms an arm", growth["fan"], "ms"),
        ("500 arms: last against first, statements", counts["fan"], "statements"),
    ):
        first, latest = (
            (values["first_ms"], values["last_ms"])
            if what == "ms"
            else (values["first"]["statements"], values["last"]["statements"])
        )
        yield Row(
            name=name,
            us=f"{latest:.3g} / {first:.3g}",
            figure=latest / first,
            unit=_TIMES,
            target=_GROWTH,
        )


def _count_rows(measured: Mapping[str, Any]) -> Iterator[Row]:
    step = measured["counts"]["chain"]["last"]
    for name, key, target in (
        ("statements a step", "statements", Target(better="at most", value=12)),
        ("writing transactions a step", "commits", Target(better="at most", value=2)),
        ("messages to workers a step", "messages", Target(better="exactly", value=1)),
        ("hints to browsers a step", "live_publishes", Target(better="at most", value=1)),
    ):
        yield Row(name=name, us=f"{step[key]:g}", figure=step[key], target=target)
    size = measured["live"]["bytes_per_step"]
    yield Row(
        name="bytes a step in the database, indexes included",
        us=f"{size:,}",
        figure=size,
        target=Target(better="at most", value=4096),
    )


def _other_rows(measured: Mapping[str, Any]) -> Iterator[Row]:
    live = measured["live"]
    if "log_bytes_per_step" in live:
        yield Row(name="bytes a step in the write-ahead log", us=f"{live['log_bytes_per_step']:,}")
    yield Row(
        name="Redis commands a step",
        us=f"{sum(live['commands_per_step'].values()):.1f}",
        celery=f"{sum(live['celery_commands_per_step'].values()):.1f}",
    )
    yield Row(
        name="processor time of a step in one process, ms",
        us=f"{measured['counts']['cpu_ms_per_step']:.3g}",
    )
    memory = measured["memory_after_mb"]
    yield Row(
        name="resident memory of each worker process after all, MB",
        us=" + ".join(f"{value:.0f}" for value in memory["us"]),
        celery=" + ".join(f"{value:.0f}" for value in memory["celery"]),
    )
