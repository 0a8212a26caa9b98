import { configDefaults, defineProject } from "vitest/config"

const conditions = ["@blink-streams/source", "module"]

/** Tests read the TypeScript sources of every workspace package, so that they need no build. */
export const packageProject = (name: string) =>
  defineProject({
    resolve: { conditions: [...conditions, "browser", "development|production"] },
    ssr: { resolve: { conditions: [...conditions, "node", "development|production"] } },
    test: {
      name,
      include: ["test/**/*.test.{ts,tsx}"],
      // `npm run test:long` runs these too, and the long form of tests that have one.
      exclude:
        process.env["TEST_LONG"] === undefined
          ? [...configDefaults.exclude, "test/**/*.long.test.ts"]
          : configDefaults.exclude,
      // Most tests wait for processes, sockets and screens rather than for the CPU.
      maxWorkers: 3,
      // Tests share no state but the environment of the process, so a worker loads each module once.
      isolate: false,
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  })
