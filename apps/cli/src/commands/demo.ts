import { StateFolder } from "@blink-streams/broadcaster/StateFolder"
import { type Answers, signedIn } from "@blink-streams/broadcaster/signIn"
import { Emulator } from "@blink-streams/emulator"
import { Context, Effect, Layer, Redacted } from "effect"
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { cadenceOf } from "../cloudAccount.ts"
import { Failure } from "../Failure.ts"
import { observability } from "../observability.ts"
import { ownName } from "../ownName.ts"
import { runUntilStopped } from "../runUntilStopped.ts"
import { readScenario } from "../scenarioOption.ts"
import {
  type ServingFlags,
  bannerText,
  portFlag,
  processStart,
  serveUntilInterrupted,
  servingOptions,
} from "../serving.ts"
import { resolveSettings } from "../Settings.ts"
import type { WorldOptions } from "./emulator.ts"

interface Flags extends ServingFlags, WorldOptions {
  readonly emulatorPort: number
}

/** The emulated account's own answers. */
const answersOf = ({ email, password, pin }: Emulator["Service"]["account"]): Answers<never> => ({
  attended: true,
  email: Effect.succeed(email),
  password: Effect.succeed(Redacted.make(password)),
  pin: () => Effect.succeed(Redacted.make(pin)),
})

/** A folder of its own for the demo: nothing of it stays, and nothing of the user's is touched. */
const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => {
    const folder = new StateFolder(mkdtempSync(join(tmpdir(), "blink-streams-demo-")))
    folder.prepare()
    return folder
  }),
  ({ path }) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
)

/** An emulated home is not in a hurry to be polite. */
const briskCadence = { pollHome: "2 seconds", pollMedia: "1 second" } as const

/** `blink-streams demo`: emulator, broadcaster and dashboard in one process. */
export const demo = async (flags: Flags): Promise<void> => {
  const settings = resolveSettings(flags)
  const serving = servingOptions(flags, settings)
  const scenario = await readScenario(flags.scenario)
  // Terminals look for a broadcaster in the user's folder; only the place where it listens is left there.
  const userFolder = new StateFolder(settings.dir)
  userFolder.prepare()

  const program = Effect.gen(function* () {
    const cloud = Context.get(
      yield* Layer.build(
        Emulator.layer({ port: flags.emulatorPort, seed: flags.seed, speed: flags.speed, scenario }),
      ).pipe(
        Effect.catchTag("PortTaken", () =>
          Effect.fail(
            new Failure(
              "failed",
              `port ${flags.emulatorPort} is in use: choose another with --emulator-port`,
            ),
          ),
        ),
      ),
      Emulator,
    )
    const folder = yield* temporaryFolder
    const { email } = cloud.account
    const services = yield* signedIn(
      {
        cloud: { dialect: settings.dialect, apiUrl: cloud.url, oauthUrl: cloud.url },
        sessionFile: folder.sessionOf("demo"),
      },
      answersOf(cloud.account),
    )
    const admin = Redacted.make(randomBytes(24).toString("base64url"))
    return yield* serveUntilInterrupted(
      {
        ...serving,
        accounts: [{ services, email }],
        cadence: { ...briskCadence, ...cadenceOf(settings) },
        log: folder.log,
        tokens: null,
        admin,
      },
      {
        folder: userFolder,
        startedAt: processStart(),
        feed: flags.feed,
        banner: ({ link, websocket, port }) => {
          return bannerText("An emulated home is live.", [
            ["dashboard", link, "opens signed in, once"],
            ["websocket", websocket, `token ${Redacted.value(admin)}`],
            ["cloud", cloud.url, `emulated; ${email}, ${cloud.account.password}, PIN ${cloud.account.pin}`],
            ["next", `${ownName()} watch${portFlag(port)}`, "the same in another terminal"],
            ["", `${ownName()} login`, "sign in to your own cameras, then start again"],
          ])
        },
      },
    )
  }).pipe(Effect.scoped, Effect.provide(observability(settings)))
  await runUntilStopped(program)
}
