import { BlinkApi, type CommandProgress, Commands, type Command } from "../src/index.ts"
import { Emulator } from "@blink-streams/emulator"
import { CameraId, ClipId, NetworkId } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { cloud, requestMark, requests, signIn, withTestClock } from "./cloud.ts"

const homeNetwork = NetworkId.make(5130001)
const porch = { network: homeNetwork, kind: "camera", camera: CameraId.make(8800101) } as const
const mini = { network: homeNetwork, kind: "mini", camera: CameraId.make(8900201) } as const
const bell = { network: homeNetwork, kind: "doorbell", camera: CameraId.make(8950301) } as const

const warm = { current: 70, minimum: 30, maximum: 100 }

const run = (command: Command) =>
  withTestClock(
    Commands.use((commands) => Effect.map(Stream.runCollect(commands.run(command)), (steps) => [...steps])),
  )

const statuses = (steps: ReadonlyArray<CommandProgress>) => steps.map(({ status }) => status)

const posts = (seen: ReadonlyArray<string>) => seen.filter((line) => line.startsWith("POST"))

const test = (title: string, body: Effect.Effect<void, unknown, Layered>) =>
  it.effect(title, () =>
    Effect.andThen(signIn, body).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" } }))),
  )

type Layered = Effect.Services<typeof signIn> | Commands | BlinkApi | Emulator

describe("progress", () => {
  test(
    "Commands.run emits queued to done in order under one id, and done means that a snapshot confirms it",
    Effect.gen(function* () {
      const running = { complete: false, status_code: 908, commands: [{ state_condition: "running" }] }
      yield* (yield* Emulator).fault({
        match: { path: "/command/" },
        times: 3,
        do: { status: 200, body: running },
      })
      const steps = yield* run({ name: "disarm", network: homeNetwork })
      assert.deepStrictEqual(statuses(steps), ["queued", "accepted", "running", "verifying", "done"])
      assert.strictEqual(new Set(steps.map(({ commandId }) => commandId)).size, 1)
      const { networks } = yield* BlinkApi.use((api) => api.snapshot)
      assert.strictEqual(networks.find(({ id }) => id === homeNetwork)?.arm, "disarmed")
    }),
  )

  test(
    "Commands.run returns the new thumbnail and that it has changed",
    Effect.gen(function* () {
      const last = (yield* run({ name: "thumbnail", ...porch })).at(-1)!
      assert.deepInclude(last.value, { changed: true })
      const url = (last.value as { thumbnail: string }).thumbnail
      const bytes = yield* BlinkApi.use((api) => api.bytes(url))
      assert.deepStrictEqual(Array.from(bytes.subarray(0, 2)), [0xff, 0xd8])
    }),
  )

  test(
    "Commands.run deletes a clip in the cloud and rejects a clip on USB storage without a request",
    Effect.gen(function* () {
      const before = (yield* (yield* Emulator).world).media.find(({ deleted }) => !deleted)!
      yield* run({ name: "deleteClip", network: homeNetwork, args: { clip: ClipId.make(String(before.id)) } })
      const after = (yield* (yield* Emulator).world).media.find(({ id }) => id === before.id)
      assert.strictEqual(after?.deleted, true)
      const onUsbStorage = {
        name: "deleteClip",
        network: homeNetwork,
        args: { clip: ClipId.make("local:7") },
      } as const
      assert.strictEqual((yield* Effect.flip(run(onUsbStorage))).reason._tag, "NotSupported")
    }),
  )

  for (const [command, path] of [
    [{ name: "disable", ...porch }, "/camera/8800101/disable"],
    [{ name: "disable", ...mini }, "/owls/8900201/config"],
    [{ name: "disable", ...bell }, "/doorbells/8950301/disable"],
    [{ name: "enable", ...porch }, "/camera/8800101/enable"],
    [{ name: "enable", ...mini }, "/owls/8900201/config"],
    [{ name: "enable", ...bell }, "/doorbells/8950301/enable"],
    [{ name: "thumbnail", ...porch }, "/camera/8800101/thumbnail"],
    [{ name: "thumbnail", ...mini }, "/owls/8900201/thumbnail"],
    [{ name: "thumbnail", ...bell }, "/doorbells/8950301/thumbnail"],
    [{ name: "clip", ...porch }, "/camera/8800101/clip"],
    [{ name: "clip", ...mini }, "/owls/8900201/clip"],
    [{ name: "clip", ...bell }, "/doorbells/8950301/clip"],
    [{ name: "refresh", ...porch }, "/camera/8800101/status"],
    [{ name: "refresh", ...mini }, "/owls/8900201/status"],
    [{ name: "refresh", ...bell }, "/doorbells/8950301/status"],
    [{ name: "configure", ...porch, args: { settings: { video_length: 20 } } }, "/camera/8800101/update"],
    [{ name: "configure", ...mini, args: { settings: { led_state: "off" } } }, "/owls/8900201/config"],
    [{ name: "configure", ...bell, args: { settings: { led_mode: "off" } } }, "/doorbells/8950301/config"],
    [{ name: "snooze", ...porch, args: { minutes: 30 } }, "/cameras/8800101/snooze"],
    [{ name: "snooze", ...mini, args: { minutes: 30 } }, "/owls/8900201/snooze"],
    [{ name: "snooze", ...bell, args: { minutes: 30 } }, "/doorbells/8950301/snooze"],
    [{ name: "unsnooze", ...porch }, "/cameras/8800101/unsnooze"],
    [{ name: "unsnooze", ...mini }, "/owls/8900201/unsnooze"],
    [{ name: "unsnooze", ...bell }, "/doorbells/8950301/unsnooze"],
    [{ name: "light", ...porch, args: { on: true, accessory: 7 } }, "/accessories/storm/7/lights/on"],
    [{ name: "light", ...mini, args: { on: false } }, "/owls/8900201/lights/off"],
    [{ name: "temperatureAlert", ...porch, args: { on: true } }, "/camera/8800101/temp_alert_enable"],
    [{ name: "temperatureAlert", ...bell, args: { on: false } }, "/doorbells/8950301/temp_alert_disable"],
    [{ name: "calibrateTemperature", ...porch, args: warm }, "/camera/8800101/calibrate"],
    [{ name: "calibrateTemperature", ...bell, args: warm }, "/doorbells/8950301/calibrate"],
  ] as const satisfies ReadonlyArray<readonly [Command, string]>) {
    test(
      `Commands.run sends ${command.name} of a ${command.kind} once, to the path of its kind`,
      Effect.gen(function* () {
        const since = yield* requestMark
        assert.strictEqual((yield* run(command)).at(-1)?.status, "done")
        const sent = posts(yield* requests(since))
        assert.strictEqual(sent.length, 1)
        assert.include(sent[0], path)
      }),
    )
  }
})

describe("Commands queue", () => {
  test(
    "Commands.run joins an equal command in progress instead of sending it again",
    Effect.gen(function* () {
      const since = yield* requestMark
      const both = yield* withTestClock(
        Commands.use((commands) =>
          Effect.all(
            [1, 2].map(() => Stream.runCollect(commands.run({ name: "disarm", network: homeNetwork }))),
            { concurrency: 2 },
          ),
        ),
      )
      assert.strictEqual(posts(yield* requests(since)).length, 1)
      assert.deepStrictEqual([...both[0]!], [...both[1]!])
    }),
  )

  test(
    "Commands.run executes every command of a sequence, so that the last one decides",
    Effect.gen(function* () {
      const names = ["disarm", "arm", "disarm"] as const
      const since = yield* requestMark
      yield* withTestClock(
        Commands.use((commands) =>
          Effect.forEach(names, (name) => Stream.runDrain(commands.run({ name, network: homeNetwork })), {
            concurrency: "unbounded",
          }),
        ),
      )
      assert.deepStrictEqual(
        posts(yield* requests(since)).map((line) => /state\/(\w+)/.exec(line)?.[1]),
        [...names],
      )
      const { networks } = yield* BlinkApi.use((api) => api.snapshot)
      assert.strictEqual(networks.find(({ id }) => id === homeNetwork)?.arm, "disarmed")
    }),
  )

  test(
    "Commands.run queues commands for one network, so that none is rejected as busy",
    Effect.gen(function* () {
      const since = yield* requestMark
      yield* withTestClock(
        Commands.use((commands) =>
          Effect.forEach(
            [
              { name: "thumbnail", ...porch },
              { name: "disable", ...mini },
              { name: "disarm", network: homeNetwork },
            ] as const,
            (command) => Stream.runDrain(commands.run(command)),
            { concurrency: "unbounded" },
          ),
        ),
      )
      assert.deepStrictEqual(
        posts(yield* requests(since)).map((line) => line.split(" ")[2]),
        ["200", "200", "200"],
      )
    }),
  )

  test(
    "Commands.run drops a queued command when its last subscriber leaves",
    Effect.gen(function* () {
      const since = yield* requestMark
      const commands = yield* Commands
      const first = yield* Effect.forkChild(Stream.runDrain(commands.run({ name: "thumbnail", ...porch })))
      yield* Effect.yieldNow
      const second = yield* Effect.forkChild(
        Stream.runDrain(commands.run({ name: "disarm", network: homeNetwork })),
      )
      yield* Effect.yieldNow
      yield* Fiber.interrupt(second)
      yield* withTestClock(Fiber.join(first))
      assert.deepStrictEqual(
        posts(yield* requests(since)).filter((line) => line.includes("/state/")),
        [],
      )
    }),
  )

  test(
    "Commands.run retries a busy sync module after 3 and 8 seconds",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({
        match: { method: "POST", path: "/state/" },
        times: 2,
        do: { status: 409, body: { message: "System is busy, please wait", code: 307 } },
      })
      const since = yield* requestMark
      assert.strictEqual((yield* run({ name: "disarm", network: homeNetwork })).at(-1)?.status, "done")
      assert.deepStrictEqual(
        posts(yield* requests(since)).map((line) => line.split(" ")[2]),
        ["409", "409", "200"],
      )
    }),
  )

  test(
    "Commands.run fails with Busy after the fifth attempt",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({
        match: { method: "POST", path: "/state/" },
        do: { status: 200, body: { message: "System is busy, please wait", code: 307 } },
      })
      const since = yield* requestMark
      const error = yield* Effect.flip(run({ name: "disarm", network: homeNetwork }))
      assert.strictEqual(error.reason._tag, "Busy")
      assert.strictEqual(posts(yield* requests(since)).length, 5)
    }),
  )
})

describe("Commands with a lost response", () => {
  test(
    "Commands.run confirms an executed command by snapshots when its response is lost, and sends it once",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({ match: { method: "POST", path: "/state/" }, do: { drop: "after" } })
      const since = yield* requestMark
      const steps = yield* run({ name: "disarm", network: homeNetwork })
      assert.deepStrictEqual(statuses(steps), ["queued", "verifying", "done"])
      assert.strictEqual(posts(yield* requests(since)).length, 1)
    }),
  )

  test(
    "Commands.run fails with OutcomeUnknown when the response is lost and no snapshot confirms the command",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({ match: { method: "POST", path: "/state/" }, do: { drop: "before" } })
      const since = yield* requestMark
      const error = yield* Effect.flip(run({ name: "disarm", network: homeNetwork }))
      assert.strictEqual(error.reason._tag, "OutcomeUnknown")
      assert.isFalse(error.retryable)
      assert.strictEqual(posts(yield* requests(since)).length, 1)
    }),
  )

  test(
    "Commands.run confirms a thumbnail by snapshots when its response is lost",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({ match: { method: "POST", path: "thumbnail" }, do: { drop: "after" } })
      const since = yield* requestMark
      const steps = yield* run({ name: "thumbnail", ...porch })
      assert.deepInclude(steps.at(-1)?.value, { changed: true })
      assert.strictEqual(posts(yield* requests(since)).length, 1)
    }),
  )

  for (const [title, response] of [
    ["the sync module is busy", { status: 409, body: { message: "System is busy, please wait", code: 307 } }],
    ["the cloud no longer knows the command", { status: 404, body: { message: "Command not found" } }],
  ] as const) {
    test(
      `Commands.run confirms the command by snapshots when polling fails because ${title}`,
      Effect.gen(function* () {
        yield* (yield* Emulator).fault({ match: { path: "/command/" }, do: response })
        const since = yield* requestMark
        assert.strictEqual((yield* run({ name: "disarm", network: homeNetwork })).at(-1)?.status, "done")
        assert.strictEqual(posts(yield* requests(since)).length, 1)
      }),
    )
  }

  test(
    "Commands.run continues polling after a temporary failure of a poll",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({
        match: { path: "/command/" },
        times: 2,
        do: { status: 502, body: "<h1>Bad Gateway</h1>" },
      })
      assert.strictEqual((yield* run({ name: "disarm", network: homeNetwork })).at(-1)?.status, "done")
    }),
  )
})

describe("Commands that fail", () => {
  test(
    "Commands.run fails with the sync module's status code when the module reports a failure",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({
        match: { path: "/command/" },
        do: {
          status: 200,
          body: {
            complete: true,
            status: 1,
            status_msg: "Camera did not respond",
            status_code: 523,
            commands: [],
          },
        },
      })
      const error = yield* Effect.flip(run({ name: "clip", ...porch }))
      assert.deepInclude(error.reason, { _tag: "CommandFailed", statusCode: 523 })
    }),
  )

  test(
    "Commands.run fails with OutcomeUnknown after a minute without an outcome, unless a snapshot confirms the command",
    Effect.gen(function* () {
      const pending = { complete: false, status: 0, status_code: 908, commands: [] }
      yield* (yield* Emulator).fault({ match: { path: "/command/" }, do: { status: 200, body: pending } })
      assert.strictEqual((yield* run({ name: "disarm", network: homeNetwork })).at(-1)?.status, "done")
      const error = yield* Effect.flip(run({ name: "refresh", ...porch }))
      assert.strictEqual(error.reason._tag, "OutcomeUnknown")
    }),
  )

  test(
    "Commands.run fails with NotVerified when the cloud reports success and no snapshot confirms it",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({
        match: { method: "POST", path: "/state/" },
        do: { status: 200, body: { id: 1, network_id: homeNetwork, command: "disarm", state: "new" } },
      })
      yield* (yield* Emulator).fault({
        match: { path: "/command/" },
        do: { status: 200, body: { complete: true, status: 0, status_code: 908, commands: [] } },
      })
      const error = yield* Effect.flip(run({ name: "disarm", network: homeNetwork }))
      assert.strictEqual(error.reason._tag, "NotVerified")
    }),
  )

  test(
    "Commands.run rejects a command without required arguments and sends nothing",
    Effect.gen(function* () {
      const since = yield* requestMark
      assert.strictEqual(
        (yield* Effect.flip(run({ name: "light", ...bell, args: { on: true } }))).category,
        "not_supported",
      )
      assert.strictEqual(
        (yield* Effect.flip(run({ name: "light", ...porch, args: { on: true } }))).category,
        "rejected",
      )
      assert.deepStrictEqual(posts(yield* requests(since)), [])
    }),
  )
})

it.effect("Commands.run arms and disarms by the paths of the legacy API and verifies both", () =>
  Effect.gen(function* () {
    yield* signIn
    const since = yield* requestMark
    assert.strictEqual((yield* run({ name: "disarm", network: homeNetwork })).at(-1)?.status, "done")
    assert.strictEqual((yield* run({ name: "arm", network: homeNetwork })).at(-1)?.status, "done")
    assert.deepStrictEqual(posts(yield* requests(since)), [
      `POST /network/${homeNetwork}/disarm 200`,
      `POST /network/${homeNetwork}/arm 200`,
    ])
  }).pipe(Effect.provide(cloud({ config: { dialect: "legacy" } }))),
)
