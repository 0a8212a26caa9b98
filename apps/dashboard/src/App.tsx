import { Match, onCleanup, onMount, Show, Switch } from "solid-js"
import { createNotifier } from "./state/notifications.ts"
import { useAppState } from "./state/AppStateContext.ts"
import { keepScreenOn } from "./state/keepScreenOn.ts"
import { Announcer } from "./components/shell/Announcer.tsx"
import { ClipPlayer } from "./components/player/ClipPlayer.tsx"
import { Header } from "./components/shell/Header.tsx"
import { LivePlayer } from "./components/player/LivePlayer.tsx"
import { Prompts } from "./components/account/Prompts.tsx"
import { StaleOverlay } from "./components/shell/StaleOverlay.tsx"
import { Account } from "./views/Account.tsx"
import { Home } from "./views/Home.tsx"
import { currentView, isKiosk } from "./views/route.ts"
import { Timeline } from "./views/Timeline.tsx"
import { connectionStatus, isDisconnected } from "./format/status.ts"

const view = () => (isKiosk ? "home" : currentView())

/** The page while a client is connected; rendered inside `AppStateContext.Provider`. */
export const App = () => {
  const app = useAppState()
  onCleanup(app.onAlert(createNotifier()))
  onMount(() => {
    if (isKiosk) onCleanup(keepScreenOn())
  })
  return (
    <div class="app" classList={{ kiosk: isKiosk, stale: app.ready() && isDisconnected(app.connection()) }}>
      <Header view={view()} />
      <StaleOverlay />
      <Prompts />
      <Show
        when={app.ready()}
        fallback={
          <p class="loading" role="status">
            {connectionStatus(app.connection()).label}: {connectionStatus(app.connection()).detail}
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
