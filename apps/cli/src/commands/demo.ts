import { signedIn } from "@blink-streams/broadcaster/signIn"
import { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import type { CredentialProvider } from "@blink-streams/core"
import { Emulator } from "@blink-streams/emulator"
import { Context, Effect, Layer, Redacted } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pollIntervals } from "../account/cloudAccount.ts"
import { CliError } from "../errors/CliError.ts"
import { observability } from "../observability.ts"
import { binName } from "../binName.ts"
import { runUntilStopped } from "../runUntilStopped.ts"
import { readScenario } from "../settings/readScenario.ts"
import { bannerText, portFlag } from "../serve/banner.ts"
import { broadcastOptions, type ServeFlags } from "../serve/broadcastOptions.ts"
import { randomToken } from "../serve/randomToken.ts"
import { serveUntilInterrupted } from "../serve/serveUntilInterrupted.ts"
import { resolveSettings } from "../settings/Settings.ts"
import type { WorldOptions } from "./emulator.ts"

interface Flags extends ServeFlags, WorldOptions {
  readonly emulatorPort: number
}

/** Credentials of the emulated account. */
const demoCredentials = ({
  email,
  password,
  pin,
}: Emulator["Service"]["account"]): CredentialProvider<never> => ({
  attended: true,
  email: Effect.succeed(email),
  password: Effect.succeed(Redacted.make(password)),
  pin: () => Effect.succeed(Redacted.make(pin)),
})

/** A temporary state folder, so that the demo leaves no files and does not use those of the user. */
const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => {
    const folder = new StateFolder(mkdtempSync(join(tmpdir(), "blink-streams-demo-")))
    folder.create()
    return folder
  }),
  ({ path }) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
)

/** The emulated cloud has no rate limits to respect. */
const demoPollIntervals = { stateInterval: "2 seconds", clipInterval: "1 second" } as const

/** `blink-streams demo`: emulator, broadcaster and dashboard in one process. */
export const demo = async (flags: Flags): Promise<void> => {
  const settings = resolveSettings(flags)
  const serveOptions = broadcastOptions(flags, settings)
  const scenario = await readScenario(flags.scenario)
  // Terminals find the broadcaster by the run file in the user's folder.
  const userFolder = new StateFolder(settings.dir)
  userFolder.create()

  const program = Effect.gen(function* () {
    const cloud = Context.get(
      yield* Layer.build(
        Emulator.layer({ port: flags.emulatorPort, seed: flags.seed, speed: flags.speed, scenario }),
      ).pipe(
        Effect.catchTag("PortUnavailable", () =>
          Effect.fail(
            new CliError(
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
        sessionFile: folder.sessionFile("demo"),
      },
      demoCredentials(cloud.account),
    )
    const admin = Redacted.make(randomToken())
    return yield* serveUntilInterrupted(
      {
        ...serveOptions,
        // So that a page under development connects, on whatever port its server runs.
        allowedOrigins: ["loopback", ...serveOptions.allowedOrigins],
        accounts: [{ services, email }],
        monitorOptions: { ...demoPollIntervals, ...pollIntervals(settings) },
        log: folder.log,
        tokens: null,
        admin,
      },
      {
        folder: userFolder,
        feed: flags.feed,
        banner: ({ signInLink, websocket, port }) => {
          return bannerText("The demo is running.", [
            ["dashboard", signInLink, "one-time sign-in link"],
            ["websocket", websocket, `token ${Redacted.value(admin)}`],
            ["cloud", cloud.url, `emulated; ${email}, ${cloud.account.password}, PIN ${cloud.account.pin}`],
            ["next", `${binName()} watch${portFlag(port)}`, "live terminal dashboard, in another terminal"],
            ["", `${binName()} login`, "sign in to your own cameras, then start again"],
          ])
        },
      },
    )
  }).pipe(Effect.scoped, Effect.provide(observability(settings)))
  await runUntilStopped(program)
}
