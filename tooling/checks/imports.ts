/**
 * Import direction: what each folder's sources may import of ours, as the table in `docs/architecture.md` has it.
 * Cycles are the linter's (`import/no-cycle`), undeclared packages knip's.
 */
import { parseSync } from "oxc-parser"
import { globSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "../..")
const everything = ["model", "rx", "core", "events", "protocol", "client", "server", "emulator"]

const allowed: Readonly<Record<string, ReadonlyArray<string>>> = {
  "packages/model": [],
  "packages/rx": [],
  "packages/emulator": [],
  "packages/core": ["model", "rx"],
  "packages/events": ["core", "model", "rx"],
  "packages/protocol": ["model"],
  "packages/client": [],
  "packages/server": ["events", "protocol", "model"],
  "apps/broadcaster": ["server", "events", "core", "model"],
  "apps/watcher": ["client", "model", "events", "core"],
  "apps/dashboard": ["client", "model"],
  "apps/cli": ["broadcaster", "watcher", "dashboard", ...everything],
}
/** Only `import type`: nothing of these is there at run time. */
const typesOnly: Readonly<Record<string, ReadonlyArray<string>>> = {
  "packages/client": ["model", "protocol"],
}

interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
}

const importsOf = (file: string): ReadonlyArray<Import> => {
  const { module } = parseSync(file, readFileSync(file, "utf8"))
  return [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({
      specifier: moduleRequest.value,
      typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
    })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest ? [{ specifier: moduleRequest.value, typeOnly: isType }] : [],
      ),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) => ({
      specifier: readFileSync(file, "utf8")
        .slice(moduleRequest.start, moduleRequest.end)
        .replaceAll(/["'`]/g, ""),
      typeOnly: false,
    })),
  ]
}

const complaints = Object.entries(allowed).flatMap(([folder, names]) =>
  globSync("src/**/*.{ts,tsx}", { cwd: join(root, folder) }).flatMap((path) =>
    importsOf(join(root, folder, path)).flatMap(({ specifier, typeOnly }) => {
      const name = /^@blink-streams\/([^/]+)/.exec(specifier)?.[1]
      if (name === undefined || folder.endsWith(`/${name}`) || names.includes(name)) return []
      if (typesOnly[folder]?.includes(name))
        return typeOnly ? [] : [`${folder}/${path}: only types of ${specifier} may be imported here`]
      return [`${folder}/${path}: ${folder} must not import ${specifier}`]
    }),
  ),
)
for (const complaint of complaints) console.error(complaint)
process.exit(complaints.length > 0 ? 1 : 0)
