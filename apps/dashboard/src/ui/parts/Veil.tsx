import { Show } from "solid-js"
import { useLive } from "../live/LiveContext.ts"
import { now } from "../live/now.ts"
import { isVeiled, nextTry } from "../words/status.ts"
import { clockTime } from "../words/when.ts"

/** Over everything while the broadcaster does not answer: what is below was true then, not now. */
export const Veil = () => {
  const { connection, ready } = useLive()
  return (
    <Show when={ready() && isVeiled(connection())}>
      <div class="veil">
        <p role="alert">
          <strong>Not live.</strong> This is what was known at {clockTime(connection().since, null)}.
        </p>
        {/* It counts down: within the alert a screen reader would say it every second. */}
        <span>{nextTry(connection(), now())}</span>
      </div>
    </Show>
  )
}
