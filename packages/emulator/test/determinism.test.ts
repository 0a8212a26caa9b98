import { assert, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"
import { signIn } from "./support/cloudClient.ts"

const start = (seed: number, port: number): Promise<EmulatedCloud> =>
  startEmulator({ seed, port, scenario: "busy", speed: 0, startAt: Date.UTC(2026, 2, 14, 12, 0) })

/** A port that is free at this time. */
const freePort = async (): Promise<number> => {
  await using cloud = await startEmulator()
  return Number(new URL(cloud.url).port)
}

/** All bytes that a client receives during one minute of the scenario busy. */
const sessionTranscript = async (cloud: EmulatedCloud): Promise<ReadonlyArray<string>> => {
  const { send, tokens, account } = await signIn(cloud.url, cloud.account)
  const transcript: Array<string> = [tokens.access_token]
  const record = async (line: string) => {
    const { status, headers, bytes } = await send(line)
    transcript.push(`${status} ${headers.get("date")} ${bytes.toString("base64")}`)
    return bytes
  }
  for (let round = 0; round < 6; round++) {
    await cloud.clock({ advance_ms: 10_000 })
    await record(`GET /api/v3/accounts/${account}/homescreen`)
    await record(`POST /network/5130001/camera/8800102/thumbnail`)
    const list = await record(`GET /api/v1/accounts/${account}/media/changed?since=1970-01-01&page=1`)
    const [first] = JSON.parse(list.toString()).media
    await record(`GET ${first.thumbnail}`)
    await record(`GET ${first.media}`)
  }
  await record(`POST /api/v2/accounts/${account}/networks/5130002/owls/8900202/liveview`)
  return [...transcript, JSON.stringify(await cloud.world())]
}

const runTranscript = async (seed: number, port = 0) => {
  await using cloud = await start(seed, port)
  // The connection pool notices only on use that its connections to an earlier emulator at this port are closed.
  while (
    !(await fetch(`${cloud.url}/regions`)
      .then(({ ok }) => ok)
      .catch(() => false))
  );
  return await sessionTranscript(cloud) // `await` keeps the cloud open until the transcript is complete
}

it("The same seed, port, scenario and requests give the same bytes", async () => {
  const port = await freePort()
  assert.deepStrictEqual(await runTranscript(21, port), await runTranscript(21, port))
})

it("A different seed gives different tokens and events", async () => {
  const [first, other] = [await runTranscript(21), await runTranscript(22)]
  assert.notStrictEqual(other[0], first[0])
  assert.notStrictEqual(other.at(-1), first.at(-1))
})
