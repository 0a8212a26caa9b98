/** What each public package would publish: publint reads the packed files, attw resolves their types as consumers do. */
import { spawnSync } from "node:child_process"
import { globSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "../..")
const published = globSync("{packages,apps}/*/package.json", { cwd: root })
  .filter((path) => JSON.parse(readFileSync(join(root, path), "utf8")).private !== true)
  .map((path) => join(root, dirname(path)))

const failed = published.flatMap((folder) =>
  [
    ["publint", "--strict", folder],
    ["attw", "--pack", folder, "--profile", "esm-only", "--format", "table-flipped"],
  ].flatMap(([command, ...args]) => {
    const { status, stdout, stderr } = spawnSync(command!, args, { cwd: folder, encoding: "utf8" })
    return status === 0 ? [] : [`${command} ${folder}\n${stdout}${stderr}`]
  }),
)
for (const report of failed) console.error(report)
process.exit(failed.length > 0 ? 1 : 0)
