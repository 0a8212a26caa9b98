import { createMemo, For, Show } from "solid-js"
import { useLive } from "../live/LiveContext.ts"
import { now } from "../live/now.ts"
import { accountStatus, connectionStatus, isVeiled, pollFacts, promptStatus } from "../words/status.ts"
import { Glyph, type GlyphName } from "./Glyph.tsx"
import { Mark } from "./Mark.tsx"
import { views, type View } from "../views/route.ts"

const glyphs: Record<View, GlyphName> = { home: "home", timeline: "list", account: "person" }
const labels: Record<View, string> = { home: "Home", timeline: "Timeline", account: "Account" }

/** Always visible, always honest: how the socket and the cloud stand, in words as well as in colour. */
export const Header = (props: { readonly view: View }) => {
  const live = useLive()
  const status = createMemo(() => {
    const socket = connectionStatus(live.connection())
    if (isVeiled(live.connection())) return socket
    const [prompt] = live.prompts()
    if (prompt !== undefined) return promptStatus(prompt.kind)
    const all = live.accounts.map((account) => accountStatus(account, now()))
    return all.find(({ tone }) => tone === "bad") ?? all.find(({ tone }) => tone === "busy") ?? socket
  })
  const facts = createMemo(() => {
    const [first] = live.accounts
    return first === undefined || isVeiled(live.connection()) ? [status().detail] : pollFacts(first, now())
  })
  return (
    <header class="header">
      <a class="brand" href="#/home">
        <Mark />
        <span>blink-streams</span>
      </a>
      <p class="status" data-tone={status().tone}>
        <strong role="status">{status().word}</strong>
        <For each={facts()}>{(fact) => <span class="fact">{fact}</span>}</For>
      </p>
      <nav class="tabs" aria-label="Views">
        <For each={views}>
          {(view) => (
            <a href={`#/${view}`} aria-current={props.view === view ? "page" : undefined}>
              <Glyph name={glyphs[view]} />
              <span>{labels[view]}</span>
              <Show when={view === "account" && live.prompts().length > 0}>
                <i class="badge">
                  {live.prompts().length}
                  <span class="unseen"> waiting</span>
                </i>
              </Show>
            </a>
          )}
        </For>
      </nav>
    </header>
  )
}
