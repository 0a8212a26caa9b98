/** `npm run soak -- NAME`: tests that run too long for CI. */
import { readdirSync } from "node:fs"

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".soak.ts"))
  .map((file) => file.slice(0, -".soak.ts".length))
const name = process.argv[2]

if (name === undefined || !names.includes(name)) {
  const message = name === undefined || name === "--help" ? "" : `there is no soak test "${name}"\n`
  process.stderr.write(`${message}usage: npm run soak -- <${names.join("|")}>\n`)
  process.exit(name === "--help" ? 0 : 1)
}

const { default: run } = (await import(`./${name}.soak.ts`)) as { readonly default: () => Promise<boolean> }
process.exit((await run()) ? 0 : 1)
