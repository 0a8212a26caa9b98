import { Show } from "solid-js"
import { Logo } from "./Logo.tsx"

/** What stands before the page while it has no token. */
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
    <main class="door">
      <p class="brand">
        <Logo />
        <span>blink-streams</span>
      </p>
      <h1>This page needs a token</h1>
      <Show when={props.problem}>
        {(problem) => (
          <p class="problem" role="alert">
            {problem()}
          </p>
        )}
      </Show>
      <p>
        The broadcaster prints a link that opens this page signed in, once. Open that link, or type a token
        here: “blink-streams token create --name page --scope admin” on its machine makes one.
      </p>
      <form class="answer" onSubmit={submit}>
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="off" spellcheck={false} required />
        <button type="submit" class="button primary">
          Open
        </button>
      </form>
    </main>
  )
}
