/** Where the login leads: back, and to no other site. */
import { describe, expect, it } from "vitest";
import { isOurs, nextPlace } from "./nextPlace";

describe("where the login leads", () => {
  it("is where one was, with what the address held", () => {
    expect(nextPlace("/executions?status=failed&q=a%20b")).toBe(
      "/executions?status=failed&q=a%20b",
    );
  });

  it.each([
    null,
    "",
    "workflows",
    "//evil.example/x",
    "/\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/login?next=/login",
    "/",
  ])("is the workflows for %j", (next) => {
    expect(nextPlace(next)).toBe("/workflows");
  });

  it("tells the server's own pages from ours", () => {
    expect(isOurs("/admin/")).toBe(false);
    expect(isOurs("/api/docs/")).toBe(false);
    expect(isOurs("/administration")).toBe(true);
  });
});
