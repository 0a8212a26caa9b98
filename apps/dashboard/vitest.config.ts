import { mergeConfig } from "vitest/config"
import { packageProject } from "../../tooling/vitest/packageProject.ts"

export default mergeConfig(packageProject("dashboard"), {
  // One browser at a time: two on a small machine only wait for each other. One worker, so the page is built once.
  test: { fileParallelism: false, isolate: false, testTimeout: 60_000, hookTimeout: 60_000 },
})
