/**
 * Type-checks every `ts` and `tsx` block of the documents against the sources of the workspace. A block of a package's
 * README is a program of that package; any other block is a program of `examples/`, which depends on all libraries.
 */
import { spawnSync } from "node:child_process"
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "../..")

const documents = globSync("{*.md,docs/**/*.md,packages/*/*.md,apps/*/*.md,examples/*.md}", {
  cwd: root,
}).filter((path) => !path.endsWith("CHANGELOG.md"))
const blocks = documents.flatMap((path) =>
  [...readFileSync(join(root, path), "utf8").matchAll(/^```(tsx?)\n([\s\S]*?)^```$/gm)].map(
    ([, extension, code], index) => ({
      owner: /^(packages|apps)\//.test(path) ? dirname(path) : "examples",
      file: `${path.replaceAll(/[^A-Za-z0-9]+/g, "_")}_${index + 1}.${extension}`,
      code: `${code}\nexport {}\n`,
    }),
  ),
)

const failed = [...Map.groupBy(blocks, ({ owner }) => owner)].filter(([owner, programs]) => {
  const out = join(root, owner, ".docs")
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out)
  for (const { file, code } of programs) writeFileSync(join(out, file), code)
  writeFileSync(
    join(out, "tsconfig.json"),
    JSON.stringify({
      extends: "../tsconfig.json",
      compilerOptions: { noUnusedLocals: false },
      files: programs.map(({ file }) => file),
      include: [],
    }),
  )
  const { status } = spawnSync("tsc", ["-p", out, "--noEmit"], { stdio: "inherit" })
  rmSync(out, { recursive: true, force: true })
  return status !== 0
})
console.log(`${blocks.length} blocks of ${documents.length} documents`)
process.exit(failed.length > 0 ? 1 : 0)
