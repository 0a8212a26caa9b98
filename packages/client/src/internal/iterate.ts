import type { ReceivedEvent } from "../Change.ts"
import type { Client, EventsOptions } from "../Client.ts"

const mostPending = 1_000

/** Events as an async iterable over a listener. What it holds for a slow reader is bounded. */
export const iterateEvents = (
  client: Pick<Client, "connection" | "subscribe">,
  { kinds, signal }: EventsOptions,
): AsyncIterable<ReceivedEvent> => ({
  [Symbol.asyncIterator]() {
    const pending: Array<ReceivedEvent> = []
    /** Calls of `next` for which there was nothing. */
    const waiting: Array<() => void> = []
    const reader: { ended: "no" | "yes" | "overflow" } = { ended: "no" }
    const wake = () => {
      for (const goOn of waiting.splice(0)) goOn()
    }
    const end = (how: "yes" | "overflow") => {
      if (reader.ended !== "no") return
      reader.ended = how
      stop()
      signal?.removeEventListener("abort", abort)
      wake()
    }
    const abort = () => end("yes")
    const stop = client.subscribe((change) => {
      if (change.type === "connection" && change.connection.status === "closed") return end("yes")
      if (change.type !== "event" || (kinds && !kinds.includes(change.event.kind))) return
      if (pending.length >= mostPending) return end("overflow")
      const { epoch, seq, event, replayed } = change
      pending.push({ epoch, seq, event, replayed })
      wake()
    })
    signal?.addEventListener("abort", abort, { once: true })
    if (signal?.aborted || client.connection.status === "closed") end("yes")
    return {
      async next() {
        while (pending.length === 0 && reader.ended === "no")
          await new Promise<void>((resolve) => waiting.push(resolve))
        const value = pending.shift()
        if (value !== undefined) return { done: false, value }
        if (reader.ended === "overflow")
          throw new RangeError(`more than ${mostPending} events were waiting for this reader`)
        return { done: true, value: undefined }
      },
      async return() {
        pending.length = 0
        end("yes")
        return { done: true, value: undefined }
      },
    }
  },
})
