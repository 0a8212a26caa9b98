/** A change at a known time, such as the end of a command or a step of a scenario. */
export interface ScheduledTask {
  readonly at: number
  readonly run: (at: number) => void
}

/**
 * Tasks in the order of their time, then of their creation. It has no timer: the caller runs the due tasks before it reads the
 * world, and each task gets its own time.
 */
export class Scheduler {
  readonly #tasks: Array<ScheduledTask> = []

  add(at: number, run: (at: number) => void): void {
    let low = 0
    let high = this.#tasks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#tasks[middle]?.at ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1
      else high = middle
    }
    this.#tasks.splice(low, 0, { at, run })
  }

  /** Runs all tasks that are due at `now`, including due tasks that they add. */
  runDue(now: number): void {
    for (let next = this.#tasks[0]; next !== undefined && next.at <= now; next = this.#tasks[0]) {
      this.#tasks.shift()
      next.run(next.at)
    }
  }
}
