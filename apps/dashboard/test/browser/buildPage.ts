import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "vite"

/** Builds the page from its present sources, as the `bundle` script does, into a folder of its own. */
export const buildPage = async (): Promise<string> => {
  const outDir = await mkdtemp(join(tmpdir(), "dashboard-page-"))
  const { NODE_ENV } = process.env
  // A test runner's own value would give a page that nobody is served.
  process.env["NODE_ENV"] = "production"
  try {
    await build({
      root: fileURLToPath(new URL("../../", import.meta.url)),
      logLevel: "error",
      build: { outDir, emptyOutDir: true },
    })
  } finally {
    process.env["NODE_ENV"] = NODE_ENV
  }
  return outDir
}
