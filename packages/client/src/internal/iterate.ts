import type { Change, ReceivedEvent } from "../Change.ts"
import type { EventsOptions } from "../Client.ts"

const mostPending = 1_000

/** Events as an async iterable over a listener. What it holds for a slow reader is bounded. */
export const iterateEvents = (
  subscribe: (listener: (change: Change) => void) => () => void,
  { kinds, signal }: EventsOptions,
): AsyncIterable<ReceivedEvent> => ({
  [Symbol.asyncIterator]() {
    const pending: Array<ReceivedEvent> = []
    const reader: { ended: "no" | "yes" | "overflow"; wake: (() => void) | null } = {
      ended: "no",
      wake: null,
    }
    const end = (how: "yes" | "overflow") => {
      if (reader.ended !== "no") return
      reader.ended = how
      stop()
      signal?.removeEventListener("abort", abort)
      reader.wake?.()
    }
    const abort = () => end("yes")
    const stop = subscribe((change) => {
      if (change.type === "connection" && change.connection.status === "closed") return end("yes")
      if (change.type !== "event" || (kinds && !kinds.includes(change.event.kind))) return
      if (pending.length >= mostPending) return end("overflow")
      const { epoch, seq, event, replayed } = change
      pending.push({ epoch, seq, event, replayed })
      reader.wake?.()
    })
    signal?.addEventListener("abort", abort, { once: true })
    if (signal?.aborted) abort()
    return {
      async next() {
        while (pending.length === 0 && reader.ended === "no")
          await new Promise<void>((resolve) => {
            reader.wake = resolve
          })
        const value = pending.shift()
        if (value !== undefined) return { done: false, value }
        if (reader.ended === "overflow")
          throw new RangeError(`more than ${mostPending} events were waiting for this reader`)
        return { done: true, value: undefined }
      },
      async return() {
        end("yes")
        return { done: true, value: undefined }
      },
    }
  },
})
