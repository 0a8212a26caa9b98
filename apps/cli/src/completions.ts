import type { Command } from "commander"

export type Shell = "bash" | "zsh" | "fish"

interface CompletionNode {
  /** Path of subcommands, joined by a space; empty for the root. */
  readonly path: string
  readonly words: ReadonlyArray<{ readonly word: string; readonly description: string }>
  /** Flags with a fixed set of values. */
  readonly choices: ReadonlyArray<{ readonly flag: string; readonly values: ReadonlyArray<string> }>
}

const completionNodes = (
  command: Command,
  path: ReadonlyArray<string> = [],
): ReadonlyArray<CompletionNode> => [
  {
    path: path.join(" "),
    words: [
      ...command.commands.map((child) => ({ word: child.name(), description: child.description() })),
      ...command.options.map(({ long, description }) => ({ word: long ?? "", description })),
      { word: "--help", description: "show help" },
    ],
    choices: command.options.flatMap(({ long, argChoices }) =>
      long && argChoices ? [{ flag: long, values: argChoices }] : [],
    ),
  },
  ...command.commands.flatMap((child) => completionNodes(child, [...path, child.name()])),
]

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** Fixed values by command path and flag. */
const flagChoices = (
  nodes: ReadonlyArray<CompletionNode>,
): ReadonlyArray<readonly [before: string, values: string]> =>
  nodes.flatMap(({ path, choices }) =>
    choices.map(({ flag, values }) => [`${path} ${flag}`, values.join(" ")] as const),
  )

const bash = (nodes: ReadonlyArray<CompletionNode>): string => `_blink_streams() {
  local path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${nodes
        .filter(({ path }) => path !== "")
        .map(({ path }) => quoted(path))
        .join("|")}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${nodes.map(({ path, words }) => `    ${quoted(path)}) words=${quoted(words.map(({ word }) => word).join(" "))} ;;`).join("\n")}
  esac
  case "$path \${COMP_WORDS[COMP_CWORD-1]}" in
${flagChoices(nodes)
  .map(([before, values]) => `    ${quoted(before)}) words=${quoted(values)} ;;`)
  .join("\n")}
  esac
  COMPREPLY=($(compgen -o default -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _blink_streams blink-streams
`

const zsh = (nodes: ReadonlyArray<CompletionNode>): string => `#compdef blink-streams
_blink_streams() {
  local path_="" word
  local -a choices
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${path_:+$path_ }$word" in
      ${nodes
        .filter(({ path }) => path !== "")
        .map(({ path }) => quoted(path))
        .join("|")}) path_="\${path_:+$path_ }$word" ;;
    esac
  done
  case "$path_" in
${nodes
  .map(
    ({ path, words }) =>
      `    ${quoted(path)}) choices=(${words.map(({ word, description }) => quoted(`${word}:${description.replaceAll(":", " ")}`)).join(" ")}) ;;`,
  )
  .join("\n")}
  esac
  case "$path_ \${words[CURRENT-1]}" in
${flagChoices(nodes)
  .map(([before, values]) => `    ${quoted(before)}) choices=(${values}) ;;`)
  .join("\n")}
  esac
  _describe 'blink-streams' choices || _files
}
compdef _blink_streams blink-streams
`

const fish = (nodes: ReadonlyArray<CompletionNode>): string =>
  nodes
    .flatMap(({ path, words, choices }) => {
      const parts = path === "" ? [] : path.split(" ")
      const condition =
        parts.length === 0
          ? "__fish_use_subcommand"
          : parts.map((part) => `__fish_seen_subcommand_from ${part}`).join("; and ")
      return words.map(({ word, description }) => {
        const values = choices.find(({ flag }) => flag === word)?.values
        const value = values === undefined ? "" : ` -x -a ${quoted(values.join(" "))}`
        const completion = word.startsWith("--") ? `-l ${word.slice(2)}${value}` : `-f -a ${word}`
        return `complete -c blink-streams -n ${quoted(condition)} ${completion} -d ${quoted(description)}`
      })
    })
    .join("\n")
    .concat("\n")

/** Generates the completion script of a shell from the command definitions. */
export const completions = (program: Command, shell: Shell): string =>
  ({ bash, zsh, fish })[shell](completionNodes(program))
