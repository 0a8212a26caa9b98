import type { CredentialProvider } from "@blink-streams/broadcaster"
import { Effect, Redacted } from "effect"
import { promptText, promptSecret } from "../terminal/prompt.ts"
import { type CliError, asCliError } from "../errors/CliError.ts"
import { binName } from "../binName.ts"
import { readSecret } from "../settings/Settings.ts"

const fromTerminal = <A>(read: () => Promise<A>): Effect.Effect<A, CliError> =>
  Effect.tryPromise({ try: read, catch: asCliError })

/** Answers from the environment, and from the person at the terminal for what is not there. */
export const terminalCredentials = (email: string | null): CredentialProvider<CliError> => ({
  // A password that has to be typed is typed by somebody; one from the environment may be a loop's.
  attended: process.stdin.isTTY && readSecret("BLINK_PASSWORD") === null,
  email: fromTerminal(async () => email ?? (await promptText("e-mail", "set BLINK_EMAIL"))),
  password: fromTerminal(async () =>
    Redacted.make(
      readSecret("BLINK_PASSWORD") ??
        (await promptSecret("password", "set BLINK_PASSWORD or BLINK_PASSWORD_FILE")),
    ),
  ),
  pin: ({ channel, rejected, sentEarlier }) =>
    fromTerminal(async () => {
      const fromEnvironment = rejected ? null : readSecret("BLINK_PIN")
      if (rejected) process.stderr.write("that was not the code\n")
      else if (sentEarlier && fromEnvironment === null && process.stdin.isTTY)
        process.stderr.write(
          `An earlier sign-in waits for its code. If none has come: ${binName()} logout${email === null ? "" : ` ${email}`}, then login again.\n`,
        )
      return Redacted.make(
        fromEnvironment ??
          (await promptSecret(`code that Blink sent by ${channel}`, "set BLINK_PIN and start again")),
      )
    }),
})
