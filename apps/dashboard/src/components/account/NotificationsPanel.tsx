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

/** Notifications: asked for, per camera, with a cool-down. */
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
            This browser shows none for this address. They need https, or the broadcaster on this very
            machine.
          </p>
        </Match>
        <Match when={permission() === "denied"}>
          <p>This browser has been told not to show any. Allow them in its settings for this address.</p>
        </Match>
        <Match when={permission() === "default"}>
          <p>
            Motion and doorbell presses can show as notifications of this device while the page is open, also
            in the background.
          </p>
          <button
            type="button"
            class="button"
            onClick={() => void requestNotificationPermission().then(setPermission)}
          >
            Ask the browser
          </button>
        </Match>
        <Match when={permission() === "granted"}>
          <label class="choice">
            <input
              type="checkbox"
              checked={notificationSettings().enabled}
              onChange={(event) => updateNotificationSettings({ enabled: event.currentTarget.checked })}
            />
            <span>Show motion and doorbell presses</span>
          </label>
          <Show when={notificationSettings().enabled}>
            <label class="choice">
              <span>Then be quiet about that camera for</span>
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
