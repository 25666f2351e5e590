"""Data as an installation has it after some days: the samples, run, waiting, failed, scheduled."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.definitions import call, log, text, workflow
from tests.browser.site import Site
from tests.browser.slow_server import SlowServer

ENDED = ("completed", "failed", "cancelled")
#: How often each sample was run, with what.
RUNS: dict[str, list[dict[str, object]]] = {
    "Welcome message": [
        {"name": name, "language": language}
        for name, language in zip(
            ("Ada", "Grace", "Emmy", "Lise", "Sofja", "Chien-Shiung", "Rosalind", "Barbara"),
            ("en", "en", "de", "de", "fr", "en", "en", "de"),
            strict=True,
        )
    ],
    "Route a ticket": [{}, {}, {}],
    "Order summary": [{}, {}],
    "Price a catalogue": [{}],
    "Greet everybody": [{}, {}],
    "Tidy contacts": [{}],
    "Pay off a debt": [{}],
    "Retry until it works": [{"failures": 2}, {"failures": 9}, {"failures": 1}],
    "Approve a purchase": [{"what": "a cargo bike", "price": 2400}, {"what": "tea", "price": 12}],
}
WAITING = ("Approve a purchase", "Ask for a name", "Wait for a payment")
_SPREAD = """
from datetime import timedelta
from executions_app.models import Execution
for number, one in enumerate(Execution.objects.filter(ended_at__isnull=False).order_by("?")):
    back = timedelta(days=number % 9, hours=number % 5)
    Execution.objects.filter(pk=one.pk).update(created_at=one.created_at - back,
        started_at=one.started_at and one.started_at - back, ended_at=one.ended_at - back)
"""


@dataclass(frozen=True)
class Furniture:
    """Ids by what they are."""

    ticket: str
    purchase: str
    faulty: str
    completed: str
    failed: str
    going: str
    going_workflow: str
    task: int


def furnish(site: Site, slow: SlowServer) -> Furniture:
    """Fill the installation, and return what to look at."""
    found = site.api.get("/api/workflows/", params={"page_size": 100}).json()["results"]
    ids = {row["name"]: row["id"] for row in found}
    runs = {
        name: [site.execute(ids[name], **given) for given in inputs]
        for name, inputs in RUNS.items()
    }
    for name, started in runs.items():
        for one in started[name in WAITING :]:
            site.until_status(one, *ENDED)
    site.manage("shell", "-c", _SPREAD)
    # Made after the others were spread over days: they stand first in the lists.
    completed = site.execute(ids["Order summary"])
    failed = site.execute(ids["Retry until it works"], failures=8)
    for name in WAITING[1:]:
        site.until_status(site.execute(ids[name]), "waiting", "suspended")
    site.until_status(completed, "completed")
    site.until_status(failed, "failed")
    _schedules(site, ids)
    going_workflow = site.create(_nightly(slow))
    task = site.api.get("/api/tasks/").json()["results"][0]["id"]
    return Furniture(
        ticket=ids["Route a ticket"],
        purchase=ids["Approve a purchase"],
        faulty=_faulty(site),
        completed=completed,
        failed=failed,
        going=site.execute(going_workflow),
        going_workflow=going_workflow,
        task=task,
    )


def _nightly(slow: SlowServer) -> dict[str, object]:
    return workflow(
        "Nightly stock check",
        text("day", "stock of today", "Which day"),
        log("begin", "Asking the warehouse", "Say that it begins"),
        call("stock", slow, "/held/stock", "Ask the warehouse"),
        text("report", "{{ input.day }}", "Write the report", day="steps.day.text"),
    )


def _faulty(site: Site) -> str:
    good = workflow("Invoice reminder", text("letter", "Please pay.", "Write the letter"))
    workflow_id = site.create(good)
    broken = workflow(
        "Invoice reminder",
        text("letter", "Dear {{ input.who }}", "Write the letter", who="steps.customer.name"),
        {"id": "send", "type": "tool", "tool": "http.request", "name": "Send it", "input": {}},
    )
    record = site.api.get(f"/api/workflows/{workflow_id}/")
    site.api.put(
        f"/api/workflows/{workflow_id}/",
        json={"definition": broken},
        headers={"If-Match": record.headers["ETag"]},
    )
    return workflow_id


def _schedules(site: Site, ids: dict[str, str]) -> None:
    for workflow_name, cron in (
        ("Welcome message", "0 7 * * 1-5"),
        ("Price a catalogue", "15 6 * * *"),
        ("Pay off a debt", "0 9 1 * *"),
    ):
        answer = site.api.post(
            "/api/schedules/",
            json={
                "workflow": ids[workflow_name],
                "cron": cron,
                "timezone": "Europe/Berlin",
            },
        )
        assert answer.status_code == 201, answer.text
