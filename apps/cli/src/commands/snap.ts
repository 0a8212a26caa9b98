import type { Client } from "@blink-streams/client"
import { httpClient } from "@blink-streams/client/http"
import type { CameraState } from "@blink-streams/model"
import { cleanText, colourDepth } from "@blink-streams/watcher/text"
import { decodeJpeg, drawPicture, pictureProtocol, queryTerminal } from "@blink-streams/watcher/pictures"
import { renameSync, rmSync, writeFileSync } from "node:fs"
import { CliError, messageOf } from "../errors/CliError.ts"
import { fromRequestError } from "../errors/fromRequestError.ts"
import { imageProtocolSetting } from "../settings/imageProtocolSetting.ts"
import { type HomeConnection, withHome } from "../connect/connectHome.ts"
import type { ConnectFlags } from "../connect/findBroadcaster.ts"
import { firstState } from "../connect/firstState.ts"
import { runCommand } from "../connect/runCommand.ts"
import { type CameraTarget, cameraTarget, findCamera } from "../connect/targets.ts"
import { printResult } from "../terminal/printResult.ts"

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

/** Takes a picture and downloads it. */
const takePicture = async (
  { client, url: broadcaster }: HomeConnection,
  target: CameraTarget,
  timeout: number,
): Promise<Uint8Array> => {
  const name = cleanText(target.camera.name)
  const startedAt = Date.now()
  const command = { name: "thumbnail", target: cameraTarget(target) }
  await runCommand(client, command, `picture of ${name}`, timeout)
  const remaining = Math.max(5_000, timeout - (Date.now() - startedAt))
  const path = await waitForThumbnail(client, target, remaining)
  return httpClient({ url: broadcaster })
    .media(path)
    .catch((error: unknown) => {
      throw fromRequestError(error)
    })
}

/** `blink-streams snap CAMERA`. */
export const snap = async (requested: string, flags: Flags): Promise<void> => {
  const { to, json } = flags
  if (json && (to === undefined || to === "-"))
    throw new CliError("usage", "--json prints the path of the saved picture: give --to FILE")
  if (to === undefined && !process.stdout.isTTY)
    throw new CliError(
      "usage",
      "cannot show the picture without a terminal: save it with --to FILE, or --to - for a pipe",
    )
  await withHome(flags, async (home) => {
    const target = findCamera(await firstState(home.client), requested)
    const jpeg = await takePicture(home, target, flags.timeout)
    if (to === undefined) return await display(jpeg, flags.images)
    if (to === "-") return void process.stdout.write(jpeg)
    save(to, jpeg)
    printResult(json, { camera: target.camera.name, path: to, bytes: jpeg.length }, to)
  })
}
