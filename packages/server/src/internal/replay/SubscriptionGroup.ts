import { type BlinkEvent, type Epoch, formatCursor, type Seq } from "@blink-streams/model"
import type { Subscribe } from "@blink-streams/protocol"
import { type Permissions, permissionsKey, maySeeEvent } from "../../Permissions.ts"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import { includesBackfilled, matchesSubscription } from "./matchesSubscription.ts"

/** Returns equal keys for subscriptions whose frames are equal. */
const groupKey = (permissions: Permissions, subscriptions: ReadonlyArray<Subscribe>): string =>
  `${permissionsKey(permissions)} ${JSON.stringify(
    subscriptions.map((subscription) => {
      const { id, topics, filter = {}, snapshot = "full" } = subscription
      return [id, topics, filter, snapshot, includesBackfilled(subscription)]
    }),
  )}`

/** An event as the log stores it. */
interface EncodedEvent {
  readonly seq: Seq
  readonly text: string
  readonly backfilled: boolean
}

/** An event to deliver. Parsing and URL signing happen on demand, and once for all groups. */
export class OutgoingEvent {
  readonly seq: Seq
  readonly backfilled: boolean
  readonly #text: string
  readonly #mediaUrls: MediaUrlSigner
  readonly #now: number
  #event: BlinkEvent | null
  #signedText: string | null = null

  constructor(
    mediaUrls: MediaUrlSigner,
    now: number,
    { seq, text, backfilled }: EncodedEvent,
    event: BlinkEvent | null,
  ) {
    this.#mediaUrls = mediaUrls
    this.#now = now
    this.#event = event
    this.#text = text
    this.seq = seq
    this.backfilled = backfilled
  }

  get event(): BlinkEvent {
    // The log's own encoding of an event.
    const event: BlinkEvent = this.#event ?? JSON.parse(this.#text)
    this.#event = event
    return event
  }

  /** JSON text with signed URLs, as sent to clients. */
  get text(): string {
    this.#signedText ??= this.#mediaUrls.signJson(this.#text, this.#now)
    return this.#signedText
  }
}

const isUnrestricted = ({ accounts, networks, cameras }: Permissions): boolean =>
  accounts === null && networks === null && cameras === null

/** True when at most the backfilled events do not match. */
const isUnfiltered = ({ topics, filter = {} }: Subscribe): boolean =>
  topics.includes("*") && Object.keys(filter).every((name) => name === "backfilled")

/** Subscriptions with the same permissions, ids, topics and filters, so that their frames are the same bytes. */
export class SubscriptionGroup {
  readonly key: string
  readonly permissions: Permissions
  readonly subscriptions: ReadonlyArray<Subscribe>
  /** True when every event matches that is not backfilled, so that none of these needs parsing. */
  readonly #unfiltered: boolean
  readonly #allIds: string

  constructor(permissions: Permissions, subscriptions: ReadonlyArray<Subscribe>) {
    this.permissions = permissions
    this.subscriptions = subscriptions
    this.key = groupKey(permissions, subscriptions)
    this.#unfiltered = isUnrestricted(permissions) && subscriptions.every(isUnfiltered)
    this.#allIds = JSON.stringify(subscriptions.map(({ id }) => id))
  }

  /** Returns the ids of the matching subscriptions as JSON; `null` when none matches. */
  #matchingIds(outgoing: OutgoingEvent): string | null {
    if (this.#unfiltered && !outgoing.backfilled) return this.#allIds
    if (!maySeeEvent(this.permissions, outgoing.event)) return null
    const matching = this.subscriptions.filter((subscription) =>
      matchesSubscription(subscription, outgoing.event),
    )
    return matching.length === 0 ? null : JSON.stringify(matching.map(({ id }) => id))
  }

  /** Returns the JSON text of an event message; `null` when no subscription matches. */
  #frame(outgoing: OutgoingEvent, epoch: Epoch, replayed: boolean): string | null {
    const ids = this.#matchingIds(outgoing)
    if (ids === null) return null
    const { seq, text } = outgoing
    const event = replayed ? `${text.slice(0, -1)},"replayed":true}` : text
    const cursor = formatCursor({ epoch, seq })
    return `{"type":"event","sub":${ids},"cursor":"${cursor}","epoch":"${epoch}","seq":${seq},"event":${event}}`
  }

  /** Returns the JSON texts of the matching events' messages. */
  frames(
    events: ReadonlyArray<OutgoingEvent>,
    epoch: Epoch,
    isReplayed: (seq: Seq) => boolean,
  ): ReadonlyArray<string> {
    return events.flatMap((event) => this.#frame(event, epoch, isReplayed(event.seq)) ?? [])
  }
}
