import type { EventKind, BlinkState } from "@blink-streams/model"
import {
  concat,
  defer,
  distinctUntilChanged,
  filter,
  from,
  lastValueFrom,
  map,
  Observable,
  type ObservableInput,
  of,
} from "rxjs"
import type { Change, ReceivedEvent } from "./Change.ts"
import type { Client, ClientEventsOptions } from "./Client.ts"
import type { Connection } from "./Connection.ts"
import { ConnectionError } from "./ConnectionError.ts"

/** Options of `Client.events`; to end the events, unsubscribe. */
type EventOptions<Kind extends EventKind> = Omit<ClientEventsOptions<Kind>, "signal" | "moveCursor">

/** All changes. Completes when the caller closes the client. Errors with a `ConnectionError` when it is closed for good. */
const changes$ = (client: Client): Observable<Change> =>
  new Observable((subscriber) => {
    const end = ({ failure, ...connection }: Connection) =>
      failure === undefined
        ? subscriber.complete()
        : subscriber.error(new ConnectionError(failure, connection))
    if (client.connection.status === "closed") return end(client.connection)
    return client.subscribe((change) => {
      subscriber.next(change)
      if (change.type === "connection" && change.connection.status === "closed") end(change.connection)
    })
  })

/**
 * The latest state on subscription, then each new state. Completes when the caller closes the client. Errors with a
 * `ConnectionError` when the connection is closed for good.
 */
export const state$ = (client: Client): Observable<BlinkState> =>
  defer(() => {
    const newer = changes$(client).pipe(
      filter((change) => change.type === "state"),
      map(({ state }) => state),
    )
    return client.state === null ? newer : concat(of(client.state), newer)
  })

/** The current connection on subscription, then each change. Its end is that of `state$`, after the last connection. */
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

/** Runs `use` for each event, one after the other. It stops when the subscriber unsubscribes. */
const eachEvent$ = <Kind extends EventKind>(
  client: Client,
  options: ClientEventsOptions<Kind>,
  use: (event: ReceivedEvent<Kind | "gap">) => Promise<unknown> | void,
): Observable<ReceivedEvent<Kind | "gap">> =>
  new Observable((subscriber) => {
    const stop = new AbortController()
    const run = async () => {
      for await (const event of client.events({ ...options, signal: stop.signal })) {
        await use(event)
        subscriber.next(event)
      }
    }
    run().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    )
    return () => stop.abort()
  })

/**
 * Events, as `Client.events` returns them. They do not move `client.cursor`, because an operator may still work on an event
 * when `next` has returned: to continue after a restart, use `handleEach`. Errors and completes as `Client.events` ends.
 */
export const events$ = <Kind extends EventKind = EventKind>(
  client: Client,
  options: EventOptions<Kind> = {},
): Observable<ReceivedEvent<Kind | "gap">> =>
  eachEvent$(client, { ...options, moveCursor: false }, () => undefined)

/**
 * Hands each event to `handler`, one after the other, and emits it when the promise or observable of the handler has
 * completed: then `client.cursor` moves past it. Errors with the error of the handler, and as `Client.events` rejects.
 */
export const handleEach = <Kind extends EventKind = EventKind>(
  client: Client,
  handler: (event: ReceivedEvent<Kind | "gap">) => ObservableInput<unknown>,
  options: EventOptions<Kind> = {},
): Observable<ReceivedEvent<Kind | "gap">> =>
  eachEvent$(client, options, (event) => lastValueFrom(from(handler(event)), { defaultValue: undefined }))
