import { Show } from "solid-js"
import { Logo } from "./Logo.tsx"

/** Sign-in form that is shown while the browser has no valid token. */
export const TokenPrompt = (props: {
  readonly problem: string | null
  readonly onToken: (token: string) => void
}) => {
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const token = new FormData(event.currentTarget).get("token")
    if (typeof token === "string" && token.trim() !== "") props.onToken(token.trim())
  }
  return (
    <main class="token-prompt">
      <p class="brand">
        <Logo />
        <span>blink-streams</span>
      </p>
      <h1>Sign in with a token</h1>
      <Show when={props.problem}>
        {(problem) => (
          <p class="problem" role="alert">
            {problem()}
          </p>
        )}
      </Show>
      <p>
        Open the one-time link that the broadcaster prints at its start, or enter a token. To create one, run
        “blink-streams token create --name page --scope admin” on the broadcaster’s machine.
      </p>
      <form class="inline-form" onSubmit={submit}>
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="off" spellcheck={false} required />
        <button type="submit" class="button primary">
          Open
        </button>
      </form>
    </main>
  )
}
