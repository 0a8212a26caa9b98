import { Show } from "solid-js"
import { useAppState } from "../../state/AppStateContext.ts"
import { now } from "../../state/signals/now.ts"
import { isDisconnected, retryText } from "../../format/status.ts"
import { formatTimeWithSeconds } from "../../format/dateTime.ts"

/** Banner while the page is disconnected from the broadcaster, with the time since when the shown data may be outdated. */
export const StaleOverlay = () => {
  const { connection, ready } = useAppState()
  return (
    <Show when={ready() && isDisconnected(connection())}>
      <div class="stale-overlay">
        <p role="alert">
          <strong>Connection lost.</strong> Data as of {formatTimeWithSeconds(connection().since, null)}.
        </p>
        {/* Outside of the alert: a screen reader would announce the countdown every second. */}
        <span>{retryText(connection(), now())}</span>
      </div>
    </Show>
  )
}
