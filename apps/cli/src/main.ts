import { CommanderError } from "commander"
import { CliError, exitCodes } from "./errors/CliError.ts"
import { makeProgram } from "./program.ts"
import { toCliError } from "./errors/toCliError.ts"
import { version } from "./version.ts"
import type { Command } from "commander"
import { type Shell, completions } from "./completions.ts"

/** Exits without an error when the reader of a pipe is gone (`| head`). */
const exitOnBrokenPipe = (): void => {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error
      // A command with cleanup, such as a live session of the cloud, runs it as after Ctrl-C.
      if (process.listenerCount("SIGINT") > 0) process.emit("SIGINT", "SIGINT")
      else process.exit(exitCodes.success)
    })
}

/** Makes parser errors one-line usage errors instead of exiting the process. */
const configureErrors = (command: Command): void => {
  command.exitOverride().configureOutput({
    outputError: (text, write) =>
      write(text.replace(/^error: /, "blink-streams: ").replaceAll(/\n(?=\()/g, " ")),
  })
  for (const child of command.commands) configureErrors(child)
}

const run = async (argv: ReadonlyArray<string>): Promise<number> => {
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

exitOnBrokenPipe()
process.exitCode = await run(process.argv.slice(2))
