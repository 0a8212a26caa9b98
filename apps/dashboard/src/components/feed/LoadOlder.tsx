import { createSignal } from "solid-js"
import { useAppState } from "../../state/AppStateContext.ts"

const labels = {
  idle: "Load older events",
  loading: "Loading…",
  end: "Start of the log",
} as const

/** Button that loads older events of the log. */
export const LoadOlder = (props: { readonly state: keyof typeof labels; readonly onClick: () => void }) => (
  <button type="button" class="button more" disabled={props.state !== "idle"} onClick={() => props.onClick()}>
    {labels[props.state]}
  </button>
)

/** State of the loading, which outlives the button: it is shown on the oldest day only. */
export const createOlderLoader = () => {
  const { loadEarlier } = useAppState()
  const [state, setState] = createSignal<keyof typeof labels>("idle")
  const load = () => {
    setState("loading")
    loadEarlier().then(
      (mayHaveMore) => setState(mayHaveMore ? "idle" : "end"),
      () => setState("idle"),
    )
  }
  return { state, load }
}
