import { createMemo, For, Show } from "solid-js"
import { useAppState } from "../state/AppStateContext.ts"
import { Feed } from "../components/feed/Feed.tsx"
import { NetworkPanel } from "../components/network/NetworkPanel.tsx"

/** Current state of all systems, with the feed beside it. */
export const Home = () => {
  const app = useAppState()
  const attention = createMemo(() =>
    app.accounts
      .flatMap(({ networks }) => networks)
      .flatMap(({ cameras }) => cameras)
      .filter((camera) => camera.attention !== null),
  )
  return (
    <main class="home">
      <h1 class="visually-hidden">Home</h1>
      <div class="networks">
        <Show when={attention().length > 0}>
          <p class="attention" role="status">
            <strong>
              {attention().length === 1 ? "1 camera needs" : `${attention().length} cameras need`} attention:
            </strong>
            <For each={attention().slice(0, 6)}>
              {(camera) => (
                <span>
                  <bdi>{camera.name}</bdi>{" "}
                  {camera.attention === "offline" ? "is offline" : "has a low battery"}
                </span>
              )}
            </For>
            <Show when={attention().length > 6}>
              <span>and {attention().length - 6} more</span>
            </Show>
          </p>
        </Show>
        <For each={app.accounts}>
          {(account) => (
            <>
              <Show when={app.accounts.length > 1}>
                <p class="account-name">Account {account.account}</p>
              </Show>
              <For each={account.networks}>
                {(network) => <NetworkPanel network={network} account={account} />}
              </For>
            </>
          )}
        </For>
        <Show when={app.ready() && app.accounts.length === 0}>
          <p class="empty">
            No account yet. Run “blink-streams login” on the broadcaster’s machine to add one.
          </p>
        </Show>
      </div>
      <Feed />
    </main>
  )
}
