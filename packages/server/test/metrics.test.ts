import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { TestClient } from "./TestClient.ts"
import { startCloud } from "./testCloud.ts"
import { secret } from "./testServer.ts"

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
/** Type of each metric, by name, as the README lists it. */
const documented = new Map(
  [...readme.matchAll(/^\| `(\w+)` +\| (gauge|counter|histogram) /gm)].map(([, name = "", type]) => [
    name,
    type,
  ]),
)

const exportedTypes = (text: string) =>
  new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = "", type]) => [name, type]))

const scrape = (url: string) => Effect.promise(async () => (await fetch(`${url}metrics`)).text())

it.live("The README lists every metric of a server with its type", () =>
  Effect.gen(function* () {
    const { url, socketUrl, cloud, monitor } = yield* startCloud({ scenario: "quiet" })
    yield* Effect.forkScoped(monitor.handleEvents({ reader: "porch-light" }, () => Effect.void))
    const peer = yield* Effect.promise(() => new TestClient(socketUrl).authenticate(secret))
    peer.send({ type: "subscribe", id: "s", topics: ["motion"], snapshot: "none" })
    yield* cloud.motion({ camera: "Porch", publish_after_ms: 0 })
    yield* cloud.fault({ match: { path: "/homescreen" }, times: 1, do: { status: 429 } })
    yield* monitor.refresh.pipe(Effect.ignore)
    yield* Effect.promise(() => peer.next("event"))
    peer.socket.close(1000)
    yield* Effect.promise(() => peer.closed)
    const text = yield* Effect.repeat(scrape(url), { until: (text) => text.includes("closes_total") })
    const exported = exportedTypes(text)
    assert.sameDeepMembers([...exported], [...documented])
    for (const name of exported.keys()) assert.match(text, new RegExp(`^# HELP ${name} \\S`, "m"), name)
  }).pipe(Effect.scoped),
)

it.live("The metrics of a server are no longer exported once it has stopped", () =>
  Effect.gen(function* () {
    const stopped = yield* Effect.scoped(
      Effect.flatMap(startCloud({ scenario: "quiet" }), ({ url }) => scrape(url)),
    )
    assert.match(stopped, /^blink_streams_budget_calls_left \d+$/m)
    const { url } = yield* startCloud({ scenario: "quiet" })
    const text = yield* scrape(url)
    assert.match(text, /^blink_streams_peers 0$/m)
    assert.strictEqual(text.match(/^blink_streams_peers /gm)?.length, 1)
  }).pipe(Effect.scoped),
)
