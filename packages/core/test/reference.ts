import { allEndpoints } from "../src/index.ts"
import { readFileSync, readdirSync } from "node:fs"

const source = new URL("../src/", import.meta.url)

/** A docstring without its stars. */
const plain = (comment: string): string =>
  comment
    .replace(/^\s*\/\*\*\s?/, "")
    .replace(/\s*\*\/\s*$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .trim()

/** One exported declaration with the docstring in front of it. Sources are formatted, so a declaration ends where its indentation does. */
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

/** What a reader needs of it: services and interfaces in full, of the others the first lines. */
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

/** Every public module of this package from its own docstrings, and every call from the data it is made of. */
export const reference = (): string => {
  const modules = readdirSync(source)
    .filter((file) => file.endsWith(".ts") && file !== "index.ts" && file !== "openApi.ts")
    .toSorted()
  const parts = modules.flatMap((file) => {
    const text = section(file)
    return text === "" ? [] : [`## @blink-streams/core/${file.replace(/\.ts$/, "")}\n\n${text}`]
  })
  return `# Reference of @blink-streams/core

Made from the docstrings of the sources with \`pnpm --filter @blink-streams/core reference\`.

${parts.join("\n")}
## Calls

\`api.call(oauth.NAME, input)\` or \`api.call(legacy.NAME, input)\`; shapes stand in [blink-cloud.openapi.json](blink-cloud.openapi.json).

| Id | Dialect | Request | What it is for |
| --- | --- | --- | --- |
${calls()}
`
}
