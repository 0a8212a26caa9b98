import { For } from "solid-js"
import type { ActionStatus } from "../../state/createCommandAction.ts"

const steps = ["accepted", "running", "verified"] as const
/** How many of `shown` each step has reached, and which one is under way. */
const completedSteps: Record<ActionStatus, number> = {
  sent: 0,
  accepted: 1,
  queued: 1,
  running: 1,
  verifying: 2,
  done: 3,
  failed: 0,
}

/** A command's way to a verified result. `verified` is only lit once the cloud's state agrees. */
export const CommandProgress = (props: { readonly status: ActionStatus | null }) => {
  const count = () => (props.status === null ? 0 : completedSteps[props.status])
  return (
    <ol class="steps" data-step={props.status ?? undefined} aria-label="Progress of the command">
      <For each={steps}>
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
