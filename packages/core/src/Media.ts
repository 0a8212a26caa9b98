import type { Clip, Timestamp } from "@blink-streams/model"
import type { Stream } from "effect"
import type { BlinkError } from "./BlinkError.ts"

/** One page of the clip list. The cloud sends newest first, but promises no order. */
export interface MediaPage {
  readonly clips: ReadonlyArray<Clip>
  /** True when no page follows. */
  readonly last: boolean
  /** `Date` header of the response; `null` when the cloud sent none. */
  readonly serverTime: Timestamp | null
}

/** Range of a file in bytes: from `start` up to and including `end`. */
export interface ByteRange {
  readonly start: number
  readonly end?: number
}

/** Response of a file download. The body is read with `bytes`. */
export interface Download {
  readonly contentType: string
  /** Bytes that follow; `null` when the cloud does not say. */
  readonly length: number | null
  /** True when the requested range was granted. Otherwise the file starts at byte 0. */
  readonly partial: boolean
  readonly bytes: Stream.Stream<Uint8Array, BlinkError>
}
