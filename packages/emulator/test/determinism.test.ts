import { assert, it } from "vitest"
import { type Cloud, emulator } from "@blink-streams/emulator"
import { signIn } from "./support/Client.ts"

const start = (seed: number, port: number): Promise<Cloud> =>
  emulator({ seed, port, scenario: "busy", speed: 0, startAt: Date.UTC(2026, 2, 14, 12, 0) })

/** One that was free a moment ago. */
const freePort = async (): Promise<number> => {
  await using cloud = await emulator()
  return Number(new URL(cloud.url).port)
}

/** Everything that a client sees of a minute in a busy home, byte for byte. */
const story = async (cloud: Cloud): Promise<ReadonlyArray<string>> => {
  const { ask, tokens, account } = await signIn(cloud.url, cloud.account)
  const told: Array<string> = [tokens.access_token]
  const tell = async (line: string) => {
    const { status, headers, bytes } = await ask(line)
    told.push(`${status} ${headers.get("date")} ${bytes.toString("base64")}`)
    return bytes
  }
  for (let round = 0; round < 6; round++) {
    await cloud.clock({ advance_ms: 10_000 })
    await tell(`GET /api/v3/accounts/${account}/homescreen`)
    await tell(`POST /network/5130001/camera/8800102/thumbnail`)
    const list = await tell(`GET /api/v1/accounts/${account}/media/changed?since=1970-01-01&page=1`)
    const [first] = JSON.parse(list.toString()).media
    await tell(`GET ${first.thumbnail}`)
    await tell(`GET ${first.media}`)
  }
  await tell(`POST /api/v2/accounts/${account}/networks/5130002/owls/8900202/liveview`)
  return [...told, JSON.stringify(await cloud.world())]
}

const tellOf = async (seed: number, port = 0) => {
  await using cloud = await start(seed, port)
  // The pool of this process learns only on use that its connections to another cloud at this port are gone.
  while (
    !(await fetch(`${cloud.url}/regions`)
      .then(({ ok }) => ok)
      .catch(() => false))
  );
  return await story(cloud) // the cloud must outlive its story
}

it("the same seed, port, scenario and requests give the same bytes", async () => {
  const port = await freePort()
  assert.deepStrictEqual(await tellOf(21, port), await tellOf(21, port))
})

it("another seed gives other tokens and another day", async () => {
  const [first, other] = [await tellOf(21), await tellOf(22)]
  assert.notStrictEqual(other[0], first[0])
  assert.notStrictEqual(other.at(-1), first.at(-1))
})
