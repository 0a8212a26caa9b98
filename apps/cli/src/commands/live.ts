import { accountServices } from "@blink-streams/broadcaster/accountServices"
import { BlinkApi, LiveView } from "@blink-streams/core"
import type { Camera } from "@blink-streams/model"
import { Duration, Effect, Stream } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import type { Writable } from "node:stream"
import { accountConfig, selectedAccount } from "../account/cloudAccount.ts"
import { CliError, asCliError, messageOf } from "../errors/CliError.ts"
import { runUntilStopped } from "../runUntilStopped.ts"
import type { SettingFlags } from "../settings/Settings.ts"
import { selectCamera } from "../connect/targets.ts"

interface Flags extends SettingFlags {
  readonly account?: string
  readonly player?: string
  readonly duration?: number
}

/** Writes with back-pressure: the next chunk is read from the relay once the target has room. */
const writeTo = (target: Writable) => (bytes: Uint8Array) =>
  Effect.promise(async () => {
    if (!target.write(bytes)) await once(target, "drain")
  })

/** Starts the player. `ended` resolves when it exits, which ends the live session. */
const playerInput = (program: string) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly input: Writable; readonly ended: Promise<unknown> }, CliError>((resume) => {
      const child = spawn(program, ["-"], { stdio: ["pipe", "ignore", "inherit"] })
      child.once("error", (cause) =>
        resume(
          Effect.fail(new CliError("usage", `--player "${program}" can't be started: ${messageOf(cause)}`)),
        ),
      )
      child.once("spawn", () => {
        // The pipe of a closed player fails before its exit is reported.
        child.stdin.on("error", () => {})
        resume(Effect.succeed({ input: child.stdin, ended: once(child, "exit") }))
      })
    }),
    ({ input }) => Effect.sync(() => input.end()),
  )

const view = (camera: Camera, { player, duration }: Flags) =>
  Effect.gen(function* () {
    const views = yield* LiveView
    const bytes = views.watch({ network: camera.networkId, kind: camera.kind, camera: camera.id })
    const limited =
      duration === undefined ? bytes : Stream.interruptWhen(bytes, Effect.sleep(Duration.millis(duration)))
    if (player === undefined) return yield* Stream.runForEach(limited, writeTo(process.stdout))
    const { input, ended } = yield* playerInput(player)
    return yield* Stream.runForEach(
      Stream.interruptWhen(
        limited,
        Effect.promise(() => ended),
      ),
      writeTo(input),
    )
  }).pipe(Effect.scoped)

/** `blink-streams live CAMERA`. The live session of the cloud is always closed, also on an error or Ctrl-C. */
export const live = async (requested: string, flags: Flags): Promise<void> => {
  if (flags.player === undefined && process.stdout.isTTY)
    throw new CliError("usage", "a terminal can't play video: pipe it into a player, or give --player mpv")
  const { settings, name } = selectedAccount(flags)
  await runUntilStopped(
    Effect.gen(function* () {
      const { cameras } = yield* (yield* BlinkApi).snapshot
      const camera = yield* Effect.try({ try: () => selectCamera(cameras, requested), catch: asCliError })
      return yield* view(camera, flags)
    }).pipe(Effect.provide(accountServices(accountConfig(settings, name)))),
  )
}
