import type { BlinkEvent, Epoch, Seq } from "@blink-streams/model"
import type { Subscribe } from "@blink-streams/protocol"
import { type Permissions, permissionsKey, maySeeEvent } from "../../Permissions.ts"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import { matchesSubscription } from "./matchesSubscription.ts"

/** The same text for peers that get the same bytes. */
const groupKey = (permissions: Permissions, subscriptions: ReadonlyArray<Subscribe>): string =>
  `${permissionsKey(permissions)} ${JSON.stringify(
    subscriptions.map(({ id, topics, filter, snapshot }) => [id, topics, filter ?? {}, snapshot ?? "full"]),
  )}`

/** One event on its way out: what is the same for all shapes is made once, and only when a shape wants it. */
export class OutgoingEvent {
  readonly seq: Seq
  readonly #text: string
  readonly #mediaUrls: MediaUrlSigner
  readonly #now: number
  #event: BlinkEvent | null
  #signedText: string | null = null

  constructor(mediaUrls: MediaUrlSigner, now: number, seq: Seq, text: string, event: BlinkEvent | null) {
    this.#mediaUrls = mediaUrls
    this.#now = now
    this.#event = event
    this.#text = text
    this.seq = seq
  }

  get event(): BlinkEvent {
    // The log's own text of a value of this type.
    const event: BlinkEvent = this.#event ?? JSON.parse(this.#text)
    this.#event = event
    return event
  }

  /** The event as clients get it, as JSON. */
  get text(): string {
    this.#signedText ??= this.#mediaUrls.signJson(this.#text, this.#now)
    return this.#signedText
  }
}

const isUnrestricted = ({ accounts, networks, cameras }: Permissions): boolean =>
  accounts === null && networks === null && cameras === null

const matchesEverything = ({ topics, filter }: Subscribe): boolean =>
  topics.includes("*") && Object.keys(filter ?? {}).length === 0

/** What some peers have in common: token lists, subscription ids, topics and filters. Their frames are the same bytes. */
export class SubscriptionGroup {
  readonly key: string
  readonly permissions: Permissions
  readonly subscriptions: ReadonlyArray<Subscribe>
  /** Gets every event, so that none has to be looked into. */
  readonly #matchesEverything: boolean
  readonly #allIds: string

  constructor(permissions: Permissions, subscriptions: ReadonlyArray<Subscribe>) {
    this.permissions = permissions
    this.subscriptions = subscriptions
    this.key = groupKey(permissions, subscriptions)
    this.#matchesEverything = isUnrestricted(permissions) && subscriptions.every(matchesEverything)
    this.#allIds = JSON.stringify(subscriptions.map(({ id }) => id))
  }

  /** Ids of the subscriptions that an event is for, as JSON; `null` when it is for none. */
  #matchingIds(outgoing: OutgoingEvent): string | null {
    if (this.#matchesEverything) return this.#allIds
    if (!maySeeEvent(this.permissions, outgoing.event)) return null
    const matching = this.subscriptions.filter((subscription) =>
      matchesSubscription(subscription, outgoing.event),
    )
    return matching.length === 0 ? null : JSON.stringify(matching.map(({ id }) => id))
  }

  /** The text of one event's frame; `null` when these peers do not get it. */
  #frame(outgoing: OutgoingEvent, epoch: Epoch, replayed: boolean): string | null {
    const ids = this.#matchingIds(outgoing)
    if (ids === null) return null
    const { seq, text } = outgoing
    const event = replayed ? `${text.slice(0, -1)},"replayed":true}` : text
    return `{"type":"event","sub":${ids},"epoch":"${epoch}","seq":${seq},"event":${event}}`
  }

  /** The frames of these peers among some events. */
  frames(
    events: ReadonlyArray<OutgoingEvent>,
    epoch: Epoch,
    isReplayed: (seq: Seq) => boolean,
  ): ReadonlyArray<string> {
    return events.flatMap((event) => this.#frame(event, epoch, isReplayed(event.seq)) ?? [])
  }
}
