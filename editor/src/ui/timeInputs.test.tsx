/** Fields for spans of time and for moments. */
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, test } from "vitest";
import { DurationInput, unitOf } from "./DurationInput";
import { localText, MomentInput, withZone } from "./MomentInput";

interface Seen {
  value: number | undefined;
}

function Page({ seen }: { seen: Seen }) {
  const [value, setValue] = useState(seen.value);
  const change = (next: number | undefined) => {
    seen.value = next;
    setValue(next);
  };
  return <DurationInput label="Wait" value={value} onChange={change} />;
}

describe("a span of time", () => {
  test.each([
    [undefined, "s"],
    [0, "s"],
    [90, "s"],
    [120, "min"],
    [7200, "h"],
    [172_800, "d"],
  ])("of %s seconds is shown in %s", (seconds, unit) => {
    expect(unitOf(seconds)).toBe(unit);
  });

  test("keeps its number when the unit changes, and can be emptied", async () => {
    const seen: Seen = { value: 5 };
    render(<Page seen={seen} />);

    await userEvent.selectOptions(screen.getByLabelText("Unit of Wait"), "minutes");
    expect(seen.value).toBe(300);
    await userEvent.clear(screen.getByLabelText("Wait"));

    expect(seen.value).toBeUndefined();
  });

  test("does not take what is no number", async () => {
    const seen: Seen = { value: 5 };
    render(<Page seen={seen} />);

    await userEvent.type(screen.getByLabelText("Wait"), "x");

    expect(seen.value).toBe(5);
  });
});

describe("a moment", () => {
  test("goes through the browser's zone and comes back the same", () => {
    for (const text of [
      "2026-03-29T01:30:00Z",
      "2026-11-20T10:00:00+05:30",
      "2026-11-20T10:00:00",
    ]) {
      const local = localText(text);
      const utc = /[Z+]/.test(text) ? text : `${text}Z`;

      expect(Date.parse(withZone(local ?? ""))).toBe(Date.parse(utc));
    }
  });

  test("that cannot be read stays text", () => {
    render(<MomentInput aria-label="At" value="tomorrow" onChange={() => undefined} />);

    expect(screen.getByLabelText<HTMLInputElement>("At").value).toBe("tomorrow");
    expect(localText("2026-13-40T10:00:00Z")).toBeNull();
  });
});
