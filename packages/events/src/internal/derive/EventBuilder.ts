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

/** A kind with its data: the part of an event that a rule has to say. */
export type EventPayload = { readonly [Kind in EventKind]: Pick<EventOf<Kind>, "kind" | "data"> }[EventKind]

/** Whom a fact is about, with the key that tells subjects apart in one account. */
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
  key: `hub:${id}`,
  subject: { network: networkId, syncModule: id, name },
})

export const cameraSubject = (camera: Pick<Camera, "id" | "kind" | "name" | "networkId">): EventSubject => ({
  key: cameraKey(camera),
  subject: { network: camera.networkId, camera: camera.id, kind: camera.kind, name: camera.name },
})

export interface EventBuilder {
  readonly events: ReadonlyArray<BlinkEvent>
  /** The numbers after this look; the same object when nothing was told. */
  readonly ordinals: () => Readonly<Record<string, number>>
  /** `occurredAt` is the time of the look unless the cloud names another. */
  readonly emit: (eventSubject: EventSubject, payload: EventPayload, occurredAt?: Timestamp) => void
}

/**
 * Collects the events of one look and numbers them: a transition has no id in the cloud, so its place among
 * those of its kind and subject is its identity. The numbers are kept with the checkpoint.
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
