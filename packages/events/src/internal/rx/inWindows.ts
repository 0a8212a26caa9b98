import { asyncScheduler, Observable, type OperatorFunction, type Subscription } from "rxjs"
import { type WindowOptions, Windows } from "../operators/Windows.ts"

/** Emits the values of each window when it ends, and those of open windows when the source completes. */
export const inWindows =
  <A>(options: WindowOptions<A>): OperatorFunction<A, ReadonlyArray<A>> =>
  (source) =>
    new Observable((subscriber) => {
      const windows = new Windows(options)
      let timer: Subscription | undefined
      const emitEnded = (now: number) => {
        for (const values of windows.takeEnded(now)) subscriber.next(values)
      }
      const schedule = (now: number) => {
        timer?.unsubscribe()
        const { nextEnd } = windows
        if (nextEnd !== null) timer = asyncScheduler.schedule(() => onTimer(nextEnd), nextEnd - now)
      }
      const onTimer = (due: number) => {
        // A timer may be early by the rounding of the clock.
        const now = Math.max(due, asyncScheduler.now())
        emitEnded(now)
        schedule(now)
      }
      subscriber.add(() => timer?.unsubscribe())
      subscriber.add(
        source.subscribe({
          next: (value) => {
            const now = asyncScheduler.now()
            emitEnded(now)
            windows.add(value, now)
            schedule(now)
          },
          error: (cause) => subscriber.error(cause),
          complete: () => {
            emitEnded(Number.POSITIVE_INFINITY)
            subscriber.complete()
          },
        }),
      )
    })
