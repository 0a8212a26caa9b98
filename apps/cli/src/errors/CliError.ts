/** Exit codes of the process, as listed in `docs/cli.md`. */
export const exitCodes = {
  success: 0,
  usage: 1,
  failed: 2,
  timedOut: 3,
  noConnection: 4,
  signInNeeded: 5,
} as const
export type ExitReason = keyof typeof exitCodes

/**
 * An expected failure: printed as one line without a stack, and mapped to an exit code.
 * Any other error is a bug of this program and is printed with its stack.
 */
export class CliError extends Error {
  readonly reason: ExitReason

  constructor(reason: ExitReason, message: string) {
    super(message)
    this.reason = reason
  }

  get exitCode(): number {
    return exitCodes[this.reason]
  }
}

/** Message of an error of the operating system or of a parser. */
export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Converts an error into an exit code and a one-line message. */
export const asCliError = (cause: unknown): CliError =>
  cause instanceof CliError ? cause : new CliError("failed", messageOf(cause))
