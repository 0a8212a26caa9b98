import type { AccountId, AccountState, HomeEvent } from "@blink-streams/model"
import { createHmac, timingSafeEqual } from "node:crypto"

/** Addresses last from one to two of these. All signed within one are the same text, so a frame is encoded once. */
const bucketMs = 30 * 60_000

const mostSigned = 10_000

/**
 * Turns paths of the cloud into addresses of this server that a page can show without a token in its address.
 *
 * An address is worth one file until it lapses; who may not see an event never gets its addresses.
 */
export class MediaAddress {
  readonly #key: Buffer
  readonly #prefix: string
  /** Signed within the present bucket. */
  readonly #signed = new Map<string, string>()
  #bucket = 0

  constructor(key: Buffer, prefix: string) {
    this.#key = key
    this.#prefix = prefix
  }

  #signature(account: number, path: string, expires: number): Buffer {
    return createHmac("sha256", this.#key).update(`${account}\n${path}\n${expires}`).digest()
  }

  sign(account: AccountId, path: string, now: number): string {
    const bucket = Math.floor(now / bucketMs)
    if (bucket !== this.#bucket || this.#signed.size >= mostSigned) {
      this.#signed.clear()
      this.#bucket = bucket
    }
    const key = `${account}\n${path}`
    const known = this.#signed.get(key)
    if (known !== undefined) return known
    const expires = (bucket + 2) * bucketMs
    const signature = this.#signature(account, path, expires).toString("base64url")
    const file = Buffer.from(path).toString("base64url")
    const address = `${this.#prefix}/v1/media/${account}/${file}?expires=${expires}&signature=${signature}`
    this.#signed.set(key, address)
    return address
  }

  /** The path of the cloud, when the address is ours and has not lapsed. */
  verify(
    account: number,
    encoded: string,
    expires: string | undefined,
    signature: string | undefined,
    now: number,
  ): string | null {
    const until = Number(expires)
    if (!(until > now) || signature === undefined) return null
    const path = Buffer.from(encoded, "base64url").toString()
    const right = this.#signature(account, path, until)
    const given = Buffer.from(signature, "base64url")
    return given.length === right.length && timingSafeEqual(given, right) ? path : null
  }

  event(event: HomeEvent, now: number): HomeEvent {
    const { account } = event.subject
    switch (event.kind) {
      case "motion":
        return {
          ...event,
          data: { ...event.data, ...this.#media(account, event.data.thumbnail, event.data.clip, now) },
        }
      case "doorbell.pressed":
        return {
          ...event,
          data: { ...event.data, ...this.#media(account, event.data.thumbnail, event.data.clip, now) },
        }
      case "clip.added":
      case "clip.updated":
      case "clip.watched":
      case "clip.deleted":
        return {
          ...event,
          data: { ...event.data, ...this.#media(account, event.data.thumbnail, event.data.clip, now) },
        }
      case "thumbnail.changed":
        return { ...event, data: { ...event.data, url: this.sign(account, event.data.url, now) } }
      case "device.added":
        return event.data.to === undefined
          ? event
          : { ...event, data: { to: this.#camera(account, event.data.to, now) } }
      case "device.removed":
        return event.data.from === undefined
          ? event
          : { ...event, data: { from: this.#camera(account, event.data.from, now) } }
      default:
        return event
    }
  }

  state(state: AccountState, now: number): AccountState {
    return { ...state, cameras: state.cameras.map((camera) => this.#camera(state.account, camera, now)) }
  }

  #media(account: AccountId, thumbnail: string | undefined, clip: string | undefined, now: number) {
    return {
      ...(thumbnail === undefined ? {} : { thumbnail: this.sign(account, thumbnail, now) }),
      ...(clip === undefined ? {} : { clip: this.sign(account, clip, now) }),
    }
  }

  #camera<
    C extends AccountState["cameras"][number] | { readonly thumbnail: null | { readonly url: string } },
  >(account: AccountId, camera: C, now: number): C {
    return camera.thumbnail === null
      ? camera
      : { ...camera, thumbnail: { ...camera.thumbnail, url: this.sign(account, camera.thumbnail.url, now) } }
  }
}
