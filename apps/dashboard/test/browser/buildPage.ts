import { fileURLToPath } from "node:url"
import { build } from "vite"

/** Not `page/`, which another process may be serving. Git and the checks pass it by. */
const outDir = fileURLToPath(new URL("../../node_modules/.page/", import.meta.url))

const buildOnce = async (): Promise<string> => {
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
    if (NODE_ENV === undefined) delete process.env["NODE_ENV"]
    else process.env["NODE_ENV"] = NODE_ENV
  }
  return outDir
}

let built: Promise<string> | undefined

/** The page, built once per process from its present sources as the `bundle` script does; in a folder of its own. */
export const buildPage = (): Promise<string> => (built ??= buildOnce())
