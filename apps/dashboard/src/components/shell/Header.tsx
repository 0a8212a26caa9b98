import { createMemo, For, Show } from "solid-js"
import { useAppState } from "../../state/AppStateContext.ts"
import { now } from "../../state/signals/now.ts"
import {
  accountStatus,
  connectionStatus,
  isDisconnected,
  pollSummary,
  promptStatus,
} from "../../format/status.ts"
import { Icon, type IconName } from "./Icon.tsx"
import { Logo } from "./Logo.tsx"
import { views, type View } from "../../views/route.ts"

const icons: Record<View, IconName> = { home: "home", timeline: "list", account: "person" }
const labels: Record<View, string> = { home: "Home", timeline: "Timeline", account: "Account" }

/** Page header: status of the connection and of the account that needs attention most, and the navigation. */
export const Header = (props: { readonly view: View }) => {
  const app = useAppState()
  /** The first account with a prompt, else with an error, else busy, else the first. */
  const account = createMemo(() => {
    const promptedAccount = app.prompts()[0]?.account
    const all = app.accounts.map((each) => ({ each, tone: accountStatus(each, now()).tone }))
    const found =
      all.find(({ each }) => each.account === promptedAccount) ??
      all.find(({ tone }) => tone === "bad") ??
      all.find(({ tone }) => tone === "busy") ??
      all[0]
    return found?.each
  })
  const status = createMemo(() => {
    const socket = connectionStatus(app.connection())
    if (isDisconnected(app.connection())) return socket
    const [prompt] = app.prompts()
    if (prompt !== undefined) return promptStatus(prompt.kind)
    const shown = account()
    const cloud = shown === undefined ? socket : accountStatus(shown, now())
    return cloud.tone === "good" ? socket : cloud
  })
  const details = createMemo(() => {
    const shown = account()
    if (shown === undefined || isDisconnected(app.connection())) return [status().detail]
    const summary = pollSummary(shown, now())
    return app.accounts.length > 1 ? [`account ${shown.account}`, ...summary] : summary
  })
  return (
    <header class="header">
      <a class="brand" href="#/home">
        <Logo />
        <span>blink-streams</span>
      </a>
      <p class="status" data-tone={status().tone}>
        <strong role="status">{status().label}</strong>
        <For each={details()}>{(detail) => <span class="detail">{detail}</span>}</For>
      </p>
      <nav class="tabs" aria-label="Views">
        <For each={views}>
          {(view) => (
            <a href={`#/${view}`} aria-current={props.view === view ? "page" : undefined}>
              <Icon name={icons[view]} />
              <span>{labels[view]}</span>
              <Show when={view === "account" && app.prompts().length > 0}>
                <i class="badge">
                  {app.prompts().length}
                  <span class="visually-hidden"> pending</span>
                </i>
              </Show>
            </a>
          )}
        </For>
      </nav>
    </header>
  )
}
