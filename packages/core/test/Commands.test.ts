import { BlinkApi, type CommandProgress, Commands, type Command } from "../src/index.ts"
import { Emulator } from "@blink-streams/emulator"
import { CameraId, ClipId, NetworkId } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { cloud, requestMark, requests, signIn, withTestClock } from "./cloud.ts"

const home = NetworkId.make(5130001)
const porch = { network: home, kind: "camera", camera: CameraId.make(8800101) } as const
const mini = { network: home, kind: "mini", camera: CameraId.make(8900201) } as const
const bell = { network: home, kind: "doorbell", camera: CameraId.make(8950301) } as const

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
    "goes from queued to done, in this order, under one id, and done means that the home shows it",
    Effect.gen(function* () {
      const running = { complete: false, status_code: 908, commands: [{ state_condition: "running" }] }
      yield* (yield* Emulator).fault({
        match: { path: "/command/" },
        times: 3,
        do: { status: 200, body: running },
      })
      const steps = yield* run({ name: "disarm", network: home })
      assert.deepStrictEqual(statuses(steps), ["queued", "accepted", "running", "verifying", "done"])
      assert.strictEqual(new Set(steps.map(({ commandId }) => commandId)).size, 1)
      const { networks } = yield* BlinkApi.use((api) => api.snapshot)
      assert.strictEqual(networks.find(({ id }) => id === home)?.arm, "disarmed")
    }),
  )

  test(
    "a new picture tells where it is and that it differs from the one before",
    Effect.gen(function* () {
      const last = (yield* run({ name: "thumbnail", ...porch })).at(-1)!
      assert.deepInclude(last.value, { changed: true })
      const url = (last.value as { thumbnail: string }).thumbnail
      const bytes = yield* BlinkApi.use((api) => api.bytes(url))
      assert.deepStrictEqual(Array.from(bytes.subarray(0, 2)), [0xff, 0xd8])
    }),
  )

  test(
    "a deleted clip is gone from the cloud; one on a USB stick is not asked for there",
    Effect.gen(function* () {
      const before = (yield* (yield* Emulator).world).media.find(({ deleted }) => !deleted)!
      yield* run({ name: "deleteClip", network: home, args: { clip: ClipId.make(String(before.id)) } })
      const after = (yield* (yield* Emulator).world).media.find(({ id }) => id === before.id)
      assert.strictEqual(after?.deleted, true)
      const onUsbStorage = {
        name: "deleteClip",
        network: home,
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
      `${command.name} of a ${command.kind} goes to its own family's path, once`,
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

describe("one thing at a time", () => {
  test(
    "the same wish, wished twice, is sent once and told to both",
    Effect.gen(function* () {
      const since = yield* requestMark
      const both = yield* withTestClock(
        Commands.use((commands) =>
          Effect.all(
            [1, 2].map(() => Stream.runCollect(commands.run({ name: "disarm", network: home }))),
            { concurrency: 2 },
          ),
        ),
      )
      assert.strictEqual(posts(yield* requests(since)).length, 1)
      assert.deepStrictEqual([...both[0]!], [...both[1]!])
    }),
  )

  test(
    "what was wished last is what holds, also where it is the same as what was wished first",
    Effect.gen(function* () {
      const names = ["disarm", "arm", "disarm"] as const
      const since = yield* requestMark
      yield* withTestClock(
        Commands.use((commands) =>
          Effect.forEach(names, (name) => Stream.runDrain(commands.run({ name, network: home })), {
            concurrency: "unbounded",
          }),
        ),
      )
      assert.deepStrictEqual(
        posts(yield* requests(since)).map((line) => /state\/(\w+)/.exec(line)?.[1]),
        [...names],
      )
      const { networks } = yield* BlinkApi.use((api) => api.snapshot)
      assert.strictEqual(networks.find(({ id }) => id === home)?.arm, "disarmed")
    }),
  )

  test(
    "different wishes for one network wait for each other and are never refused as busy",
    Effect.gen(function* () {
      const since = yield* requestMark
      yield* withTestClock(
        Commands.use((commands) =>
          Effect.forEach(
            [
              { name: "thumbnail", ...porch },
              { name: "disable", ...mini },
              { name: "disarm", network: home },
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
    "a wish that nobody waits for any more is dropped while it waits for its turn",
    Effect.gen(function* () {
      const since = yield* requestMark
      const commands = yield* Commands
      const first = yield* Effect.forkChild(Stream.runDrain(commands.run({ name: "thumbnail", ...porch })))
      yield* Effect.yieldNow
      const second = yield* Effect.forkChild(Stream.runDrain(commands.run({ name: "disarm", network: home })))
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
    "a sync module that is busy is asked again after 3 and 8 seconds",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({
        match: { method: "POST", path: "/state/" },
        times: 2,
        do: { status: 409, body: { message: "System is busy, please wait", code: 307 } },
      })
      const since = yield* requestMark
      assert.strictEqual((yield* run({ name: "disarm", network: home })).at(-1)?.status, "done")
      assert.deepStrictEqual(
        posts(yield* requests(since)).map((line) => line.split(" ")[2]),
        ["409", "409", "200"],
      )
    }),
  )

  test(
    "one that stays busy is given up after the fifth try",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({
        match: { method: "POST", path: "/state/" },
        do: { status: 200, body: { message: "System is busy, please wait", code: 307 } },
      })
      const since = yield* requestMark
      const error = yield* Effect.flip(run({ name: "disarm", network: home }))
      assert.strictEqual(error.reason._tag, "Busy")
      assert.strictEqual(posts(yield* requests(since)).length, 5)
    }),
  )
})

describe("when the answer is lost", () => {
  test(
    "a command that was heard all the same is found in the home, not sent again",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({ match: { method: "POST", path: "/state/" }, do: { drop: "after" } })
      const since = yield* requestMark
      const steps = yield* run({ name: "disarm", network: home })
      assert.deepStrictEqual(statuses(steps), ["queued", "verifying", "done"])
      assert.strictEqual(posts(yield* requests(since)).length, 1)
    }),
  )

  test(
    "one that was not heard is told as unknown, not sent again",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({ match: { method: "POST", path: "/state/" }, do: { drop: "before" } })
      const since = yield* requestMark
      const error = yield* Effect.flip(run({ name: "disarm", network: home }))
      assert.strictEqual(error.reason._tag, "OutcomeUnknown")
      assert.isFalse(error.retryable)
      assert.strictEqual(posts(yield* requests(since)).length, 1)
    }),
  )

  test(
    "a picture that was taken all the same is found in the home",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({ match: { method: "POST", path: "thumbnail" }, do: { drop: "after" } })
      const since = yield* requestMark
      const steps = yield* run({ name: "thumbnail", ...porch })
      assert.deepInclude(steps.at(-1)?.value, { changed: true })
      assert.strictEqual(posts(yield* requests(since)).length, 1)
    }),
  )

  for (const [title, answer] of [
    ["the sync module is busy", { status: 409, body: { message: "System is busy, please wait", code: 307 } }],
    ["the cloud does not know the command any more", { status: 404, body: { message: "Command not found" } }],
  ] as const) {
    test(
      `when ${title}, what was asked for is looked for in the home`,
      Effect.gen(function* () {
        yield* (yield* Emulator).fault({ match: { path: "/command/" }, do: answer })
        const since = yield* requestMark
        assert.strictEqual((yield* run({ name: "disarm", network: home })).at(-1)?.status, "done")
        assert.strictEqual(posts(yield* requests(since)).length, 1)
      }),
    )
  }

  test(
    "asking after a command that fails for a moment does not fail the command",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({
        match: { path: "/command/" },
        times: 2,
        do: { status: 502, body: "<h1>Bad Gateway</h1>" },
      })
      assert.strictEqual((yield* run({ name: "disarm", network: home })).at(-1)?.status, "done")
    }),
  )
})

describe("a command that does not work", () => {
  test(
    "fails with the sync module's number when the module says so",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({
        match: { path: "/command/" },
        do: {
          status: 200,
          body: {
            complete: true,
            status: 1,
            status_msg: "Camera did not answer",
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
    "is unknown after a minute without a verdict, unless the home shows it",
    Effect.gen(function* () {
      const pending = { complete: false, status: 0, status_code: 908, commands: [] }
      yield* (yield* Emulator).fault({ match: { path: "/command/" }, do: { status: 200, body: pending } })
      assert.strictEqual((yield* run({ name: "disarm", network: home })).at(-1)?.status, "done")
      const error = yield* Effect.flip(run({ name: "refresh", ...porch }))
      assert.strictEqual(error.reason._tag, "OutcomeUnknown")
    }),
  )

  test(
    "is not called done when the cloud says complete and the home disagrees",
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({
        match: { method: "POST", path: "/state/" },
        do: { status: 200, body: { id: 1, network_id: home, command: "disarm", state: "new" } },
      })
      yield* (yield* Emulator).fault({
        match: { path: "/command/" },
        do: { status: 200, body: { complete: true, status: 0, status_code: 908, commands: [] } },
      })
      const error = yield* Effect.flip(run({ name: "disarm", network: home }))
      assert.strictEqual(error.reason._tag, "NotVerified")
    }),
  )

  test(
    "says what is missing when the wish makes no sense, and sends nothing",
    Effect.gen(function* () {
      const since = yield* requestMark
      assert.strictEqual(
        (yield* Effect.flip(run({ name: "light", ...bell, args: { on: true } }))).category,
        "notSupported",
      )
      assert.strictEqual(
        (yield* Effect.flip(run({ name: "light", ...porch, args: { on: true } }))).category,
        "refused",
      )
      assert.deepStrictEqual(posts(yield* requests(since)), [])
    }),
  )
})

it.effect("legacy: arm and disarm end verified, by the paths of the seed", () =>
  Effect.gen(function* () {
    yield* signIn
    const since = yield* requestMark
    assert.strictEqual((yield* run({ name: "disarm", network: home })).at(-1)?.status, "done")
    assert.strictEqual((yield* run({ name: "arm", network: home })).at(-1)?.status, "done")
    assert.deepStrictEqual(posts(yield* requests(since)), [
      `POST /network/${home}/disarm 200`,
      `POST /network/${home}/arm 200`,
    ])
  }).pipe(Effect.provide(cloud({ config: { dialect: "legacy" } }))),
)
