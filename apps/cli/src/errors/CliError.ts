/** What the process ends with; the table stands in `docs/cli.md`. */
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
 * An end that a person can do something about: printed as one line, without a stack.
 * Anything else that is thrown is a bug of ours and keeps its stack.
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

/** What went wrong, as the operating system or a parser said it. */
export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** What was thrown, as an end that is told in one line. */
export const asCliError = (cause: unknown): CliError =>
  cause instanceof CliError ? cause : new CliError("failed", messageOf(cause))
