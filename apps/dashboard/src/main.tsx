import { connect, type Client, RequestError } from "@blink-streams/client"
import { createSignal, Match, Switch } from "solid-js"
import { render } from "solid-js/web"
import { broadcaster } from "./api/broadcaster.ts"
import { clearStoredToken, pageUrl, storedToken, storeToken, takeCodeFromUrl } from "./api/page.ts"
import { App } from "./App.tsx"
import { TokenPrompt } from "./components/shell/TokenPrompt.tsx"
import { createAppState } from "./state/createAppState.ts"
import { AppStateContext } from "./state/AppStateContext.ts"

/** Exchanges a one-time code for a token. Rejects with a message for the user, for example for a code that was used before. */
const exchangeCode = (code: string): Promise<string> =>
  broadcaster.redeemCode(code).catch((error: unknown) => {
    throw new Error(
      error instanceof RequestError && error.code === "unauthenticated"
        ? "This link has already been used or has expired. Get a new link from the broadcaster."
        : "The broadcaster could not check the link. Reload to try again.",
    )
  })

const Page = () => {
  const [client, setClient] = createSignal<Client | null>(null)
  const [problem, setProblem] = createSignal<string | null>(null)
  const [connecting, setConnecting] = createSignal(false)

  const connectWith = (token: string) => {
    setProblem(null)
    storeToken(token)
    const newClient = connect({ url: pageUrl("."), token, filter: { backfilled: true } })
    newClient.subscribe((change) => {
      if (change.type !== "connection") return
      const { failure } = change.connection
      if (failure === "unauthorized" || failure === "forbidden") {
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
  navigator.serviceWorker.register(pageUrl("sw.js")).catch(() => undefined)
}
