/** What every test file begins with. */
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

// A page that one test left behind would answer another's questions.
afterEach(cleanup);
