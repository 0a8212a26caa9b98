import { emulator } from "@blink-streams/emulator"
import { writeFileSync } from "node:fs"
await using cloud = await emulator({ settings: { secondFactor: "off" } } as any)
for (const n of [10, 100, 1000]) {
  const { accounts } = (await cloud.addAccount({
    networks: Math.max(1, n / 10),
    cameras: n,
    email: `a${n}@example.com`,
  } as any)) as any
  const a = accounts ? accounts[0] : null
  console.log(JSON.stringify(a ?? (await cloud.world()).accounts.at(-1)).slice(0, 200))
  const login = await fetch(cloud.url + "/login", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: `a${n}@example.com`, password: "demo-password" }),
  })
  const j: any = await login.json()
  console.log(login.status, JSON.stringify(j).slice(0, 200))
  const h = await fetch(`${cloud.url}/api/v3/accounts/${j.account.id}/homescreen`, {
    headers: { token_auth: j.authtoken.authtoken },
  })
  const t = await h.text()
  console.log(h.status, t.length)
  writeFileSync(`/tmp/hs${n}.json`, t)
}
process.exit(0)
