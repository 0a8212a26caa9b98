import type { Client } from "@blink-streams/client"
import type { CameraState } from "@blink-streams/model"
import { cleanText } from "@blink-streams/watcher/cleanText"
import { colourDepth } from "@blink-streams/watcher/colourDepth"
import { httpUrl } from "@blink-streams/watcher/httpUrl"
import { askTerminal } from "@blink-streams/watcher/pictures/askTerminal"
import { decodeJpeg } from "@blink-streams/watcher/pictures/decodeJpeg"
import { drawPicture } from "@blink-streams/watcher/pictures/drawPicture"
import { pictureProtocol } from "@blink-streams/watcher/pictures/pictureProtocol"
import { renameSync, rmSync, writeFileSync } from "node:fs"
import { Failure, reasonOf } from "../Failure.ts"
import { imagesSetting } from "../imagesSetting.ts"
import { type HomeFlags, firstState, openHome } from "../openHome.ts"
import { runWish } from "../runWish.ts"
import { type CameraTarget, cameraTarget, findCamera } from "../targets.ts"
import { lookMillis } from "./state.ts"

interface Flags extends HomeFlags {
  readonly to?: string
  readonly timeout: number
  readonly images?: string
  readonly json?: boolean
}

/** A path without its signature names the picture. */
const pictureOf = (camera: CameraState): string | null => camera.thumbnail?.url.split("?")[0] ?? null

/** Waits until the state shows another picture of the camera than the one before. */
const newPicture = (client: Client, { camera: before }: CameraTarget, timeout: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const look = (): void => {
      const camera = client.state?.accounts
        .flatMap(({ cameras }) => cameras)
        .find(({ kind, id }) => kind === before.kind && id === before.id)
      if (!camera?.thumbnail || pictureOf(camera) === pictureOf(before)) return
      clearTimeout(timer)
      unsubscribe()
      resolve(camera.thumbnail.url)
    }
    const timer = setTimeout(() => {
      unsubscribe()
      reject(new Failure("timedOut", `no new picture of ${cleanText(before.name)} has appeared`))
    }, timeout)
    const unsubscribe = client.subscribe(look)
    look()
  })

const save = (path: string, jpeg: Uint8Array): void => {
  try {
    writeFileSync(`${path}.part`, jpeg)
    renameSync(`${path}.part`, path)
  } catch (cause) {
    rmSync(`${path}.part`, { force: true })
    throw new Failure("failed", `${path} can't be written: ${reasonOf(cause)}`)
  }
}

const show = async (jpeg: Uint8Array, images: string | undefined): Promise<void> => {
  const depth = colourDepth({ flag: undefined, environment: process.env, isTerminal: process.stdout.isTTY })
  const protocol = await pictureProtocol({
    flag: imagesSetting(images),
    environment: process.env,
    depth,
    query: askTerminal,
  })
  if (protocol === "none")
    throw new Failure("usage", "this terminal can't show pictures: save it with --to FILE")
  const room = {
    columns: Math.min(120, process.stdout.columns ?? 80),
    rows: Math.min(40, (process.stdout.rows ?? 24) - 2),
  }
  const { lines, pixels, cells } = drawPicture(protocol, depth, jpeg, await decodeJpeg(jpeg), room)
  process.stdout.write(pixels === "" ? `${lines.join("\n")}\n` : `${pixels}${"\n".repeat(cells.rows)}`)
}

/** `blink-streams snap CAMERA`. */
export const snap = async (wanted: string, flags: Flags): Promise<void> => {
  if (flags.json && (flags.to === undefined || flags.to === "-"))
    throw new Failure("usage", "--json tells where the picture was saved: give --to FILE")
  if (flags.to === undefined && !process.stdout.isTTY)
    throw new Failure(
      "usage",
      "there is no terminal to show the picture on: save it with --to FILE, or --to - for a pipe",
    )
  const home = await openHome(flags)
  try {
    const target = findCamera(await firstState(home.client, lookMillis), wanted)
    const name = cleanText(target.camera.name)
    const begun = Date.now()
    await runWish(
      home.client,
      { name: "thumbnail", target: cameraTarget(target) },
      `picture of ${name}`,
      flags.timeout,
    )
    const url = await newPicture(home.client, target, Math.max(5_000, flags.timeout - (Date.now() - begun)))
    const answer = await fetch(httpUrl(home.url, url))
    if (!answer.ok) throw new Failure("failed", `the picture of ${name} was refused with ${answer.status}`)
    const jpeg = new Uint8Array(await answer.arrayBuffer())
    if (flags.to === "-") process.stdout.write(jpeg)
    else if (flags.to !== undefined) {
      save(flags.to, jpeg)
      process.stdout.write(
        flags.json
          ? `${JSON.stringify({ camera: target.camera.name, path: flags.to, bytes: jpeg.length })}\n`
          : `${flags.to}\n`,
      )
    } else await show(jpeg, flags.images)
  } finally {
    await home.close()
  }
}
