import { For, Show } from "solid-js"
import type { AccountView, NetworkView } from "../live/homeView.ts"
import { growing } from "../live/growing.ts"
import { slowNow } from "../live/now.ts"
import { age } from "../words/age.ts"
import { fullTime } from "../words/when.ts"
import { ArmControl } from "./ArmControl.tsx"
import { CameraCard } from "./CameraCard.tsx"
import { Glyph } from "./Glyph.tsx"

const words = {
  armed: "Armed",
  disarmed: "Disarmed",
  arming: "Arming…",
  disarming: "Disarming…",
  unknown: "Unknown",
} as const

/** So few that smaller cards would leave most of a row empty. */
const isRoomy = (count: number) => count <= 6 && count !== 4

/** One network: its arm state, honest about its age, and its cameras. */
export const NetworkPanel = (props: { readonly network: NetworkView; readonly account: AccountView }) => {
  const cameras = growing(() => props.network.cameras, 12)
  const arm = () => props.network.arm
  const seen = () => {
    const { asOf } = arm()
    return asOf === null ? "never seen" : `as of ${age(asOf, slowNow())}`
  }
  return (
    <section class="network" aria-label={`Network ${props.network.name}`}>
      <div class="network-head" data-arm={arm().state} data-stale={props.account.stale ? "" : undefined}>
        <span class="emblem">
          <Show
            when={arm().state === "unknown"}
            fallback={<Glyph name={arm().state.startsWith("arm") ? "shield" : "shieldOff"} />}
          >
            <Glyph name="question" />
          </Show>
        </span>
        <div class="network-words">
          <h2>
            <bdi>{props.network.name}</bdi>
          </h2>
          <p>
            <strong data-testid="arm-state" role="status">
              {words[arm().state]}
            </strong>
            <time
              datetime={arm().asOf ?? undefined}
              title={arm().asOf === null ? undefined : fullTime(arm().asOf!, props.network.timeZone)}
            >
              {seen()}
            </time>
            <Show when={props.account.stale}>
              <span class="warn">may have changed since</span>
            </Show>
            <For each={props.network.syncModules.filter(({ online }) => online !== "online")}>
              {(syncModule) => (
                <span class="warn">
                  sync module <bdi>{syncModule.name}</bdi>{" "}
                  {syncModule.online === "offline" ? "offline" : "not known"}
                </span>
              )}
            </For>
          </p>
        </div>
        <ArmControl network={props.network} />
      </div>
      <ul class="cards" classList={{ roomy: isRoomy(props.network.cameras.length) }}>
        <For each={cameras()}>
          {(camera) => (
            <li>
              <CameraCard camera={camera} />
            </li>
          )}
        </For>
      </ul>
      <Show when={props.network.cameras.length === 0}>
        <p class="empty">
          No cameras in this network. One that is added in the Blink app appears here with the next look.
        </p>
      </Show>
    </section>
  )
}
