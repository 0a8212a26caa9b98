import { allEndpoints } from "../src/internal/endpoints/catalog.ts"
import { readFileSync, readdirSync } from "node:fs"

const source = new URL("../src/", import.meta.url)

/** Text of a docstring without the comment markers. */
const plain = (comment: string): string =>
  comment
    .replace(/^\s*\/\*\*\s?/, "")
    .replace(/\s*\*\/\s*$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    // An example in a docstring is a fragment; `ts` blocks of documents are compiled as whole programs.
    .replaceAll("```ts", "```text")
    .trim()

/**
 * Exported declarations with their docstrings. The sources are formatted, so a declaration ends where its
 * indentation does.
 */
const declarations = (text: string) =>
  [
    ...text.matchAll(
      /^(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\nexport (?:declare )?(class|const|interface|type) (\w+)[\s\S]*?(?=\n\n(?:\/\*\*|[a-z}])|\s*$(?![\s\S]))/gm,
    ),
  ].map(([whole, comment, kind, name]) => ({
    kind: kind!,
    name: name!,
    about: plain(comment!),
    code: whole.slice(comment!.length + 1),
  }))

/** Signature for the reference: services and interfaces in full, other declarations up to their body. */
const signature = ({ kind, code }: ReturnType<typeof declarations>[number]): string => {
  if (kind === "class" && code.includes("Context.Service<")) return code.slice(0, code.indexOf(">()(")) + ">"
  if (kind === "interface" || kind === "type") return code
  let depth = 0
  for (let at = 0; at < code.length; at++) {
    if ("([{".includes(code[at]!)) depth += 1
    if (")]}".includes(code[at]!)) depth -= 1
    if (depth === 0 && code.startsWith("=>", at)) return code.slice(0, at)
  }
  return code
}

/** Modules with an entry point of their own. All others are exported by `@blink-streams/core`. */
const entryPoints = new Set(["rx", "promise"])

const section = (file: string): string => {
  const found = declarations(readFileSync(new URL(file, source), "utf8"))
  return found
    .map(
      (declaration) =>
        `### ${declaration.name}\n\n${declaration.about}\n\n\`\`\`text\n${signature(declaration).trim()}\n\`\`\`\n`,
    )
    .join("\n")
}

const calls = (): string =>
  allEndpoints
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(
      ({ id, dialect, method, path, summary }) =>
        `| \`${id}\` | ${dialect} | \`${method} ${path}\` | ${summary} |`,
    )
    .join("\n")

/** Reference of every public module from its docstrings, and of every endpoint from its data. */
export const reference = (): string => {
  const modules = readdirSync(source)
    .filter((file) => file.endsWith(".ts") && file !== "index.ts")
    .toSorted()
  const parts = modules.flatMap((file) => {
    const text = section(file)
    const name = file.replace(/\.ts$/, "")
    return text === ""
      ? []
      : [`## ${entryPoints.has(name) ? `@blink-streams/core/${name}` : name}\n\n${text}`]
  })
  return `# Reference of @blink-streams/core

Generated from the docstrings with \`pnpm --filter @blink-streams/core reference\`.

Import everything from \`@blink-streams/core\`, except the sections \`@blink-streams/core/rx\` and \`@blink-streams/core/promise\`.

${parts.join("\n")}
## Calls

\`api.call("NAME", input)\` or \`api.call("legacyNAME", input)\`; the shapes are in [blink-cloud.openapi.json](blink-cloud.openapi.json).

| Id | Dialect | Request | Purpose |
| --- | --- | --- | --- |
${calls()}
`
}
