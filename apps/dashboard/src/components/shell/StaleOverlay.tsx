import { Show } from "solid-js"
import { useAppState } from "../../state/AppStateContext.ts"
import { now } from "../../state/signals/now.ts"
import { isDisconnected, retryText } from "../../format/status.ts"
import { formatTimeWithSeconds } from "../../format/dateTime.ts"

/** Over everything while the broadcaster does not answer: what is below was true then, not now. */
export const StaleOverlay = () => {
  const { connection, ready } = useAppState()
  return (
    <Show when={ready() && isDisconnected(connection())}>
      <div class="veil">
        <p role="alert">
          <strong>Not live.</strong> This is what was known at{" "}
          {formatTimeWithSeconds(connection().since, null)}.
        </p>
        {/* It counts down: within the alert a screen reader would say it every second. */}
        <span>{retryText(connection(), now())}</span>
      </div>
    </Show>
  )
}
