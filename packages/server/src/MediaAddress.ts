import { AccountId, type AccountState, type HomeEvent } from "@blink-streams/model"
import { createHmac, timingSafeEqual } from "node:crypto"

/** Addresses last from one to two of these. All signed within one are the same text, so a frame is encoded once. */
const bucketMs = 30 * 60_000

const mostSigned = 10_000

const mediaKeys = /"(?:thumbnail|clip|url)":"/
const mediaValues = /"(thumbnail|clip|url)":("(?:[^"\\]|\\.)*")/g
const accountKey = /"account":(\d+)/

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
    // What was an event is one afterwards: only the texts of addresses differ.
    const signed: HomeEvent = JSON.parse(this.signText(JSON.stringify(event), now))
    return signed
  }

  /**
   * The same for an event as JSON text. Within a JSON string a quote is written `\\"`, so what looks like one of
   * these keys is one, and in events they hold nothing but media.
   */
  signText(text: string, now: number): string {
    if (!mediaKeys.test(text)) return text
    const account = AccountId.make(Number(accountKey.exec(text)?.[1]))
    return text.replaceAll(mediaValues, (_, key: string, value: string) => {
      const path: unknown = JSON.parse(value)
      return `"${key}":${JSON.stringify(this.sign(account, String(path), now))}`
    })
  }

  state(state: AccountState, now: number): AccountState {
    const cameras = state.cameras.map((camera) => {
      if (camera.thumbnail === null) return camera
      const url = this.sign(state.account, camera.thumbnail.url, now)
      return Object.assign({}, camera, { thumbnail: { url, takenAt: camera.thumbnail.takenAt } })
    })
    return { ...state, cameras }
  }
}
