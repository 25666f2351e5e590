import pytest
from workflows_app.authoring import create_step, create_workflow
from executions_app.operations.audit import differences, orphans
from executions_app.testing import in_memory

pytestmark = pytest.mark.django_db

def inc(v): return {"n": v["n"] + 1}

def test_loop():
    wf = create_workflow(id="t-loop").dowhile(create_step(id="inc", execute=inc), "input.n < 3").commit()
    with in_memory():
        run = wf.create_run()
        r = run.start(input_data={"n": 0})
    assert (r.status, r.result) == ("completed", {"n": 3}), r
    assert differences(run.id) == [] and not list(orphans())

def test_loop_code():
    wf = create_workflow(id="t-loopc").dountil(create_step(id="inc", execute=inc), lambda ctx: ctx.input_data["n"] >= 3).commit()
    with in_memory():
        run = wf.create_run()
        r = run.start(input_data={"n": 0})
    assert (r.status, r.result) == ("completed", {"n": 3}), r
    assert differences(run.id) == [] and not list(orphans())

def test_branch():
    a = create_step(id="a", execute=lambda v: "a"); b = create_step(id="b", execute=lambda v: "b"); c = create_step(id="c", execute=lambda v: v)
    wf = create_workflow(id="t-branch").branch([("input.n > 1", a), (lambda ctx: ctx.input_data["n"] > 5, b)]).then(c).commit()
    with in_memory():
        run = wf.create_run(); r = run.start(input_data={"n": 3})
        assert r.result == {"a": "a"}, r
        assert differences(run.id) == []
        r = wf.create_run().start(input_data={"n": 0})
        assert r.result == {}, r
        r = wf.create_run().start(input_data={"n": 10})
        assert r.result == {"a": "a", "b": "b"}, r

def test_foreach():
    wf = create_workflow(id="t-each").foreach(create_step(id="dbl", execute=lambda v: v * 2), concurrency=3).commit()
    with in_memory():
        run = wf.create_run(); r = run.start(input_data=list(range(10)))
        assert r.result == [2 * i for i in range(10)], r
        assert differences(run.id) == []
        r = wf.create_run().start(input_data=[])
        assert r.result == [], r
        r = wf.create_run().start(input_data="x")
        assert r.status == "failed", r

def test_nested():
    inner = create_workflow(id="t-inner").then(create_step(id="i1", execute=inc)).then(create_step(id="i2", execute=inc)).commit()
    wf = create_workflow(id="t-outer").then(create_step(id="x", execute=inc)).then(inner).then(create_step(id="y", execute=inc)).commit()
    with in_memory():
        run = wf.create_run(); r = run.start(input_data={"n": 0})
        assert r.result == {"n": 4}, r
        assert differences(run.id) == []

def test_sleep():
    wf = create_workflow(id="t-sleep").then(create_step(id="x", execute=inc)).sleep(7 * 86400).then(create_step(id="y", execute=inc)).commit()
    with in_memory() as engine:
        before = engine.now
        run = wf.create_run(); r = run.start(input_data={"n": 0})
        assert r.result == {"n": 2}, r
        assert (engine.now - before).days == 7
        assert differences(run.id) == []
