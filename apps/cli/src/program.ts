import { Command, Option } from "commander"
import { accountCommands } from "./commands/definitions/accounts.ts"
import { controlCommands } from "./commands/definitions/control.ts"
import { serveCommands } from "./commands/definitions/serve.ts"

/**
 * Defines the command line. The implementation of a command is loaded when it runs, so that help and completions stay
 * fast.
 */
export const makeProgram = (version: string): Command => {
  const program = new Command("blink-streams")
    .description("Event streams for Blink home cameras: watch, serve and control the systems of an account.")
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
  $ blink-streams demo      # dashboard and events of an emulated account, no sign-in
  $ blink-streams login     # sign in to your own account
  $ blink-streams serve     # serve it to browsers, terminals and programs
  $ blink-streams watch     # live terminal dashboard

Settings come from flags, then the environment, then blink-streams.json, then defaults.
Exit codes: 0 success, 1 usage, 2 failed, 3 timed out, 4 no connection, 5 sign-in required.
`,
    )
  for (const [heading, commands] of [
    ["Watch and control:", controlCommands()],
    ["Run:", serveCommands()],
    ["Accounts and tokens:", accountCommands()],
  ] as const)
    for (const each of commands) program.addCommand(each.helpGroup(heading))
  return program
}
