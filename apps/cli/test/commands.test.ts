import { connect } from "@blink-streams/client"
import { startEmulator } from "@blink-streams/emulator"
import { EventLog } from "@blink-streams/events"
import { BlinkState } from "@blink-streams/model"
import { Effect, Schema } from "effect"
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { account, motions, secret, startServer, stateAt } from "../../../packages/server/test/testServer.ts"
import { type Ended, blinkStreams, start, temporaryFolder } from "./binary.ts"
import { type EmulatedAccount, startBroadcaster, signInToEmulator } from "./emulatedAccount.ts"
import { runInProcess } from "./runInProcess.ts"
import { until } from "./until.ts"

const decodeState = Schema.decodeUnknownSync(Schema.fromJsonString(BlinkState))
const eventsOf = (stdout: string) =>
  stdout
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))

const isHomeArmed = async ({ cloud }: EmulatedAccount) =>
  (await cloud.world()).networks.find(({ name }) => name === "Home")?.armed

describe("Commands over a running broadcaster", () => {
  let emulated: EmulatedAccount
  let broadcaster: Awaited<ReturnType<typeof startBroadcaster>>
  beforeAll(async () => {
    emulated = await signInToEmulator()
    broadcaster = await startBroadcaster(emulated)
  })
  afterAll(async () => {
    broadcaster.process.kill("SIGINT")
    await broadcaster.process.ended
    await emulated[Symbol.asyncDispose]()
  })
  const run = (...args: ReadonlyArray<string>) => blinkStreams(args, broadcaster.environment)

  it("login saves the session in a file that only its owner can read", () => {
    const file = join(emulated.dir, "sessions", "demo@example.com.json")
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(emulated.dir).mode & 0o777).toBe(0o700)
  })

  it("state prints a table, and with --json the state of the protocol", async () => {
    const { code, stdout } = await run("state")
    expect(code).toBe(0)
    expect(stdout).toMatch(/■ Home {2}Armed/)
    const json = await run("state", "--json")
    const [account] = decodeState(json.stdout).accounts
    expect(account?.networks.map(({ name }) => name)).toEqual(["Home", "Cabin"])
  })

  it("disarm and arm end once the new state is confirmed and print it", async () => {
    const disarmed = await run("disarm", "Home", "--json")
    expect(disarmed.code).toBe(0)
    expect(JSON.parse(disarmed.stdout)).toMatchObject({ armed: false })
    await expect(isHomeArmed(emulated)).resolves.toBe(false)
    await expect(run("arm", "home")).resolves.toMatchObject({ code: 0, stdout: "Home is armed\n" })
    await expect(isHomeArmed(emulated)).resolves.toBe(true)
  })

  it("arm fails for an unknown system with a list of the existing ones", async () => {
    const { code, stderr } = await run("arm", "Boat")
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'blink-streams: there is no system "Boat": available are Home, Cabin\n',
    })
    await expect(run("arm")).resolves.toMatchObject({
      code: 1,
      stderr: "blink-streams: which system? Available are Home, Cabin\n",
    })
  })

  it("motion off disables the motion detection of one camera", async () => {
    await expect(run("motion", "off", "Porch")).resolves.toMatchObject({ code: 0 })
    const { cameras } = await emulated.cloud.world()
    expect(cameras.find(({ name }) => name === "Porch")?.enabled).toBe(false)
    await expect(run("motion", "on", "Porch")).resolves.toMatchObject({ code: 0 })
  })

  it("snap saves a complete new JPEG", async () => {
    const path = join(emulated.dir, "porch.jpg")
    const { code, stdout, stderr } = await run("snap", "Porch", "--to", path, "--json")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const saved = readFileSync(path)
    expect(saved.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]))
    expect(JSON.parse(stdout)).toEqual({ camera: "Porch", path, bytes: saved.length })
    expect(existsSync(`${path}.part`)).toBe(false)
    await expect(run("snap", "Porch", "--json")).resolves.toMatchObject({ code: 1 })
  })

  it("watch --json prints each event once with its cursor", async () => {
    const watching = start(
      ["watch", "--json", "--until", "motion", "--timeout", "40s"],
      broadcaster.environment,
    )
    const ids: Array<string> = []
    // The output does not show when the subscription starts: one of the motions is the first that it sees.
    let ended: Ended | null = null
    while (ended === null) {
      const { id } = await emulated.cloud.motion({ camera: "Garden", publish_after_ms: 0 })
      ids.push(`motion:${id}`)
      // The broadcaster prints the events of its log.
      const logged = broadcaster.process.until(new RegExp(`(● Garden[\\s\\S]*){${ids.length}}`))
      ended = await Promise.race([watching.ended, logged.then(() => null)])
    }
    const { code, stdout } = ended
    expect(code).toBe(0)
    const motion = eventsOf(stdout).filter(({ kind }) => kind === "motion")
    expect(motion).toHaveLength(1)
    expect(motion[0]).toMatchObject({
      type: "event",
      cursor: expect.any(String),
      replayed: false,
      subject: { name: "Garden", kind: "camera" },
    })
    expect(ids).toContain(motion[0]!.id)
  })

  it("watch --since prints the events after the cursor as replayed, and --count ends it", async () => {
    const page = await fetch(`http://127.0.0.1:${broadcaster.port}/v1/events?limit=3`, {
      headers: { authorization: `Bearer ${readFileSync(join(emulated.dir, "token"), "utf8").trim()}` },
    }).then(
      (response) =>
        response.json() as Promise<{ previous: string; events: ReadonlyArray<{ cursor: string }> }>,
    )
    const { code, stdout } = await run("watch", "--json", "--since", page.previous, "--count", "3")
    expect(code).toBe(0)
    expect(eventsOf(stdout).map(({ cursor, replayed }) => [cursor, replayed])).toEqual(
      page.events.map(({ cursor }) => [cursor, true]),
    )
  })

  it("watch --since with text that is no cursor reports that events are missing", async () => {
    const { code, stderr } = await run("watch", "--since", "yesterday", "--duration", "500ms")
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "blink-streams: events are missing (restart)\n",
    })
  })

  it("watch --once prints the state, --quiet prints nothing and --timeout sets the exit code", async () => {
    const once = await run("watch", "--once", "--json")
    expect(decodeState(once.stdout).accounts).toHaveLength(1)
    await expect(
      run("watch", "--quiet", "--until", "schema.drift", "--timeout", "300ms"),
    ).resolves.toMatchObject({
      code: 3,
      stdout: "",
    })
    await expect(run("watch", "--quiet", "--duration", "300ms")).resolves.toMatchObject({
      code: 0,
      stdout: "",
      stderr: "",
    })
  })

  it("watch and state exit with 5 for a wrong token and with 4 without a broadcaster", async () => {
    const url = `ws://127.0.0.1:${broadcaster.port}`
    const wrong = { ...broadcaster.environment, BLINK_STREAMS_TOKEN: "wrong" }
    await expect(blinkStreams(["state", "--connect", url], wrong)).resolves.toMatchObject({ code: 5 })
    await expect(blinkStreams(["watch", "--json", "--connect", url], wrong)).resolves.toMatchObject({
      code: 5,
    })
    await expect(
      blinkStreams(["watch", "--json", "--connect", "ws://127.0.0.1:1"], wrong),
    ).resolves.toMatchObject({ code: 4 })
  })

  it("A read token permits state but not arm, and nothing once it is revoked", async () => {
    const { code, stdout } = await run("token", "create", "--name", "kitchen", "--json")
    expect(code).toBe(0)
    const environment = { ...broadcaster.environment, BLINK_STREAMS_TOKEN: JSON.parse(stdout).token }
    await expect(blinkStreams(["state"], environment)).resolves.toMatchObject({ code: 0 })
    await expect(blinkStreams(["arm", "Home"], environment)).resolves.toMatchObject({ code: 2 })
    await expect(run("token", "create", "--name", "kitchen")).resolves.toMatchObject({ code: 1 })
    expect(JSON.parse((await run("token", "list", "--json")).stdout)).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: "kitchen", scope: "read" })]),
    )
    const revoked = await run("token", "revoke", "kitchen", "--json")
    expect(revoked.code).toBe(0)
    expect(JSON.parse(revoked.stdout)).toEqual({ revoked: [{ id: expect.any(String), name: "kitchen" }] })
    await expect(blinkStreams(["state"], environment)).resolves.toMatchObject({ code: 5 })
    await expect(run("token", "revoke", "kitchen")).resolves.toMatchObject({ code: 2 })
  })

  it("serve fails with a hint when another broadcaster uses the state folder", async () => {
    await expect(run("serve", "--port", "0")).resolves.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /another broadcaster \(process \d+\) uses .+: stop it, or choose another folder/,
      ),
    })
  })

  it("doctor reports no problem, and doctor --report contains no personal data", async () => {
    const { code, stdout } = await run("doctor", "--json")
    expect(code).toBe(0)
    expect(JSON.parse(stdout).map(({ state }: { readonly state: string }) => state)).not.toContain("problem")
    const report = await run("doctor", "--report")
    expect(report.stdout).not.toMatch(/demo@example|7310001/)
  })
})

it("state prints how far each reader of the broadcaster is behind", () =>
  Effect.gen(function* () {
    const { log, socketUrl } = yield* startServer()
    yield* log.append({ account, events: [], state: stateAt(1) })
    yield* log.openReader({ account, name: "porch-light" })
    yield* log.append({ account, events: motions(1, 2) })
    const state = (...args: ReadonlyArray<string>) =>
      Effect.promise(() =>
        blinkStreams(["state", "--connect", socketUrl, ...args], {
          BLINK_STREAMS_DIR: temporaryFolder(),
          BLINK_STREAMS_TOKEN: secret,
        }),
      )
    expect((yield* state()).stdout).toMatch(/^Reader porch-light: 2 events behind, the first from .+ ago$/m)
    const { readers } = JSON.parse((yield* state("--json")).stdout)
    expect(readers).toMatchObject([{ name: "porch-light", lag: { events: 2 }, open: true }])
  }).pipe(Effect.scoped, Effect.runPromise))

it("doctor warns of a reader that is far behind, and of one that was closed more than a week ago", () =>
  Effect.gen(function* () {
    const dir = temporaryFolder()
    const filename = join(dir, "events.sqlite")
    yield* EventLog.use((log) =>
      Effect.gen(function* () {
        for (const name of ["up to date", "late", "closed"])
          yield* Effect.scoped(log.openReader({ account, name }))
        yield* log.append({ account, events: motions(1, 1) })
      }),
    ).pipe(Effect.provide(EventLog.layerSqlite({ filename })))
    const day = 24 * 3_600_000
    const file = new DatabaseSync(filename)
    file.prepare("UPDATE readers SET seq = 1 WHERE name <> 'late'").run()
    file.prepare("UPDATE readers SET saved_at = saved_at - ? WHERE name = 'closed'").run(8 * day)
    file.prepare("UPDATE events SET recorded_at = recorded_at - ?").run(46 * day)
    file.close()
    const doctor = (...args: ReadonlyArray<string>) =>
      Effect.promise(() =>
        runInProcess(["doctor", ...args], { BLINK_STREAMS_DIR: dir, BLINK_STREAMS_PORT: "1" }),
      )
    const checks: ReadonlyArray<{ readonly name: string; readonly state: string }> = JSON.parse(
      (yield* doctor("--json")).stdout,
    )
    expect(
      checks.filter(({ name }) => name.startsWith("reader")).map(({ name, state }) => [name, state]),
    ).toEqual([
      ["reader closed", "warning"],
      ["reader late", "warning"],
      ["reader up to date", "ok"],
    ])
    expect((yield* doctor("--report")).stdout).not.toMatch(/late|closed:/)
  }).pipe(Effect.runPromise))

it("conformance prints the result of each rule", () =>
  Effect.gen(function* () {
    // The default heartbeat of 25 s is what one of the rules waits for.
    const { log, socketUrl } = yield* startServer({ limits: { heartbeatMs: 1_000, authDeadlineMs: 1_000 } })
    yield* log.append({ account, events: motions(1, 5), state: stateAt(1) })
    const { code, stdout } = yield* Effect.promise(() =>
      blinkStreams(["conformance", socketUrl, "--json"], {
        BLINK_STREAMS_DIR: temporaryFolder(),
        BLINK_STREAMS_TOKEN: secret,
      }),
    )
    const results: ReadonlyArray<{ readonly deviation: string | null }> = JSON.parse(stdout)
    expect(results.length).toBeGreaterThan(5)
    expect(results.filter(({ deviation }) => deviation !== null)).toEqual([])
    expect(code).toBe(0)
  }).pipe(Effect.scoped, Effect.runPromise))

it("serve prints the source of its token", async () => {
  await using emulated = await signInToEmulator()
  const banner = async (environment: Readonly<Record<string, string>>): Promise<string> => {
    const { process } = await startBroadcaster({
      ...emulated,
      environment: { ...emulated.environment, ...environment },
    })
    process.kill("SIGINT")
    return (await process.ended).stdout
  }
  expect(await banner({ BLINK_STREAMS_TOKEN: "told" })).toContain("token of BLINK_STREAMS_TOKEN\n")
  expect(await banner({})).toMatch(/token [\w-]{32}\n/)
  expect(await banner({})).toContain(`token in ${emulated.dir}/token\n`)
})

it("serve on all addresses prints a link to the loopback address", async () => {
  await using emulated = await signInToEmulator()
  const open = start(["serve", "--host", "0.0.0.0", "--port", "0"], emulated.environment)
  const link = await open.until(/http:\S+#code=\S+/)
  expect(new URL(link).hostname).toBe("127.0.0.1")
  expect((await fetch(link)).status).toBe(200)
  open.kill("SIGINT")
  expect((await open.ended).stdout).not.toContain("0.0.0.0")
})

describe("Commands without a broadcaster", () => {
  it("Commands connect to the cloud directly when no broadcaster is running", async () => {
    await using emulated = await signInToEmulator()
    const run = (...args: ReadonlyArray<string>) => blinkStreams(args, emulated.environment)
    await expect(run("state")).resolves.toMatchObject({ code: 0, stdout: expect.stringContaining("Porch") })
    await expect(run("disarm", "Home", "--direct")).resolves.toMatchObject({
      code: 0,
      stdout: "Home is disarmed\n",
    })
    await expect(run("accounts", "--json")).resolves.toMatchObject({
      stdout: '[{"name":"demo@example.com","account":7310001,"dialect":"oauth","session":"active"}]\n',
    })
    await expect(run("logout")).resolves.toMatchObject({
      code: 0,
      stdout: "Signed out of demo@example.com.\n",
    })
    expect(readdirSync(join(emulated.dir, "sessions"))).toEqual([])
    await expect(run("state")).resolves.toMatchObject({ code: 5 })
  })

  it("Every command exits with 4 when the cloud is unreachable and with 5 when the session is lost", async () => {
    await using emulated = await signInToEmulator()
    const away = { ...emulated.environment, BLINK_API_URL: "http://127.0.0.1:1" }
    for (const args of [
      ["state", "--json"],
      ["arm", "Home"],
      ["watch", "--once"],
      ["clips", "list"],
    ]) {
      const { code, stdout, stderr } = await blinkStreams(args, away)
      expect({ args, code, stdout }).toEqual({ args, code: 4, stdout: "" })
      expect(stderr).toMatch(/^blink-streams: .*can(no|')t be reached.*\n$/)
    }
    await emulated.cloud.revokeTokens("refresh")
    await emulated.cloud.revokeTokens("access")
    for (const args of [["state"], ["motion", "on", "Porch"], ["clips", "list"]]) {
      const { code, stderr } = await blinkStreams(args, emulated.environment)
      expect({ args, code }).toEqual({ args, code: 5 })
      expect(stderr.trim().split("\n")).toHaveLength(1)
    }
  }, 60_000)

  it("--account selects one of several accounts, and an incomplete sign-in is ignored", async () => {
    await using emulated = await signInToEmulator()
    const run = (...args: ReadonlyArray<string>) => blinkStreams(args, emulated.environment)
    const other = await emulated.cloud.addAccount({ networks: 1, cameras: 1 })
    const { email, password } = other.accounts[0]!
    await expect(
      blinkStreams(["login", "--email", email], { ...emulated.environment, BLINK_PASSWORD: password }),
    ).resolves.toMatchObject({
      code: 5,
      stderr: expect.stringContaining("set BLINK_PIN and run the command again"),
    })
    await expect(run("clips", "list", "--limit", "1")).resolves.toMatchObject({ code: 0 })
    await expect(
      blinkStreams(["login", "--email", email, "--json"], {
        ...emulated.environment,
        BLINK_PASSWORD: password,
        BLINK_PIN: "123456",
      }),
    ).resolves.toMatchObject({ code: 0, stdout: `{"account":7310002,"name":"${email}"}\n` })
    await expect(run("state")).resolves.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("which account? Give --account"),
    })
    const second = decodeState((await run("state", "--json", "--account", "7310002")).stdout)
    expect(second.accounts.map(({ account }) => account)).toEqual([7_310_002])
    await expect(run("logout", "7310002", "--json")).resolves.toMatchObject({
      code: 0,
      stdout: `{"name":"${email}"}\n`,
    })
  }, 60_000)

  it("serve shows a sign-in prompt for a lost session, also after a restart, until it is submitted", async () => {
    await using emulated = await signInToEmulator()
    const before = await startBroadcaster(emulated)
    const open = (port: string) =>
      connect({
        url: `ws://127.0.0.1:${port}`,
        token: readFileSync(join(emulated.dir, "token"), "utf8").trim(),
      })
    const prompted = open(before.port)
    await until(prompted, () => prompted.state?.accounts[0]?.stale === false)
    await emulated.cloud.revokeTokens("access")
    await emulated.cloud.revokeTokens("refresh")
    await until(prompted, () => prompted.prompts.length > 0)
    prompted.close()
    before.process.kill("SIGINT")
    await before.process.ended

    const { process, port } = await startBroadcaster(emulated, ["--log-level", "none"])
    const client = open(port)
    await until(client, () => client.prompts.length > 0)
    expect(client.prompts).toMatchObject([{ kind: "reauth", account: 7_310_001 }])
    expect(client.state?.accounts).toMatchObject([{ stale: true, session: { state: "signed_out" } }])
    expect(client.state?.accounts[0]?.networks.map(({ name }) => name)).toEqual(["Home", "Cabin"])
    await client.submitPrompt(client.prompts[0]!.id, emulated.cloud.account.password)
    await until(client, () => client.prompts.length === 0 && client.state?.accounts[0]?.stale === false)
    client.close()
    process.kill("SIGINT")
    expect((await process.ended).stderr).toBe(
      "blink-streams: demo@example.com is not signed in: run blink-streams login\n",
    )
  }, 60_000)

  it("state, serve and start name an account that is signed out", async () => {
    await using emulated = await signInToEmulator()
    const file = join(emulated.dir, "sessions", "demo@example.com.json")
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), grant: null }))
    const named = {
      code: 5,
      stderr: "blink-streams: demo@example.com is not signed in: run blink-streams login\n",
    }
    await expect(blinkStreams(["state"], emulated.environment)).resolves.toMatchObject(named)
    await expect(blinkStreams(["serve", "--port", "0"], emulated.environment)).resolves.toMatchObject(named)
    const demo = start(["start", "--port", "0", "--emulator-port", "0"], emulated.environment)
    await demo.until("The demo is running.")
    demo.kill("SIGINT")
    expect((await demo.ended).stderr).toBe(
      "blink-streams: demo@example.com is not signed in; starting the demo instead: run blink-streams login\n",
    )
    const other = await emulated.cloud.addAccount({ networks: 1, cameras: 1 })
    const { email, password, pin } = other.accounts[0]!
    await expect(
      blinkStreams(["login", "--email", email], {
        ...emulated.environment,
        BLINK_PASSWORD: password,
        BLINK_PIN: pin,
      }),
    ).resolves.toMatchObject({ code: 0 })
    const { process } = await startBroadcaster(emulated, ["--log-level", "none"])
    process.kill("SIGINT")
    const { stdout, stderr } = await process.ended
    expect(stdout).toContain(`Serving ${email}.`)
    expect(stderr).toBe("blink-streams: demo@example.com is not signed in: run blink-streams login\n")
  })

  it("logout removes an account with an incomplete sign-in", async () => {
    await using cloud = await startEmulator({})
    const environment = {
      BLINK_STREAMS_DIR: temporaryFolder(),
      BLINK_API_URL: cloud.url,
      BLINK_OAUTH_URL: cloud.url,
      BLINK_EMAIL: cloud.account.email,
      BLINK_PASSWORD: cloud.account.password,
    }
    await expect(blinkStreams(["login"], environment)).resolves.toMatchObject({ code: 5 })
    await expect(blinkStreams(["logout"], environment)).resolves.toMatchObject({ code: 0 })
    await expect(blinkStreams(["accounts", "--json"], environment)).resolves.toMatchObject({ stdout: "[]\n" })
  })

  it("login reports a wrong password and a wrong code, and has no rate limit on the emulator", async () => {
    await using emulated = await signInToEmulator()
    const folder = temporaryFolder()
    const login = (password: string, pin: string) =>
      blinkStreams(["login", "--email", "demo@example.com"], {
        ...emulated.environment,
        BLINK_STREAMS_DIR: folder,
        BLINK_PASSWORD: password,
        BLINK_PIN: pin,
      })
    await expect(login("wrong", "1")).resolves.toMatchObject({
      code: 5,
      stderr: expect.stringContaining("password is wrong"),
    })
    await expect(login("demo-password", "000000")).resolves.toMatchObject({
      code: 5,
      stderr: expect.stringContaining("The code is wrong."),
    })
    await expect(login("demo-password", "123456")).resolves.toMatchObject({ code: 0 })
  })
})
