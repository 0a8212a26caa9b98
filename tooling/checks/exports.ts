/**
 * Checks each public package as it would be published: its dependencies are published too, publint checks the packed
 * files, and attw resolves their types.
 */
import { spawnSync } from "node:child_process"
import { globSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "../..")
const all = globSync("{packages,apps,examples,tooling}/{*/,}package.json", { cwd: root }).map((path) => ({
  folder: join(root, dirname(path)),
  manifest: JSON.parse(readFileSync(join(root, path), "utf8")),
}))
const published = all.filter(({ manifest }) => manifest.private !== true)
const kept = new Set<string>(
  all.filter((each) => !published.includes(each)).map(({ manifest }) => manifest.name),
)

const missing = published.flatMap(({ manifest: { name, dependencies, peerDependencies } }) =>
  Object.keys({ ...dependencies, ...peerDependencies })
    .filter((needed) => kept.has(needed))
    .map((needed) => `${name} needs ${needed}, which is not published`),
)
for (const { folder, manifest } of published) {
  // What `pnpm publish` would build first.
  if (manifest.scripts?.prepack !== undefined)
    spawnSync("pnpm", ["run", "prepack"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] })
}
const failed = published.flatMap(({ folder }) =>
  [
    ["publint", "--strict", folder],
    ["attw", "--pack", folder, "--profile", "esm-only", "--format", "table-flipped"],
  ].flatMap(([command, ...args]) => {
    const { status, stdout, stderr } = spawnSync(command!, args, { cwd: folder, encoding: "utf8" })
    return status === 0 ? [] : [`${command} ${folder}\n${stdout}${stderr}`]
  }),
)
const reports = [...missing, ...failed]
for (const report of reports) console.error(report)
process.exit(reports.length > 0 ? 1 : 0)
