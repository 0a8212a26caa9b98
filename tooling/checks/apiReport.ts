/**
 * API report of every entry point: all exported names with their signatures, and how many there are. Without arguments it
 * compares the built declarations with the committed reports in `packages/NAME/api`; `--write` replaces the reports.
 */
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from "@microsoft/api-extractor"
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join, resolve } from "node:path"
import { parseSync } from "oxc-parser"

const root = resolve(import.meta.dirname, "../..")
const write = process.argv.includes("--write")

interface Surface {
  readonly entryPoints: ReadonlyArray<string>
  /** Most names that all entry points may export together. A raise names the new exports in its changeset. */
  readonly budget: number
}
const surfaces: Readonly<Record<string, Surface>> = {
  model: { entryPoints: [".", "./presentation"], budget: 50 },
  rx: { entryPoints: ["."], budget: 6 },
  core: { entryPoints: [".", "./rx", "./promise"], budget: 90 },
  events: { entryPoints: [".", "./rx", "./promise", "./internal/effectServices"], budget: 80 },
  protocol: { entryPoints: [".", "./conformance", "./schema/*"], budget: 50 },
  client: { entryPoints: [".", "./rx", "./http"], budget: 30 },
  server: { entryPoints: [".", "./promise"], budget: 25 },
  emulator: { entryPoints: ["."], budget: 30 },
}

const silent = { default: { logLevel: ExtractorLogLevel.None } }

/** Runs API Extractor over one built declaration file; the report's text. */
const report = (folder: string, entry: string, temporary: string): string => {
  const declarations = join(folder, "dist", `${entry}.d.ts`)
  const reportFileName = `${entry}.api.md`
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, "package.json"),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: declarations,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: "nodenext",
            moduleResolution: "nodenext",
            target: "es2022",
            lib: ["es2024", "dom"],
            types: ["node"],
            strict: true,
            skipLibCheck: true,
            noEmit: true,
            allowImportingTsExtensions: true,
          },
          files: [declarations],
        },
      },
      newlineKind: "lf",
      apiReport: { enabled: true, reportFileName, reportFolder: temporary, reportTempFolder: temporary },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: silent,
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
  })
  const errors: Array<string> = []
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message: ExtractorMessage) => {
      if (message.logLevel === ExtractorLogLevel.Error) errors.push(message.text)
      message.handled = true
    },
  })
  if (errors.length > 0) throw new Error(`${declarations}: ${errors.join("; ")}`)
  return readFileSync(join(temporary, reportFileName), "utf8")
}

type Statement = ReturnType<typeof parseSync>["program"]["body"][number]
const textOf = (name: object): string =>
  "name" in name ? String(name.name) : "value" in name ? String(name.value) : ""

/** Names that `export { … }` and exported declarations of these statements have. */
const namesOf = (statements: ReadonlyArray<Statement>): ReadonlyArray<string> =>
  statements.flatMap((statement): ReadonlyArray<string> => {
    if (statement.type !== "ExportNamedDeclaration") return []
    const { declaration, specifiers } = statement
    if (declaration === null) return specifiers.map(({ exported }) => textOf(exported))
    if (declaration.type !== "VariableDeclaration")
      return "id" in declaration && declaration.id !== null ? [textOf(declaration.id)] : []
    return declaration.declarations.flatMap(({ id }) => {
      const annotation = id.typeAnnotation?.typeAnnotation
      const name = textOf(id)
      if (annotation?.type !== "TSTypeLiteral") return [name]
      const functions = annotation.members.filter(
        (member) =>
          member.type === "TSMethodSignature" ||
          (member.type === "TSPropertySignature" &&
            member.typeAnnotation?.typeAnnotation.type === "TSFunctionType"),
      )
      return functions.length > 0 && functions.length === annotation.members.length
        ? functions.map((member) => ("key" in member ? `${name}.${textOf(member.key)}` : name))
        : [name]
    })
  })

/**
 * Exported names of a report. Members of a namespace, or of an object of functions, count one each. API Extractor declares a
 * namespace of `export * as` without the word `export`.
 */
const exportedNames = (text: string): ReadonlyArray<string> => {
  const code = /^```ts\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? ""
  const { program, errors } = parseSync("report.d.ts", code)
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("; "))
  const members = program.body.flatMap((statement) =>
    statement.type === "TSModuleDeclaration" && statement.body?.type === "TSModuleBlock"
      ? namesOf(statement.body.body).map((member) => `${textOf(statement.id)}.${member}`)
      : [],
  )
  return [...new Set([...namesOf(program.body), ...members])]
}

const complaints: Array<string> = []
const temporary = mkdtempSync(join(tmpdir(), "api-report-"))
for (const [name, { entryPoints, budget }] of Object.entries(surfaces)) {
  const folder = join(root, "packages", name)
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    exports: Readonly<Record<string, { readonly types?: string }>>
  }
  const entries = Object.values(exports).flatMap(({ types }) =>
    types === undefined ? [] : [basename(types, ".d.ts")],
  )
  const importable = Object.keys(exports).filter((path) => path !== "./package.json")
  if (importable.toSorted().join(" ") !== entryPoints.toSorted().join(" "))
    complaints.push(`packages/${name} exports ${importable.join(" ")} instead of ${entryPoints.join(" ")}`)
  let total = 0
  for (const entry of entries) {
    const text = report(folder, entry, temporary)
    const names = exportedNames(text)
    total += names.length
    const path = join(folder, "api", `${entry}.api.md`)
    const committed = text.replace("\n\n", `\n\n${names.length} exported names.\n\n`)
    if (write) {
      mkdirSync(join(folder, "api"), { recursive: true })
      writeFileSync(path, committed)
    } else if (globSync(path).length === 0 || readFileSync(path, "utf8") !== committed) {
      complaints.push(
        `packages/${name}/api/${entry}.api.md is not what the package exports: run "npm run api" and read the difference`,
      )
    }
  }
  const stale = globSync("api/*.api.md", { cwd: folder }).filter(
    (path) => !entries.includes(basename(path, ".api.md")),
  )
  complaints.push(...stale.map((path) => `packages/${name}/${path} belongs to no entry point`))
  console.log(`${name}: ${total} exported names, at most ${budget}`)
  if (total > budget) complaints.push(`${name} exports ${total} names, at most ${budget} are allowed`)
}
rmSync(temporary, { recursive: true })

for (const complaint of complaints) console.error(complaint)
process.exit(complaints.length > 0 ? 1 : 0)
