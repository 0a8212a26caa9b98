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
}

const target = (packageFolder: string, file: string, tests = basename(file, ".ts")): Target => ({
  file: `${packageFolder}/src/${file}`,
  package: packageFolder,
  tests,
  goal: 0.85,
})

export const targets: ReadonlyArray<Target> = [
  target("packages/events", "internal/derive/diff.ts"),
  target("packages/events", "internal/derive/MediaCheckpoint.ts"),
  target("packages/events", "internal/derive/motionDedup.ts"),
  target("packages/server", "internal/socket/PeerState.ts"),
  target("packages/server", "internal/socket/transition.ts", "PeerState"),
  target("packages/server", "internal/socket/receiveText.ts", "PeerState"),
  target("packages/server", "internal/socket/handleRequest.ts", "PeerState"),
  target("packages/server", "Permissions.ts"),
  // The permission table: its tests are those of the server that reads it.
  {
    file: "packages/protocol/src/requiredScopes.ts",
    package: "packages/server",
    tests: "permissions/scopes",
    goal: 1,
  },
  target("packages/core", "Budget.ts"),
  target("packages/core", "internal/rateLimit/requestLimits.ts", "Budget"),
  target("packages/core", "internal/rateLimit/rejectionBackoff.ts", "Budget"),
  target("packages/core", "internal/rateLimit/hourlyBudget.ts", "Budget"),
  target("packages/core", "internal/rateLimit/priority.ts", "Budget"),
  target("packages/core", "internal/rateLimit/circuitBreaker.ts"),
  target("packages/core", "internal/commands/commandOutcome.ts"),
  target("packages/client", "internal/reduce.ts"),
]
