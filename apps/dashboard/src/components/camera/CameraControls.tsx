import { Show } from "solid-js"
import type { CameraView } from "../../state/accountViews.ts"
import { type CommandAction, createCommandAction } from "../../state/createCommandAction.ts"
import { DetectionSwitch } from "./DetectionSwitch.tsx"
import { SnoozeButton } from "./SnoozeButton.tsx"

/** Snooze button and motion detection switch of one camera, and the error of its last command. */
export const CameraControls = (props: {
  readonly camera: CameraView
  readonly pictureAction: CommandAction
}) => {
  const detectionAction = createCommandAction()
  const snoozeAction = createCommandAction()
  const actions = () => [detectionAction, snoozeAction, props.pictureAction]
  const problem = () =>
    actions()
      .find((action) => action.problem() !== null)
      ?.problem()
  return (
    <>
      <div class="card-controls">
        <SnoozeButton camera={props.camera} action={snoozeAction} />
        <DetectionSwitch camera={props.camera} action={detectionAction} />
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
