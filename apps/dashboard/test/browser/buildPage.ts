import { fileURLToPath } from "node:url"
import { build } from "vite"

/** Not `page/`, which another process may be serving. Ignored by Git and the checks. */
const outDir = fileURLToPath(new URL("../../node_modules/.page/", import.meta.url))

const buildOnce = async (): Promise<string> => {
  const { NODE_ENV } = process.env
  // Vitest's value would build the development version of Solid.
  process.env["NODE_ENV"] = "production"
  try {
    await build({
      root: fileURLToPath(new URL("../../", import.meta.url)),
      logLevel: "error",
      build: { outDir, emptyOutDir: true },
    })
  } finally {
    if (NODE_ENV === undefined) delete process.env["NODE_ENV"]
    else process.env["NODE_ENV"] = NODE_ENV
  }
  return outDir
}

let built: Promise<string> | undefined

/** Builds the page once per process, like the `bundle` script, and returns the output folder. */
export const buildPage = (): Promise<string> => (built ??= buildOnce())
