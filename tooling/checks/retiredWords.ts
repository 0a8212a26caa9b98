/**
 * Vocabulary: refuses retired words in identifiers, comments, texts and documents, and doc blocks that begin with a
 * relative word. Words are compared after camelCase and snake_case are split, so `lookAgain` is found and `doorbell` is not.
 * `retiredWordsAllowed.json` lists the phrases with another meaning, each with its reason.
 */
import { globSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "../..")

/** Retired word and the term that replaces it. */
const retired: ReadonlyArray<readonly [RegExp, string]> = [
  [/^look(s|ed|ing)?$/, "poll, snapshot, appearance"],
  [/^(tell|tells|telling|told|tellers?)$/, "emit, report, event builder"],
  [/^wish(es|ed)?$/, "command"],
  [/^moments?$/, "detection, instant"],
  [/^witness(es|ed)?$/, "detection source"],
  [/^sticks?$/, "USB storage"],
  [/^patience$/, "timeout"],
  [/^verdicts?$/, "outcome"],
  [/^doors?$/, "API, entry point"],
  [/^households?$/, "account"],
  [/^hush(es|ed|ing)?$/, "mute"],
  [/^veil(s|ed)?$/, "dim, stale overlay"],
  [/^(whoever|somebody|nobody)$/, "a user, no one, a client that"],
  [/^place[sd]?$/, "position, cursor, address"],
  [/^cuts?$/, "consistent snapshot"],
  [/^answer(s|ed|ing)?$/, "response, return, submit"],
]
/** Retired phrases of prose. */
const phrases: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bseed's\b|\bseed document\b/gi, "legacy API"],
  [/\bwords of\b/gi, "text of, names of"],
  [/\bthe way of\b/gi, "data flow"],
]
const maximumAllowed = 40
const relative = /^\s*\/\*\*\s*(?:\n\s*\*\s*)?(What|Whether|Where|How|Who|Whom|Whose|Which|For whom)\b/
const maximumRelativeShare = 0.03

const files = globSync(
  [
    "*.md",
    ".changeset/*.md",
    "docs/**/*.{md,json,conf,service}",
    "examples/**/*.{ts,md,html,py,mjs}",
    "tooling/**/*.{ts,mjs}",
    "packages/*/{src,schema}/**/*.{ts,tsx,json}",
    "apps/*/{src,public}/**/*.{ts,tsx,css,json,js,html}",
    "packages/*/*.md",
    "apps/*/{*.md,index.html}",
  ],
  { cwd: root, exclude: (path) => /(^|\/)(node_modules|dist|page|\.docs)(\/|$)/.test(path) },
).filter(
  (path) =>
    !/(^|\/)(node_modules|dist|page|\.docs)\//.test(path) &&
    !path.endsWith("CHANGELOG.md") &&
    !path.startsWith("tooling/checks/retiredWords"),
)

interface Allowed {
  readonly phrase: string
  readonly reason: string
}
const allowed: ReadonlyArray<Allowed> = JSON.parse(
  readFileSync(join(import.meta.dirname, "retiredWordsAllowed.json"), "utf8"),
)
const used = new Set<string>()

/** Blanks the allowed phrases, so that the words inside them are not compared. */
const withoutAllowed = (line: string): string =>
  allowed.reduce((text, { phrase }) => {
    if (!text.includes(phrase)) return text
    used.add(phrase)
    return text.replaceAll(phrase, " ")
  }, line)

const words = (line: string): ReadonlyArray<string> =>
  line
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[^A-Za-z]+/)
    .map((word) => word.toLowerCase())

const complaints: Array<string> = []
let docBlocks = 0
const relativeBlocks: Array<string> = []
for (const path of files.toSorted()) {
  const text = readFileSync(join(root, path), "utf8")
  for (const [index, raw] of text.split("\n").entries()) {
    const line = withoutAllowed(raw)
    const at = `${path}:${index + 1}`
    for (const word of words(line)) {
      const hit = retired.find(([pattern]) => pattern.test(word))
      if (hit) complaints.push(`${at}: "${word}" is retired (${hit[1]}): ${raw.trim().slice(0, 120)}`)
    }
    for (const [pattern, instead] of phrases) {
      for (const [found] of line.matchAll(pattern))
        complaints.push(`${at}: "${found}" is retired (${instead}): ${raw.trim().slice(0, 120)}`)
    }
  }
  if (!/\.tsx?$/.test(path)) continue
  for (const block of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    docBlocks += 1
    if (relative.test(block[0])) relativeBlocks.push(`${path}: ${block[0].split("\n").slice(0, 2).join(" ")}`)
  }
}

if (allowed.length > maximumAllowed)
  complaints.push(
    `retiredWordsAllowed.json has ${allowed.length} lines, at most ${maximumAllowed} are allowed`,
  )
for (const { phrase, reason } of allowed) {
  if (!used.has(phrase)) complaints.push(`retiredWordsAllowed.json: "${phrase}" occurs nowhere any more`)
  if (reason.length < 10) complaints.push(`retiredWordsAllowed.json: "${phrase}" needs a reason`)
}
const share = relativeBlocks.length / Math.max(docBlocks, 1)
if (share >= maximumRelativeShare)
  complaints.push(
    `${relativeBlocks.length} of ${docBlocks} doc blocks begin with a relative word:`,
    ...relativeBlocks,
  )

for (const complaint of complaints) console.error(complaint)
console.log(
  `${files.length} files, ${allowed.length} allowed phrases, ${relativeBlocks.length} of ${docBlocks} doc blocks begin with a relative word`,
)
process.exit(complaints.length > 0 ? 1 : 0)
