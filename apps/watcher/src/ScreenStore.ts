import type { Client, Cursor } from "@blink-streams/client"
import {
  type News,
  type ScreenModel,
  type Wish,
  initialModel,
  withAnswer,
  withHome,
  withNews,
  withStep,
} from "./ScreenModel.ts"

/** The frames of a burst are spent on the burst as a whole. */
const framesApart = 250

export interface ScreenStore {
  readonly model: () => ScreenModel
  readonly subscribe: (listener: () => void) => () => void
  readonly update: (change: (model: ScreenModel) => ScreenModel) => void
  /** Sends a command and writes each step into the log. */
  readonly run: (wish: Wish) => void
  readonly answerPin: (id: string, code: string) => void
  readonly close: () => void
}

const told = (client: Client) => ({
  home: client.state,
  connection: client.connection,
  prompts: client.prompts,
})

/**
 * The screen's state over one client: what is told is folded in at most four times a second. Events up to `openedAt`
 * are history.
 */
export const makeScreenStore = (
  client: Client,
  openedAt: Cursor | null,
  now: () => number = Date.now,
): ScreenStore => {
  let model = withHome(initialModel(now()), told(client))
  let news: Array<News> = []
  let timer: NodeJS.Timeout | null = null
  let flushedAt = 0
  let commands = 0
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
    flushedAt = now()
    const batch = news
    news = []
    update((before) => withNews(withHome(before, told(client)), batch))
  }

  const unsubscribe = client.subscribe((change) => {
    if (change.type === "event") {
      const seen = openedAt !== null && change.epoch === openedAt.epoch && change.seq <= openedAt.seq
      news.push({ type: "event", event: { ...change, seen } })
    } else if (change.type === "gap")
      news.push({
        type: "gap",
        from: change.from,
        to: change.to,
        reason: change.reason,
        at: new Date(now()).toISOString(),
      })
    timer ??= setTimeout(flush, Math.max(0, flushedAt + framesApart - now()))
  })

  const run = (wish: Wish): void => {
    const id = ++commands
    const step = (text: string, outcome: "running" | "done" | "failed"): void =>
      update((before) => withStep(before, id, wish.label, text, outcome, now()))
    step("sent", "running")
    client
      .command(
        { name: wish.name, target: wish.target, ...(wish.expect ? { expect: wish.expect } : {}) },
        { onStatus: (status) => step(status, "running"), signal: closing.signal },
      )
      .then(
        () => step("verified", "done"),
        (error: unknown) => {
          if (!closing.signal.aborted) step(error instanceof Error ? error.message : String(error), "failed")
        },
      )
  }

  const answerPin = (id: string, code: string): void => {
    client.answerPrompt(id, code).then(
      () => update((before) => withAnswer(before, null, now())),
      (error: unknown) =>
        update((before) => withAnswer(before, error instanceof Error ? error.message : String(error), now())),
    )
  }

  return {
    model: () => model,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    update,
    run,
    answerPin,
    close: () => {
      closing.abort()
      unsubscribe()
      if (timer) clearTimeout(timer)
    },
  }
}
