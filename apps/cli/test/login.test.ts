import { type EmulatedCloud, startEmulator } from "@blink-streams/emulator"
import { expect, it } from "vitest"
import { blinkStreams, temporaryFolder } from "./binary.ts"
import { type EmulatedAccount, signInToEmulator } from "./emulatedAccount.ts"
import { Terminal } from "./Terminal.ts"

/** Signs in on the vendor's page like a browser and returns the URL at which it ends. */
const signInWithBrowser = async (
  page: string,
  { email, password }: EmulatedCloud["account"],
): Promise<string> => {
  const open = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, page), { ...init, redirect: "manual" })
  const cookie = (await open(page)).headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ")
  const form = await (await open("/oauth/v2/signin", { headers: { cookie } })).text()
  const token = /"csrf-token":"([^"]+)"/.exec(form)?.[1] ?? ""
  await open("/oauth/v2/signin", {
    method: "POST",
    headers: { cookie },
    body: new URLSearchParams({ username: email, password, "csrf-token": token }),
  })
  const end = await open("/oauth/v2/authorize", { headers: { cookie } })
  return end.headers.get("location") ?? ""
}

/** Runs `login` in a terminal that is wide enough for a URL in one line. */
const login = (environment: EmulatedAccount["environment"], args: ReadonlyArray<string> = []) =>
  Terminal.open({
    columns: 1_000,
    rows: 20,
    args: ["login", "--email", "demo@example.com", ...args],
    environment,
  })

it("login --hosted prompts again for a wrong address and succeeds with the right one", async () => {
  await using cloud = await startEmulator({ settings: { secondFactor: "off" } })
  const environment = {
    BLINK_STREAMS_DIR: temporaryFolder(),
    BLINK_API_URL: cloud.url,
    BLINK_OAUTH_URL: cloud.url,
    BLINK_STREAMS_PORT: "1",
  }
  await using terminal = await login(environment, ["--hosted"])
  const page = /https?:\S+/.exec(await terminal.until("address of that page:"))![0]
  // Users sometimes paste the address that they opened.
  await terminal.type(page)
  await terminal.press("Enter")
  await terminal.until("not the final address of the sign-in")
  const address = await signInWithBrowser(page, cloud.account)
  await terminal.type(address)
  await terminal.press("Enter")
  expect(await terminal.until("ended with")).toMatch(/Signed in: account 7310001[\s\S]+ended with 0/)
  expect(await terminal.screen()).not.toContain(address)
  await expect(blinkStreams(["state"], environment)).resolves.toMatchObject({ code: 0 })
})

it("login --hosted leaves the account unchanged when it is cancelled", async () => {
  await using emulated = await signInToEmulator()
  await using terminal = await login(emulated.environment, ["--hosted"])
  await terminal.until("address of that page:")
  await terminal.press("C-c")
  await terminal.until("ended with 2")
  await expect(blinkStreams(["accounts"], emulated.environment)).resolves.toMatchObject({
    stdout: "demo@example.com  account 7310001  oauth  active\n",
  })
})

it("Prompts stay visible while the user types, and secrets are not echoed", async () => {
  await using emulated = await signInToEmulator()
  const environment = { ...emulated.environment, BLINK_STREAMS_DIR: temporaryFolder() }
  await using terminal = await Terminal.open({ columns: 100, rows: 20, args: ["login"], environment })
  await terminal.until("e-mail:")
  await terminal.type("demo@example.com")
  await terminal.until("e-mail: demo@example.com")
  await terminal.press("Enter")
  await terminal.until("password:")
  await terminal.type("demo-password")
  await terminal.press("Enter")
  expect(await terminal.until("code that Blink sent by sms:")).not.toContain("demo-password")
  await using disarming = await Terminal.open({
    columns: 100,
    rows: 20,
    args: ["disarm", "Home"],
    environment: emulated.environment,
  })
  await disarming.until("disarm Home? [y/N]:")
  await disarming.type("n")
  await disarming.until("disarm Home? [y/N]: n")
  await disarming.press("Enter")
  await disarming.until("nothing was changed")
})

it("login continues a sign-in that needs its code and prints how to get a new one", async () => {
  await using cloud = await startEmulator({})
  const environment = {
    BLINK_STREAMS_DIR: temporaryFolder(),
    BLINK_API_URL: cloud.url,
    BLINK_OAUTH_URL: cloud.url,
  }
  await using first = await login(environment)
  await first.until("password:")
  await first.type(cloud.account.password)
  await first.press("Enter")
  expect(await first.until("code that Blink sent by sms:")).not.toContain("logout")
  await first.press("C-c")
  await first.until("ended with 2")
  await using second = await login(environment)
  await second.until(
    /If no code arrived, run blink-streams logout demo@example.com and sign in again[\s\S]+code that Blink sent by sms:/,
  )
  await second.type(cloud.account.pin)
  await second.press("Enter")
  await second.until("ended with 0")
})

it("An abandoned hosted sign-in does not make login prompt for a code", async () => {
  await using emulated = await signInToEmulator()
  const killed = async (environment: EmulatedAccount["environment"]) => {
    await using terminal = await login(environment, ["--hosted"])
    await terminal.until("address of that page:")
    process.kill(await terminal.pid(), "SIGKILL")
    await terminal.until("ended with 137")
  }
  // A signed-in account keeps working.
  await killed(emulated.environment)
  await expect(blinkStreams(["state"], emulated.environment)).resolves.toMatchObject({ code: 0 })
  // A new account is prompted for its password.
  const fresh = { ...emulated.environment, BLINK_STREAMS_DIR: temporaryFolder() }
  await killed(fresh)
  await using terminal = await login(fresh)
  await terminal.until("password:")
})
