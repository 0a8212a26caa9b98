import { defaultBindings } from "../../watcher/src/input/keyBindings.ts"
import { keysSchema } from "@blink-streams/watcher"
import type { Command } from "commander"
import { fileSettings, settingsTable } from "../src/settings/settingsTable.ts"

/** Between backticks nothing but the column's own sign has to be escaped. */
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

const options = (command: Command): string =>
  command.options.length === 0
    ? ""
    : `\n${table(
        ["Option", ""],
        command.options.map(({ flags, description, argChoices, defaultValue, defaultValueDescription }) => [
          `\`${flags}\``,
          [
            description,
            argChoices ? `(${argChoices.join(", ")})` : "",
            defaultValueDescription ??
              (defaultValue === undefined || typeof defaultValue === "boolean" || Array.isArray(defaultValue)
                ? ""
                : `default ${defaultValue}`),
          ]
            .filter(Boolean)
            .join(" "),
        ]),
      )}\n`

const sections = (command: Command, path: string): ReadonlyArray<string> => [
  `### \`${path} ${command.usage()}\`\n\n${command.description()}.\n${options(command)}${examples(command)}`,
  ...command.commands.flatMap((child) => sections(child, `${path} ${child.name()}`)),
]

/** `docs/cli.md`: made from the declarations, so that it can't say anything else than the program does. */
export const reference = (program: Command): string => `# The command line

\`blink-streams\` is one program. From the repository's root, after a build, it is \`npx blink-streams\`. Shell completions:
\`source <(blink-streams --completions bash)\`, the same for \`zsh\`, and \`blink-streams --completions fish | source\`.

Commands that show or change a home talk to the broadcaster that runs on this machine, to the one that \`--connect\` names,
or, when there is none or with \`--direct\`, to the cloud itself.

## Settings

A flag wins over the environment, the environment over \`blink-streams.json\` in the state folder, that over the default. The
file's [JSON Schema](blink-streams.schema.json) tells its keys. Secrets come from the environment, from a file named by the same variable with
\`_FILE\` behind it, or from a prompt; never from a flag: \`BLINK_PASSWORD\`, \`BLINK_PIN\`, \`BLINK_STREAMS_TOKEN\`.

${table(
  ["Environment", "Flag", "In the file", ""],
  Object.values(settingsTable).map(({ env, flag, key, description, expected }) => [
    `\`${env}\``,
    `\`${flag}\``,
    key === "dir" ? "" : `\`${key}\``,
    `${description}; ${expected}`,
  ]),
)}

Logs go to standard error: \`serve\`, \`start\` and \`demo\` say there what went wrong on the way; standard output is for the feed.
With \`OTEL_EXPORTER_OTLP_ENDPOINT\` their traces and metrics go to that collector (OTLP over HTTP, as JSON).

## Exit codes

${table(
  ["Code", ""],
  [
    ["0", "fine; also after Ctrl-C in what runs until it is stopped"],
    ["1", "wrong usage: an unknown flag, a wrong value"],
    ["2", "failed: the cloud refused, a file can't be written, a question was left with Ctrl-C"],
    ["3", "timed out"],
    ["4", "no connection"],
    ["5", "sign-in needed: nobody is signed in, or the broadcaster refused the token"],
  ],
)}

## The watcher's keys

Read-only unless it was started with \`--control\`. Own keys go under \`"keys"\` in \`blink-streams.json\`, as \`{"refresh": "ctrl+r"}\`; two
actions on one key are reported at the start.

${table(
  ["Key", "Action", ""],
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
