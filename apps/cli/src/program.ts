import { Command, Option } from "commander"
import { accountCommands } from "./commands/definitions/accounts.ts"
import { controlCommands } from "./commands/definitions/control.ts"
import { serveCommands } from "./commands/definitions/serve.ts"

/**
 * The command line, declared. What a command does is loaded when it runs, so that help and completions
 * answer at once.
 */
export const makeProgram = (version: string): Command => {
  const program = new Command("blink-streams")
    .description("A reactive toolkit for Blink home cameras: watch, serve and control a home.")
    .version(version)
    .addOption(
      new Option("--completions <shell>", "print the completions for a shell").choices([
        "bash",
        "zsh",
        "fish",
      ]),
    )
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      `
Examples:
  $ blink-streams demo      an emulated home to play with, no account needed
  $ blink-streams login     sign in to yours
  $ blink-streams serve     broadcast it to browsers, terminals and programs
  $ blink-streams watch     the screen to leave open

Settings come from flags, then the environment, then blink-streams.json, then defaults.
Exit codes: 0 fine, 1 usage, 2 failed, 3 timed out, 4 no connection, 5 sign-in needed.
`,
    )
  for (const [heading, commands] of [
    ["Watch and control:", controlCommands()],
    ["Run:", serveCommands()],
    ["Accounts and keys:", accountCommands()],
  ] as const)
    for (const each of commands) program.addCommand(each.helpGroup(heading))
  return program
}
