import { For } from "solid-js"
import type { Step } from "../live/createCommand.ts"

const shown = ["accepted", "running", "verified"] as const
/** How many of `shown` each step has reached, and which one is under way. */
const reached: Record<Step, number> = {
  sent: 0,
  accepted: 1,
  queued: 1,
  running: 1,
  verifying: 2,
  done: 3,
  failed: 0,
}

/** A command's way to a verified result. `verified` is only lit once the cloud's state agrees. */
export const Steps = (props: { readonly step: Step | null }) => {
  const count = () => (props.step === null ? 0 : reached[props.step])
  return (
    <ol class="steps" data-step={props.step ?? undefined} aria-label="Progress of the command">
      <For each={shown}>
        {(name, index) => (
          <li
            data-state={index() < count() ? "reached" : index() === count() ? "now" : "later"}
            aria-current={index() === count() ? "step" : undefined}
          >
            {name}
          </li>
        )}
      </For>
    </ol>
  )
}
