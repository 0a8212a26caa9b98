import { AccountId, type AccountState, type BlinkEvent } from "@blink-streams/model"
import { createHmac, timingSafeEqual } from "node:crypto"

/** Addresses last from one to two of these. All signed within one are the same text, so a frame is encoded once. */
const bucketMs = 30 * 60_000

const maxCachedUrls = 10_000

const mediaKeyPattern = /"(?:thumbnail|clip|url)":"/
const mediaValuePattern = /"(thumbnail|clip|url)":("(?:[^"\\]|\\.)*")/g
const accountPattern = /"account":(\d+)/

/**
 * Turns paths of the cloud into addresses of this server that a page can show without a token in its address.
 *
 * An address is worth one file until it lapses; who may not see an event never gets its addresses.
 */
export class MediaUrlSigner {
  readonly #key: Buffer
  readonly #prefix: string
  /** Signed within the present bucket. */
  readonly #cachedUrls = new Map<string, string>()
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
    if (bucket !== this.#bucket || this.#cachedUrls.size >= maxCachedUrls) {
      this.#cachedUrls.clear()
      this.#bucket = bucket
    }
    const key = `${account}\n${path}`
    const cachedUrl = this.#cachedUrls.get(key)
    if (cachedUrl !== undefined) return cachedUrl
    const expires = (bucket + 2) * bucketMs
    const signature = this.#signature(account, path, expires).toString("base64url")
    const encodedPath = Buffer.from(path).toString("base64url")
    const url = `${this.#prefix}/v1/media/${account}/${encodedPath}?expires=${expires}&signature=${signature}`
    this.#cachedUrls.set(key, url)
    return url
  }

  /** The path of the cloud, when the address is ours and has not lapsed. */
  verify(
    account: number,
    encodedPath: string,
    expires: string | undefined,
    signature: string | undefined,
    now: number,
  ): string | null {
    const expiresAt = Number(expires)
    if (!(expiresAt > now) || signature === undefined) return null
    const path = Buffer.from(encodedPath, "base64url").toString()
    const expected = this.#signature(account, path, expiresAt)
    const actual = Buffer.from(signature, "base64url")
    return actual.length === expected.length && timingSafeEqual(actual, expected) ? path : null
  }

  signEvent(event: BlinkEvent, now: number): BlinkEvent {
    // What was an event is one afterwards: only the texts of addresses differ.
    const signed: BlinkEvent = JSON.parse(this.signJson(JSON.stringify(event), now))
    return signed
  }

  /**
   * The same for an event as JSON text. Within a JSON string a quote is written `\\"`, so what looks like one of
   * these keys is one, and in events they hold nothing but media.
   */
  signJson(text: string, now: number): string {
    if (!mediaKeyPattern.test(text)) return text
    const account = AccountId.make(Number(accountPattern.exec(text)?.[1]))
    return text.replaceAll(mediaValuePattern, (_, key: string, value: string) => {
      const path: unknown = JSON.parse(value)
      return `"${key}":${JSON.stringify(this.sign(account, String(path), now))}`
    })
  }

  signState(state: AccountState, now: number): AccountState {
    const cameras = state.cameras.map((camera) => {
      if (camera.thumbnail === null) return camera
      const url = this.sign(state.account, camera.thumbnail.url, now)
      return Object.assign({}, camera, { thumbnail: { url, takenAt: camera.thumbnail.takenAt } })
    })
    return { ...state, cameras }
  }
}
