import { Show } from "solid-js"
import type { CameraView } from "../../state/accountViews.ts"
import { LevelBars } from "./LevelBars.tsx"
import { BatteryIcon } from "./BatteryIcon.tsx"

const batteryLabels = {
  ok: "Battery ok",
  low: "Battery low",
  mains: "Mains",
  unknown: "Battery unknown",
} as const

/** Battery, signal and temperature in one line. */
export const CameraHealth = (props: { readonly camera: CameraView }) => {
  const isMains = () => props.camera.battery === "mains"
  return (
    <ul class="camera-health">
      <li data-battery={props.camera.battery} title={batteryLabels[props.camera.battery]}>
        <Show when={!isMains()}>
          <BatteryIcon bars={props.camera.batteryBars} />
        </Show>
        <span class={isMains() ? "" : "visually-hidden"}>{batteryLabels[props.camera.battery]}</span>
      </li>
      <li title={`Signal ${props.camera.wifiBars ?? "?"} of 5`}>
        <LevelBars value={props.camera.wifiBars} max={5} label="Signal" />
      </li>
      <Show when={props.camera.temperature}>
        {(temperature) => <li>{Math.round(temperature().celsius)} °C</li>}
      </Show>
    </ul>
  )
}
