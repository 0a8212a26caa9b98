import type { Answers } from "@blink-streams/broadcaster/signIn"
import { Effect, Redacted } from "effect"
import { ask, askSecret } from "./ask.ts"
import { type Failure, failureOf } from "./Failure.ts"
import { ownName } from "./ownName.ts"
import { readSecret } from "./Settings.ts"

const fromPerson = <A>(answer: () => Promise<A>): Effect.Effect<A, Failure> =>
  Effect.tryPromise({ try: answer, catch: failureOf })

/** Answers from the environment, and from the person at the terminal for what is not there. */
export const cloudAnswers = (email: string | null): Answers<Failure> => ({
  // A password that has to be typed is typed by somebody; one from the environment may be a loop's.
  attended: process.stdin.isTTY && readSecret("BLINK_PASSWORD") === null,
  email: fromPerson(async () => email ?? (await ask("e-mail", "set BLINK_EMAIL"))),
  password: fromPerson(async () =>
    Redacted.make(
      readSecret("BLINK_PASSWORD") ??
        (await askSecret("password", "set BLINK_PASSWORD or BLINK_PASSWORD_FILE")),
    ),
  ),
  pin: ({ channel, wrong, earlier }) =>
    fromPerson(async () => {
      const given = wrong ? null : readSecret("BLINK_PIN")
      if (wrong) process.stderr.write("that was not the code\n")
      else if (earlier && given === null && process.stdin.isTTY)
        process.stderr.write(
          `An earlier sign-in waits for its code. If none has come: ${ownName()} logout${email === null ? "" : ` ${email}`}, then login again.\n`,
        )
      return Redacted.make(
        given ?? (await askSecret(`code that Blink sent by ${channel}`, "set BLINK_PIN and start again")),
      )
    }),
})
