import type { Client } from "@blink-streams/client"
import type { CameraState } from "@blink-streams/model"
import { cleanText, colourDepth, httpUrl } from "@blink-streams/watcher/text"
import { decodeJpeg, drawPicture, pictureProtocol, queryTerminal } from "@blink-streams/watcher/pictures"
import { renameSync, rmSync, writeFileSync } from "node:fs"
import { CliError, messageOf } from "../errors/CliError.ts"
import { imageProtocolSetting } from "../settings/imageProtocolSetting.ts"
import { connectHome } from "../connect/connectHome.ts"
import type { ConnectFlags } from "../connect/findBroadcaster.ts"
import { firstState } from "../connect/firstState.ts"
import { runCommand } from "../connect/runCommand.ts"
import { type CameraTarget, cameraTarget, findCamera } from "../connect/targets.ts"

interface Flags extends ConnectFlags {
  readonly to?: string
  readonly timeout: number
  readonly images?: string
  readonly json?: boolean
}

/** Thumbnail path without its signature; it changes when there is a new picture. */
const thumbnailPath = (camera: CameraState): string | null => camera.thumbnail?.url.split("?")[0] ?? null

/** Resolves with the URL of a new thumbnail. Rejects with a `CliError` after `timeout` milliseconds. */
const waitForThumbnail = (
  client: Client,
  { camera: before }: CameraTarget,
  timeout: number,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const check = (): void => {
      const camera = client.state?.accounts
        .flatMap(({ cameras }) => cameras)
        .find(({ kind, id }) => kind === before.kind && id === before.id)
      if (!camera?.thumbnail || thumbnailPath(camera) === thumbnailPath(before)) return
      clearTimeout(timer)
      unsubscribe()
      resolve(camera.thumbnail.url)
    }
    const timer = setTimeout(() => {
      unsubscribe()
      reject(new CliError("timedOut", `no new picture of ${cleanText(before.name)} arrived in time`))
    }, timeout)
    const unsubscribe = client.subscribe(check)
    check()
  })

const save = (path: string, jpeg: Uint8Array): void => {
  try {
    writeFileSync(`${path}.part`, jpeg)
    renameSync(`${path}.part`, path)
  } catch (cause) {
    rmSync(`${path}.part`, { force: true })
    throw new CliError("failed", `${path} can't be written: ${messageOf(cause)}`)
  }
}

const display = async (jpeg: Uint8Array, images: string | undefined): Promise<void> => {
  const depth = colourDepth({ flag: undefined, environment: process.env, isTerminal: process.stdout.isTTY })
  const protocol = await pictureProtocol({
    flag: imageProtocolSetting(images),
    environment: process.env,
    depth,
    query: queryTerminal,
  })
  if (protocol === "none")
    throw new CliError("usage", "this terminal can't show pictures: save it with --to FILE")
  const maxSize = {
    columns: Math.min(120, process.stdout.columns ?? 80),
    rows: Math.min(40, (process.stdout.rows ?? 24) - 2),
  }
  const { lines, pixels, cells } = drawPicture(protocol, depth, jpeg, await decodeJpeg(jpeg), maxSize)
  process.stdout.write(pixels === "" ? `${lines.join("\n")}\n` : `${pixels}${"\n".repeat(cells.rows)}`)
}

/** `blink-streams snap CAMERA`. */
export const snap = async (requested: string, flags: Flags): Promise<void> => {
  if (flags.json && (flags.to === undefined || flags.to === "-"))
    throw new CliError("usage", "--json prints the path of the saved picture: give --to FILE")
  if (flags.to === undefined && !process.stdout.isTTY)
    throw new CliError(
      "usage",
      "cannot show the picture without a terminal: save it with --to FILE, or --to - for a pipe",
    )
  const home = await connectHome(flags)
  try {
    const target = findCamera(await firstState(home.client), requested)
    const name = cleanText(target.camera.name)
    const startedAt = Date.now()
    await runCommand(
      home.client,
      { name: "thumbnail", target: cameraTarget(target) },
      `picture of ${name}`,
      flags.timeout,
    )
    const url = await waitForThumbnail(
      home.client,
      target,
      Math.max(5_000, flags.timeout - (Date.now() - startedAt)),
    )
    const response = await fetch(httpUrl(home.url, url))
    if (!response.ok)
      throw new CliError("failed", `the picture of ${name} was rejected with status ${response.status}`)
    const jpeg = new Uint8Array(await response.arrayBuffer())
    if (flags.to === "-") process.stdout.write(jpeg)
    else if (flags.to !== undefined) {
      save(flags.to, jpeg)
      process.stdout.write(
        flags.json
          ? `${JSON.stringify({ camera: target.camera.name, path: flags.to, bytes: jpeg.length })}\n`
          : `${flags.to}\n`,
      )
    } else await display(jpeg, flags.images)
  } finally {
    await home.close()
  }
}
