import { type BlinkEvent, ClipId, EventId, type Subject, timestampFromMillis } from "@blink-streams/model"
import type { ClientMessage, CommandTarget, ServerMessage } from "@blink-streams/protocol"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import type { Permissions } from "../../src/index.ts"
import { errorOf, TestClient } from "../TestClient.ts"
import { cursorAt } from "../testServer.ts"
import { cameraNamed, PermissionServer } from "./PermissionServer.ts"

type Server = PermissionServer["Service"]

/** Limits of the tokens, one column of the tables below each. */
const columns = ["no limit", "account Home", "network Home", "camera Porch", "the other account"] as const
type Column = (typeof columns)[number]

/**
 * Rows that the token of each column may reach, written out: `x` is inside of its limit. The account Home has the networks Home, with the cameras
 * Porch and Living Room, and Cabin, with the camera Cabin Hall. The other account has one network with one camera.
 */
const reachable = {
  commands: {
    "account Home": "x x - - -",
    "network Home": "x x x - -",
    "network Cabin": "x x - - -",
    "camera Porch": "x x x x -",
    "camera Living Room": "x x x - -",
    "camera Cabin Hall": "x x - - -",
    "the other account": "x - - - x",
    "the other network": "x - - - x",
    "the other camera": "x - - - x",
  },
  liveViews: {
    "camera Porch": "x x x x -",
    "camera Living Room": "x x x - -",
    "camera Cabin Hall": "x x - - -",
    "the other camera": "x - - - x",
  },
  states: {
    "account Home": "x x x x -",
    "network Home": "x x x x -",
    "network Cabin": "x x - x -",
    "camera Porch": "x x x x -",
    "camera Living Room": "x x x - -",
    "camera Cabin Hall": "x x - - -",
    "the other account": "x - x x x",
    "the other network": "x - - x x",
    "the other camera": "x - - - x",
  },
  // A token for a camera also receives events that concern no camera, such as those of arm states.
  events: {
    "session of account Home": "x x x x -",
    "arm state of network Home": "x x x x -",
    "arm state of network Cabin": "x x - x -",
    "motion of camera Porch": "x x x x -",
    "motion of camera Living Room": "x x x - -",
    "motion of camera Cabin Hall": "x x - - -",
    "move of camera Porch from network Cabin": "x x - x -",
    "session of the other account": "x - x x x",
    "arm state of the other network": "x - - x x",
    "motion of the other camera": "x - - - x",
  },
  prompts: {
    "account Home": "x x x x -",
    "the other account": "x - x x x",
  },
  /** Tokens by their limit. */
  tokens: {
    "no limit": "x - - - -",
    "account Home": "x x - - -",
    "network Home": "x - x - -",
    "camera Porch": "x - - x -",
    "the other account": "x - - - x",
  },
} as const

/** Returns the rows that the token of a column may reach. */
const reachableBy = (table: Readonly<Record<string, string>>, column: Column): ReadonlyArray<string> =>
  Object.entries(table).flatMap(([row, cells]) =>
    cells.split(" ")[columns.indexOf(column)] === "x" ? [row] : [],
  )

const makeFixture = ({ home, other }: Server) => {
  const network = (name: string) => home.networks.find((candidate) => candidate.name === name)!
  const otherNetwork = other.networks[0]!
  const otherCamera = other.cameras[0]!
  const cameras = {
    "camera Porch": { account: home.account, ...cameraNamed(home, "Porch") },
    "camera Living Room": { account: home.account, ...cameraNamed(home, "Living Room") },
    "camera Cabin Hall": { account: home.account, ...cameraNamed(home, "Cabin Hall") },
    "the other camera": { account: other.account, ...otherCamera },
  }
  const networks = {
    "network Home": { account: home.account, ...network("Home") },
    "network Cabin": { account: home.account, ...network("Cabin") },
    "the other network": { account: other.account, ...otherNetwork },
  }
  const accounts = { "account Home": home.account, "the other account": other.account }
  return { cameras, networks, accounts }
}

const limitsOf = (server: Server, column: Column): Partial<Omit<Permissions, "scopes">> => {
  const { cameras, networks, accounts } = makeFixture(server)
  const porch = cameras["camera Porch"]
  return {
    "no limit": {},
    "account Home": { accounts: [accounts["account Home"]] },
    "network Home": { networks: [networks["network Home"].id] },
    "camera Porch": { cameras: [{ kind: porch.kind, id: porch.id }] },
    "the other account": { accounts: [accounts["the other account"]] },
  }[column]
}

const createToken = (server: Server, column: Column) =>
  Effect.map(server.createToken("admin", limitsOf(server, column)), ({ token }) => token)

const connect = (server: Server, token: string) =>
  Effect.acquireRelease(
    Effect.promise(() => new TestClient(server.socketUrl).authenticate(token)),
    (peer) => Effect.sync(() => peer.socket.terminate()),
  )

/** A command per row that ends before anything is sent to the cloud, except for a poll of an account. */
const commandsOf = (
  server: Server,
): Readonly<Record<string, Omit<ClientMessage & { type: "command" }, "type" | "id">>> => {
  const { cameras, networks, accounts } = makeFixture(server)
  const perCamera = Object.entries(cameras).map(([row, { account, id, kind }]) => {
    const target: CommandTarget = { account, camera: id, kind }
    return [row, { name: "snooze", target, args: { minutes: "invalid" } }] as const
  })
  const perNetwork = Object.entries(networks).map(([row, { id, arm }]) => {
    const expect = { armed: arm.state !== "armed" }
    return [row, { name: "arm", target: { network: id }, expect }] as const
  })
  const perAccount = Object.entries(accounts).map(
    ([row, account]) => [row, { name: "refresh", target: { account } }] as const,
  )
  return Object.fromEntries([...perCamera, ...perNetwork, ...perAccount])
}

/** Outcomes of the commands above that reach their target. */
const reached = [undefined, "invalid_target", "expectation_failed"]

const epochStart = Date.UTC(2026, 2, 14)

/** An event per row. Media paths contain the name of the row. */
const eventsOf = (server: Server): Readonly<Record<string, BlinkEvent>> => {
  const { cameras, networks, accounts } = makeFixture(server)
  const at = timestampFromMillis(epochStart)
  const common = (row: string, subject: Subject) => ({
    id: EventId.make(row),
    occurredAt: at,
    observedAt: at,
    source: "state" as const,
    subject,
  })
  const subjectOf = (camera: (typeof cameras)["camera Porch"]): Subject => ({
    account: camera.account,
    network: camera.networkId,
    camera: camera.id,
    kind: camera.kind,
  })
  const rows: Record<string, BlinkEvent> = {}
  for (const [name, camera] of Object.entries(cameras)) {
    const row = `motion of ${name}`
    const data = { clipId: ClipId.make(row), cause: "pir", thumbnail: `/${row}.jpg` }
    rows[row] = { ...common(row, subjectOf(camera)), kind: "motion", data }
  }
  for (const [name, { account, id }] of Object.entries(networks)) {
    const row = `arm state of ${name}`
    const data = { from: "disarmed", to: "armed", by: "external" } as const
    rows[row] = { ...common(row, { account, network: id }), kind: "arm.changed", data }
  }
  for (const [name, account] of Object.entries(accounts)) {
    const row = `session of ${name}`
    const data = { from: "active", to: "signed_out" }
    rows[row] = { ...common(row, { account }), kind: "session.changed", data }
  }
  const move = "move of camera Porch from network Cabin"
  rows[move] = {
    ...common(move, subjectOf(cameras["camera Porch"])),
    kind: "device.moved",
    data: { from: networks["network Cabin"].id, to: networks["network Home"].id },
  }
  return rows
}

/** Returns the rows of the table of events whose ids occur in a text, in the order of the table. */
const eventRowsIn = (text: string): ReadonlyArray<string> =>
  Object.keys(reachable.events).filter((row) => text.includes(`"id":"${row}"`))

/** Returns the rows of events whose media URL occurs in a text. */
const mediaRowsIn = (text: string): ReadonlyArray<string> => {
  const files = new Set(
    [...text.matchAll(/\/v1\/media\/\d+\/([\w-]+)\?/g)].map(([, file = ""]) =>
      Buffer.from(file, "base64url").toString(),
    ),
  )
  return Object.keys(reachable.events).filter((row) => files.has(`/${row}.jpg`))
}

/** Reads an event stream until it contains `mark`. */
const readStream = (server: Server, token: string, since: string, mark: string) =>
  Effect.promise(async () => {
    const leaving = new AbortController()
    const response = await fetch(`${server.url}v1/events`, {
      headers: { authorization: `Bearer ${token}`, "last-event-id": since },
      signal: leaving.signal,
    })
    let text = ""
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      if (text.includes(mark)) break
    }
    leaving.abort()
    return text
  })

const stateRowsIn = (server: Server, state: Extract<ServerMessage, { type: "snapshot" }>["state"]) => {
  const { cameras, networks, accounts } = makeFixture(server)
  const seen = {
    accounts: state.accounts.map(({ account }) => account),
    networks: state.accounts.flatMap(({ networks }) => networks.map(({ id }) => id)),
    cameras: state.accounts.flatMap(({ cameras }) => cameras.map(({ kind, id }) => `${kind} ${id}`)),
  }
  const rows = new Set(
    [
      ...Object.entries(accounts).filter(([, account]) => seen.accounts.includes(account)),
      ...Object.entries(networks).filter(([, { id }]) => seen.networks.includes(id)),
      ...Object.entries(cameras).filter(([, { kind, id }]) => seen.cameras.includes(`${kind} ${id}`)),
    ].map(([row]) => row),
  )
  return Object.keys(reachable.states).filter((row) => rows.has(row))
}

const hasTwoPrompts = (message: ServerMessage): message is Extract<ServerMessage, { type: "prompts" }> =>
  message.type === "prompts" && message.prompts.length === 2

layer(PermissionServer.layer, { excludeTestServices: true, timeout: "30 seconds" })((it) => {
  for (const column of columns) {
    it.effect(`A token with ${column} may command only what is inside of its limit`, () =>
      Effect.gen(function* () {
        const server = yield* PermissionServer
        const token = yield* createToken(server, column)
        const peer = yield* connect(server, token)
        const bySocket: Array<string> = []
        const byHttp: Array<string> = []
        for (const row of Object.keys(reachable.commands)) {
          const command = commandsOf(server)[row]!
          peer.send({ type: "command", id: row, ...command })
          const code = errorOf(yield* Effect.promise(() => peer.next("result")))?.code
          const response = yield* server.post("/v1/commands", token, command)
          const httpCode = /"code":"(\w+)"/.exec(yield* Effect.promise(() => response.text()))?.[1]
          assert.include([...reached, "not_found"], code, row)
          assert.strictEqual(httpCode, code, row)
          if (code !== "not_found") bySocket.push(row)
          if (response.status !== 404) byHttp.push(row)
        }
        assert.deepStrictEqual(bySocket, reachableBy(reachable.commands, column))
        assert.deepStrictEqual(byHttp, bySocket)
      }),
    )

    it.effect(`A token with ${column} may watch only the cameras inside of its limit`, () =>
      Effect.gen(function* () {
        const server = yield* PermissionServer
        const token = yield* createToken(server, column)
        // The cloud rejects live views, so that a permitted one ends at once with 502.
        const { id: fault } = yield* server.cloud.fault({ match: { path: "liveview" }, do: { status: 400 } })
        const watched: Array<string> = []
        for (const [row, { account, kind, id }] of Object.entries(makeFixture(server).cameras)) {
          const { status } = yield* server.request(`/v1/live/${account}/${kind}/${id}`, token)
          assert.include([502, 404], status, row)
          if (status === 502) watched.push(row)
        }
        yield* server.cloud.clearFaults(fault)
        assert.deepStrictEqual(watched, reachableBy(reachable.liveViews, column))
      }),
    )

    it.effect(`A token with ${column} manages only tokens inside of its limit`, () =>
      Effect.gen(function* () {
        const server = yield* PermissionServer
        const token = yield* createToken(server, column)
        const noLimits = { accounts: null, networks: null, cameras: null }
        const seen = {
          created: [] as Array<string>,
          listed: [] as Array<string>,
          revoked: [] as Array<string>,
        }
        for (const row of columns) {
          const body = { name: row, scopes: ["admin"], ...noLimits, ...limitsOf(server, row) }
          const { status } = yield* server.post("/v1/tokens", token, body)
          assert.include([201, 403], status, row)
          if (status === 201) seen.created.push(row)
          const { id } = yield* server.createToken("read", limitsOf(server, row))
          const list = yield* server.request("/v1/tokens", token)
          if ((yield* Effect.promise(() => list.text())).includes(id)) seen.listed.push(row)
          const revoked = yield* server.request(`/v1/tokens/${id}`, token, { method: "DELETE" })
          assert.include([204, 404], revoked.status, row)
          if (revoked.status === 204) seen.revoked.push(row)
        }
        const expected = reachableBy(reachable.tokens, column)
        assert.deepStrictEqual(seen, { created: expected, listed: expected, revoked: expected })
        const response = yield* server.post("/v1/tokens", token, { name: "same", scopes: ["read"] })
        const created = yield* Effect.promise(() => response.json())
        assert.deepInclude(created, { ...noLimits, ...limitsOf(server, column) })
      }),
    )

    it.effect(`A token with ${column} sees only states inside of its limit`, () =>
      Effect.gen(function* () {
        const server = yield* PermissionServer
        const token = yield* createToken(server, column)
        const peer = yield* connect(server, token)
        peer.send({ type: "subscribe", id: "s", topics: ["*"] })
        const snapshot = yield* Effect.promise(() => peer.next("snapshot"))
        const response = yield* server.request("/v1/state", token)
        const body = (yield* Effect.promise(() => response.json())) as typeof snapshot
        const expected = reachableBy(reachable.states, column)
        assert.deepStrictEqual(stateRowsIn(server, snapshot.state), expected)
        assert.deepStrictEqual(stateRowsIn(server, body.state), expected)
        const ready = peer.received.find((message) => message.type === "ready")
        const accounts = Object.entries(makeFixture(server).accounts)
        assert.deepStrictEqual(
          accounts.flatMap(([row, account]) => (ready?.accounts.includes(account) ? [row] : [])),
          accounts.map(([row]) => row).filter((row) => expected.includes(row)),
        )
        const urls = [...JSON.stringify(body).matchAll(/"url":"([^"]+)"/g)].map(([, url = ""]) => url)
        for (const url of urls) assert.strictEqual((yield* server.request(url, null)).status, 200)
      }),
    )
  }

  it.effect("Every token receives exactly the events and media URLs inside of its limit, in every way", () =>
    Effect.gen(function* () {
      const server = yield* PermissionServer
      const { seq } = yield* server.log.snapshot
      const since = cursorAt(server.log, seq)
      const readers = yield* Effect.forEach(columns, (column) =>
        Effect.gen(function* () {
          const token = yield* createToken(server, column)
          const live = yield* connect(server, token)
          live.send({ type: "subscribe", id: "s", topics: ["*"], snapshot: "none" })
          yield* Effect.promise(() => live.next("subscribed"))
          return { column, token, live }
        }),
      )
      for (const event of Object.values(eventsOf(server)))
        yield* server.log.append({ account: event.subject.account, events: [event] })
      for (const { column, token, live } of readers) {
        const expected = reachableBy(reachable.events, column)
        const media = expected.filter((row) => row.startsWith("motion"))
        /** The last of the expected events in the order in which they were appended. */
        const last = Object.keys(eventsOf(server)).findLast((row) => expected.includes(row))!
        const isLast = (message: ServerMessage): message is ServerMessage =>
          message.type === "event" && message.event.id === last
        yield* Effect.promise(() => live.nextThat(isLast))
        const replay = yield* connect(server, token)
        replay.send({ type: "subscribe", id: "s", topics: ["*"], since, snapshot: "none" })
        yield* Effect.promise(() => replay.nextThat(isLast))
        const page = yield* server.request(`/v1/events?since=${since}&limit=1000`, token)
        const texts = {
          live: JSON.stringify(live.received),
          replay: JSON.stringify(replay.received),
          page: yield* Effect.promise(() => page.text()),
          stream: yield* readStream(server, token, since, `"id":"${last}"`),
        }
        for (const [way, text] of Object.entries(texts)) {
          assert.deepStrictEqual(eventRowsIn(text), expected, `${way} of ${column}`)
          assert.sameMembers([...mediaRowsIn(text)], media, `media of the ${way} of ${column}`)
        }
      }
    }),
  )

  it.effect("A heartbeat reports the health of the accounts inside of the limit of a token only", () =>
    Effect.gen(function* () {
      const server = yield* PermissionServer
      const path = `/accounts/${server.other.account}/homescreen`
      const { id: fault } = yield* server.cloud.fault({ match: { path }, do: { status: 503 } })
      yield* server.otherMonitor.refresh
      const failing: Array<string> = []
      for (const column of columns) {
        const peer = yield* connect(server, yield* createToken(server, column))
        const { sources } = yield* Effect.promise(() => peer.next("heartbeat"))
        if (sources["state"]?.state !== "ok") failing.push(column)
      }
      yield* server.cloud.clearFaults(fault)
      yield* server.otherMonitor.refresh
      // A limit to networks or cameras does not hide the health of any account, as in states.
      assert.deepStrictEqual(failing, ["no limit", "network Home", "camera Porch", "the other account"])
    }),
  )

  it.effect("A media URL gives access to its own file of its own account only", () =>
    Effect.gen(function* () {
      const server = yield* PermissionServer
      const token = yield* createToken(server, "camera Porch")
      const response = yield* server.request("/v1/state", token)
      const [, text = ""] = /"url":"([^"]+)"/.exec(yield* Effect.promise(() => response.text())) ?? []
      const { accounts, cameras } = makeFixture(server)
      const hidden = Buffer.from(cameras["camera Living Room"].thumbnail!.url).toString("base64url")
      const url = new URL(text, server.url)
      const otherFile = url.pathname.replace(/[^/]+$/, hidden)
      const otherAccount = url.pathname.replace(/\d+(?=\/[^/]+$)/, String(accounts["the other account"]))
      for (const [pathname, status] of [
        [url.pathname, 200],
        [otherFile, 403],
        [otherAccount, 403],
      ] as const)
        assert.strictEqual(
          (yield* server.request(`${pathname}${url.search}`, token)).status,
          status,
          pathname,
        )
    }),
  )

  it.effect("A prompt is visible and can be submitted only inside of the limit of a token", () =>
    Effect.gen(function* () {
      const server = yield* PermissionServer
      const unlimited = yield* connect(server, yield* createToken(server, "no limit"))
      unlimited.send({ type: "subscribe", id: "s", topics: ["*"] })
      const before = yield* Effect.promise(() => unlimited.next("snapshot"))
      assert.deepStrictEqual(before.prompts, [])
      const peers = yield* Effect.forEach(columns, (column) =>
        Effect.map(
          Effect.flatMap(createToken(server, column), (token) => connect(server, token)),
          (peer) => ({ column, peer }),
        ),
      )
      yield* server.cloud.revokeTokens("access")
      yield* server.cloud.revokeTokens("refresh")
      yield* server.monitor.refresh
      yield* server.otherMonitor.refresh
      const { prompts } = yield* Effect.promise(() => unlimited.nextThat(hasTwoPrompts))
      const accounts = Object.entries(makeFixture(server).accounts)
      const rowOf = (account: number) => accounts.find(([, known]) => known === account)?.[0]
      for (const { column, peer } of peers) {
        // The response follows all prompts that were sent to this peer.
        peer.send({ type: "subscribe", id: "s", topics: ["*"] })
        const snapshot = yield* Effect.promise(() => peer.next("snapshot"))
        const expected = reachableBy(reachable.prompts, column)
        const sent = peer.received.flatMap((message) => (message.type === "prompts" ? message.prompts : []))
        assert.sameMembers([...new Set(sent.map(({ account }) => rowOf(account)))], [...expected], column)
        assert.sameMembers(
          snapshot.prompts.map(({ account }) => rowOf(account)),
          [...expected],
          column,
        )
        for (const { id, account } of prompts) {
          if (expected.includes(rowOf(account)!)) continue
          peer.send({ type: "prompt.submit", id, prompt: id, value: server.cloud.account.password })
          const result = yield* Effect.promise(() => peer.next("result"))
          assert.strictEqual(errorOf(result)?.code, "not_found", `${column}: ${rowOf(account)}`)
        }
      }
      const own = prompts.find(({ account }) => account === server.home.account)!
      unlimited.send({ type: "prompt.submit", id: "p", prompt: own.id, value: server.cloud.account.password })
      assert.isNull(errorOf(yield* Effect.promise(() => unlimited.next("result"))))
    }),
  )
})
