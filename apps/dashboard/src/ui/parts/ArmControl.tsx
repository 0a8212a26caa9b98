import { createSignal, Match, Show, Switch } from "solid-js"
import { createCommand, type Step } from "../live/createCommand.ts"
import type { NetworkView } from "../live/homeView.ts"
import { useLive } from "../live/LiveContext.ts"
import { Steps } from "./Steps.tsx"

const said: Partial<Record<Step, string>> = { done: "Verified: the cloud says so too." }

/** Arm and disarm, from the click to what the cloud confirms. Disarming asks first. */
export const ArmControl = (props: { readonly network: NetworkView }) => {
  const { may } = useLive()
  const command = createCommand()
  const [asking, setAsking] = createSignal(false)
  const moving = () => props.network.arm.state === "arming" || props.network.arm.state === "disarming"
  const disabled = () => command.busy() || moving() || !may("control")
  const send = (name: "arm" | "disarm") => {
    setAsking(false)
    command.run({
      name,
      target: { account: props.network.account, network: props.network.id },
      // Somebody else may have been quicker: then the broadcaster refuses instead of sending it twice.
      ...(props.network.arm.state === "unknown" ? {} : { expect: { armed: name === "disarm" } }),
    })
  }
  let disarmButton: HTMLButtonElement | undefined
  /** Back to where the question came from, so that the keyboard is not lost with it. */
  const keep = () => {
    setAsking(false)
    queueMicrotask(() => disarmButton?.focus())
  }
  const armable = () => props.network.arm.state === "disarmed" || props.network.arm.state === "unknown"
  const disarmable = () => props.network.arm.state === "armed" || props.network.arm.state === "unknown"
  return (
    <div class="arm-control" onKeyDown={(event) => event.key === "Escape" && asking() && keep()}>
      <Switch>
        <Match when={asking()}>
          <p class="ask">Stop recording motion here?</p>
          <button
            type="button"
            class="button danger"
            ref={(element) => queueMicrotask(() => element.focus())}
            onClick={() => send("disarm")}
          >
            Disarm
          </button>
          <button type="button" class="button" onClick={keep}>
            Keep armed
          </button>
        </Match>
        <Match when={command.busy() || command.step() === "done"}>
          <Steps step={command.step()} />
        </Match>
        <Match when={moving()}>
          <p class="ask">Waiting for the cloud…</p>
        </Match>
        <Match when={true}>
          <Show when={disarmable()}>
            <button
              type="button"
              class="button"
              disabled={disabled()}
              ref={(element) => (disarmButton = element)}
              onClick={() => setAsking(true)}
              aria-label={`Disarm ${props.network.name}`}
            >
              Disarm
            </button>
          </Show>
          <Show when={armable()}>
            <button
              type="button"
              class="button primary"
              disabled={disabled()}
              onClick={() => send("arm")}
              aria-label={`Arm ${props.network.name}`}
            >
              Arm
            </button>
          </Show>
        </Match>
      </Switch>
      <p class="unseen" role="status">
        {said[command.step() ?? "sent"] ?? ""}
      </p>
      <Show when={command.problem()}>
        {(problem) => (
          <p class="problem" role="alert">
            {problem()}
            <button type="button" class="link" onClick={() => command.dismiss()}>
              Dismiss
            </button>
          </p>
        )}
      </Show>
    </div>
  )
}
