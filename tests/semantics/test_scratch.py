import pytest
from workflows_app.authoring import create_step, create_workflow
from executions_app.operations.audit import differences, orphans
from executions_app.testing import in_memory

pytestmark = pytest.mark.django_db


def inc(v):
    return {"n": v["n"] + 1}


def test_loop():
    wf = (
        create_workflow(id="t-loop")
        .dowhile(create_step(id="inc", execute=inc), "input.n < 3")
        .commit()
    )
    with in_memory():
        run = wf.create_run()
        r = run.start(input_data={"n": 0})
    assert (r.status, r.result) == ("completed", {"n": 3}), r
    assert differences(run.id) == [] and not list(orphans())


def test_loop_code():
    wf = (
        create_workflow(id="t-loopc")
        .dountil(create_step(id="inc", execute=inc), lambda ctx: ctx.input_data["n"] >= 3)
        .commit()
    )
    with in_memory():
        run = wf.create_run()
        r = run.start(input_data={"n": 0})
    assert (r.status, r.result) == ("completed", {"n": 3}), r
    assert differences(run.id) == [] and not list(orphans())


def test_branch():
    a = create_step(id="a", execute=lambda v: "a")
    b = create_step(id="b", execute=lambda v: "b")
    c = create_step(id="c", execute=lambda v: v)
    wf = (
        create_workflow(id="t-branch")
        .branch([("input.n > 1", a), (lambda ctx: ctx.input_data["n"] > 5, b)])
        .then(c)
        .commit()
    )
    with in_memory():
        run = wf.create_run()
        r = run.start(input_data={"n": 3})
        assert r.result == {"a": "a"}, r
        assert differences(run.id) == []
        r = wf.create_run().start(input_data={"n": 0})
        assert r.result == {}, r
        r = wf.create_run().start(input_data={"n": 10})
        assert r.result == {"a": "a", "b": "b"}, r


def test_foreach():
    wf = (
        create_workflow(id="t-each")
        .foreach(create_step(id="dbl", execute=lambda v: v * 2), concurrency=3)
        .commit()
    )
    with in_memory():
        run = wf.create_run()
        r = run.start(input_data=list(range(10)))
        assert r.result == [2 * i for i in range(10)], r
        assert differences(run.id) == []
        r = wf.create_run().start(input_data=[])
        assert r.result == [], r
        r = wf.create_run().start(input_data="x")
        assert r.status == "failed", r


def test_nested():
    inner = (
        create_workflow(id="t-inner")
        .then(create_step(id="i1", execute=inc))
        .then(create_step(id="i2", execute=inc))
        .commit()
    )
    wf = (
        create_workflow(id="t-outer")
        .then(create_step(id="x", execute=inc))
        .then(inner)
        .then(create_step(id="y", execute=inc))
        .commit()
    )
    with in_memory():
        run = wf.create_run()
        r = run.start(input_data={"n": 0})
        assert r.result == {"n": 4}, r
        assert differences(run.id) == []


def test_sleep():
    wf = (
        create_workflow(id="t-sleep")
        .then(create_step(id="x", execute=inc))
        .sleep(7 * 86400)
        .then(create_step(id="y", execute=inc))
        .commit()
    )
    with in_memory() as engine:
        before = engine.now
        run = wf.create_run()
        r = run.start(input_data={"n": 0})
        assert r.result == {"n": 2}, r
        assert (engine.now - before).days == 7
        assert differences(run.id) == []


def ask(v, ctx):
    if ctx.resume_data is None:
        return ctx.suspend({"ask": v})
    return {"n": v["n"] + ctx.resume_data["by"], "was": ctx.suspend_data}


def check(run):
    assert differences(run.id) == [] and not list(orphans())


def test_suspend():
    wf = (
        create_workflow(id="t-sus")
        .then(create_step(id="x", execute=inc))
        .then(create_step(id="ask", execute=ask))
        .then(create_step(id="y", execute=lambda v: v))
        .commit()
    )
    with in_memory():
        run = wf.create_run()
        r = run.start(input_data={"n": 0})
        assert (
            r.status == "suspended"
            and r.suspended == [["ask"]]
            and r.suspend_payload == {"ask": {"ask": {"n": 1}}}
        ), r
        check(run)
        r = run.resume(resume_data={"by": 5})
        assert r.result == {"n": 6, "was": {"ask": {"n": 1}}}, r
        check(run)
        print([(e["type"], e.get("step_id")) for e in run.stream()])


def test_suspend_nested():
    inner = (
        create_workflow(id="t-in2")
        .then(create_step(id="i1", execute=inc))
        .then(create_step(id="ask", execute=ask))
        .commit()
    )
    mid = create_workflow(id="t-mid2").then(inner).commit()
    wf = create_workflow(id="t-out2").then(create_step(id="x", execute=inc)).then(mid).commit()
    with in_memory():
        run = wf.create_run()
        r = run.start(input_data={"n": 0})
        assert r.status == "suspended" and r.suspended == [["t-mid2", "t-in2", "ask"]], r
        check(run)
        r = run.resume("t-mid2", resume_data={"by": 5})
        assert r.result["n"] == 7, r
        check(run)


def test_suspend_foreach():
    wf = (
        create_workflow(id="t-sus3")
        .foreach(
            create_step(
                id="ask",
                execute=lambda v, ctx: (
                    v + ctx.resume_data
                    if ctx.resume_data is not None
                    else (v if v <= 5 else ctx.suspend({}))
                ),
            ),
            concurrency=3,
        )
        .commit()
    )
    with in_memory():
        run = wf.create_run()
        r = run.start(input_data=[22, 1, 333, 444, 1000])
        assert r.status == "suspended" and r.suspended == [["ask"]], r
        check(run)
        r = run.resume(resume_data=5)
        assert r.status == "suspended"
        r = run.resume(resume_data=5)
        assert r.result == [27, 1, 338, 449, 1005], r
        check(run)


def test_event():
    wf = (
        create_workflow(id="t-ev")
        .then(create_step(id="x", execute=inc))
        .wait_for_event(
            "go", create_step(id="S", execute=lambda v, ctx: [v, ctx.resume_data]), timeout=60
        )
        .commit()
    )
    with in_memory() as engine:
        run = wf.create_run()
        run.start_async(input_data={"n": 0})
        engine.run_until_idle()
        assert run.status == "waiting"
        check(run)
        run.send_event("go", 0)
        r = run.wait()
        assert r.result == [{"n": 1}, 0], r
        check(run)
        run = wf.create_run()
        r = run.start(input_data={"n": 0})
        assert r.status == "failed" and "Timeout waiting for event" in r.error["message"], r
        check(run)
        run = wf.create_run()
        run.start_async(input_data={"n": 0})
        run.send_event("go", None)
        r = run.wait()
        assert r.result == [{"n": 1}, None], r
        check(run)


def test_pause():
    wf = (
        create_workflow(id="t-p")
        .then(create_step(id="x", execute=inc))
        .then(create_step(id="y", execute=inc))
        .commit()
    )
    with in_memory() as engine:
        run = wf.create_run()
        run.start_async(input_data={"n": 0})
        run.pause()
        engine.run_until_idle()
        assert run.status == "paused"
        check(run)
        run.unpause()
        r = run.wait()
        assert r.result == {"n": 2}
        check(run)
        run = wf.create_run()
        r = run.start(input_data={"n": 0}, per_step=True)
        assert r.status == "paused" and list(r.steps) == ["input", "x"], r
        check(run)
        run.unpause()
        r = run.wait()
        assert r.result == {"n": 2}
        check(run)


def test_cancel_sleep():
    wf = (
        create_workflow(id="t-cs")
        .then(create_step(id="x", execute=inc))
        .foreach(create_step(id="z", execute=lambda v, ctx: ctx.suspend({})))
        .commit()
        if False
        else create_workflow(id="t-cs").sleep(60).then(create_step(id="y", execute=inc)).commit()
    )
    with in_memory() as engine:
        run = wf.create_run()
        run.start_async(input_data={"n": 0})
        engine.run_until_idle()
        assert run.status == "waiting"
        run.cancel()
        assert run.status == "cancelled"
        check(run)


def test_bail():
    wf = (
        create_workflow(id="t-bail")
        .foreach(
            create_step(id="z", execute=lambda v, ctx: ctx.bail({"r": v}) if v == 3 else v),
            concurrency=2,
        )
        .then(create_step(id="y", execute=inc))
        .commit()
    )
    with in_memory() as engine:
        run = wf.create_run()
        r = run.start(input_data=[1, 2, 3, 4, 5, 6])
        assert r.status == "completed" and r.result == {"r": 3}, r
        check(run)


def test_state():
    inner = (
        create_workflow(id="t-sin")
        .then(create_step(id="i1", execute=lambda v, ctx: ctx.set_state({"b": ctx.state["a"] + 1})))
        .commit()
    )
    wf = (
        create_workflow(id="t-st")
        .then(create_step(id="x", execute=lambda v, ctx: ctx.set_state({"a": 1})))
        .then(inner)
        .then(create_step(id="z", execute=lambda v, ctx: dict(ctx.state)))
        .commit()
    )
    with in_memory():
        run = wf.create_run()
        r = run.start(input_data=1, initial_state={"c": 0})
        assert r.result == {"a": 1, "b": 2, "c": 0} == r.state, r
        check(run)


def test_foreach_fail():
    def boom(v):
        if v == 2:
            raise ValueError("two")
        return v

    wf = (
        create_workflow(id="t-ff")
        .foreach(create_step(id="z", execute=boom), concurrency=2)
        .commit()
    )
    with in_memory():
        run = wf.create_run()
        r = run.start(input_data=[1, 2, 3, 4])
        assert r.status == "failed" and r.error["message"] == "two", r
        check(run)


def test_crash_everywhere():
    inner = (
        create_workflow(id="t-ci")
        .then(create_step(id="i1", execute=inc))
        .sleep(5)
        .then(create_step(id="i2", execute=inc))
        .commit()
    )
    wf = (
        create_workflow(id="t-co")
        .then(create_step(id="x", execute=inc))
        .dowhile(inner, "input.n < 6")
        .commit()
    )
    for step in ("x", "i1", "i2", "sleep_1"):
        for how in ("crash_before", "crash_after"):
            with in_memory() as engine:
                getattr(engine, how)(step, times=2)
                run = wf.create_run()
                r = run.start(input_data={"n": 0})
                assert r.result == {"n": 7}, r
                check(run)
