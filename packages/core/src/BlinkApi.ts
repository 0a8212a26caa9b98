import type { AccountId, Clip, Snapshot, Timestamp } from "@blink-streams/model"
import { Context, type Effect, Layer, type Stream } from "effect"
import type { HttpClient } from "effect/http"
import type { BlinkConfig } from "./BlinkConfig.ts"
import type { BlinkError } from "./BlinkError.ts"
import type { Budget } from "./Budget.ts"
import type { Drift } from "./Drift.ts"
import type { Endpoint, EndpointInput } from "./Endpoint.ts"
import { makeApi } from "./internal/http/makeApi.ts"
import type { Session } from "./Session.ts"

/** One page of the list of clips, newest first in practice, in no promised order. */
export interface MediaPage {
  readonly clips: ReadonlyArray<Clip>
  /** No page follows. */
  readonly last: boolean
  /** The cloud's clock when it answered; `null` when it did not say. */
  readonly serverTime: Timestamp | null
}

/** Part of a file: from `start`, up to and including `end`. */
export interface ByteRange {
  readonly start: number
  readonly end?: number
}

/** A file on its way. */
export interface Download {
  readonly contentType: string
  /** Bytes that follow; `null` when the cloud does not say. */
  readonly length: number | null
  /** Whether the asked range was granted; else the file comes from its beginning. */
  readonly partial: boolean
  readonly bytes: Stream.Stream<Uint8Array, BlinkError>
}

/**
 * The cloud as typed calls. One call is one request, repeated only after a renewed token; reads that are the
 * same within five seconds share one answer. No polling and no waiting for commands here.
 */
export class BlinkApi extends Context.Service<
  BlinkApi,
  {
    readonly account: Effect.Effect<AccountId, BlinkError>

    /**
     * Everything on the account at one instant, in either dialect.
     *
     * What has not changed is the very same object as in the look before: compare `cameras`, `networks` and
     * `syncModules` by identity first.
     */
    readonly snapshot: Effect.Effect<Snapshot, BlinkError>

    /** Lets the next reads ask anew, instead of sharing an answer of the last seconds. */
    readonly invalidate: Effect.Effect<void>

    /**
     * Clips that changed after `since` (`null`: all there are), from page 1 on. Rows come again whenever they
     * change and pages shift while one reads them, so the same clip may be seen twice: know it by its id.
     * While the answer stays the same, `clips` is the very array of before.
     */
    media(since: Timestamp | null, page: number): Effect.Effect<MediaPage, BlinkError>

    /** A thumbnail or clip, by its path as the model has it. Fails with `WrongTarget` once it is gone. */
    bytes(path: string): Effect.Effect<Uint8Array, BlinkError>

    /** The same as it arrives. The request is made now, the bytes are read with the stream. */
    stream(path: string, range?: ByteRange): Effect.Effect<Download, BlinkError>

    /** Where `bytes` finds the file of a call that answers one: `api.path(oauth.clipFileV2, { file: "44.mp4" })`. */
    path<Path extends string, Query, Body, Output>(
      endpoint: Endpoint<Path, Query, Body, Output>,
      input: EndpointInput<Path, Query, Body>,
    ): Effect.Effect<string, BlinkError>

    /** Any call of the cloud: `api.call(oauth.signals, { network, camera })`. */
    call<Path extends string, Query, Body, Output>(
      endpoint: Endpoint<Path, Query, Body, Output>,
      input: EndpointInput<Path, Query, Body>,
    ): Effect.Effect<Output, BlinkError>
  }
>()("@blink-streams/core/BlinkApi") {
  static readonly layer: Layer.Layer<
    BlinkApi,
    never,
    BlinkConfig | Session | Budget | Drift | HttpClient.HttpClient
  > = Layer.effect(BlinkApi, makeApi)
}
