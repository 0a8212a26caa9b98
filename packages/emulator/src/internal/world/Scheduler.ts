/** What will happen at a known time: a command completes, a scenario takes its next step. */
export interface ScheduledTask {
  readonly at: number
  readonly run: (at: number) => void
}

/**
 * Coming changes in the order of their time, and of their making where two share one time. Nothing here waits: whoever
 * looks at the world first lets everything happen that is due, each at its own instant.
 */
export class Scheduler {
  readonly #coming: Array<ScheduledTask> = []

  add(at: number, run: (at: number) => void): void {
    let low = 0
    let high = this.#coming.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#coming[middle]?.at ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1
      else high = middle
    }
    this.#coming.splice(low, 0, { at, run })
  }

  /** Lets all happen that is due at `now`, and what follows from it. */
  runDue(now: number): void {
    for (let next = this.#coming[0]; next !== undefined && next.at <= now; next = this.#coming[0]) {
      this.#coming.shift()
      next.run(next.at)
    }
  }
}
