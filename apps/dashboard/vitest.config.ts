import { mergeConfig } from "vitest/config"
import { packageProject } from "../../tooling/vitest/packageProject.ts"

export default mergeConfig(packageProject("dashboard"), {
  // One browser at a time, after all other tests: browsers in parallel are no faster on a small machine. One worker, so
  // that the page is built once.
  test: {
    maxWorkers: 1,
    sequence: { groupOrder: 1 },
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
