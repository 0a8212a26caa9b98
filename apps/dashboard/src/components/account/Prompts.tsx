import { createSignal, createUniqueId, For, Match, Show, Switch } from "solid-js"
import type { Prompt } from "../../state/createAppState.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import { coarseNow } from "../../state/signals/now.ts"
import { formatAge } from "../../format/duration.ts"
import { formatTime } from "../../format/dateTime.ts"

const titles: Record<Prompt["kind"], string> = {
  two_factor: "PIN required",
  reauth: "Sign-in required",
  app_update: "Update required",
  blocked: "Sign-in blocked",
}

const hints: Record<Prompt["kind"], string> = {
  two_factor: "Enter the PIN from the text message or email. It is sent to Blink and not stored.",
  reauth: "Enter the account’s password. It is sent to Blink and not stored.",
  app_update: "Blink no longer accepts this version of blink-streams. Update it, then restart it.",
  blocked: "Wait before you try again: further attempts prolong the block.",
}

interface Problem {
  readonly account: Prompt["account"]
  readonly text: string
}

/** Kept outside of `PromptForm`: after a rejected value the server may replace the prompt, and the message must stay. */
const [problem, setProblem] = createSignal<Problem | null>(null)

const PromptForm = (props: { readonly prompt: Prompt }) => {
  const { client, can } = useAppState()
  const [sending, setSending] = createSignal(false)
  const id = createUniqueId()
  const isPin = () => props.prompt.kind === "two_factor"
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const form = event.currentTarget
    const value = new FormData(form).get("value")
    if (typeof value !== "string" || value.trim() === "" || sending() || !can("admin")) return
    setSending(true)
    setProblem(null)
    client
      .submitPrompt(props.prompt.id, value.trim())
      .catch((error: unknown) => {
        setProblem({
          account: props.prompt.account,
          text: error instanceof Error ? error.message : "Blink did not accept this.",
        })
        form.reset()
        form.querySelector("input")?.focus()
      })
      .finally(() => setSending(false))
  }
  return (
    <form class="inline-form" onSubmit={submit} aria-busy={sending()}>
      <label for={id}>{isPin() ? "PIN" : "Password"}</label>
      <input
        id={id}
        name="value"
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

/** Prompts of all accounts, above every view until they are resolved or expire. */
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
              <span class="detail">
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
              <p>This page’s token does not have the scope “admin”.</p>
            </Match>
          </Switch>
        </section>
      )}
    </For>
  )
}
