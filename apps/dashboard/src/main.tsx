import { connect, type Client } from "@blink-streams/client"
import { createSignal, Match, Switch } from "solid-js"
import { render } from "solid-js/web"
import {
  resolveUrl,
  exchangeCode,
  clearStoredToken,
  websocketUrl,
  storedToken,
  storeToken,
  takeCodeFromUrl,
} from "./api/http.ts"
import { App } from "./App.tsx"
import { TokenPrompt } from "./components/shell/TokenPrompt.tsx"
import { createAppState } from "./state/createAppState.ts"
import { AppStateContext } from "./state/AppStateContext.ts"

/** Close codes that mean: the token is invalid or lacks a scope. A reconnect with the same token fails again. */
const unauthorizedCodes = new Set([4401, 4403])

const Page = () => {
  const [client, setClient] = createSignal<Client | null>(null)
  const [problem, setProblem] = createSignal<string | null>(null)
  const [connecting, setConnecting] = createSignal(false)

  const connectWith = (token: string) => {
    setProblem(null)
    storeToken(token)
    const newClient = connect({ url: websocketUrl(), token })
    newClient.subscribe((change) => {
      if (
        change.type === "connection" &&
        change.connection.code !== undefined &&
        unauthorizedCodes.has(change.connection.code)
      ) {
        clearStoredToken()
        newClient.close()
        setClient(null)
        setProblem("The broadcaster does not accept this token.")
      }
    })
    setClient(() => newClient)
  }

  const start = async () => {
    const code = takeCodeFromUrl()
    const token = code === null ? storedToken() : await exchangeCode(code)
    if (token !== null) connectWith(token)
  }
  setConnecting(true)
  start()
    .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
    .finally(() => setConnecting(false))

  return (
    <Switch fallback={<TokenPrompt problem={problem()} onToken={connectWith} />}>
      <Match when={client()}>
        {(connected) => (
          <AppStateContext.Provider value={createAppState(connected())}>
            <App />
          </AppStateContext.Provider>
        )}
      </Match>
      <Match when={connecting()}>
        <p class="loading" role="status">
          Connecting…
        </p>
      </Match>
    </Switch>
  )
}

render(() => <Page />, document.getElementById("root")!)

if ("serviceWorker" in navigator && isSecureContext) {
  // Without a service worker the page works, but cannot be installed or show notifications.
  navigator.serviceWorker.register(resolveUrl("sw.js")).catch(() => undefined)
}
