import { type Command, CommanderError } from "commander"
import { type Shell, completions } from "./completions.ts"
import { CliError, exitCodes } from "./errors/CliError.ts"
import { toCliError } from "./errors/toCliError.ts"
import { makeProgram } from "./program.ts"
import { version } from "./version.ts"

/** Makes parser errors one-line usage errors instead of exiting the process. */
const configureErrors = (command: Command): void => {
  command.exitOverride().configureOutput({
    outputError: (text, write) =>
      write(text.replace(/^error: /, "blink-streams: ").replaceAll(/\n(?=\()/g, " ")),
  })
  for (const child of command.commands) configureErrors(child)
}

/** Runs the command line `argv`, without the names of Node and the program. Prints errors and resolves with the exit code. */
export const run = async (argv: ReadonlyArray<string>): Promise<number> => {
  const program = makeProgram(version)
  configureErrors(program)
  program.on("option:completions", (shell: Shell) => {
    process.stdout.write(completions(program, shell))
    throw new CommanderError(exitCodes.success, "completions", "")
  })
  try {
    await program.parseAsync(argv, { from: "user" })
    return exitCodes.success
  } catch (cause) {
    const error = toCliError(cause)
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage
    if (error instanceof CliError) {
      if (error.message !== "") process.stderr.write(`blink-streams: ${error.message}\n`)
      return error.exitCode
    }
    process.stderr.write(
      `blink-streams: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
    return exitCodes.failed
  }
}
