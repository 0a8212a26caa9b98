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
  /** The account that needs somebody most: of several the first that is not well is told, with its own facts. */
  const account = createMemo(() => {
    const asked = live.prompts()[0]?.account
    const all = live.accounts.map((each) => ({ each, tone: accountStatus(each, now()).tone }))
    const found =
      all.find(({ each }) => each.account === asked) ??
      all.find(({ tone }) => tone === "bad") ??
      all.find(({ tone }) => tone === "busy") ??
      all[0]
    return found?.each
  })
  const status = createMemo(() => {
    const socket = connectionStatus(live.connection())
    if (isVeiled(live.connection())) return socket
    const [prompt] = live.prompts()
    if (prompt !== undefined) return promptStatus(prompt.kind)
    const shown = account()
    const cloud = shown === undefined ? socket : accountStatus(shown, now())
    return cloud.tone === "good" ? socket : cloud
  })
  const facts = createMemo(() => {
    const shown = account()
    if (shown === undefined || isVeiled(live.connection())) return [status().detail]
    const told = pollFacts(shown, now())
    return live.accounts.length > 1 ? [`account ${shown.account}`, ...told] : told
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
