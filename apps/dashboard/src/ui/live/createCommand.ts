import { createSignal, type Accessor } from "solid-js"
import type { CommandRequest } from "@blink-streams/client"
import { useLive } from "./LiveContext.ts"

/** `sent` is ours; from `accepted` to `verifying` the broadcaster tells. `done` means that the cloud's state agrees. */
export type Step = "sent" | "accepted" | "queued" | "running" | "verifying" | "done" | "failed"

export interface Command {
  readonly step: Accessor<Step | null>
  readonly busy: Accessor<boolean>
  /** Why it failed, for a person. */
  readonly problem: Accessor<string | null>
  run(request: CommandRequest): void
  dismiss(): void
}

const shownMs = 4_000

const sentence = (error: unknown): string =>
  typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error)

/** One button's command: from the click to the verified result. */
export const createCommand = (): Command => {
  const { client } = useLive()
  const [step, setStep] = createSignal<Step | null>(null)
  const [problem, setProblem] = createSignal<string | null>(null)
  const busy = () => step() !== null && step() !== "done" && step() !== "failed"
  const dismiss = () => {
    setStep(null)
    setProblem(null)
  }
  const run = (request: CommandRequest) => {
    if (busy()) return
    setProblem(null)
    setStep("sent")
    client.command(request, { onStatus: setStep }).then(
      () => {
        setStep("done")
        setTimeout(() => step() === "done" && dismiss(), shownMs)
      },
      (error: unknown) => {
        setProblem(sentence(error))
        setStep("failed")
      },
    )
  }
  return { step, busy, problem, run, dismiss }
}
