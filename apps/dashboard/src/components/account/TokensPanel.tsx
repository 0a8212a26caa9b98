import { createResource, createSignal, For, Show } from "solid-js"
import { coarseNow } from "../../state/signals/now.ts"
import { broadcaster } from "../../api/broadcaster.ts"
import { formatAge } from "../../format/duration.ts"

/** Scopes of a new token; each includes the ones before it. */
const scopes = ["read", "control", "admin"] as const
type Scope = (typeof scopes)[number]

const scopeLabels: Record<Scope, string> = {
  read: "view",
  control: "view and control",
  admin: "full access, including tokens",
}

const isScope = (value: unknown): value is Scope => scopes.some((scope) => scope === value)

const newestFirst = async () => (await broadcaster.listTokens()).toSorted((a, b) => b.createdAt - a.createdAt)

/** Lists, creates and revokes the tokens of other programs. */
export const TokensPanel = () => {
  const [tokens, { refetch }] = createResource(newestFirst, { initialValue: [] })
  const [newToken, setNewToken] = createSignal<string | null>(null)
  const [confirming, setConfirming] = createSignal<string | null>(null)
  const [problem, setProblem] = createSignal<string | null>(null)
  const run = (work: Promise<void>) => {
    setProblem(null)
    setConfirming(null)
    work
      .then(() => refetch())
      .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
  }
  const create = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    const [name, scope] = [fields.get("name"), fields.get("scope")]
    if (typeof name !== "string" || !isScope(scope)) return
    run(
      broadcaster.createToken(name, [scope]).then((token) => {
        setNewToken(token)
        form.reset()
      }),
    )
  }
  return (
    <section class="panel" aria-label="Tokens">
      <h2>Tokens</h2>
      <p>Other programs connect with a token. It is shown only once, after it is created.</p>
      <form class="inline-form" onSubmit={create}>
        <input name="name" aria-label="Name of the new token" placeholder="Name" maxlength="100" required />
        <select name="scope" aria-label="Permissions">
          <For each={scopes}>{(scope) => <option value={scope}>{scopeLabels[scope]}</option>}</For>
        </select>
        <button type="submit" class="button">
          Create token
        </button>
      </form>
      <Show when={newToken()}>
        {(token) => (
          <p class="new-token" role="status">
            Copy the token now, it is not shown again: <code>{token()}</code>
            <button type="button" class="button" onClick={() => setNewToken(null)}>
              Done
            </button>
          </p>
        )}
      </Show>
      <Show when={problem() ?? (tokens.error === undefined ? null : String(tokens.error))}>
        {(text) => (
          <p class="problem" role="alert">
            {text()}
          </p>
        )}
      </Show>
      <table>
        <caption class="visually-hidden">Tokens</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Scopes</th>
            <th scope="col">Created</th>
            <th scope="col">
              <span class="visually-hidden">Revoke</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={tokens.error === undefined ? tokens() : []}>
            {(token) => (
              <tr>
                <th scope="row">
                  <bdi>{token.name}</bdi>
                </th>
                <td>{token.scopes.join(", ")}</td>
                <td>{formatAge(token.createdAt, coarseNow())}</td>
                <td>
                  <Show
                    when={confirming() === token.id}
                    fallback={
                      <button
                        type="button"
                        class="link"
                        aria-label={`Revoke ${token.name}`}
                        onClick={() => setConfirming(token.id)}
                      >
                        Revoke
                      </button>
                    }
                  >
                    <button
                      type="button"
                      class="button danger"
                      onClick={() => run(broadcaster.revokeToken(token.id))}
                    >
                      Revoke permanently
                    </button>
                    <button type="button" class="link" onClick={() => setConfirming(null)}>
                      Cancel
                    </button>
                  </Show>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  )
}
