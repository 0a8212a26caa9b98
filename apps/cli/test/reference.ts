import { defaultBindings } from "../../watcher/src/input/keyBindings.ts"
import { keysSchema } from "@blink-streams/watcher"
import type { Command } from "commander"
import { fileSettings, settingsTable } from "../src/settings/settingsTable.ts"

/** Escapes a table cell. Code in backticks needs no escape of `<`. */
const cell = (text: string): string =>
  (text.startsWith("`") ? text : text.replaceAll("<", "&lt;")).replaceAll("|", "\\|")

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n")

const examples = (command: Command): string => {
  let text = ""
  command.configureOutput({ writeOut: (chunk) => (text += chunk) }).outputHelp()
  const found = /Examples:\n([\s\S]*)/.exec(text)?.[1]
  return found === undefined ? "" : `\n\`\`\`sh\n${found.trimEnd().replaceAll(/^ {2}\$ /gm, "")}\n\`\`\`\n`
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

const defaultText = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? `Default: \`${value}\`.` : ""

const options = (command: Command): string =>
  command.options.length === 0
    ? ""
    : `\n${table(
        ["Option", "Meaning"],
        command.options.map(({ flags, description, argChoices, defaultValue, defaultValueDescription }) => [
          `\`${flags}\``,
          [
            sentence(description),
            argChoices ? `Values: ${argChoices.join(", ")}.` : "",
            defaultText(defaultValueDescription ?? defaultValue),
          ]
            .filter(Boolean)
            .join(" "),
        ]),
      )}\n`

const sections = (command: Command, path: string): ReadonlyArray<string> => [
  `### \`${path} ${command.usage()}\`\n\n${sentence(command.description())}\n${options(command)}${examples(command)}`,
  ...command.commands.flatMap((child) => sections(child, `${path} ${child.name()}`)),
]

/** Generates `docs/cli.md` from the command definitions. */
export const reference = (program: Command): string => `# Command line

In a clone of the repository, run the built program with \`npx blink-streams\`. Shell completions:
\`source <(blink-streams --completions bash)\`, the same with \`zsh\`, and \`blink-streams --completions fish | source\`.

Commands that show the state or send commands use the broadcaster of \`--connect\`, else the one that runs on this machine. When
there is none, or with \`--direct\`, they connect to the cloud directly.

## Settings

A flag overrides the environment, which overrides \`blink-streams.json\` in the state folder, which overrides the default. The keys of
the file are in its [JSON Schema](blink-streams.schema.json). Secrets are read from the environment, from the file named by the same
variable with the suffix \`_FILE\`, or from a prompt, never from a flag: \`BLINK_PASSWORD\`, \`BLINK_PIN\`, \`BLINK_STREAMS_TOKEN\`.

${table(
  ["Environment", "Flag", "Key in the file", "Meaning"],
  Object.values(settingsTable).map(({ env, flag, key, description, expected }) => [
    `\`${env}\``,
    `\`${flag}\``,
    key === "dir" ? "" : `\`${key}\``,
    `${sentence(description)} Expected: ${expected}.`,
  ]),
)}

\`serve\`, \`start\` and \`demo\` write logs to standard error and events to standard output. With \`OTEL_EXPORTER_OTLP_ENDPOINT\` they
export traces and metrics to that collector (OTLP over HTTP, as JSON).

## Exit codes

${table(
  ["Code", "Meaning"],
  [
    ["0", "success; also Ctrl-C in a command that runs until it is stopped"],
    ["1", "usage error: an unknown flag or an invalid value"],
    [
      "2",
      "failed: the cloud rejected a request, a file can't be written, a prompt was cancelled with Ctrl-C",
    ],
    ["3", "timed out"],
    ["4", "no connection"],
    ["5", "sign-in required: no account is signed in, or the broadcaster rejected the token"],
  ],
)}

## Keys of the watcher

The watcher is read-only unless it is started with \`--control\`. Change keys under \`"keys"\` in \`blink-streams.json\`, for example
\`{"refresh": "ctrl+r"}\`; two actions on one key are an error at the start.

${table(
  ["Key", "Action", "Meaning"],
  defaultBindings.map(({ key, action, description }) => [`\`${key}\``, `\`${action}\``, description]),
)}

## Commands

${program.commands.flatMap((command) => sections(command, `blink-streams ${command.name()}`)).join("\n")}`

/** `docs/blink-streams.schema.json`. */
export const fileSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "blink-streams.json",
  type: "object",
  additionalProperties: false,
  properties: {
    $schema: { type: "string" },
    ...Object.fromEntries(
      fileSettings.map(({ key, description, schema }) => [key, { ...schema, description }]),
    ),
    keys: keysSchema,
  },
}
