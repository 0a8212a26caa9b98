import { Result, Schema, Struct } from "effect"
import type { Engine } from "./Engine.ts"
import { Fault } from "./http/Fault.ts"
import { namedScenario } from "./loadScenario.ts"
import { OrderRefused, refusalOf } from "./OrderRefused.ts"
import { groundTruth } from "./wire/groundTruth.ts"
import {
  type BadOrder,
  Change,
  changeMedia,
  makeChange,
  makeMotion,
  MediaChange,
  Motion,
} from "./world/orders.ts"
import { addAccount, household, manyCameras } from "./world/population.ts"
import { Scenario } from "./world/Scenario.ts"
import { Settings } from "./world/Settings.ts"
import { findAccount } from "./world/signIn.ts"
import type { Account, World } from "./world/World.ts"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

export const ClockOrder = Schema.Struct({
  /** Emulated milliseconds to jump ahead. */
  advance_ms: Schema.optionalKey(Count),
  /** Emulated seconds to a real one; 0 stops the clock, which `advance_ms` still moves. */
  speed: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))),
})

export const AccountOrder = Schema.Struct({
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

export const ResetOrder = Schema.Struct({
  seed: Schema.optionalKey(Schema.Int),
  /** The name of a scenario that comes with the emulator, or one written out. */
  scenario: Schema.optionalKey(Schema.Union([Schema.String, Scenario])),
  /** Those that are not named keep their value. */
  settings: Schema.optionalKey(Settings.mapFields(Struct.map(Schema.optionalKey))),
})

export const TokenOrder = Schema.Struct({ kind: Schema.optionalKey(Schema.Literals(["access", "refresh"])) })

type Outcome<A> = Result.Result<A, OrderRefused>

const decoded = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownResult(schema, { onExcessProperty: "error" })
  return (input: unknown): Outcome<S["Type"]> =>
    Result.mapError(decode(input), ({ issue }) => refusalOf(issue))
}

const toRefusal = ({ field, message }: BadOrder): OrderRefused =>
  new OrderRefused({ field, message: `${field}: ${message}` })

const decodeMotion = decoded(Motion)
const decodeChange = decoded(Change)
const decodeMedia = decoded(MediaChange)
const decodeFault = decoded(Fault)
const decodeClock = decoded(ClockOrder)
const decodeAccount = decoded(AccountOrder)
const decodeReset = decoded(ResetOrder)
const decodeToken = decoded(TokenOrder)

const newAccount = (world: World, email: string, wanted: typeof AccountOrder.Type): Account =>
  addAccount(world, {
    email,
    password: wanted.password ?? household.password,
    pin: wanted.pin ?? household.pin,
    networks: manyCameras(wanted.networks ?? 2, wanted.cameras ?? 8),
    clipsPerCamera: wanted.clips_per_camera ?? 0,
  })

const summary = ({ id, email, password, pin, networks }: Account) => ({
  id,
  email,
  password,
  pin,
  networks: networks.map((network) => network.id),
})

/** What the control door and the library do, over one engine. Orders are checked here, whoever gives them. */
export const control = (engine: Engine) => ({
  world: () =>
    groundTruth(engine.world, engine.now, {
      scenario: engine.start.scenario.name,
      speed: engine.speed,
      faults: engine.faults.map(({ id, fault, hits }) => ({ id, ...fault, hits })),
    }),
  requests: (since: number) => ({ requests: engine.requests(since), last: engine.asked }),
  motion: (order: unknown): Outcome<{ readonly id: number | null }> =>
    Result.flatMap(decodeMotion(order), (motion) =>
      Result.map(Result.mapError(makeMotion(engine.world, engine.now, motion), toRefusal), (item) => ({
        id: item?.id ?? null,
      })),
    ),
  change: (order: unknown): Outcome<void> =>
    Result.flatMap(decodeChange(order), (change) =>
      Result.mapError(makeChange(engine.world, engine.now, change), toRefusal),
    ),
  media: (order: unknown): Outcome<void> =>
    Result.flatMap(decodeMedia(order), (change) =>
      Result.mapError(changeMedia(engine.world, engine.now, change), toRefusal),
    ),
  fault: (order: unknown): Outcome<{ readonly id: number }> =>
    Result.map(decodeFault(order), (fault) => ({ id: engine.addFault(fault) })),
  removeFault: (id: number | null): boolean => engine.removeFault(id),
  clock: (order: unknown): Outcome<{ readonly now_ms: number; readonly speed: number }> =>
    Result.map(decodeClock(order), ({ advance_ms, speed }) => {
      if (advance_ms !== undefined) engine.advance(advance_ms)
      if (speed !== undefined) engine.setSpeed(speed)
      return { now_ms: engine.now, speed: engine.speed }
    }),
  tokens: (end: "expire" | "revoke", order: unknown): Outcome<{ readonly ended: number }> =>
    Result.map(decodeToken(order), ({ kind = "access" }) => ({
      ended: end === "expire" ? engine.expireTokens(kind, engine.now) : engine.revokeTokens(kind),
    })),
  addAccount: (order: unknown) =>
    Result.flatMap(decodeAccount(order), (wanted) => {
      const { world } = engine
      const count = wanted.count ?? 1
      const emails = Array.from({ length: count }, (_, nth) => {
        if (wanted.email === undefined) return `home${world.counters.account + nth}@example.com`
        return wanted.count === undefined ? wanted.email : wanted.email.replace("@", `+${nth + 1}@`)
      })
      const taken = emails.find((email) => findAccount(world, email) !== undefined)
      return taken === undefined
        ? Result.succeed({ accounts: emails.map((email) => summary(newAccount(world, email, wanted))) })
        : Result.fail(toRefusal({ field: "email", message: `there is an account ${taken} already` }))
    }),
  reset: (order: unknown): Outcome<void> =>
    Result.flatMap(decodeReset(order), ({ seed, scenario, settings }) => {
      const chosen =
        scenario === undefined
          ? Result.succeed(engine.start.scenario)
          : typeof scenario === "string"
            ? namedScenario(scenario)
            : Result.succeed(scenario)
      return Result.flatMap(chosen, (known) =>
        Result.mapError(
          engine.reset({
            seed: seed ?? engine.start.seed,
            scenario: known,
            settings: { ...engine.start.settings, ...settings },
          }),
          toRefusal,
        ),
      )
    }),
})

export type Control = ReturnType<typeof control>
