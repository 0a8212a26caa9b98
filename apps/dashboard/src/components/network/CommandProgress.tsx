import { For } from "solid-js"
import type { ActionStatus } from "../../state/createCommandAction.ts"

const steps = ["accepted", "running", "verified"] as const
/** Number of completed steps for each status. */
const completedSteps: Record<ActionStatus, number> = {
  sent: 0,
  accepted: 1,
  queued: 1,
  running: 1,
  verifying: 2,
  done: 3,
  failed: 0,
}

/** Progress of a command. `verified` is completed when a later snapshot confirms the new state. */
export const CommandProgress = (props: { readonly status: ActionStatus | null }) => {
  const count = () => (props.status === null ? 0 : completedSteps[props.status])
  return (
    <ol class="command-progress" data-status={props.status ?? undefined} aria-label="Progress of the command">
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
