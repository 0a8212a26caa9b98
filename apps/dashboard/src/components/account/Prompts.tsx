import { createSignal, createUniqueId, For, Match, Show, Switch } from "solid-js"
import type { Prompt } from "../../state/createAppState.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import { coarseNow } from "../../state/signals/now.ts"
import { formatAge } from "../../format/duration.ts"
import { formatTime } from "../../format/dateTime.ts"

const titles: Record<Prompt["kind"], string> = {
  two_factor: "Blink has sent you a PIN",
  reauth: "Blink wants you to sign in again",
  app_update: "Blink no longer accepts this version",
  blocked: "Blink has blocked sign-ins for now",
}

const hints: Record<Prompt["kind"], string> = {
  two_factor: "Type the code that arrived by text message or e-mail. It is sent to Blink and kept nowhere.",
  reauth: "Type the account’s password. It is sent to Blink and kept nowhere.",
  app_update: "Update blink-streams, then restart it.",
  blocked: "Wait before trying again: more tries make the block longer.",
}

interface Problem {
  readonly account: Prompt["account"]
  readonly text: string
}

/** An answer that is refused may come with a new prompt, so what went wrong is kept outside of the one answered. */
const [problem, setProblem] = createSignal<Problem | null>(null)

const PromptForm = (props: { readonly prompt: Prompt }) => {
  const { client, can } = useAppState()
  const [sending, setSending] = createSignal(false)
  const id = createUniqueId()
  const isPin = () => props.prompt.kind === "two_factor"
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const form = event.currentTarget
    const value = new FormData(form).get("answer")
    if (typeof value !== "string" || value.trim() === "" || sending() || !can("admin")) return
    setSending(true)
    setProblem(null)
    client
      .submitPrompt(props.prompt.id, value.trim())
      .catch((error: unknown) => {
        setProblem({
          account: props.prompt.account,
          text: error instanceof Error ? error.message : "That was not accepted.",
        })
        form.reset()
        // Ready for another try, with the cursor where it belongs.
        form.querySelector("input")?.focus()
      })
      .finally(() => setSending(false))
  }
  return (
    <form class="answer" onSubmit={submit} aria-busy={sending()}>
      <label for={id}>{isPin() ? "PIN" : "Password"}</label>
      <input
        id={id}
        name="answer"
        type={isPin() ? "text" : "password"}
        inputmode={isPin() ? "numeric" : undefined}
        autocomplete={isPin() ? "one-time-code" : "current-password"}
        maxlength={isPin() ? 8 : 256}
        required
        readonly={sending()}
      />
      <button type="submit" class="button primary" disabled={sending() || !can("admin")}>
        {sending() ? "Checking…" : "Send"}
      </button>
      <Show when={problem()?.account === props.prompt.account && problem()}>
        {(shown) => (
          <p class="problem" role="alert">
            {shown().text}
          </p>
        )}
      </Show>
    </form>
  )
}

/** What waits for a person, on top of every view until it is answered or has lapsed. */
export const Prompts = () => {
  const app = useAppState()
  return (
    <For each={app.prompts()}>
      {(prompt) => (
        <section class="prompt" role="alertdialog" aria-label={titles[prompt.kind]}>
          <div>
            <h2>{titles[prompt.kind]}</h2>
            <p>
              {hints[prompt.kind]}{" "}
              <span class="fact">
                Account {prompt.account}, {formatAge(prompt.since, coarseNow())}
                {prompt.expiresAt === undefined ? "" : `, until ${formatTime(prompt.expiresAt, null)}`}.
              </span>
            </p>
          </div>
          <Switch>
            <Match when={prompt.kind !== "two_factor" && prompt.kind !== "reauth"}>{null}</Match>
            <Match when={app.hasScope("admin")}>
              <PromptForm prompt={prompt} />
            </Match>
            <Match when={true}>
              <p>This page’s token may not answer it.</p>
            </Match>
          </Switch>
        </section>
      )}
    </For>
  )
}
