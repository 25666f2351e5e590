/** Rows that keep their places while the list behind them moves. */
import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { holdRows, useLiveRows } from "./liveRows";

const row = (id: string, status = "running") => ({
  id,
  status,
  created_at: `2026-11-20T12:00:${id}Z`,
});

describe("rows that are held", () => {
  it("keep their places and tell what changed in them", () => {
    const held = holdRows([row("03"), row("02")], [row("04"), row("03", "failed"), row("02")]);

    expect(held.rows).toEqual([row("03", "failed"), row("02")]);
    expect(held.fresh).toBe(1);
    expect(held.gone.size).toBe(0);
  });

  it("mark those that fit no longer, but not those that moved to the next page", () => {
    const held = holdRows([row("03"), row("02"), row("01")], [row("04"), row("02")]);

    expect([...held.gone]).toEqual(["03"]);
    expect(held.rows).toHaveLength(3);
  });

  it("mark all where nothing is left", () => {
    expect([...holdRows([row("03")], []).gone]).toEqual(["03"]);
  });
});

describe("live rows", () => {
  function watch(hold: boolean) {
    return renderHook(({ latest, held, list }) => useLiveRows(latest, held, list), {
      initialProps: { latest: [row("01")], held: hold, list: "all" },
    });
  }

  it("come in by themselves while nobody is at them", () => {
    const { result, rerender } = watch(false);

    rerender({ latest: [row("02"), row("01")], held: false, list: "all" });

    expect(result.current.rows.map(({ id }) => id)).toEqual(["02", "01"]);
    expect(result.current.fresh).toBe(0);
  });

  it("wait under the pointer until they are let in", () => {
    const { result, rerender } = watch(true);

    rerender({ latest: [row("03"), row("02"), row("01")], held: true, list: "all" });
    expect(result.current.rows.map(({ id }) => id)).toEqual(["01"]);
    expect(result.current.fresh).toBe(2);

    act(() => result.current.release());
    expect(result.current.rows.map(({ id }) => id)).toEqual(["03", "02", "01"]);
  });

  it("come in when the pointer goes", () => {
    const { result, rerender } = watch(true);
    const latest = [row("02"), row("01")];

    rerender({ latest, held: true, list: "all" });
    rerender({ latest, held: false, list: "all" });

    expect(result.current.fresh).toBe(0);
    expect(result.current.rows).toHaveLength(2);
  });

  it("show another list at once", () => {
    const { result, rerender } = watch(true);

    rerender({ latest: [row("07", "failed")], held: true, list: "failed" });

    expect(result.current.rows).toEqual([row("07", "failed")]);
  });
});
