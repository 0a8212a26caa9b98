import { assert, it } from "vitest"
import { type Cloud, emulator } from "@blink-streams/emulator"
import { signIn } from "./support/Client.ts"

const start = (seed: number): Promise<Cloud> =>
  emulator({ seed, scenario: "busy", speed: 0, startAt: Date.UTC(2026, 2, 14, 12, 0) })

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
  return [...told, JSON.stringify(await cloud.world())]
}

const tellOf = async (seed: number) => {
  await using cloud = await start(seed)
  return await story(cloud) // the cloud must outlive its story
}

it("the same seed, scenario and requests give the same bytes", async () => {
  assert.deepStrictEqual(await tellOf(21), await tellOf(21))
})

it("another seed gives other tokens and another day", async () => {
  const [first, other] = [await tellOf(21), await tellOf(22)]
  assert.notStrictEqual(other[0], first[0])
  assert.notStrictEqual(other.at(-1), first.at(-1))
})
