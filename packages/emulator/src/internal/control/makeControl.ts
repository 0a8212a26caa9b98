import { Result, Schema, Struct } from "effect"
import type { Engine } from "../engine/Engine.ts"
import { Fault } from "../http/Fault.ts"
import { bundledScenario } from "../scenarios/loadScenario.ts"
import { ControlError, fromSchemaIssue } from "../../ControlError.ts"
import { groundTruth } from "./groundTruth.ts"
import {
  type InvalidInput,
  ChangeInput,
  applyMediaChange,
  applyChange,
  applyMotion,
  MediaChangeInput,
  MotionInput,
} from "./applyInput.ts"
import { addAccount, defaultAccount, numberedNetworks } from "../world/fixtures.ts"
import { Scenario } from "../../Scenario.ts"
import { Settings } from "../../Settings.ts"
import { findAccount } from "../world/signIn.ts"
import type { Account, World } from "../world/World.ts"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

export const ClockInput = Schema.Struct({
  /** Emulated milliseconds to jump ahead. */
  advance_ms: Schema.optionalKey(Count),
  /** Emulated seconds to a real one; 0 stops the clock, which `advance_ms` still moves. */
  speed: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))),
})

export const AccountInput = Schema.Struct({
  email: Schema.optionalKey(Schema.NonEmptyString),
  password: Schema.optionalKey(Schema.NonEmptyString),
  pin: Schema.optionalKey(Schema.NonEmptyString),
  networks: Schema.optionalKey(Count),
  /** In all networks together. */
  cameras: Schema.optionalKey(Count),
  /** So many accounts of this kind; their e-mails are numbered. */
  count: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100_000 }))),
  clips_per_camera: Schema.optionalKey(Count),
})

export const ResetInput = Schema.Struct({
  seed: Schema.optionalKey(Schema.Int),
  /** The name of a scenario that comes with the emulator, or one written out. */
  scenario: Schema.optionalKey(Schema.Union([Schema.String, Scenario])),
  /** Those that are not named keep their value. */
  settings: Schema.optionalKey(Settings.mapFields(Struct.map(Schema.optionalKey))),
})

export const TokenInput = Schema.Struct({ kind: Schema.optionalKey(Schema.Literals(["access", "refresh"])) })

type ControlResult<A> = Result.Result<A, ControlError>

const decoderFor = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownResult(schema, { onExcessProperty: "error" })
  return (input: unknown): ControlResult<S["Type"]> =>
    Result.mapError(decode(input), ({ issue }) => fromSchemaIssue(issue))
}

const fromInvalidInput = ({ field, message }: InvalidInput): ControlError =>
  new ControlError({ field, message: `${field}: ${message}` })

const decodeMotion = decoderFor(MotionInput)
const decodeChange = decoderFor(ChangeInput)
const decodeMedia = decoderFor(MediaChangeInput)
const decodeFault = decoderFor(Fault)
const decodeClock = decoderFor(ClockInput)
const decodeAccount = decoderFor(AccountInput)
const decodeReset = decoderFor(ResetInput)
const decodeToken = decoderFor(TokenInput)

const newAccount = (world: World, email: string, input: typeof AccountInput.Type): Account =>
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

/** What the control door and the library do, over one engine. Orders are checked here, whoever gives them. */
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
        : Result.fail(
            fromInvalidInput({ field: "email", message: `there is an account ${existing} already` }),
          )
    }),
  reset: (input: unknown): ControlResult<void> =>
    Result.flatMap(decodeReset(input), ({ seed, scenario, settings }) => {
      const requested =
        scenario === undefined
          ? Result.succeed(engine.config.scenario)
          : typeof scenario === "string"
            ? bundledScenario(scenario)
            : Result.succeed(scenario)
      return Result.flatMap(requested, (known) =>
        Result.mapError(
          engine.reset({
            seed: seed ?? engine.config.seed,
            scenario: known,
            settings: { ...engine.config.settings, ...settings },
          }),
          fromInvalidInput,
        ),
      )
    }),
})

export type Control = ReturnType<typeof makeControl>
