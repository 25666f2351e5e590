/** What every test file begins with. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A page that one test left behind would answer another's questions.
afterEach(cleanup);

// Conditions are waited for as long as a busy machine may take; nothing waits that long in vain.
configure({ asyncUtilTimeout: 15_000 });
