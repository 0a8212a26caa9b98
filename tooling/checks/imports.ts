/**
 * Import direction: which packages the sources of a folder may import, as in the table of `docs/architecture.md`; the
 * cloud's field names stay in core: outside of it no import of its endpoints and wire schemas, and no raw request; no
 * cycle between files, not even of types; no folder with more than a dozen source files that `docs/architecture.md`
 * does not name. Undeclared packages are knip's part.
 */
import { parseSync } from "oxc-parser"
import { globSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"

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
  "apps/watcher": ["client", "model"],
  "apps/dashboard": ["client", "model"],
  "apps/cli": ["broadcaster", "watcher", "dashboard", ...everything],
}
/** Packages of which only types may be imported. */
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

const direction = Object.entries(allowed).flatMap(([folder, names]) =>
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

/** Endpoints and wire schemas of core, by the name of the package or by a path. */
const cloudWords = /\bcore\/(?:src\/)?(?:internal\/)?(?:endpoints|wire)\b/
/** A request by the cloud's name for it: `api.call("programs", …)`. */
const rawRequest = /\bapi\s*\.call\(/i

const cloudWordsOutsideCore = globSync("{packages,apps}/*/{src,test}/**/*.{ts,tsx}", {
  cwd: root,
  exclude: ["packages/core/**"],
}).flatMap((path) => {
  const specifiers = importsOf(join(root, path)).map(({ specifier }) => specifier)
  const wireImports = specifiers.filter((specifier) => cloudWords.test(specifier))
  const violations = wireImports.map(
    (specifier) => `${path}: ${specifier} may be imported in packages/core only`,
  )
  return rawRequest.test(readFileSync(join(root, path), "utf8"))
    ? violations.concat(
        `${path}: no raw request outside packages/core; offer its result there as a model value`,
      )
    : violations
})

/** The source files that a source file imports by relative path, types included. */
const graph = new Map(
  globSync("{packages,apps}/*/src/**/*.{ts,tsx}", { cwd: root }).map((path) => [
    path,
    importsOf(join(root, path))
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(({ specifier }) => relative(root, resolve(root, dirname(path), specifier))),
  ]),
)

/** Strongly connected files (Tarjan): each set of more than one file is a cycle. */
const cycles = (): ReadonlyArray<ReadonlyArray<string>> => {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: Array<string> = []
  const found: Array<ReadonlyArray<string>> = []
  const visit = (path: string): void => {
    index.set(path, index.size)
    low.set(path, index.get(path)!)
    stack.push(path)
    for (const next of graph.get(path) ?? []) {
      if (!graph.has(next)) continue
      if (!index.has(next)) visit(next)
      if (stack.includes(next)) low.set(path, Math.min(low.get(path)!, low.get(next)!))
    }
    if (low.get(path) !== index.get(path)) return
    const members = stack.splice(stack.indexOf(path))
    if (members.length > 1) found.push(members)
  }
  for (const path of graph.keys()) if (!index.has(path)) visit(path)
  return found
}

const architecture = readFileSync(join(root, "docs/architecture.md"), "utf8")
const largestFolder = 12
const crowded = [...Map.groupBy(graph.keys(), (path) => dirname(path))].filter(
  ([folder, paths]) => paths.length > largestFolder && !architecture.includes(`\`${folder}\``),
)

const violations = [
  ...direction,
  ...cloudWordsOutsideCore,
  ...cycles().map((members) => `cycle of imports: ${members.join(" -> ")}`),
  ...crowded.map(
    ([folder, paths]) =>
      `${folder} has ${paths.length} source files: split it, or give the reason in docs/architecture.md`,
  ),
]
for (const violation of violations) console.error(violation)
process.exit(violations.length > 0 ? 1 : 0)
