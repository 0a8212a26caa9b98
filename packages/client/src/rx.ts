import type { EventKind, BlinkState } from "@blink-streams/model"
import { concat, defer, distinctUntilChanged, filter, map, Observable, of } from "rxjs"
import type { Change, ReceivedEvent } from "./Change.ts"
import type { Client } from "./Client.ts"
import type { Connection } from "./Connection.ts"

/** All changes. Completes when the client closes; never errors, `connection$` reports connection failures. */
const changes$ = (client: Client): Observable<Change> =>
  new Observable((subscriber) => {
    if (client.connection.status === "closed") return subscriber.complete()
    return client.subscribe((change) => {
      subscriber.next(change)
      if (change.type === "connection" && change.connection.status === "closed") subscriber.complete()
    })
  })

/** The latest state on subscription, then each new state. Completes when the client closes. */
export const state$ = (client: Client): Observable<BlinkState> =>
  defer(() => {
    const newer = changes$(client).pipe(
      filter((change) => change.type === "state"),
      map(({ state }) => state),
    )
    return client.state === null ? newer : concat(of(client.state), newer)
  })

/** The current connection on subscription, then each change. Completes when the client closes. */
export const connection$ = (client: Client): Observable<Connection> =>
  defer(() =>
    concat(
      of(client.connection),
      changes$(client).pipe(
        filter((change) => change.type === "connection"),
        map(({ connection }) => connection),
      ),
    ).pipe(distinctUntilChanged()),
  )

/** Events from now on, each exactly once. Completes when the client closes. */
export const events$ = (client: Client): Observable<ReceivedEvent> =>
  changes$(client).pipe(
    filter((change) => change.type === "event"),
    map(({ event }) => event),
  )

const hasKind =
  <Kind extends EventKind>(kind: Kind) =>
  (event: ReceivedEvent): event is ReceivedEvent<Kind> =>
    event.kind === kind

/** Motion events from now on. Completes when the client closes. */
export const motion$ = (client: Client): Observable<ReceivedEvent<"motion">> =>
  events$(client).pipe(filter(hasKind("motion")))
