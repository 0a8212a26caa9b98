import {
  type AccountId,
  type Camera,
  cameraKey,
  EventId,
  type EventKind,
  type EventOf,
  type EventSource,
  type BlinkEvent,
  type Network,
  type Subject,
  type SyncModule,
  type Timestamp,
} from "@blink-streams/model"

/** Kind and data of an event, without id, times and subject. */
export type EventPayload = { readonly [Kind in EventKind]: Pick<EventOf<Kind>, "kind" | "data"> }[EventKind]

/** Subject of an event, with the key that identifies it within one account. */
export interface EventSubject {
  readonly key: string
  readonly subject: Omit<Subject, "account">
}

export const accountSubject: EventSubject = { key: "account", subject: {} }

export const networkSubject = ({ id, name }: Pick<Network, "id" | "name">): EventSubject => ({
  key: `network:${id}`,
  subject: { network: id, name },
})

export const syncModuleSubject = ({ id, networkId, name }: SyncModule): EventSubject => ({
  key: `sync_module:${id}`,
  subject: { network: networkId, syncModule: id, name },
})

export const cameraSubject = (camera: Pick<Camera, "id" | "kind" | "name" | "networkId">): EventSubject => ({
  key: cameraKey(camera),
  subject: { network: camera.networkId, camera: camera.id, kind: camera.kind, name: camera.name },
})

export interface EventBuilder {
  readonly events: ReadonlyArray<BlinkEvent>
  /** Ordinals after the collected events; the same object when there are none. */
  readonly ordinals: () => Readonly<Record<string, number>>
  /** Adds an event. `occurredAt` defaults to the time of the poll. */
  readonly emit: (eventSubject: EventSubject, payload: EventPayload, occurredAt?: Timestamp) => void
}

/**
 * Collects the events of one poll and numbers them. The cloud has no id for a transition, so its ordinal among those of
 * the same kind and subject identifies it. The ordinals are stored with the checkpoint.
 */
export const makeEventBuilder = (
  context: { readonly account: AccountId; readonly source: EventSource; readonly observedAt: Timestamp },
  before: Readonly<Record<string, number>>,
): EventBuilder => {
  const events: Array<BlinkEvent> = []
  let ordinals = before
  return {
    events,
    ordinals: () => ordinals,
    emit: (eventSubject, payload, occurredAt = context.observedAt) => {
      const key = `${payload.kind}:${eventSubject.key}`
      const ordinal = (ordinals[key] ?? 0) + 1
      ordinals = { ...ordinals, [key]: ordinal }
      events.push({
        ...payload,
        id: EventId.make(`${payload.kind}:${context.account}:${eventSubject.key}:${ordinal}`),
        occurredAt,
        observedAt: context.observedAt,
        source: context.source,
        subject: { account: context.account, ...eventSubject.subject },
      })
    },
  }
}
