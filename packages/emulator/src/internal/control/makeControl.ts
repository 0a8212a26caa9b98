import { Result, Schema } from "effect"
import type { ControlError } from "../../ControlError.ts"
import {
  AccountInput,
  ChangeInput,
  ClockInput,
  FaultInput,
  MediaChangeInput,
  MotionInput,
  TokenInput,
} from "../../ControlInput.ts"
import { ResetInput } from "../../EmulatorOptions.ts"
import type { Engine } from "../engine/Engine.ts"
import { bundledScenario } from "../scenarios/loadScenario.ts"
import { addAccount, defaultAccount, numberedNetworks } from "../world/fixtures.ts"
import { findAccount } from "../world/signIn.ts"
import type { Account, World } from "../world/World.ts"
import { applyChange, applyMediaChange, applyMotion } from "./applyInput.ts"
import { groundTruth } from "./groundTruth.ts"
import { fromInvalidInput, fromSchemaIssue } from "./toControlError.ts"

type ControlResult<A> = Result.Result<A, ControlError>

const decoderFor = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownResult(schema, { onExcessProperty: "error" })
  return (input: unknown): ControlResult<S["Type"]> =>
    Result.mapError(decode(input), ({ issue }) => fromSchemaIssue(issue))
}

const decodeMotion = decoderFor(MotionInput)
const decodeChange = decoderFor(ChangeInput)
const decodeMedia = decoderFor(MediaChangeInput)
const decodeFault = decoderFor(FaultInput)
const decodeClock = decoderFor(ClockInput)
const decodeAccount = decoderFor(AccountInput)
const decodeReset = decoderFor(ResetInput)
const decodeToken = decoderFor(TokenInput)

const newAccount = (world: World, email: string, input: AccountInput): Account =>
  addAccount(world, {
    email,
    password: input.password ?? defaultAccount.password,
    pin: input.pin ?? defaultAccount.pin,
    networks: numberedNetworks(input.networks ?? 2, input.cameras ?? 8),
    clipsPerCamera: input.clips_per_camera ?? 0,
  })

const accountSummary = ({ id, email, password, pin, networks }: Account) => ({
  id,
  email,
  password,
  pin,
  networks: networks.map((network) => network.id),
})

/** Operations of the control API and of the `Emulator` service on one engine. They validate their inputs. */
export const makeControl = (engine: Engine) => ({
  world: () =>
    groundTruth(engine.world, engine.now, {
      scenario: engine.config.scenario.name,
      speed: engine.speed,
      faults: engine.faults.map(({ id, fault, hits }) => ({ id, ...fault, hits })),
    }),
  requests: (since: number) => ({ requests: engine.requests(since), last: engine.requestCount }),
  motion: (input: unknown): ControlResult<{ readonly id: number | null }> =>
    Result.flatMap(decodeMotion(input), (motion) =>
      Result.map(
        Result.mapError(applyMotion(engine.world, engine.now, motion), fromInvalidInput),
        (item) => ({
          id: item?.id ?? null,
        }),
      ),
    ),
  change: (input: unknown): ControlResult<void> =>
    Result.flatMap(decodeChange(input), (change) =>
      Result.mapError(applyChange(engine.world, engine.now, change), fromInvalidInput),
    ),
  media: (input: unknown): ControlResult<void> =>
    Result.flatMap(decodeMedia(input), (change) =>
      Result.mapError(applyMediaChange(engine.world, engine.now, change), fromInvalidInput),
    ),
  fault: (input: unknown): ControlResult<{ readonly id: number }> =>
    Result.map(decodeFault(input), (fault) => ({ id: engine.addFault(fault) })),
  removeFault: (id: number | null): boolean => engine.removeFault(id),
  clock: (input: unknown): ControlResult<{ readonly now_ms: number; readonly speed: number }> =>
    Result.map(decodeClock(input), ({ advance_ms, speed }) => {
      if (advance_ms !== undefined) engine.advance(advance_ms)
      if (speed !== undefined) engine.setSpeed(speed)
      return { now_ms: engine.now, speed: engine.speed }
    }),
  tokens: (action: "expire" | "revoke", input: unknown): ControlResult<{ readonly ended: number }> =>
    Result.map(decodeToken(input), ({ kind = "access" }) => ({
      ended: action === "expire" ? engine.expireTokens(kind, engine.now) : engine.revokeTokens(kind),
    })),
  addAccount: (input: unknown) =>
    Result.flatMap(decodeAccount(input), (account) => {
      const { world } = engine
      const count = account.count ?? 1
      const emails = Array.from({ length: count }, (_, index) => {
        if (account.email === undefined) return `home${world.counters.account + index}@example.com`
        return account.count === undefined ? account.email : account.email.replace("@", `+${index + 1}@`)
      })
      const existing = emails.find((email) => findAccount(world, email) !== undefined)
      return existing === undefined
        ? Result.succeed({
            accounts: emails.map((email) => accountSummary(newAccount(world, email, account))),
          })
        : Result.fail(fromInvalidInput({ field: "email", message: `account ${existing} exists already` }))
    }),
  reset: (input: unknown): ControlResult<void> =>
    Result.flatMap(decodeReset(input), ({ seed, scenario, settings }) => {
      const requested =
        scenario === undefined
          ? Result.succeed(engine.config.scenario)
          : typeof scenario === "string"
            ? bundledScenario(scenario)
            : Result.succeed(scenario)
      return Result.flatMap(requested, (resolved) =>
        Result.mapError(
          engine.reset({
            seed: seed ?? engine.config.seed,
            scenario: resolved,
            settings: { ...engine.config.settings, ...settings },
          }),
          fromInvalidInput,
        ),
      )
    }),
})

export type Control = ReturnType<typeof makeControl>
