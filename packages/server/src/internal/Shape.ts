import type { RecordedEvent } from "@blink-streams/model"
import type { Subscribe } from "@blink-streams/protocol/ClientMessage"
import { type Grant, grantKey, maySeeEvent } from "../Grant.ts"
import type { MediaAddress } from "../MediaAddress.ts"
import { wants } from "../Subscription.ts"
import { textFrame } from "./frames.ts"

type Wanted = Pick<Subscribe, "id" | "topics" | "filter">

/** The same text for peers that get the same bytes. */
export const shapeKey = (grant: Grant, subscriptions: ReadonlyArray<Wanted>): string =>
  `${grantKey(grant)} ${JSON.stringify(subscriptions.map(({ id, topics, filter }) => [id, topics, filter ?? {}]))}`

/** An event as text, up to the place where the frame's own fields are put in. */
export interface EventText {
  readonly live: string
  readonly replayed: string
}

/** One event's JSON, made once for all shapes. */
export const eventText = (media: MediaAddress, { event }: RecordedEvent, now: number): EventText => {
  const live = JSON.stringify(media.event(event, now))
  return { live, replayed: `${live.slice(0, -1)},"replayed":true}` }
}

/** What some peers have in common: token lists, subscription ids, topics and filters. Their frames are the same bytes. */
export class Shape {
  readonly key: string
  readonly grant: Grant
  readonly subscriptions: ReadonlyArray<Wanted>

  constructor(grant: Grant, subscriptions: ReadonlyArray<Wanted>) {
    this.grant = grant
    this.subscriptions = subscriptions
    this.key = shapeKey(grant, subscriptions)
  }

  /** Ids of the subscriptions that an event is for; empty when it is for none. */
  #ids({ event }: RecordedEvent): ReadonlyArray<string> {
    if (!maySeeEvent(this.grant, event)) return []
    return this.subscriptions.filter((subscription) => wants(subscription, event)).map(({ id }) => id)
  }

  /** The frame of one event; `null` when these peers do not get it. */
  frame(recorded: RecordedEvent, text: () => EventText, replayed: boolean): Buffer | null {
    const ids = this.#ids(recorded)
    if (ids.length === 0) return null
    const event = replayed ? text().replayed : text().live
    const { epoch, seq } = recorded
    return textFrame(
      `{"type":"event","sub":${JSON.stringify(ids)},"epoch":${JSON.stringify(epoch)},"seq":${seq},"event":${event}}`,
    )
  }
}
