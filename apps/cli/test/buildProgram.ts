import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { build } from "vite"
import { binary } from "./binary.ts"

const bundle = join(binary, "..")
const apps = join(import.meta.dirname, "../..")

/** CommonJS modules that are passed on with `export *`, and what only the full screen loads. */
const external = /^(undici|ink|react)($|\/)/

/**
 * Bundles the program with all its dependencies: it starts three times as fast as from 700 modules, and the tests start
 * it more than a hundred times.
 */
export default async (): Promise<void> => {
  const folder = join(bundle, "..")
  rmSync(folder, { recursive: true, force: true })
  const { NODE_ENV } = process.env
  // Vitest's value would compile JSX for development.
  process.env["NODE_ENV"] = "production"
  await build({
    root: join(apps, "cli"),
    configFile: false,
    logLevel: "error",
    plugins: [
      {
        name: "external",
        enforce: "pre",
        resolveId: (source, importer) =>
          external.test(source) && importer !== undefined
            ? { id: createRequire(importer).resolve(source), external: true }
            : null,
      },
    ],
    ssr: { noExternal: true, resolve: { conditions: ["@blink-streams/source", "module", "node"] } },
    build: {
      ssr: true,
      outDir: bundle,
      target: "node22",
      minify: false,
      rolldownOptions: {
        input: {
          main: join(apps, "cli/src/main.ts"),
          decodeWorker: join(apps, "watcher/src/pictures/decodeWorker.ts"),
        },
        output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  })
  if (NODE_ENV === undefined) delete process.env["NODE_ENV"]
  else process.env["NODE_ENV"] = NODE_ENV
  cpSync(join(apps, "cli/package.json"), join(folder, "package.json"))
  symlinkSync(join(apps, "dashboard/page"), join(folder, "page"))
  writeFileSync(
    binary,
    readFileSync(join(apps, "cli/bin/blink-streams.js"), "utf8").replace("../dist/main.js", "./main.js"),
    { mode: 0o755 },
  )
}
