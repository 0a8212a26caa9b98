/**
 * Thirty minutes (or `SOAK_MINUTES`) of connections that come, stall, break and come back, and of servers that end and
 * come back on the same log, while events are told all the time: no reader may miss one or get one twice, and what the
 * process holds must not grow.
 */
import { type Client, connect } from "@blink-streams/client"
import { Effect, Scope, Exit } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { breakDown, flow, makeNetwork, stall } from "../../packages/client/test/network.ts"
import { account, logIn, motion, secret, startHouse, stateAt } from "../../packages/server/test/house.ts"

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
  /** Places seen, as one rising number; `null` before the first. */
  last: number | null
  lost: number
  twice: number
  gaps: number
}

const follow = (reader: Reader) =>
  reader.client.subscribe((change) => {
    if (change.type === "gap") {
      reader.gaps += 1
      reader.last = change.to
    }
    if (change.type !== "event") return
    if (reader.last !== null && change.seq > reader.last + 1) reader.lost += change.seq - reader.last - 1
    if (reader.last !== null && change.seq <= reader.last) reader.twice += 1
    reader.last = change.seq
  })

const any = <A>(values: Iterable<A>): A | undefined => {
  const all = [...values]
  return all[Math.floor(Math.random() * all.length)]
}

/** A server on the log in a file, and how to end it. */
const startServer = async (filename: string) => {
  const scope = Scope.makeUnsafe()
  const { log, port } = await Effect.runPromise(Scope.provide(startHouse({}, logIn(filename)), scope))
  return { log, port, stop: () => Effect.runPromise(Scope.close(scope, Exit.void)) }
}

export default async (): Promise<boolean> => {
  const folder = mkdtempSync(join(tmpdir(), "blink-streams-soak-"))
  const filename = join(folder, "log.sqlite")
  let server = await startServer(filename)
  let restarts = 0
  const scope = Scope.makeUnsafe()
  const network = await Effect.runPromise(Scope.provide(makeNetwork(server.port), scope))
  let told = 0
  const tell = () => {
    told += 1
    return Effect.runPromise(server.log.append({ account, events: [motion(told)], state: stateAt(told) }))
  }
  const open = (since?: NonNullable<Client["cursor"]>) =>
    connect({ url: `ws://127.0.0.1:${network.port}/`, token: secret, ...(since ? { since } : {}) })
  await tell()
  const all: Array<Reader> = Array.from({ length: readers }, () => ({
    client: open({ epoch: server.log.epoch, seq: 0 as never }),
    last: 0,
    lost: 0,
    twice: 0,
    gaps: 0,
  }))
  for (const reader of all) follow(reader)

  const end = Date.now() + minutes * 60_000
  let heapEarly: number | null = null
  let reportAt = Date.now()
  while (Date.now() < end) {
    await tell()
    const dice = Math.random()
    const link = any(network.links)
    if (dice < 0.02 && link) breakDown(link)
    else if (dice < 0.04 && link) {
      stall(link)
      void sleep(Math.random() * 10_000).then(() => flow(link))
    } else if (dice < 0.05) {
      const reader = any(all)
      if (reader?.client.cursor) {
        const { cursor } = reader.client
        reader.client.close()
        reader.client = open(cursor)
        follow(reader)
      }
    } else if (dice < 0.0503) {
      network.lead(null)
      await server.stop()
      server = await startServer(filename)
      network.lead(server.port)
      restarts += 1
    }
    if (Date.now() >= reportAt) {
      reportAt += 60_000
      const now = heap()
      heapEarly ??= told > eventsPerSecond * 30 ? now : null
      console.log(`${told} events, heap ${now} MiB, connections ${network.links.size}`)
    }
    await sleep(1000 / eventsPerSecond)
  }
  for (let waited = 0; waited < 120 && all.some(({ last }) => last !== told); waited++) await sleep(500)
  const sum = (of: (reader: Reader) => number) => all.reduce((total, reader) => total + of(reader), 0)
  const behind = all.filter(({ last }) => last !== told).length
  const growth = heap() - (heapEarly ?? heap())
  console.log({
    told,
    restarts,
    readers,
    behind,
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
    behind === 0 &&
    sum((r) => r.lost) === 0 &&
    sum((r) => r.twice) === 0 &&
    sum((r) => r.gaps) === 0 &&
    growth < 64
  )
}
