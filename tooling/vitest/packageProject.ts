import { defineProject } from "vitest/config"

const conditions = ["@blink-streams/source", "module"]

/** Tests read the TypeScript sources of every workspace package, so that they need no build. */
export const packageProject = (name: string) =>
  defineProject({
    resolve: { conditions: [...conditions, "browser", "development|production"] },
    ssr: { resolve: { conditions: [...conditions, "node", "development|production"] } },
    test: {
      name,
      include: ["test/**/*.test.{ts,tsx}"],
      // Most tests wait for processes, sockets and screens rather than for the CPU.
      maxWorkers: "100%",
      testTimeout: 30_000,
      hookTimeout: 30_000,
    },
  })
