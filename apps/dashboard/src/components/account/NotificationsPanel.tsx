import { createMemo, createSignal, For, Match, Show, Switch } from "solid-js"
import {
  notificationSettings,
  notificationPermission,
  requestNotificationPermission,
  updateNotificationSettings,
} from "../../state/notifications.ts"
import { useAppState } from "../../state/AppStateContext.ts"

const coolDowns = [1, 5, 15, 60] as const

const setCameraNotifications = (camera: string, enabled: boolean) => {
  const others = notificationSettings().muted.filter((key) => key !== camera)
  updateNotificationSettings({ muted: enabled ? others : [...others, camera] })
}

/** Notification settings: permission, cool-down and cameras. */
export const NotificationsPanel = () => {
  const app = useAppState()
  const [permission, setPermission] = createSignal(notificationPermission())
  const cameras = createMemo(() =>
    app.accounts.flatMap(({ networks }) => networks).flatMap((network) => network.cameras),
  )
  return (
    <section class="panel" aria-label="Notifications">
      <h2>Notifications</h2>
      <Switch>
        <Match when={permission() === "unsupported"}>
          <p>
            Notifications are not available at this address. They need HTTPS or a broadcaster on this machine.
          </p>
        </Match>
        <Match when={permission() === "denied"}>
          <p>Notifications are blocked. Allow them for this address in the browser’s settings.</p>
        </Match>
        <Match when={permission() === "default"}>
          <p>
            Get a notification for motion and doorbell presses while this page is open, also in the
            background.
          </p>
          <button
            type="button"
            class="button"
            onClick={() => void requestNotificationPermission().then(setPermission)}
          >
            Enable notifications
          </button>
        </Match>
        <Match when={permission() === "granted"}>
          <label class="choice">
            <input
              type="checkbox"
              checked={notificationSettings().enabled}
              onChange={(event) => updateNotificationSettings({ enabled: event.currentTarget.checked })}
            />
            <span>Notify about motion and doorbell presses</span>
          </label>
          <Show when={notificationSettings().enabled}>
            <label class="choice">
              <span>Minimum time between two notifications of one camera</span>
              <select
                onChange={(event) =>
                  updateNotificationSettings({ coolDownMinutes: Number(event.currentTarget.value) })
                }
              >
                <For each={coolDowns}>
                  {(minutes) => (
                    <option value={minutes} selected={notificationSettings().coolDownMinutes === minutes}>
                      {minutes} min
                    </option>
                  )}
                </For>
              </select>
            </label>
            <fieldset class="choices">
              <legend>Cameras</legend>
              <For each={cameras()}>
                {(camera) => (
                  <label class="choice">
                    <input
                      type="checkbox"
                      checked={!notificationSettings().muted.includes(camera.key)}
                      onChange={(event) => setCameraNotifications(camera.key, event.currentTarget.checked)}
                    />
                    <bdi>{camera.name}</bdi>
                  </label>
                )}
              </For>
            </fieldset>
          </Show>
        </Match>
      </Switch>
    </section>
  )
}
