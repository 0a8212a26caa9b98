import { Match, onCleanup, onMount, Show, Switch } from "solid-js"
import { createAlerts } from "./live/alerts.ts"
import { useLive } from "./live/LiveContext.ts"
import { keepAwake } from "./live/keepAwake.ts"
import { Announcer } from "./parts/Announcer.tsx"
import { ClipPlayer } from "./parts/ClipPlayer.tsx"
import { Header } from "./parts/Header.tsx"
import { LivePlayer } from "./parts/LivePlayer.tsx"
import { Prompts } from "./parts/Prompts.tsx"
import { Veil } from "./parts/Veil.tsx"
import { Account } from "./views/Account.tsx"
import { Home } from "./views/Home.tsx"
import { currentView, isKiosk } from "./views/route.ts"
import { Timeline } from "./views/Timeline.tsx"
import { connectionStatus, isVeiled } from "./words/status.ts"

const view = () => (isKiosk ? "home" : currentView())

/** The page below a working client. */
export const App = () => {
  const live = useLive()
  onCleanup(live.onAlert(createAlerts()))
  onMount(() => {
    if (isKiosk) onCleanup(keepAwake())
  })
  return (
    <div class="app" classList={{ kiosk: isKiosk, veiled: live.ready() && isVeiled(live.connection()) }}>
      <Header view={view()} />
      <Veil />
      <Prompts />
      <Show
        when={live.ready()}
        fallback={
          <p class="first-look" role="status">
            {connectionStatus(live.connection()).word}: {connectionStatus(live.connection()).detail}
          </p>
        }
      >
        <Switch fallback={<Home />}>
          <Match when={view() === "timeline"}>
            <Timeline />
          </Match>
          <Match when={view() === "account"}>
            <Account />
          </Match>
        </Switch>
      </Show>
      <ClipPlayer />
      <LivePlayer />
      <Announcer />
    </div>
  )
}
