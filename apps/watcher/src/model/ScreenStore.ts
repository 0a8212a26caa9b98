import { type Client, ConnectionError } from "@blink-streams/client"
import {
  type ClientChange,
  type ScreenModel,
  type ScreenCommand,
  initialModel,
  withPromptResult,
  withClientState,
  withChanges,
  withCommandStatus,
} from "./ScreenModel.ts"

/** Changes are applied at most once per this interval, so that a burst of events is drawn once. */
const flushMillis = 250

export interface ScreenStore {
  readonly model: () => ScreenModel
  readonly subscribe: (listener: () => void) => () => void
  readonly update: (change: (model: ScreenModel) => ScreenModel) => void
  /** Sends a command and records each status in the command log. */
  readonly runCommand: (command: ScreenCommand) => void
  readonly submitPrompt: (id: string, code: string) => void
  readonly close: () => void
}

/** The events that a screen shows from before it was opened. */
export interface ScreenHistory {
  /** Cursor of the event before the first one to show; `null`: new events only. */
  readonly since: string | null
  /** Cursors of the events that count as seen. */
  readonly seen: ReadonlySet<string>
}

const clientState = (client: Client) => ({
  state: client.state,
  connection: client.connection,
  prompts: client.prompts,
})

/** Screen state over one client. Changes of the client are applied at most four times per second. */
export const makeScreenStore = (
  client: Client,
  { since, seen }: ScreenHistory,
  now: () => number = Date.now,
): ScreenStore => {
  let model = withClientState(initialModel(now()), clientState(client))
  let pendingChanges: Array<ClientChange> = []
  let timer: NodeJS.Timeout | null = null
  let lastFlushAt = 0
  let commandCount = 0
  const listeners = new Set<() => void>()
  const closing = new AbortController()

  const update = (change: (model: ScreenModel) => ScreenModel): void => {
    const next = change(model)
    if (next === model) return
    model = next
    for (const listener of listeners) listener()
  }

  const flush = (): void => {
    timer = null
    lastFlushAt = now()
    const batch = pendingChanges
    pendingChanges = []
    update((before) => withChanges(withClientState(before, clientState(client)), batch))
  }

  const scheduleFlush = (): void => {
    timer ??= setTimeout(flush, Math.max(0, lastFlushAt + flushMillis - now()))
  }

  const receiveEvents = async (): Promise<void> => {
    const { signal } = closing
    for await (const event of client.events({
      ...(since === null ? {} : { since }),
      backfilled: true,
      signal,
    })) {
      pendingChanges.push(
        event.kind === "gap" && event.data.source === "log"
          ? { type: "gap", cursor: event.cursor, reason: event.data.reason, at: event.observedAt }
          : { type: "event", event: { ...event, seen: seen.has(event.cursor) } },
      )
      scheduleFlush()
    }
  }
  // The screen shows the state of the connection. Any other error ends the program.
  receiveEvents().catch((error: unknown) => {
    if (!(error instanceof ConnectionError)) throw error
  })
  const unsubscribe = client.subscribe(({ type }) => {
    if (type !== "event") scheduleFlush()
  })

  const runCommand = (command: ScreenCommand): void => {
    const id = ++commandCount
    const record = (text: string, outcome: "running" | "done" | "failed"): void =>
      update((before) => withCommandStatus(before, id, command.label, text, outcome, now()))
    record("sent", "running")
    client
      .command(
        { name: command.name, target: command.target, ...(command.expect ? { expect: command.expect } : {}) },
        { onStatus: (status) => record(status, "running"), signal: closing.signal },
      )
      .then(
        () => record("verified", "done"),
        (error: unknown) => {
          if (!closing.signal.aborted)
            record(error instanceof Error ? error.message : String(error), "failed")
        },
      )
  }

  const submitPrompt = (id: string, code: string): void => {
    client.submitPrompt(id, code).then(
      () => update((before) => withPromptResult(before, null, now())),
      (error: unknown) =>
        update((before) =>
          withPromptResult(before, error instanceof Error ? error.message : String(error), now()),
        ),
    )
  }

  return {
    model: () => model,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    update,
    runCommand,
    submitPrompt,
    close: () => {
      closing.abort()
      unsubscribe()
      if (timer) clearTimeout(timer)
    },
  }
}
