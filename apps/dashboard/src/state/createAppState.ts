import type { BlinkEvent } from "@blink-streams/model"
import type { Client, Connection } from "@blink-streams/client"
import { batch, createSignal, onCleanup, type Accessor } from "solid-js"
import { createStore, reconcile } from "solid-js/store"
import { createHistoryLoader } from "./createHistoryLoader.ts"
import {
  eventEntry,
  gapEntry,
  timeZoneOf,
  timeZonesOf,
  type LogEntry,
  type EventEntry,
} from "./logEntries.ts"
import { createEventHistory, type EventHistory } from "./EventHistory.ts"
import { accountViews, type AccountView } from "./accountViews.ts"

/** A request that a user must respond to. */
export type Prompt = Client["prompts"][number]

/** The page's state, kept up to date by one client. */
export interface AppState {
  readonly client: Client
  readonly accounts: ReadonlyArray<AccountView>
  /** `false` until the first snapshot has arrived. */
  readonly ready: Accessor<boolean>
  readonly connection: Accessor<Connection>
  readonly prompts: Accessor<ReadonlyArray<Prompt>>
  readonly history: EventHistory
  /** Loads older events into `history`. Resolves to `false` when the log has no more. */
  readonly loadEarlier: () => Promise<boolean>
  /** True when the token has the scope, also while disconnected: decides which controls are shown. */
  readonly hasScope: (scope: Client["scopes"][number]) => boolean
  /** True when the token has the scope and the connection is live: decides which controls are enabled. */
  readonly can: (scope: Client["scopes"][number]) => boolean
  /**
   * Calls `listener` for each live motion and doorbell press, never for replayed or backfilled ones. Returns the
   * unsubscribe function.
   */
  readonly onAlert: (listener: (entry: EventEntry) => void) => () => void
}

/** Interval at which received changes are rendered: 50 events per second cause 10 updates per second. */
const flushIntervalMs = 100

const isAlert = (event: BlinkEvent) => event.kind === "motion" || event.kind === "doorbell.pressed"

export const createAppState = (client: Client): AppState => {
  const [view, setView] = createStore<{ accounts: ReadonlyArray<AccountView> }>({ accounts: [] })
  const [ready, setReady] = createSignal(client.state !== null)
  const [connection, setConnection] = createSignal(client.connection)
  /** Copies, because a Solid store mutates its values. Reconciled by id, so that a form keeps its input. */
  const copyPrompts = () => client.prompts.map((prompt) => ({ ...prompt }))
  const [prompts, setPrompts] = createStore<{ all: ReadonlyArray<Prompt> }>({ all: copyPrompts() })
  const [scopes, setScopes] = createSignal(client.scopes)
  const history = createEventHistory()
  const listeners = new Set<(entry: EventEntry) => void>()

  let timeZones = timeZonesOf(client.state)
  let pending: Array<LogEntry> = []
  let stateChanged = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const flush = () => {
    timer = undefined
    const added = pending
    pending = []
    batch(() => {
      if (stateChanged && client.state !== null) {
        setView("accounts", reconcile(accountViews(client.state), { key: "key" }))
        setReady(true)
      }
      stateChanged = false
      if (added.length > 0) history.add(added)
    })
  }
  const scheduleFlush = () => {
    timer ??= setTimeout(flush, flushIntervalMs)
  }
  const receive = (entry: LogEntry) => {
    pending.push(entry)
    scheduleFlush()
    // Not deferred to the next flush: browsers throttle the timers of background pages.
    if (entry.type === "event" && !entry.replayed && isAlert(entry.event))
      for (const listener of listeners) listener(entry)
  }

  onCleanup(
    client.subscribe((change) => {
      switch (change.type) {
        case "state":
          timeZones = timeZonesOf(change.state)
          stateChanged = true
          return scheduleFlush()
        case "event":
          return receive(eventEntry(change.event, timeZoneOf(timeZones, change.event)))
        case "gap":
          return receive(gapEntry(change, Date.now(), timeZones.byAccount.values().next().value ?? null))
        case "connection":
          setScopes(client.scopes)
          return void setConnection(change.connection)
        case "prompts":
          return setPrompts("all", reconcile(copyPrompts(), { key: "id" }))
        case "heartbeat":
          return
      }
    }),
  )
  onCleanup(() => clearTimeout(timer))

  const hasScope: AppState["hasScope"] = (scope) => scopes().includes(scope)

  return {
    client,
    get accounts() {
      return view.accounts
    },
    ready,
    connection,
    prompts: () => prompts.all,
    history,
    loadEarlier: createHistoryLoader(client, history),
    hasScope,
    can: (scope) => connection().status === "live" && hasScope(scope),
    onAlert: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
