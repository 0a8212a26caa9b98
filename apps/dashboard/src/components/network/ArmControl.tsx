import { createSignal, Match, Show, Switch } from "solid-js"
import { createCommandAction, type ActionStatus } from "../../state/createCommandAction.ts"
import type { NetworkView } from "../../state/accountViews.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import { CommandProgress } from "./CommandProgress.tsx"

const statusAnnouncements: Partial<Record<ActionStatus, string>> = { done: "Verified" }

/** Arm and disarm buttons with the progress of the command. Disarming asks for confirmation. */
export const ArmControl = (props: { readonly network: NetworkView }) => {
  const { can } = useAppState()
  const armAction = createCommandAction()
  const [confirming, setConfirming] = createSignal(false)
  const inTransition = () => props.network.arm.state === "arming" || props.network.arm.state === "disarming"
  const disabled = () => armAction.busy() || inTransition() || !can("control")
  const send = (name: "arm" | "disarm") => {
    setConfirming(false)
    armAction.run({
      name,
      target: { account: props.network.account, network: props.network.id },
      // The broadcaster rejects the command when another client has changed the arm state already.
      ...(props.network.arm.state === "unknown" ? {} : { expect: { armed: name === "disarm" } }),
    })
  }
  let disarmButton: HTMLButtonElement | undefined
  /** Returns the focus to the button that opened the confirmation. */
  const cancel = () => {
    setConfirming(false)
    queueMicrotask(() => disarmButton?.focus())
  }
  const armable = () => props.network.arm.state === "disarmed" || props.network.arm.state === "unknown"
  const disarmable = () => props.network.arm.state === "armed" || props.network.arm.state === "unknown"
  return (
    <div class="arm-control" onKeyDown={(event) => event.key === "Escape" && confirming() && cancel()}>
      <Switch>
        <Match when={confirming()}>
          <p class="confirm-text">Stop recording motion?</p>
          <button
            type="button"
            class="button danger"
            ref={(element) => queueMicrotask(() => element.focus())}
            onClick={() => send("disarm")}
          >
            Disarm
          </button>
          <button type="button" class="button" onClick={cancel}>
            Keep armed
          </button>
        </Match>
        <Match when={armAction.busy() || armAction.status() === "done"}>
          <CommandProgress status={armAction.status()} />
        </Match>
        <Match when={inTransition()}>
          <p class="confirm-text">Waiting for Blink…</p>
        </Match>
        <Match when={true}>
          <Show when={disarmable()}>
            <button
              type="button"
              class="button"
              disabled={disabled()}
              ref={(element) => (disarmButton = element)}
              onClick={() => setConfirming(true)}
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
      <p class="visually-hidden" role="status">
        {statusAnnouncements[armAction.status() ?? "sent"] ?? ""}
      </p>
      <Show when={armAction.problem()}>
        {(problem) => (
          <p class="problem" role="alert">
            {problem()}
            <button type="button" class="link" onClick={() => armAction.dismiss()}>
              Dismiss
            </button>
          </p>
        )}
      </Show>
    </div>
  )
}
