import type { ReceivedEvent } from "../Change.ts"
import type { Client, ClientEventsOptions } from "../Client.ts"

const maxPending = 1_000

/** Converts change notifications to an async iterable of events, with a bounded buffer. */
export const iterateEvents = (
  client: Pick<Client, "connection" | "subscribe">,
  { kinds, signal }: ClientEventsOptions,
): AsyncIterable<ReceivedEvent> => ({
  [Symbol.asyncIterator]() {
    const pending: Array<ReceivedEvent> = []
    /** Calls of `next` that wait for an event. */
    const waiters: Array<() => void> = []
    const iterator: { ended: "no" | "yes" | "overflow" } = { ended: "no" }
    const wakeWaiters = () => {
      for (const wake of waiters.splice(0)) wake()
    }
    const end = (outcome: "yes" | "overflow") => {
      if (iterator.ended !== "no") return
      iterator.ended = outcome
      unsubscribe()
      signal?.removeEventListener("abort", abort)
      wakeWaiters()
    }
    const abort = () => end("yes")
    const unsubscribe = client.subscribe((change) => {
      if (change.type === "connection" && change.connection.status === "closed") return end("yes")
      if (change.type !== "event" || (kinds && !kinds.includes(change.event.kind))) return
      if (pending.length >= maxPending) return end("overflow")
      pending.push(change.event)
      wakeWaiters()
    })
    signal?.addEventListener("abort", abort, { once: true })
    if (signal?.aborted || client.connection.status === "closed") end("yes")
    return {
      async next() {
        while (pending.length === 0 && iterator.ended === "no")
          await new Promise<void>((resolve) => waiters.push(resolve))
        const value = pending.shift()
        if (value !== undefined) return { done: false, value }
        if (iterator.ended === "overflow")
          throw new RangeError(`more than ${maxPending} unread events in this iterator`)
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
