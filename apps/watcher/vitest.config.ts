import { mergeConfig } from "vitest/config"
import { packageProject } from "../../tooling/vitest/packageProject.ts"

// Screens show local times: one zone for all who run the tests.
export default mergeConfig(packageProject("watcher"), { test: { env: { TZ: "UTC" } } })
