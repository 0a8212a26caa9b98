import { connect, fileStore } from "@blink-streams/events/promise"
import { type Cloud, emulator } from "@blink-streams/emulator"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { copyFile, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, test } from "vitest"

/** A program of this folder as its reader would run it, in a folder of its own. */
const run = (program: string, folder: string, cloud: Cloud) => {
  const child = spawn(
    "node",
    ["--conditions=@blink-streams/source", join(import.meta.dirname, "..", program)],
    {
      env: {
        ...process.env,
        BLINK_API_URL: cloud.url,
        BLINK_OAUTH_URL: cloud.url,
        BLINK_STREAMS_DIR: folder,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  )
  let text = ""
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString()
      for (const listener of listeners) listener()
    })
  return {
    get text() {
      return text
    },
    /** Resolves when the program has printed it; a program that ends before has failed. */
    printed: (part: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (!text.includes(part)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        child.once("exit", () => reject(new Error(`${program} ended without "${part}":\n${text}`)))
        look()
      }),
    /** Ctrl-C, and the exit code. */
    interrupt: async (): Promise<number | null> => {
      child.kill("SIGINT")
      if (child.exitCode === null) await once(child, "exit")
      return child.exitCode
    },
  }
}

describe("each door tells of a motion, exactly once", () => {
  let cloud: Cloud
  let home: string
  beforeAll(async () => {
    cloud = await emulator({ scenario: "quiet" })
    home = await mkdtemp(join(tmpdir(), "examples-"))
    const { email, password, pin } = cloud.account
    const answers = { email, password, two_factor: pin }
    const signedIn = await connect({
      store: fileStore(join(home, "session.json")),
      apiUrl: cloud.url,
      oauthUrl: cloud.url,
      onPrompt: ({ kind }) => Promise.resolve(answers[kind]),
    })
    await signedIn.close()
  })
  afterAll(async () => {
    await cloud[Symbol.asyncDispose]()
    await rm(home, { recursive: true })
  })

  test.concurrent.each([
    ["promises.ts", 0],
    ["observables.ts", 0],
    ["effects.ts", 130],
  ])("%s", { timeout: 90_000 }, async (program, exitCode) => {
    const folder = await mkdtemp(join(tmpdir(), "example-"))
    await copyFile(join(home, "session.json"), join(folder, "session.json"))
    const example = run(program, folder, cloud)
    await example.printed("Home is armed")
    const { id } = await cloud.motion({ camera: "Porch", duration: 5, publish_after_ms: 0 })
    await example.printed(`"clipId":"${id}"`)
    assert.strictEqual(await example.interrupt(), exitCode)
    assert.strictEqual(example.text.split(`"clipId":"${id}"`).length - 1, 1, example.text)
    await rm(folder, { recursive: true })
  })
})
