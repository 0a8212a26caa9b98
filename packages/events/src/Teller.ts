import {
  type AccountId,
  type Camera,
  cameraKey,
  EventId,
  type EventKind,
  type EventOf,
  type EventSource,
  type HomeEvent,
  type Network,
  type Subject,
  type SyncModule,
  type Timestamp,
} from "@blink-streams/model"

/** A kind with its data: the part of an event that a rule has to say. */
export type Fact = { readonly [Kind in EventKind]: Pick<EventOf<Kind>, "kind" | "data"> }[EventKind]

/** Whom a fact is about, with the key that tells subjects apart in one account. */
export interface About {
  readonly key: string
  readonly subject: Omit<Subject, "account">
}

export const aboutAccount: About = { key: "account", subject: {} }

export const aboutNetwork = ({ id, name }: Pick<Network, "id" | "name">): About => ({
  key: `network:${id}`,
  subject: { network: id, name },
})

export const aboutSyncModule = ({ id, networkId, name }: SyncModule): About => ({
  key: `hub:${id}`,
  subject: { network: networkId, syncModule: id, name },
})

export const aboutCamera = (camera: Pick<Camera, "id" | "kind" | "name" | "networkId">): About => ({
  key: cameraKey(camera),
  subject: { network: camera.networkId, camera: camera.id, kind: camera.kind, name: camera.name },
})

export interface Teller {
  readonly events: ReadonlyArray<HomeEvent>
  /** The numbers after this look; the same object when nothing was told. */
  readonly ordinals: () => Readonly<Record<string, number>>
  /** `occurredAt` is the time of the look unless the cloud names another. */
  readonly tell: (about: About, fact: Fact, occurredAt?: Timestamp) => void
}

/**
 * Collects the events of one look and numbers them: a transition has no id in the cloud, so its place among
 * those of its kind and subject is its identity. The numbers are kept with the checkpoint.
 */
export const makeTeller = (
  look: { readonly account: AccountId; readonly source: EventSource; readonly observedAt: Timestamp },
  before: Readonly<Record<string, number>>,
): Teller => {
  const events: Array<HomeEvent> = []
  let ordinals = before
  return {
    events,
    ordinals: () => ordinals,
    tell: (about, fact, occurredAt = look.observedAt) => {
      const key = `${fact.kind}:${about.key}`
      const ordinal = (ordinals[key] ?? 0) + 1
      ordinals = { ...ordinals, [key]: ordinal }
      events.push({
        ...fact,
        id: EventId.make(`${fact.kind}:${look.account}:${about.key}:${ordinal}`),
        occurredAt,
        observedAt: look.observedAt,
        source: look.source,
        subject: { account: look.account, ...about.subject },
      })
    },
  }
}
