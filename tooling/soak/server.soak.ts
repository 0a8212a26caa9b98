/**
 * Thirty minutes (or `SOAK_MINUTES`) of connections that come, stall, break and come back, while events are told all the
 * time: no reader may miss one or get one twice, and what the process holds must not grow.
 */
import { type Client, connect } from "@blink-streams/client"
import { connect as connectTcp, createServer, type Socket } from "node:net"
import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { blinkStreams } from "../bench/fanout/contenders.ts"

const minutes = Number(process.env["SOAK_MINUTES"] ?? 30)
const readers = 60
const eventsPerSecond = 50

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

const heap = () => {
  collect()
  return Math.round(process.memoryUsage().heapUsed / 1024 / 1024)
}

/** A network that can be told to stall or to break. */
const startNetwork = async (port: number) => {
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer((near) => {
    const far = connectTcp({ port, host: "127.0.0.1" })
    const pair = [near, far] as const
    pairs.add(pair)
    near.pipe(far)
    far.pipe(near)
    const end = () => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const socket of pair) socket.on("error", end).on("close", end)
  })
  server.listen({ port: 0, host: "127.0.0.1" })
  await once(server, "listening")
  const address = server.address()
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    pairs,
    close: () => server.close(),
  }
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

export default async (): Promise<boolean> => {
  const contender = await blinkStreams(10_000)
  const network = await startNetwork(contender.port)
  const open = (since?: NonNullable<Client["cursor"]>) =>
    connect({ url: `ws://127.0.0.1:${network.port}/`, token: "bench", ...(since ? { since } : {}) })
  await contender.tell(1)
  const all: Array<Reader> = Array.from({ length: readers }, () => ({
    client: open({ epoch: contender.log.epoch, seq: 0 as never }),
    last: 0,
    lost: 0,
    twice: 0,
    gaps: 0,
  }))
  for (const reader of all) follow(reader)

  const end = Date.now() + minutes * 60_000
  let told = 1
  let heapEarly: number | null = null
  let reportAt = Date.now()
  while (Date.now() < end) {
    await contender.tell(1)
    told += 1
    const dice = Math.random()
    const pair = any(network.pairs)
    if (dice < 0.02) pair?.[0].destroy()
    else if (dice < 0.04 && pair) {
      pair[0].pause()
      pair[1].pause()
      void sleep(Math.random() * 10_000).then(() => {
        pair[0].resume()
        pair[1].resume()
      })
    } else if (dice < 0.05) {
      const reader = any(all)
      if (reader?.client.cursor) {
        const { cursor } = reader.client
        reader.client.close()
        reader.client = open(cursor)
        follow(reader)
      }
    }
    if (Date.now() >= reportAt) {
      reportAt += 60_000
      const now = heap()
      // The log is in memory here and grows with what it keeps; what it keeps is known.
      heapEarly ??= told > eventsPerSecond * 30 ? now : null
      console.log(`${told} events, heap ${now} MiB, connections ${network.pairs.size}`)
    }
    await sleep(1000 / eventsPerSecond)
  }
  for (let waited = 0; waited < 120 && all.some(({ last }) => last !== told); waited++) await sleep(500)
  const sum = (of: (reader: Reader) => number) => all.reduce((total, reader) => total + of(reader), 0)
  const behind = all.filter(({ last }) => last !== told).length
  const growth = heap() - (heapEarly ?? heap())
  console.log({
    told,
    readers,
    behind,
    lost: sum((r) => r.lost),
    twice: sum((r) => r.twice),
    gaps: sum((r) => r.gaps),
    growthMiB: growth,
  })
  for (const { client } of all) client.close()
  network.close()
  await contender.stop()
  return (
    behind === 0 &&
    sum((r) => r.lost) === 0 &&
    sum((r) => r.twice) === 0 &&
    sum((r) => r.gaps) === 0 &&
    growth < 64
  )
}
