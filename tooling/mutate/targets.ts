import { basename } from "node:path"

/** A pure file whose tests must notice a change of any rule. */
export interface Target {
  readonly file: string
  /** Folder of the package whose tests run. */
  readonly package: string
  /** Beginning of the test files that run first, below the `test` folder of the package. */
  readonly tests: string
  /** Share of the mutants that the tests have to kill. */
  readonly goal: number
  /** Members of a union: each is replaced by each other one. */
  readonly words: ReadonlyArray<string>
}

const scopes = ["none", "read", "control", "admin"]

const target = (
  packageFolder: string,
  file: string,
  { tests = basename(file, ".ts"), words = [] }: Partial<Pick<Target, "tests" | "words">> = {},
): Target => ({
  file: `${packageFolder}/src/${file}`,
  package: packageFolder,
  tests,
  words,
  goal: 0.85,
})

export const targets: ReadonlyArray<Target> = [
  target("packages/events", "internal/derive/diff.ts"),
  target("packages/events", "internal/derive/MediaCheckpoint.ts"),
  target("packages/events", "internal/derive/motionDedup.ts"),
  target("packages/server", "internal/socket/PeerState.ts"),
  target("packages/server", "internal/socket/transition.ts", { tests: "PeerState" }),
  target("packages/server", "internal/socket/receiveText.ts", { tests: "PeerState" }),
  target("packages/server", "internal/socket/handleRequest.ts", { tests: "PeerState" }),
  target("packages/server", "Permissions.ts", { words: scopes }),
  // The permission table: its tests are those of the server that reads it.
  {
    file: "packages/protocol/src/requiredScopes.ts",
    package: "packages/server",
    tests: "permissions/scopes",
    words: scopes,
    goal: 1,
  },
  target("packages/core", "Budget.ts"),
  target("packages/core", "internal/rateLimit/requestLimits.ts", { tests: "Budget" }),
  target("packages/core", "internal/rateLimit/rejectionBackoff.ts", { tests: "Budget" }),
  target("packages/core", "internal/rateLimit/hourlyBudget.ts", { tests: "Budget" }),
  target("packages/core", "internal/rateLimit/priority.ts", { tests: "Budget" }),
  target("packages/core", "internal/rateLimit/circuitBreaker.ts"),
  target("packages/core", "internal/commands/commandOutcome.ts"),
  target("packages/client", "internal/reduce.ts"),
]
