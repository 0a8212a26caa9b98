import { For, Show } from "solid-js"
import type { AccountView, NetworkView } from "../../state/accountViews.ts"
import { incrementalList } from "../../state/signals/incrementalList.ts"
import { coarseNow } from "../../state/signals/now.ts"
import { formatAge } from "../../format/duration.ts"
import { formatDateTime } from "../../format/dateTime.ts"
import { ArmControl } from "./ArmControl.tsx"
import { CameraCard } from "../camera/CameraCard.tsx"
import { Icon } from "../shell/Icon.tsx"

const armLabels = {
  armed: "Armed",
  disarmed: "Disarmed",
  arming: "Arming…",
  disarming: "Disarming…",
  unknown: "Unknown",
} as const

/** True for counts that would leave most of a row of small cards empty. */
const isRoomy = (count: number) => count <= 6 && count !== 4

/** One system: arm state with its age, arm control and cameras. */
export const NetworkPanel = (props: { readonly network: NetworkView; readonly account: AccountView }) => {
  const cameras = incrementalList(() => props.network.cameras, 12)
  const arm = () => props.network.arm
  const armAge = () => {
    const { asOf } = arm()
    return asOf === null ? "not updated yet" : `updated ${formatAge(asOf, coarseNow())}`
  }
  return (
    <section class="network" aria-label={`System ${props.network.name}`}>
      <div class="network-head" data-arm={arm().state} data-stale={props.account.stale ? "" : undefined}>
        <span class="emblem">
          <Show
            when={arm().state === "unknown"}
            fallback={<Icon name={arm().state.startsWith("arm") ? "shield" : "shieldOff"} />}
          >
            <Icon name="question" />
          </Show>
        </span>
        <div class="network-text">
          <h2>
            <bdi>{props.network.name}</bdi>
          </h2>
          <p>
            <strong data-testid="arm-state" role="status">
              {armLabels[arm().state]}
            </strong>
            <time
              datetime={arm().asOf ?? undefined}
              title={arm().asOf === null ? undefined : formatDateTime(arm().asOf!, props.network.timeZone)}
            >
              {armAge()}
            </time>
            <Show when={props.account.stale}>
              <span class="warn">may be outdated</span>
            </Show>
            <For each={props.network.syncModules.filter(({ online }) => online !== "online")}>
              {(syncModule) => (
                <span class="warn">
                  sync module <bdi>{syncModule.name}</bdi>{" "}
                  {syncModule.online === "offline" ? "offline" : "status unknown"}
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
          No cameras in this system. A camera added in the Blink app appears here after the next update.
        </p>
      </Show>
    </section>
  )
}
