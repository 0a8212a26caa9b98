import { sourceText } from "@blink-streams/model/presentation"
import { For, Show } from "solid-js"
import { clearStoredToken } from "../api/page.ts"
import { useAppState } from "../state/AppStateContext.ts"
import { now } from "../state/signals/now.ts"
import { NotificationsPanel } from "../components/account/NotificationsPanel.tsx"
import { TokensPanel } from "../components/account/TokensPanel.tsx"
import { formatAge, formatDuration } from "../format/duration.ts"
import { accountStatus, connectionStatus, pollSummary } from "../format/status.ts"
import { formatDateTime } from "../format/dateTime.ts"

/** Status of each account and its sources, notifications, tokens and the connection of this page. */
export const Account = () => {
  const app = useAppState()
  const signOut = () => {
    clearStoredToken()
    app.client.close()
    location.reload()
  }
  return (
    <main class="account">
      <h1 class="visually-hidden">Account</h1>
      <For each={app.accounts}>
        {(account) => (
          <section class="panel" aria-label={`Account ${account.account}`}>
            <h2>Account {account.account}</h2>
            <p class="status" data-tone={accountStatus(account, now()).tone}>
              <strong>{accountStatus(account, now()).label}</strong>
              <span class="detail">{accountStatus(account, now()).detail}</span>
            </p>
            <p class="poll-summary">
              <For each={pollSummary(account, now())}>{(text) => <span class="detail">{text}</span>}</For>
            </p>
            <table>
              <caption class="visually-hidden">Sources</caption>
              <thead>
                <tr>
                  <th scope="col">Source</th>
                  <th scope="col">State</th>
                  <th scope="col">Last success</th>
                  <th scope="col">Next update</th>
                </tr>
              </thead>
              <tbody>
                <For each={account.sources}>
                  {(source) => (
                    <tr data-state={source.state}>
                      <th scope="row">{sourceText(source.key, source.state).name}</th>
                      <td>
                        {sourceText(source.key, source.state).state}
                        <Show when={source.reason}>{(reason) => <span class="detail">{reason()}</span>}</Show>
                      </td>
                      <td>
                        <Show when={source.lastOkAt} fallback="never">
                          {(at) => <time title={formatDateTime(at(), null)}>{formatAge(at(), now())}</time>}
                        </Show>
                      </td>
                      <td>
                        <Show when={source.nextPollAt} fallback="unknown">
                          {(at) =>
                            Date.parse(at()) > now()
                              ? `in ${formatDuration(Date.parse(at()) - now() + 999)}`
                              : "now"
                          }
                        </Show>
                      </td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </section>
        )}
      </For>
      <NotificationsPanel />
      <Show when={app.hasScope("admin")}>
        <TokensPanel />
      </Show>
      <section class="panel" aria-label="This page">
        <h2>This page</h2>
        <p class="status" data-tone={connectionStatus(app.connection()).tone}>
          <strong>{connectionStatus(app.connection()).label}</strong>
          <span class="detail">{connectionStatus(app.connection()).detail}</span>
        </p>
        <p>
          This browser stores a token for the broadcaster. Signing out deletes it from this browser; the Blink
          account stays signed in.
        </p>
        <p class="actions">
          <button type="button" class="button" onClick={signOut}>
            Sign out
          </button>
          <a class="button" href="?kiosk">
            Kiosk view
          </a>
        </p>
      </section>
    </main>
  )
}
