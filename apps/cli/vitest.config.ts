import { spawnSync } from "node:child_process"
import { mergeConfig } from "vitest/config"
import { packageProject } from "../../tooling/vitest/packageProject.ts"

// CI has tmux, and fails without it.
const canDriveTerminal = process.env["CI"] !== undefined || spawnSync("tmux", ["-V"]).status === 0
if (!canDriveTerminal)
  console.warn("no tmux here: the tests that drive the screen in a terminal are left out")

export default mergeConfig(packageProject("cli"), {
  test: {
    globalSetup: "test/buildProgram.ts",
    exclude: canDriveTerminal ? [] : ["test/login.test.ts", "test/watch.test.ts", "test/screens.test.ts"],
  },
})
