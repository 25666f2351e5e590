/** The whole: what every page needs around it, and the routes. */
import { QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { useState } from "react";
import { RouterProvider } from "react-router";
import { setSessionEnded } from "@/api/sessionEnd";
import { styleNonce } from "@/ui/styleNonce";
import { ToastProvider } from "@/ui/Toast";
import { TooltipProvider } from "@/ui/Tooltip";
import { createQueryClient } from "./queryClient";
import { createRouter, goToLogin } from "./routes";

/** The application. */
export function App() {
  const [router] = useState(() => {
    setNonce(styleNonce());
    return createRouter();
  });
  const [client] = useState(() =>
    createQueryClient((wasIn) =>
      // Over the page, if somebody was at work on it.
      wasIn ? setSessionEnded(true) : goToLogin(router),
    ),
  );
  return (
    <QueryClientProvider client={client}>
      <TooltipProvider>
        <ToastProvider>
          <RouterProvider router={router} />
        </ToastProvider>
      </TooltipProvider>
    </QueryClientProvider>
  );
}
