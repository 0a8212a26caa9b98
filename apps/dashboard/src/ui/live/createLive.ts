import type { HomeEvent } from "@blink-streams/model"
import type { Client, Connection } from "@blink-streams/client"
import { batch, createSignal, onCleanup, type Accessor } from "solid-js"
import { createStore, reconcile } from "solid-js/store"
import { createBacklog } from "./createBacklog.ts"
import { eventEntry, gapEntry, zoneOf, zonesOf, type Entry, type EventEntry } from "./entries.ts"
import { createHistory, type History } from "./History.ts"
import { homeView, type AccountView } from "./homeView.ts"

/** What waits for a person. */
export type Prompt = Client["prompts"][number]

/** Everything the page shows, kept up to date by one client. */
export interface Live {
  readonly client: Client
  readonly accounts: ReadonlyArray<AccountView>
  /** `false` until the first snapshot has arrived. */
  readonly ready: Accessor<boolean>
  readonly connection: Accessor<Connection>
  readonly prompts: Accessor<ReadonlyArray<Prompt>>
  readonly history: History
  /** Reads a page of what lies before the oldest event here. Answers whether there may be more. */
  readonly loadEarlier: () => Promise<boolean>
  /** Whether the token allows it, also while the connection is lost: what stands on the page then stays. */
  readonly holds: (scope: Client["scopes"][number]) => boolean
  /** The same, and the connection lives: it can be done now. */
  readonly may: (scope: Client["scopes"][number]) => boolean
  /** Motion and doorbell as they happen, never those replayed from the log. */
  readonly onAlert: (listener: (entry: EventEntry) => void) => () => void
}

/** Drawing follows the socket at this pace: 50 events a second cost ten updates, and nobody reads faster. */
const drawMs = 100

const isAlert = (event: HomeEvent) => event.kind === "motion" || event.kind === "doorbell.pressed"

export const createLive = (client: Client): Live => {
  const [view, setView] = createStore<{ accounts: ReadonlyArray<AccountView> }>({ accounts: [] })
  const [ready, setReady] = createSignal(client.state !== null)
  const [connection, setConnection] = createSignal(client.connection)
  /** Copies, because a store writes into what it is given. By id, so that a form stays while somebody types into it. */
  const newestPrompts = () => client.prompts.map((prompt) => ({ ...prompt }))
  const [prompts, setPrompts] = createStore<{ all: ReadonlyArray<Prompt> }>({ all: newestPrompts() })
  const [scopes, setScopes] = createSignal(client.scopes)
  const history = createHistory()
  const listeners = new Set<(entry: EventEntry) => void>()

  let zones = zonesOf(client.state)
  let waiting: Array<Entry> = []
  let stateChanged = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const draw = () => {
    timer = undefined
    const added = waiting
    waiting = []
    batch(() => {
      if (stateChanged && client.state !== null) {
        setView("accounts", reconcile(homeView(client.state), { key: "key" }))
        setReady(true)
      }
      stateChanged = false
      if (added.length > 0) history.add(added)
    })
  }
  const drawSoon = () => {
    timer ??= setTimeout(draw, drawMs)
  }
  const receive = (entry: Entry) => {
    waiting.push(entry)
    drawSoon()
    // At once, not when it is drawn: browsers hold back the timers of a page in the background.
    if (entry.type === "event" && !entry.replayed && isAlert(entry.event))
      for (const listener of listeners) listener(entry)
  }

  onCleanup(
    client.subscribe((change) => {
      switch (change.type) {
        case "state":
          zones = zonesOf(change.state)
          stateChanged = true
          return drawSoon()
        case "event":
          return receive(eventEntry(change, zoneOf(zones, change.event)))
        case "gap":
          return receive(gapEntry(change, Date.now(), zones.byAccount.values().next().value ?? null))
        case "connection":
          setScopes(client.scopes)
          return void setConnection(change.connection)
        case "prompts":
          return setPrompts("all", reconcile(newestPrompts(), { key: "id" }))
        case "heartbeat":
          return
      }
    }),
  )
  onCleanup(() => clearTimeout(timer))

  const holds: Live["holds"] = (scope) => scopes().includes(scope)

  return {
    client,
    get accounts() {
      return view.accounts
    },
    ready,
    connection,
    prompts: () => prompts.all,
    history,
    loadEarlier: createBacklog(client, history),
    holds,
    may: (scope) => connection().status === "live" && holds(scope),
    onAlert: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
