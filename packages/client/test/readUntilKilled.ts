/**
 * Program of the crash tests: handles motion events and saves `client.cursor`, as the README says. Arguments: URL of the
 * server, token, folder of its files, `loop` or `observable`, number of the motion whose handler throws (0: none).
 */
import { connect, type ReceivedEvent } from "../src/index.ts"
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

const [url = "", token = "", folder = "", surface = "loop", throwing = "0"] = process.argv.slice(2)
const cursorFile = join(folder, "cursor")
const handledFile = join(folder, "handled")
const thrownFile = join(folder, "thrown")

const client = connect({ url, token })
const since = existsSync(cursorFile) ? readFileSync(cursorFile, "utf8") : "beginning"

let saved: string | null = null
const save = () => {
  const { cursor } = client
  if (cursor === null || cursor === saved) return
  saved = cursor
  writeFileSync(`${cursorFile}.new`, cursor)
  renameSync(`${cursorFile}.new`, cursorFile)
  console.log(`saved ${cursor}`)
}

const handle = async ({ id }: ReceivedEvent) => {
  console.log(`begun ${id}`)
  await sleep(4)
  if (id === `motion:${throwing}` && !existsSync(thrownFile)) {
    writeFileSync(thrownFile, id)
    throw new Error(`no way to handle ${id}`)
  }
  appendFileSync(handledFile, `${id}\n`)
  console.log(`handled ${id}`)
}

const run = async () => {
  const options = { since, kinds: ["motion"] } as const
  if (surface === "loop") for await (const event of client.events(options)) await handle(event)
  else {
    const [{ handleEach }, { lastValueFrom }] = await Promise.all([import("../src/rx.ts"), import("rxjs")])
    await lastValueFrom(handleEach(client, handle, options))
  }
}

const timer = setInterval(save, 25)
try {
  await run()
} catch (error) {
  console.log(`failed ${error instanceof Error ? error.message : String(error)}`)
} finally {
  clearInterval(timer)
  save()
  client.close()
}
