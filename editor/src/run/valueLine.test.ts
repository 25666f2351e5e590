/** A value in one line. */
import { expect, test } from "vitest";
import { valueLine } from "./valueLine";

test("a value is told in one line", () => {
  expect(valueLine({ text: "done\nat last", n: [1, null] })).toBe(
    '{text: "done\\nat last", n: [1, null]}',
  );
  expect(valueLine("two\nlines")).toBe("two lines");
  expect(valueLine(null)).toBe("");
});

test("of a large value only the beginning is looked at", () => {
  const looked: string[] = [];
  const large = new Proxy(
    Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`key${index}`, index])),
    { get: (target, key: string) => looked.push(key) && target[key] },
  );

  const line = valueLine(large);

  expect(line.length).toBeLessThan(130);
  expect(looked.length).toBeLessThan(40);
});
