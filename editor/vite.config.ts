import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const SERVER = process.env.CELERIAC_URL ?? "http://127.0.0.1:8000";

/** Builds into Django's static files; `npm run dev` serves with hot reload and passes the API on. */
export default defineConfig({
  base: "/static/editor/",
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../workflows_app/static/editor",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    rollupOptions: { input: "src/main.tsx" },
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/admin", "/static/admin", "/static/workflows_app"].map((path) => [
        path,
        // The server compares the origin of a request with the host it was sent to.
        { target: SERVER, changeOrigin: false },
      ]),
    ),
  },
  test: {
    restoreMocks: true,
    testTimeout: 60_000,
    pool: "threads",
    projects: [
      // Pure parts need no page, and making one for each file takes longer than their tests.
      {
        extends: true,
        test: {
          name: "pure",
          environment: "node",
          isolate: false,
          include: ["src/**/*.test.ts"],
          exclude: ["src/**/*.dom.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "pages",
          environment: "happy-dom",
          include: ["src/**/*.test.tsx", "src/**/*.dom.test.ts"],
          setupFiles: ["src/testing/setup.ts"],
        },
      },
    ],
  },
});
