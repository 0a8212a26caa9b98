import { Show } from "solid-js"
import type { CameraView } from "../live/homeView.ts"
import { Bars } from "./Bars.tsx"
import { Battery } from "./Battery.tsx"

const batteryWords = {
  ok: "Battery ok",
  low: "Battery low",
  mains: "Mains",
  unknown: "Battery unknown",
} as const

/** Battery, signal and temperature in one line; what is not known looks not known. */
export const CameraFacts = (props: { readonly camera: CameraView }) => {
  const isMains = () => props.camera.battery === "mains"
  return (
    <ul class="facts">
      <li data-battery={props.camera.battery} title={batteryWords[props.camera.battery]}>
        <Show when={!isMains()}>
          <Battery bars={props.camera.batteryBars} />
        </Show>
        <span class={isMains() ? "" : "unseen"}>{batteryWords[props.camera.battery]}</span>
      </li>
      <li title={`Signal ${props.camera.wifiBars ?? "?"} of 5`}>
        <Bars value={props.camera.wifiBars} of={5} label="Signal" />
      </li>
      <Show when={props.camera.temperature}>
        {(temperature) => <li>{Math.round(temperature().celsius)} °C</li>}
      </Show>
    </ul>
  )
}
