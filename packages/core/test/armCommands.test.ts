import { BlinkApi, BlinkConfig, type Command, Commands, NetworkQueue } from "../src/index.ts"
import { Emulator } from "@blink-streams/emulator"
import { NetworkId } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Stream } from "effect"
import { cloud, requestMark, requests, signIn, withTestClock } from "./cloud.ts"

/** Armed at first, as the network "Home" of the emulated cloud is. */
const network = NetworkId.make(5130001)
const arm = { name: "arm", network } as const
const disarm = { name: "disarm", network } as const

const run = (command: Command) =>
  withTestClock(
    Commands.use((commands) => Effect.map(Stream.runCollect(commands.run(command)), (steps) => [...steps])),
  )

/** Value of a command and the requests that it caused, without the polls of its status. */
const outcome = Effect.fnUntraced(function* (command: Command) {
  const since = yield* requestMark
  const last = (yield* run(command)).at(-1)
  const sent = (yield* requests(since)).filter((line) => !line.includes("/command"))
  return {
    value: last?.value,
    commands: sent.filter((line) => line.startsWith("POST")).length,
    polls: sent.filter((line) => line.includes("homescreen")).length,
  }
})

type Layered = Effect.Services<typeof signIn> | Commands | BlinkApi | Emulator

const test = (title: string, body: Effect.Effect<void, unknown, Layered>) =>
  it.effect(title, () =>
    Effect.andThen(signIn, body).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" } }))),
  )

describe("Commands.run of an arm command", () => {
  test(
    "sends nothing when a poll shows the state already, and one poll more than before when it does not",
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* outcome(arm), { value: { changed: false }, commands: 0, polls: 1 })
      const { value, ...sent } = yield* outcome(disarm)
      assert.deepInclude(value, { changed: true })
      // One before the command, one that verifies it.
      assert.deepStrictEqual(sent, { commands: 1, polls: 2 })
    }),
  )

  test(
    "sends the command without a poll when force is set",
    Effect.gen(function* () {
      const { value, ...sent } = yield* outcome({ ...arm, args: { force: true } })
      assert.deepInclude(value, { changed: true })
      assert.deepStrictEqual(sent, { commands: 1, polls: 1 })
    }),
  )

  for (const [title, response] of [
    ["fails", { status: 500, body: {} }],
    ["does not show the arm state", { status: 200, body: { networks: [], sync_modules: [], cameras: [] } }],
  ] as const) {
    test(
      `sends the command when the poll ${title}`,
      Effect.gen(function* () {
        yield* (yield* Emulator).fault({ match: { path: "/homescreen" }, times: 1, do: response })
        assert.propertyVal(yield* outcome(arm), "commands", 1)
      }),
    )
  }

  test(
    "sends the command when the poll does not end within the time of a request",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({
        match: { path: "/homescreen" },
        times: 1,
        do: { delay_ms: 3_600_000 },
      })
      assert.propertyVal(yield* outcome(arm), "commands", 1)
    }),
  )

  test(
    "sends the command after one with an unknown outcome, which may still take effect",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({
        match: { method: "POST", path: "/state/" },
        times: 1,
        do: { drop: "before" },
      })
      assert.strictEqual((yield* Effect.flip(run(disarm))).reason._tag, "OutcomeUnknown")
      assert.propertyVal(yield* outcome(arm), "commands", 1)
      assert.propertyVal(yield* outcome(arm), "commands", 0)
    }),
  )
})

it.effect("Commands.run of an arm command relies on no poll that began before the call", () =>
  Effect.gen(function* () {
    const polls: Array<Deferred.Deferred<"armed" | "disarmed">> = []
    const sent: Array<unknown> = []
    const api = Layer.mock(BlinkApi)({
      invalidate: Effect.void,
      snapshot: Effect.gen(function* () {
        const poll = yield* Deferred.make<"armed" | "disarmed">()
        polls.push(poll)
        return { networks: [{ id: network, arm: yield* Deferred.await(poll) }], cameras: [] }
      }) as never,
      call: (name: string) => Effect.sync(() => void sent.push(name)).pipe(Effect.as({} as never)),
    })
    const layer = Commands.layer.pipe(Layer.provide([api, BlinkConfig.layer(), NetworkQueue.layer]))
    const last = (commands: Commands["Service"]) =>
      Effect.forkChild(Effect.map(Stream.runCollect(commands.run(arm)), (steps) => [...steps].at(-1)?.value))
    const completePoll = (number: number, state: "armed" | "disarmed") =>
      Effect.gen(function* () {
        while (polls.length < number) yield* Effect.yieldNow
        yield* Deferred.succeed(polls[number - 1]!, state)
      })
    yield* Effect.gen(function* () {
      const commands = yield* Commands
      const first = yield* last(commands)
      while (polls.length < 1) yield* Effect.yieldNow
      // The network is disarmed while the poll of the first call is under way.
      const second = yield* last(commands)
      const third = yield* last(commands)
      yield* completePoll(1, "armed")
      assert.deepStrictEqual(yield* Fiber.join(first), { changed: false })
      yield* completePoll(2, "disarmed")
      yield* completePoll(3, "armed")
      assert.deepStrictEqual(yield* Fiber.join(second), { changed: true })
      assert.deepStrictEqual(yield* Fiber.join(third), { changed: true })
      assert.deepStrictEqual([sent, polls.length], [["setArmed"], 3])
    }).pipe(Effect.provide(layer))
  }),
)
