/** The password is asked for over the page when a session ends, and what was entered stays. */
import { QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { describe, expect, it } from "vitest";
import { setSessionEnded } from "@/api/sessionEnd";
import { type Asked, pageOf, Refusal, serve } from "@/testing/fakeServer";
import { TooltipProvider } from "@/ui/Tooltip";
import { Layout } from "./Layout";
import { createQueryClient } from "./queryClient";

const OUT = new Refusal(401, { code: "auth.missing", message: "log in" });
const ADA = { id: 1, username: "ada", is_staff: false, is_superuser: false };

function Draft() {
  const [text, setText] = useState("");
  return (
    <input aria-label="Draft" value={text} onChange={(event) => setText(event.target.value)} />
  );
}

function show() {
  const client = createQueryClient((wasIn) => setSessionEnded(wasIn));
  const router = createMemoryRouter([
    { element: <Layout />, children: [{ path: "/", element: <Draft /> }] },
    { path: "/login", element: <p>login page</p> },
  ]);
  render(
    <QueryClientProvider client={client}>
      <TooltipProvider>
        <RouterProvider router={router} />
      </TooltipProvider>
    </QueryClientProvider>,
  );
  return { client, router };
}

describe("a session that ends", () => {
  it("asks for the password over the page, which keeps what was entered", async () => {
    let isIn = true;
    const log = serve({
      "GET /api/auth/me/": () => (isIn ? ADA : OUT),
      "GET /api/waiting/count/": () => (isIn ? { count: 0 } : OUT),
      "GET /api/executions/": pageOf(),
      "POST /api/auth/login/": ({ body }: Asked) => {
        isIn = (body as { password: string }).password === "right";
        return isIn ? ADA : new Refusal(401, { code: "auth.invalid", message: "no" });
      },
    });
    const { client } = show();
    await userEvent.type(await screen.findByRole("textbox", { name: "Draft" }), "half a thought");

    isIn = false;
    await act(() => client.refetchQueries());
    const dialog = await screen.findByRole("dialog", { name: "Your session has ended" });
    await userEvent.type(screen.getByLabelText("Password"), "wrong{Enter}");
    expect((await screen.findByRole("alert")).textContent).toContain("do not belong together");
    await userEvent.type(screen.getByLabelText("Password"), "right{Enter}");

    await waitFor(() => expect(dialog.isConnected).toBe(false));
    expect((screen.getByRole("textbox", { name: "Draft" }) as HTMLInputElement).value).toBe(
      "half a thought",
    );
    expect(log.filter(({ path }) => path === "/api/auth/login/").at(-1)?.body).toEqual({
      username: "ada",
      password: "right",
    });
  });

  it("leads to the login where nobody was at work", async () => {
    serve({ "GET /api/auth/me/": OUT });

    const { router } = show();

    await screen.findByText("login page");
    expect(router.state.location.search).toBe("?next=%2F");
  });
});
