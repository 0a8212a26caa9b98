import type { CredentialProvider } from "@blink-streams/core"
import { Effect, Redacted } from "effect"
import { promptText, promptSecret } from "../terminal/prompt.ts"
import { type CliError, asCliError } from "../errors/CliError.ts"
import { binName } from "../binName.ts"
import { readSecret } from "../settings/Settings.ts"

const fromTerminal = <A>(read: () => Promise<A>): Effect.Effect<A, CliError> =>
  Effect.tryPromise({ try: read, catch: asCliError })

/** Sign-in credentials from the environment; prompts on the terminal for those that are not set. */
export const terminalCredentials = (email: string | null): CredentialProvider<CliError> => ({
  // A typed password proves that a person is present. One from the environment may come from a restart loop.
  attended: process.stdin.isTTY && readSecret("BLINK_PASSWORD") === null,
  email: fromTerminal(async () => email ?? (await promptText("e-mail", "set BLINK_EMAIL"))),
  password: fromTerminal(async () =>
    Redacted.make(
      readSecret("BLINK_PASSWORD") ??
        (await promptSecret("password", "set BLINK_PASSWORD or BLINK_PASSWORD_FILE")),
    ),
  ),
  pin: ({ channel, attempt, sentEarlier }) =>
    fromTerminal(async () => {
      const rejected = attempt > 1
      const fromEnvironment = rejected ? null : readSecret("BLINK_PIN")
      if (rejected) process.stderr.write("The code is wrong.\n")
      else if (sentEarlier && fromEnvironment === null && process.stdin.isTTY)
        process.stderr.write(
          `An earlier sign-in still needs its code. If no code arrived, run ${binName()} logout${email === null ? "" : ` ${email}`} and sign in again.\n`,
        )
      return Redacted.make(
        fromEnvironment ??
          (await promptSecret(
            `code that Blink sent by ${channel}`,
            "set BLINK_PIN and run the command again",
          )),
      )
    }),
})
