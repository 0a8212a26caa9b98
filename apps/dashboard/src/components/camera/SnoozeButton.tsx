import { type CameraView, commandTarget } from "../../state/accountViews.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import type { CommandAction } from "../../state/createCommandAction.ts"
import { Icon } from "../shell/Icon.tsx"

const snoozeMinutes = 60

/** Button that mutes the notifications of one camera for an hour, or ends that. */
export const SnoozeButton = (props: { readonly camera: CameraView; readonly action: CommandAction }) => {
  const { can } = useAppState()
  const isSnoozed = () => props.camera.snoozed === true
  const toggle = () =>
    props.action.run({
      target: commandTarget(props.camera),
      ...(isSnoozed() ? { name: "unsnooze" } : { name: "snooze", args: { minutes: snoozeMinutes } }),
    })
  /** Blink rejects a snooze while motion detection is off. */
  const canSnooze = () => props.camera.detection !== "off" || isSnoozed()
  const label = () =>
    isSnoozed() ? `Unsnooze ${props.camera.name}` : `Snooze ${props.camera.name}: no notifications for 1 hour`
  return (
    <button
      type="button"
      class="icon-button snooze"
      aria-pressed={isSnoozed()}
      aria-busy={props.action.busy()}
      aria-label={label()}
      title={canSnooze() ? label() : "Snooze is not available: motion detection is off"}
      disabled={props.action.busy() || !canSnooze() || !can("control")}
      onClick={toggle}
    >
      <Icon name={isSnoozed() ? "bellOff" : "bell"} />
    </button>
  )
}
