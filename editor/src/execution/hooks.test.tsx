/** Components that watch an execution: drawn for their own run only, over one connection. */
import { act, render, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useExecution, useExecutionView, useHistory, useNode, useStep } from "./hooks";
import { surroundedBy } from "./registry";
import { REPLAYS } from "./testing/replays";
import { FakeWorld } from "./testing/world";

const ID = "execution-1";
const EVENTS = REPLAYS.sequence?.events ?? [];
/** The first step has begun, the second has not. */
const BEGUN = 3;

let world: FakeWorld;
let drawn: string[];

function Step({ name }: { name: string }) {
  const step = useStep(ID, name);
  drawn.push(name);
  return <p data-testid={name}>{step?.status ?? "not reached"}</p>;
}

function Node({ name }: { name: string }) {
  return <p data-testid={`node-${name}`}>{useNode(ID, name)?.runs ?? 0}</p>;
}

function Status() {
  const { view, connection, record } = useExecution(ID);
  return <p data-testid="status">{`${view?.status} ${connection.state} ${record?.workflow}`}</p>;
}

function Keys() {
  // A new list each time: must neither draw for ever nor fail.
  const keys = useExecutionView(ID, (view) => [...view.steps.keys()]);
  return <p data-testid="keys">{keys?.join(" ")}</p>;
}

function Past() {
  return <p data-testid="past">{useHistory(ID)}</p>;
}

function text(id: string): string | null {
  return screen.getByTestId(id).textContent;
}

beforeEach(() => {
  world = new FakeWorld(ID);
  world.log = EVENTS.slice(0, BEGUN);
  drawn = [];
  surroundedBy(world);
});

afterEach(() => surroundedBy());

test("each component is drawn again only when its own run changes", async () => {
  render([<Step key="a" name="a" />, <Step key="b" name="b" />, <Node key="n" name="a" />]);
  await act(() => world.settle());
  expect([text("a"), text("b"), text("node-a")]).toEqual(["running", "not reached", "1"]);
  drawn = [];

  const settled = EVENTS.findIndex((event) => event.type === "step_completed");
  world.stream.send(...EVENTS.slice(BEGUN, settled + 1));
  await act(() => world.pass(16));

  expect(text("a")).toBe("completed");
  expect(drawn).toEqual(["a"]);
});

test("all look through one connection, which closes when nobody looks any more", async () => {
  const { unmount } = render(
    <StrictMode>
      <Status />
      <Step name="a" />
      <Keys />
    </StrictMode>,
  );
  await act(() => world.settle());
  await act(async () => world.stream.say("open"));
  expect(text("status")).toBe("running live told");
  expect(text("keys")).toBe("a");
  expect([world.asked.records, world.openStreams]).toEqual([1, 1]);

  unmount();
  await world.pass(4_999);
  expect(world.openStreams).toBe(1);
  await world.pass(1);

  expect(world.openStreams).toBe(0);
  expect(world.timersLeft).toBe(0);
});

test("a page that comes back soon finds its connection open", async () => {
  const { unmount } = render(<Step name="a" />);
  await act(() => world.settle());
  world.stream.say("open");
  unmount();
  await world.pass(1_000);

  render(<Step name="a" />);
  expect(text("a")).toBe("running");
  await act(() => world.pass(10_000));

  expect(world.openStreams).toBe(1);
  expect(world.asked.records).toBe(1);
});

test("no execution is no connection", () => {
  function Nothing() {
    return <p data-testid="none">{useNode(null, "a")?.runs ?? "none"}</p>;
  }

  render(<Nothing />);

  expect(text("none")).toBe("none");
  expect(world.asked.records).toBe(0);
});

test("the past is read when it is asked for", async () => {
  render(<Past />);
  await act(() => world.settle());

  expect(text("past")).toBe("complete");
  expect(world.asked.pages).toBe(1);
});
