import type { Epoch, HomeEvent, Seq } from "@blink-streams/model"
import type { Subscribe } from "@blink-streams/protocol/ClientMessage"
import { type Grant, grantKey, maySeeEvent } from "../Grant.ts"
import type { MediaAddress } from "../MediaAddress.ts"
import { wants } from "../Subscription.ts"

/** The same text for peers that get the same bytes. */
const shapeKey = (grant: Grant, subscriptions: ReadonlyArray<Subscribe>): string =>
  `${grantKey(grant)} ${JSON.stringify(
    subscriptions.map(({ id, topics, filter, snapshot }) => [id, topics, filter ?? {}, snapshot ?? "full"]),
  )}`

/** One event on its way out: what is the same for all shapes is made once, and only when a shape wants it. */
export class Outgoing {
  readonly seq: Seq
  readonly #text: string
  readonly #media: MediaAddress
  readonly #now: number
  #event: HomeEvent | null
  #signed: string | null = null

  constructor(media: MediaAddress, now: number, seq: Seq, text: string, event: HomeEvent | null) {
    this.#media = media
    this.#now = now
    this.#event = event
    this.#text = text
    this.seq = seq
  }

  get event(): HomeEvent {
    // The log's own text of a value of this type.
    const event: HomeEvent = this.#event ?? JSON.parse(this.#text)
    this.#event = event
    return event
  }

  /** The event as clients get it, as JSON. */
  get text(): string {
    this.#signed ??= this.#media.signText(this.#text, this.#now)
    return this.#signed
  }
}

const isOpenGrant = ({ accounts, networks, cameras }: Grant): boolean =>
  accounts === null && networks === null && cameras === null

const isOpen = ({ topics, filter }: Subscribe): boolean =>
  topics.includes("*") && Object.keys(filter ?? {}).length === 0

/** What some peers have in common: token lists, subscription ids, topics and filters. Their frames are the same bytes. */
export class Shape {
  readonly key: string
  readonly grant: Grant
  readonly subscriptions: ReadonlyArray<Subscribe>
  /** Gets every event, so that none has to be looked into. */
  readonly #isOpen: boolean
  readonly #allIds: string

  constructor(grant: Grant, subscriptions: ReadonlyArray<Subscribe>) {
    this.grant = grant
    this.subscriptions = subscriptions
    this.key = shapeKey(grant, subscriptions)
    this.#isOpen = isOpenGrant(grant) && subscriptions.every(isOpen)
    this.#allIds = JSON.stringify(subscriptions.map(({ id }) => id))
  }

  /** Ids of the subscriptions that an event is for, as JSON; `null` when it is for none. */
  #ids(outgoing: Outgoing): string | null {
    if (this.#isOpen) return this.#allIds
    if (!maySeeEvent(this.grant, outgoing.event)) return null
    const ids = this.subscriptions.filter((subscription) => wants(subscription, outgoing.event))
    return ids.length === 0 ? null : JSON.stringify(ids.map(({ id }) => id))
  }

  /** The text of one event's frame; `null` when these peers do not get it. */
  #frame(outgoing: Outgoing, epoch: Epoch, replayed: boolean): string | null {
    const ids = this.#ids(outgoing)
    if (ids === null) return null
    const { seq, text } = outgoing
    const event = replayed ? `${text.slice(0, -1)},"replayed":true}` : text
    return `{"type":"event","sub":${ids},"epoch":"${epoch}","seq":${seq},"event":${event}}`
  }

  /** The frames of these peers among some events. */
  frames(
    events: ReadonlyArray<Outgoing>,
    epoch: Epoch,
    isReplayed: (seq: Seq) => boolean,
  ): ReadonlyArray<string> {
    return events.flatMap((event) => this.#frame(event, epoch, isReplayed(event.seq)) ?? [])
  }
}
