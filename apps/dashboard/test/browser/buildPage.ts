import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "vite"

/** Builds the page from its present sources, as the `bundle` script does, into a folder of its own. */
export const buildPage = async (): Promise<string> => {
  const outDir = await mkdtemp(join(tmpdir(), "dashboard-page-"))
  await build({
    root: fileURLToPath(new URL("../../", import.meta.url)),
    logLevel: "warn",
    build: { outDir, emptyOutDir: true },
  })
  return outDir
}
