import { createSignal, Show } from "solid-js"
import type { Command } from "../live/createCommand.ts"
import { createCommand } from "../live/createCommand.ts"
import { targetOf, type CameraView } from "../live/homeView.ts"
import { useLive } from "../live/LiveContext.ts"
import { Glyph } from "./Glyph.tsx"

const snoozeMinutes = 60

/** The motion switch and the snooze of one camera. A switch shows the wish only while its command is under way. */
export const CameraControls = (props: { readonly camera: CameraView; readonly picture: Command }) => {
  const { may } = useLive()
  const detection = createCommand()
  const snooze = createCommand()
  const [wanted, setWanted] = createSignal(false)
  const isUnknown = () => props.camera.detection === "unknown"
  const isOn = () => (detection.busy() ? wanted() : props.camera.detection === "on")
  const toggle = () => {
    setWanted(props.camera.detection !== "on")
    detection.run({ name: wanted() ? "enable" : "disable", target: targetOf(props.camera) })
  }
  const toggleSnooze = () =>
    snooze.run({
      target: targetOf(props.camera),
      ...(props.camera.snoozed === true
        ? { name: "unsnooze" }
        : { name: "snooze", args: { minutes: snoozeMinutes } }),
    })
  const commands = () => [detection, snooze, props.picture]
  const problem = () =>
    commands()
      .find((command) => command.problem() !== null)
      ?.problem()
  /** The cloud refuses to silence a camera that is not to tell anything. */
  const canSnooze = () => props.camera.detection !== "off" || props.camera.snoozed === true
  const snoozeLabel = () =>
    props.camera.snoozed === true
      ? `End the snooze of ${props.camera.name}`
      : `Snooze ${props.camera.name}: no notifications for an hour`
  return (
    <>
      <div class="card-controls">
        <button
          type="button"
          class="icon-button snooze"
          aria-pressed={props.camera.snoozed === true}
          aria-busy={snooze.busy()}
          aria-label={snoozeLabel()}
          title={canSnooze() ? snoozeLabel() : "Nothing to snooze: motion detection is off"}
          disabled={snooze.busy() || !canSnooze() || !may("control")}
          onClick={toggleSnooze}
        >
          <Glyph name={props.camera.snoozed === true ? "bellOff" : "bell"} />
        </button>
        <button
          type="button"
          role="switch"
          class="switch"
          aria-checked={isOn()}
          aria-busy={detection.busy()}
          data-unknown={isUnknown() ? "" : undefined}
          aria-label={`Motion detection of ${props.camera.name}${isUnknown() ? " (state unknown)" : ""}`}
          title={`Motion detection ${props.camera.detection}`}
          disabled={detection.busy() || !may("control")}
          onClick={toggle}
        >
          <Glyph name="motion" />
          <span>{detection.busy() ? "…" : isUnknown() ? "?" : props.camera.detection}</span>
        </button>
      </div>
      <Show when={problem()}>
        {(text) => (
          <p class="problem" role="alert">
            {text()}
            <button
              type="button"
              class="link"
              onClick={() => commands().forEach((command) => command.dismiss())}
            >
              Dismiss
            </button>
          </p>
        )}
      </Show>
    </>
  )
}
