import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    // Most tests wait for processes, sockets and screens rather than for the processor.
    maxWorkers: "100%",
    projects: ["packages/*", "apps/*", "examples"],
    // CI adds these totals up in its last line.
    reporters: process.env["CI"] ? ["default", ["json", { outputFile: "coverage/tests.json" }]] : ["default"],
  },
})
