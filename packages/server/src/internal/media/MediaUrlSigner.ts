import { AccountId, type AccountState, type BlinkEvent } from "@blink-streams/model"
import { createHmac, timingSafeEqual } from "node:crypto"

/**
 * Half an hour. URLs are valid for one to two buckets. Those signed in one bucket are equal, so that a frame is
 * encoded once.
 */
const bucketMs = 30 * 60_000

const maxCachedUrls = 10_000

const mediaKeyPattern = /"(?:thumbnail|clip|url)":"/
const mediaValuePattern = /"(thumbnail|clip|url)":("(?:[^"\\]|\\.)*")/g
const accountPattern = /"account":(\d+)/

/**
 * Replaces media paths of the cloud by signed URLs of this server, which a page can load without a token.
 *
 * A URL gives access to one file until it expires. Clients receive URLs only in events and states that they may
 * see.
 */
export class MediaUrlSigner {
  readonly #key: Buffer
  readonly #prefix: string
  /** URLs signed in the current bucket. */
  readonly #cachedUrls = new Map<string, string>()
  #bucket = 0

  constructor(key: Buffer, prefix: string) {
    this.#key = key
    this.#prefix = prefix
  }

  #signature(account: number, path: string, expires: number): Buffer {
    return createHmac("sha256", this.#key).update(`${account}\n${path}\n${expires}`).digest()
  }

  /** Returns the URL of a media path, relative to the server's origin. `now` is in milliseconds since the epoch. */
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

  /** Returns the media path of the cloud; `null` when the signature is wrong or the URL has expired. */
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

  /** Returns the event with signed URLs. */
  signEvent(event: BlinkEvent, now: number): BlinkEvent {
    // Still an event: only URLs differ.
    const signed: BlinkEvent = JSON.parse(this.signJson(JSON.stringify(event), now))
    return signed
  }

  /**
   * Signs the URLs in the JSON text of an event. Text matching is safe: quotes inside JSON strings are escaped,
   * and in events the keys `thumbnail`, `clip` and `url` hold only media paths.
   */
  signJson(text: string, now: number): string {
    if (!mediaKeyPattern.test(text)) return text
    const account = AccountId.make(Number(accountPattern.exec(text)?.[1]))
    return text.replaceAll(mediaValuePattern, (_, key: string, value: string) => {
      const path: unknown = JSON.parse(value)
      return `"${key}":${JSON.stringify(this.sign(account, String(path), now))}`
    })
  }

  /** Returns the state with signed thumbnail URLs. */
  signState(state: AccountState, now: number): AccountState {
    const cameras = state.cameras.map((camera) => {
      if (camera.thumbnail === null) return camera
      const url = this.sign(state.account, camera.thumbnail.url, now)
      return Object.assign({}, camera, { thumbnail: { url, takenAt: camera.thumbnail.takenAt } })
    })
    return { ...state, cameras }
  }
}
