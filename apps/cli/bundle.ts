/**
 * Bundles the command for release, as `prepack` does: the private apps (watcher, broadcaster, dashboard) go into
 * `bundle/`, the dashboard's page into `page/`. Published packages and npm dependencies stay imports.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { build } from "vite"

const folder = import.meta.dirname
const apps = join(folder, "..")
const output = join(folder, "bundle")
const { dependencies }: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(folder, "package.json"), "utf8"),
)

await build({
  root: folder,
  configFile: false,
  logLevel: "warn",
  ssr: {
    external: Object.keys(dependencies),
    noExternal: [/^@blink-streams\/(watcher|broadcaster|dashboard)/],
  },
  build: {
    ssr: true,
    outDir: output,
    target: "node22",
    minify: false,
    rolldownOptions: {
      input: {
        main: join(folder, "dist/main.js"),
        // A worker thread: loaded by its file name beside the module that starts it.
        decodeWorker: join(apps, "watcher/dist/pictures/decodeWorker.js"),
      },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
})

rmSync(join(folder, "page"), { recursive: true, force: true })
cpSync(join(apps, "dashboard/page"), join(folder, "page"), { recursive: true })
writeFileSync(
  join(output, "blink-streams.js"),
  readFileSync(join(folder, "bin/blink-streams.js"), "utf8").replace("../dist/main.js", "./main.js"),
  { mode: 0o755 },
)
