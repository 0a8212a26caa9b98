/** Every `ts` and `tsx` block in the documents is a whole program that type-checks against the workspace's sources. */
import { spawnSync } from "node:child_process"
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "../..")
const examples = join(root, "examples")
const out = join(examples, ".docs")

const documents = globSync("{*.md,docs/**/*.md,packages/*/*.md,apps/*/*.md,examples/*.md}", {
  cwd: root,
}).filter((path) => !path.endsWith("CHANGELOG.md"))
const blocks = documents.flatMap((path) =>
  [...readFileSync(join(root, path), "utf8").matchAll(/^```(tsx?)\n([\s\S]*?)^```$/gm)].map(
    ([, extension, code], index) => ({
      file: `${path.replaceAll(/[^A-Za-z0-9]+/g, "_")}_${index + 1}.${extension}`,
      code: `${code}\nexport {}\n`,
    }),
  ),
)

rmSync(out, { recursive: true, force: true })
mkdirSync(out)
for (const { file, code } of blocks) writeFileSync(join(out, file), code)
writeFileSync(
  join(out, "tsconfig.json"),
  JSON.stringify({ extends: "../tsconfig.json", compilerOptions: { noUnusedLocals: false }, include: ["."] }),
)
const { status } = spawnSync("tsc", ["-p", out, "--noEmit"], { stdio: "inherit" })
rmSync(out, { recursive: true, force: true })
console.log(`${blocks.length} blocks of ${documents.length} documents type-checked`)
process.exit(status ?? 1)
