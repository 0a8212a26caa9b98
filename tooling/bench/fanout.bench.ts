import { formatCursor, Seq } from "@blink-streams/model"
import { fork } from "node:child_process"
import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { type BenchReport, median } from "./BenchReport.ts"
import {
  bareWs,
  blinkStreams,
  type Contender,
  oneSendPerEvent,
  socketIo,
  stringifyPerClient,
  subscribe,
} from "./fanout/contenders.ts"
import type { Counted, LoadRequest } from "./fanout/load.ts"
import type { Greeting } from "./fanout/LoadPeer.ts"

/** Starts a load process. Every request gets one reply. */
const startLoad = () => {
  const child = fork(new URL("./fanout/load.ts", import.meta.url))
  const send = async <A>(request: LoadRequest): Promise<A> => {
    child.send(request)
    const [reply] = await once(child, "message")
    return reply as A
  }
  return {
    connect: (
      contender: Pick<Contender, "port" | "greeting">,
      peers: number,
      options: { timed?: boolean; paused?: number } = {},
    ) =>
      send<unknown>({
        do: "connect",
        port: contender.port,
        greeting: contender.greeting,
        peers,
        timed: options.timed ?? false,
        paused: options.paused ?? 0,
      }),
    count: () => send<Counted>({ do: "count" }),
    end: () => send<unknown>({ do: "end" }),
    stop: () => child.kill(),
  }
}
type Load = ReturnType<typeof startLoad>

const saturationMs = 1_500

/** Delivered messages per second while events are emitted as fast as possible. */
const saturate = async (load: Load, contender: Contender, peers: number, batch: number) => {
  await load.connect(contender, peers)
  const before = await load.count()
  const started = performance.now()
  while (performance.now() - started < saturationMs) await contender.emit(batch)
  const { messages } = await load.count()
  const seconds = (performance.now() - started) / 1000
  await load.end()
  await contender.stop()
  return (messages - before.messages) / seconds
}

const percentile = (values: ReadonlyArray<number>, share: number) => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

const events = 40

/** 99th percentile of the latency in milliseconds at 20 events per second. */
const p99OfTrickle = async (load: Load, contender: Contender) => {
  await contender.emit(1)
  await sleep(300)
  await load.count()
  for (let emitted = 0; emitted < events; emitted++) {
    await contender.emit(1)
    await sleep(50)
  }
  await sleep(300)
  return percentile((await load.count()).latencies, 0.99)
}

const trickle = async (load: Load, contender: Contender, peers: number) => {
  await load.connect(contender, peers, { timed: true })
  const p99 = await p99OfTrickle(load, contender)
  await load.end()
  await contender.stop()
  return p99
}

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

const heapBytes = async () => {
  await sleep(200)
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
/** Heap bytes per idle connection. */
const bytesPerPeer = async (load: Load, contender: Contender, peers: number) => {
  await load.connect(contender, 100)
  const before = await heapBytes()
  await load.connect(contender, peers)
  const after = await heapBytes()
  await load.end()
  await contender.stop()
  return (after - before) / peers
}

/** Limit of queued bytes per peer, as documented in the README of the server. */
const highWaterBytes = 512 * 1024
const pageBytes = 512 * 1024

const queueBytes = async ({ port }: Contender) => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(/blink_streams_queue_bytes (\d+)/.exec(text)?.[1])
}

/**
 * 99th percentile of the latency while 100 other peers do not read and their queues are full. Also returns the memory of
 * those queues relative to its limit.
 */
const trickleBesideStalled = async (load: Load) => {
  const stalled = 100
  const contender = await blinkStreams(1_000)
  await load.connect(contender, stalled, { timed: true, paused: stalled })
  const before = await heapBytes()
  for (let emitted = 0; (await queueBytes(contender)) < stalled * highWaterBytes; emitted += 500) {
    if (emitted > 100_000) throw new Error("the peers that do not read are still not full")
    await contender.emit(500)
  }
  const memory = ((await heapBytes()) - before) / (stalled * (highWaterBytes + pageBytes))
  await load.connect(contender, 1_000 - stalled, { timed: true, paused: stalled })
  const p99 = await p99OfTrickle(load, contender)
  await load.end()
  await contender.stop()
  return { p99, memory }
}

const behind = 100_000

/** Events per second to a reader that resumes 100,000 events behind, and of a loop that sends event by event. */
const resume = async (load: Load) => {
  const contender = await blinkStreams(10)
  for (let emitted = 0; emitted < behind; emitted += 1_000) await contender.emit(1_000)
  const { log } = contender
  const oneByOne = await oneSendPerEvent(log)
  const read = async (port: number, greeting: Greeting) => {
    const started = performance.now()
    await load.connect({ port, greeting }, 1)
    while ((await load.count()).messages < behind + greeting.ready) await sleep(1)
    const seconds = (performance.now() - started) / 1000
    await load.end()
    return behind / seconds
  }
  const rounds = []
  for (let round = 0; round < 5; round++) {
    const ours = await read(contender.port, subscribe(formatCursor({ epoch: log.epoch, seq: Seq.make(0) })))
    const theirs = await read(oneByOne.port, oneByOne.greeting)
    rounds.push({ ours, theirs, ratio: ours / theirs })
  }
  await oneByOne.stop()
  await contender.stop()
  return rounds
}

/** Sends one event to `peers` peers of one process. Returns the number of peers that received it. */
const countReached = async (load: Load, peers: number) => {
  const contender = await blinkStreams(peers)
  await load.connect(contender, peers)
  const before = await load.count()
  await contender.emit(1)
  for (let waited = 0; waited < 100; waited++) {
    const { messages, closed } = await load.count()
    if (messages - before.messages >= peers && closed === 0) break
    await sleep(100)
  }
  const { messages, closed } = await load.count()
  await load.end()
  await contender.stop()
  return messages - before.messages - closed
}

export default async (): Promise<BenchReport> => {
  const load = startLoad()
  const ratios: Record<string, number> = {}
  const figures: Record<string, number> = {}
  const compare = async (
    name: string,
    rounds: number,
    ours: () => Promise<number>,
    theirs: () => Promise<number>,
  ) => {
    const pairs = []
    for (let round = 0; round < rounds; round++) pairs.push({ ours: await ours(), theirs: await theirs() })
    ratios[name] = median(pairs.map(({ ours, theirs }) => ours / theirs))
    figures[`${name}.ours`] = median(pairs.map(({ ours }) => ours))
    figures[`${name}.bareWs`] = median(pairs.map(({ theirs }) => theirs))
    console.log(name, ratios[name], pairs)
  }

  for (const peers of [1_000, 5_000])
    await compare(
      `deliveredPerSecond${peers}`,
      3,
      async () => saturate(load, await blinkStreams(peers), peers, 64),
      async () => saturate(load, await bareWs(), peers, 64),
    )
  figures["deliveredPerSecond1000.stringifyPerClient"] = await saturate(
    load,
    await stringifyPerClient(),
    1_000,
    64,
  )
  figures["deliveredPerSecond1000.socketIo"] = await saturate(load, await socketIo(), 1_000, 64)

  await compare(
    "p99Milliseconds1000",
    7,
    async () => trickle(load, await blinkStreams(1_000), 1_000),
    async () => trickle(load, await bareWs(), 1_000),
  )
  await compare(
    "bytesPerIdlePeer",
    3,
    async () => bytesPerPeer(load, await blinkStreams(2_200), 2_000),
    async () => bytesPerPeer(load, await bareWs(), 2_000),
  )
  const stalled = []
  for (let round = 0; round < 5; round++) {
    const { p99, memory } = await trickleBesideStalled(load)
    const alone = await trickle(load, await blinkStreams(900), 900)
    stalled.push({ p99, alone, ratio: p99 / alone, memory })
  }
  ratios["p99WithOneInTenNotReading"] = median(stalled.map(({ ratio }) => ratio))
  ratios["memoryOfThoseNotReading"] = Math.max(...stalled.map(({ memory }) => memory))
  console.log("p99WithOneInTenNotReading", stalled)

  figures["reachedOf10000"] = await countReached(load, 10_000)

  const rounds = await resume(load)
  ratios["resumedPerSecond"] = median(rounds.map(({ ratio }) => ratio))
  figures["resumedPerSecond.ours"] = median(rounds.map(({ ours }) => ours))
  figures["resumedPerSecond.oneSendPerEvent"] = median(rounds.map(({ theirs }) => theirs))
  load.stop()
  return {
    ratios,
    figures,
    goals: {
      deliveredPerSecond1000: { atLeast: 4 },
      deliveredPerSecond5000: { atLeast: 4 },
      p99Milliseconds1000: { atMost: 1.1 },
      bytesPerIdlePeer: { atMost: 1.4 },
      p99WithOneInTenNotReading: { atMost: 1.5 },
      memoryOfThoseNotReading: { atMost: 1 },
      resumedPerSecond: { atLeast: 5 },
      reachedOf10000: { atLeast: 10_000 },
    },
  }
}
