import { createSignal, Show } from "solid-js"
import type { CommandAction } from "../../state/createCommandAction.ts"
import { createCommandAction } from "../../state/createCommandAction.ts"
import { commandTarget, type CameraView } from "../../state/accountViews.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import { Icon } from "../shell/Icon.tsx"

const snoozeMinutes = 60

/** Motion detection switch and snooze button of one camera. The switch shows the requested state only while its command runs. */
export const CameraControls = (props: {
  readonly camera: CameraView
  readonly pictureAction: CommandAction
}) => {
  const { can } = useAppState()
  const detectionAction = createCommandAction()
  const snoozeAction = createCommandAction()
  const [requested, setRequested] = createSignal(false)
  const isUnknown = () => props.camera.detection === "unknown"
  const isOn = () => (detectionAction.busy() ? requested() : props.camera.detection === "on")
  const toggle = () => {
    setRequested(props.camera.detection !== "on")
    detectionAction.run({ name: requested() ? "enable" : "disable", target: commandTarget(props.camera) })
  }
  const toggleSnooze = () =>
    snoozeAction.run({
      target: commandTarget(props.camera),
      ...(props.camera.snoozed === true
        ? { name: "unsnooze" }
        : { name: "snooze", args: { minutes: snoozeMinutes } }),
    })
  const actions = () => [detectionAction, snoozeAction, props.pictureAction]
  const problem = () =>
    actions()
      .find((action) => action.problem() !== null)
      ?.problem()
  /** Blink rejects a snooze while motion detection is off. */
  const canSnooze = () => props.camera.detection !== "off" || props.camera.snoozed === true
  const snoozeLabel = () =>
    props.camera.snoozed === true
      ? `Unsnooze ${props.camera.name}`
      : `Snooze ${props.camera.name}: no notifications for 1 hour`
  return (
    <>
      <div class="card-controls">
        <button
          type="button"
          class="icon-button snooze"
          aria-pressed={props.camera.snoozed === true}
          aria-busy={snoozeAction.busy()}
          aria-label={snoozeLabel()}
          title={canSnooze() ? snoozeLabel() : "Snooze is not available: motion detection is off"}
          disabled={snoozeAction.busy() || !canSnooze() || !can("control")}
          onClick={toggleSnooze}
        >
          <Icon name={props.camera.snoozed === true ? "bellOff" : "bell"} />
        </button>
        <button
          type="button"
          role="switch"
          class="switch"
          aria-checked={isOn()}
          aria-busy={detectionAction.busy()}
          data-unknown={isUnknown() ? "" : undefined}
          aria-label={`Motion detection of ${props.camera.name}${isUnknown() ? " (state unknown)" : ""}`}
          title={`Motion detection ${props.camera.detection}`}
          disabled={detectionAction.busy() || !can("control")}
          onClick={toggle}
        >
          <Icon name="motion" />
          <span>{detectionAction.busy() ? "…" : isUnknown() ? "?" : props.camera.detection}</span>
        </button>
      </div>
      <Show when={problem()}>
        {(text) => (
          <p class="problem" role="alert">
            {text()}
            <button
              type="button"
              class="link"
              onClick={() => actions().forEach((action) => action.dismiss())}
            >
              Dismiss
            </button>
          </p>
        )}
      </Show>
    </>
  )
}
