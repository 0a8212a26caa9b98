import { exitCodes } from "./errors/CliError.ts"
import { run } from "./run.ts"

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

exitOnBrokenPipe()
process.exitCode = await run(process.argv.slice(2))
