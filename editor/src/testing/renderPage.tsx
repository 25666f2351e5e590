/** Shows a page as the application does: with its router, its queries and its notices. */
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactElement } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { createQueryClient } from "@/app/queryClient";
import { ToastProvider } from "@/ui/Toast";
import { TooltipProvider } from "@/ui/Tooltip";

/** Renders `page` at `address`, which `pattern` fits, and returns the router; other addresses show
 * another page. */
export function renderPage(page: ReactElement, address: string, pattern?: string) {
  const path = pattern ?? address.split("?")[0] ?? "/";
  const client = createQueryClient(() => undefined);
  client.setDefaultOptions({ queries: { retry: false } });
  const router = createMemoryRouter(
    [
      { path, element: page },
      { path: "*", element: <p>another page</p> },
    ],
    { initialEntries: [address] },
  );
  render(
    <QueryClientProvider client={client}>
      <TooltipProvider>
        <ToastProvider>
          <RouterProvider router={router} />
        </ToastProvider>
      </TooltipProvider>
    </QueryClientProvider>,
  );
  return { router, client };
}
