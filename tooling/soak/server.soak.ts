/**
 * Runs for 30 minutes (`SOAK_MINUTES`): clients connect, stall, disconnect and resume, and the server restarts on the same
 * log, while events are appended continuously. Fails when a reader misses or repeats an event, or when the heap grows.
 */
import { type Client, connect } from "@blink-streams/client"
import { parseCursor } from "@blink-streams/model"
import { Effect, Scope, Exit } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import {
  destroyConnection,
  resumeConnection,
  makeTcpProxy,
  stallConnection,
} from "../../packages/client/test/tcpProxy.ts"
import {
  account,
  cursorAt,
  logIn,
  motion,
  secret,
  startServer,
  stateAt,
} from "../../packages/server/test/testServer.ts"

const minutes = Number(process.env["SOAK_MINUTES"] ?? 30)
const readers = 60
const eventsPerSecond = 50

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

const heap = () => {
  collect()
  return Math.round(process.memoryUsage().heapUsed / 1024 / 1024)
}

interface Reader {
  client: Client
  /** `seq` of the last event; `null` before the first. */
  last: number | null
  lost: number
  twice: number
  gaps: number
}

const seqOf = (cursor: string): number => Number(parseCursor(cursor)?.seq)

/** Reads events from `since` on, until the client of the reader is closed. */
const follow = async (reader: Reader, since: string) => {
  for await (const { kind, cursor } of reader.client.events({ since })) {
    const seq = seqOf(cursor)
    if (kind === "gap") reader.gaps += 1
    else if (reader.last !== null && seq > reader.last + 1) reader.lost += seq - reader.last - 1
    else if (reader.last !== null && seq <= reader.last) reader.twice += 1
    reader.last = seq
  }
}

const pickRandom = <A>(values: Iterable<A>): A | undefined => {
  const all = [...values]
  return all[Math.floor(Math.random() * all.length)]
}

/** Starts a server on the log in `filename`; `stop` ends it. */
const startLogServer = async (filename: string) => {
  const scope = Scope.makeUnsafe()
  const { log, port } = await Effect.runPromise(Scope.provide(startServer({}, logIn(filename)), scope))
  return { log, port, stop: () => Effect.runPromise(Scope.close(scope, Exit.void)) }
}

export default async (): Promise<boolean> => {
  const folder = mkdtempSync(join(tmpdir(), "blink-streams-soak-"))
  const filename = join(folder, "log.sqlite")
  let server = await startLogServer(filename)
  let restarts = 0
  const scope = Scope.makeUnsafe()
  const network = await Effect.runPromise(Scope.provide(makeTcpProxy(server.port), scope))
  let appended = 0
  const append = () => {
    appended += 1
    return Effect.runPromise(
      server.log.append({ account, events: [motion(appended)], state: stateAt(appended) }),
    )
  }
  const open = () => connect({ url: `ws://127.0.0.1:${network.port}/`, token: secret })
  await append()
  const all: Array<Reader> = Array.from({ length: readers }, () => ({
    client: open(),
    last: 0,
    lost: 0,
    twice: 0,
    gaps: 0,
  }))
  for (const reader of all) void follow(reader, cursorAt(server.log, 0))

  const end = Date.now() + minutes * 60_000
  let heapEarly: number | null = null
  let reportAt = Date.now()
  while (Date.now() < end) {
    await append()
    const chance = Math.random()
    const link = pickRandom(network.connections)
    if (chance < 0.02 && link) destroyConnection(link)
    else if (chance < 0.04 && link) {
      stallConnection(link)
      void sleep(Math.random() * 10_000).then(() => resumeConnection(link))
    } else if (chance < 0.05) {
      const reader = pickRandom(all)
      if (reader?.client.cursor) {
        const { cursor } = reader.client
        // What it has received and not handled comes again.
        reader.last = seqOf(cursor)
        reader.client.close()
        reader.client = open()
        void follow(reader, cursor)
      }
    } else if (chance < 0.0503) {
      network.routeTo(null)
      await server.stop()
      server = await startLogServer(filename)
      network.routeTo(server.port)
      restarts += 1
    }
    if (Date.now() >= reportAt) {
      reportAt += 60_000
      const now = heap()
      heapEarly ??= appended > eventsPerSecond * 30 ? now : null
      console.log(`${appended} events, heap ${now} MiB, connections ${network.connections.size}`)
    }
    await sleep(1000 / eventsPerSecond)
  }
  for (let waited = 0; waited < 120 && all.some(({ last }) => last !== appended); waited++) await sleep(500)
  const sum = (of: (reader: Reader) => number) => all.reduce((total, reader) => total + of(reader), 0)
  const incomplete = all.filter(({ last }) => last !== appended).length
  const growth = heap() - (heapEarly ?? heap())
  console.log({
    appended,
    restarts,
    readers,
    behind: incomplete,
    lost: sum((r) => r.lost),
    twice: sum((r) => r.twice),
    gaps: sum((r) => r.gaps),
    growthMiB: growth,
  })
  for (const { client } of all) client.close()
  await Effect.runPromise(Scope.close(scope, Exit.void))
  await server.stop()
  rmSync(folder, { recursive: true })
  return (
    incomplete === 0 &&
    sum((r) => r.lost) === 0 &&
    sum((r) => r.twice) === 0 &&
    sum((r) => r.gaps) === 0 &&
    growth < 64
  )
}
