import { For, Show } from "solid-js"
import { forgetToken } from "../access.ts"
import { useLive } from "../live/LiveContext.ts"
import { now } from "../live/now.ts"
import { Alerts } from "../parts/Alerts.tsx"
import { Tokens } from "../parts/Tokens.tsx"
import { age, span } from "../words/age.ts"
import { sourceName, sourceWord } from "../words/sources.ts"
import { accountStatus, connectionStatus, pollFacts } from "../words/status.ts"
import { fullTime } from "../words/when.ts"

/** How the broadcaster and each account stand, and what this page may do on its own. */
export const Account = () => {
  const live = useLive()
  const leave = () => {
    forgetToken()
    live.client.close()
    location.reload()
  }
  return (
    <main class="account">
      <h1 class="unseen">Account</h1>
      <For each={live.accounts}>
        {(account) => (
          <section class="panel" aria-label={`Account ${account.account}`}>
            <h2>Account {account.account}</h2>
            <p class="status" data-tone={accountStatus(account, now()).tone}>
              <strong>{accountStatus(account, now()).word}</strong>
              <span class="fact">{accountStatus(account, now()).detail}</span>
            </p>
            <p class="pollfacts">
              <For each={pollFacts(account, now())}>{(fact) => <span class="fact">{fact}</span>}</For>
            </p>
            <table>
              <caption class="unseen">Sources</caption>
              <thead>
                <tr>
                  <th scope="col">Source</th>
                  <th scope="col">State</th>
                  <th scope="col">Last good</th>
                  <th scope="col">Next</th>
                </tr>
              </thead>
              <tbody>
                <For each={account.sources}>
                  {(source) => (
                    <tr data-state={source.state}>
                      <th scope="row">{sourceName(source.key)}</th>
                      <td>
                        {sourceWord(source.state)}
                        <Show when={source.reason}>{(reason) => <span class="fact">{reason()}</span>}</Show>
                      </td>
                      <td>
                        <Show when={source.lastOkAt} fallback="never">
                          {(at) => <time title={fullTime(at(), null)}>{age(at(), now())}</time>}
                        </Show>
                      </td>
                      <td>
                        <Show when={source.nextPollAt} fallback="not known">
                          {(at) =>
                            Date.parse(at()) > now() ? `in ${span(Date.parse(at()) - now() + 999)}` : "now"
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
      <Alerts />
      <Show when={live.holds("admin")}>
        <Tokens />
      </Show>
      <section class="panel" aria-label="This page">
        <h2>This page</h2>
        <p class="status" data-tone={connectionStatus(live.connection()).tone}>
          <strong>{connectionStatus(live.connection()).word}</strong>
          <span class="fact">{connectionStatus(live.connection()).detail}</span>
        </p>
        <p>
          The browser keeps a token for this broadcaster. Leaving forgets it here; it does not sign the
          account out.
        </p>
        <p class="actions">
          <button type="button" class="button" onClick={leave}>
            Leave
          </button>
          <a class="button" href="?kiosk">
            Kiosk view
          </a>
        </p>
      </section>
    </main>
  )
}
