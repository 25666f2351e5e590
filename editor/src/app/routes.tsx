/** Which page is where.  Each page is loaded when it is first opened. */
import type { ComponentType } from "react";
import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import { NotFound } from "@/ui/NotFound";
import { Skeleton } from "@/ui/placeholders";
import { Layout } from "./Layout";
import { PageError } from "./PageError";

type Router = ReturnType<typeof createBrowserRouter>;

function page(path: string, load: () => Promise<{ default: ComponentType }>): RouteObject {
  return {
    path,
    lazy: async () => ({ Component: (await load()).default }),
    errorElement: <PageError />,
    hydrateFallbackElement: <Skeleton lines={6} />,
  };
}

const ROUTES: RouteObject[] = [
  page("/login", () => import("@/pages/login")),
  {
    element: <Layout />,
    errorElement: <PageError />,
    hydrateFallbackElement: <Skeleton lines={6} />,
    children: [
      { path: "/", element: <Navigate to="/workflows" replace /> },
      page("/workflows", () => import("@/pages/workflows")),
      page("/workflows/:workflowId", () => import("@/pages/editor")),
      page("/workflows/:workflowId/versions", () => import("@/pages/versions")),
      page("/executions", () => import("@/pages/history")),
      page("/executions/:executionId", () => import("@/pages/execution")),
      page("/inbox", () => import("@/pages/inbox")),
      page("/schedules", () => import("@/pages/schedules")),
      page("/connections", () => import("@/pages/connections")),
      page("/settings", () => import("@/pages/settings")),
      { path: "*", element: <NotFound /> },
    ],
  },
];

/** Returns the router of the application. */
export function createRouter(): Router {
  return createBrowserRouter(ROUTES);
}

/** Shows the login, which leads back to where one was. */
export function goToLogin(router: Router): void {
  const { pathname, search } = router.state.location;
  if (pathname === "/login") return;
  void router.navigate(`/login?next=${encodeURIComponent(pathname + search)}`);
}
