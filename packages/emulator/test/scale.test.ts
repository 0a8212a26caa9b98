import { assert, it } from "vitest"
import { startEmulator } from "../src/index.ts"
import { signIn } from "./support/cloudClient.ts"

it("The emulator holds 1000 accounts of two networks and eight cameras in less than 400 MB", async () => {
  await using cloud = await startEmulator({ seed: 1 })
  const { accounts } = await cloud.addAccount({ count: 1000, networks: 2, cameras: 8, clips_per_camera: 2 })
  assert.strictEqual(accounts.length, 1000)
  assert.strictEqual(new Set(accounts.map(({ email }) => email)).size, 1000)
  const last = accounts.at(-1)
  assert.isDefined(last)
  const { send, account } = await signIn(cloud.url, last ?? cloud.account)
  assert.strictEqual(account, last?.id)
  const { body } = await send(`GET /api/v3/accounts/${account}/homescreen`)
  assert.strictEqual(body.networks.length, 2)
  assert.strictEqual(body.cameras.length + body.owls.length + body.doorbells.length, 8)
  const { media } = (await send(`GET /api/v1/accounts/${account}/media/changed?since=1970-01-01&page=1`)).body
  assert.strictEqual(media.length, 16)
  assert.isBelow(process.memoryUsage().heapUsed / 2 ** 20, 400)
})
