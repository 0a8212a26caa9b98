import { createSignal } from "solid-js"
import { type CameraView, commandTarget } from "../../state/accountViews.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import type { CommandAction } from "../../state/createCommandAction.ts"
import { Icon } from "../shell/Icon.tsx"

/** Motion detection switch of one camera. It shows the requested state only while its command runs. */
export const DetectionSwitch = (props: { readonly camera: CameraView; readonly action: CommandAction }) => {
  const { can } = useAppState()
  const [requested, setRequested] = createSignal(false)
  const isUnknown = () => props.camera.detection === "unknown"
  const isOn = () => (props.action.busy() ? requested() : props.camera.detection === "on")
  const toggle = () => {
    setRequested(props.camera.detection !== "on")
    props.action.run({ name: requested() ? "enable" : "disable", target: commandTarget(props.camera) })
  }
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked={isOn()}
      aria-busy={props.action.busy()}
      data-unknown={isUnknown() ? "" : undefined}
      aria-label={`Motion detection of ${props.camera.name}${isUnknown() ? " (state unknown)" : ""}`}
      title={`Motion detection ${props.camera.detection}`}
      disabled={props.action.busy() || !can("control")}
      onClick={toggle}
    >
      <Icon name="motion" />
      <span>{props.action.busy() ? "…" : isUnknown() ? "?" : props.camera.detection}</span>
    </button>
  )
}
