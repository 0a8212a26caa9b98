import { createSignal, type Accessor } from "solid-js"
import type { CommandRequest } from "@blink-streams/client"
import { useAppState } from "./AppStateContext.ts"

/** `sent`: no status received yet. `accepted` to `verifying`: reported by the broadcaster. `done`: confirmed by a later snapshot. */
export type ActionStatus = "sent" | "accepted" | "queued" | "running" | "verifying" | "done" | "failed"

/** State of the command behind one button. */
export interface CommandAction {
  readonly status: Accessor<ActionStatus | null>
  readonly busy: Accessor<boolean>
  /** Error message for the user; `null` unless the command failed. */
  readonly problem: Accessor<string | null>
  run(request: CommandRequest): void
  dismiss(): void
}

const doneDisplayMs = 4_000

const errorText = (error: unknown): string =>
  typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error)

/** Creates the state of one button's command. `run` does nothing while a command is in progress. */
export const createCommandAction = (): CommandAction => {
  const { client } = useAppState()
  const [status, setStatus] = createSignal<ActionStatus | null>(null)
  const [problem, setProblem] = createSignal<string | null>(null)
  const busy = () => status() !== null && status() !== "done" && status() !== "failed"
  const dismiss = () => {
    setStatus(null)
    setProblem(null)
  }
  const run = (request: CommandRequest) => {
    if (busy()) return
    setProblem(null)
    setStatus("sent")
    client.command(request, { onStatus: setStatus }).then(
      () => {
        setStatus("done")
        setTimeout(() => status() === "done" && dismiss(), doneDisplayMs)
      },
      (error: unknown) => {
        setProblem(errorText(error))
        setStatus("failed")
      },
    )
  }
  return { status, busy, problem, run, dismiss }
}
