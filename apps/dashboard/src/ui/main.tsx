import { connect, type Client } from "@blink-streams/client"
import { createSignal, Match, Switch } from "solid-js"
import { render } from "solid-js/web"
import {
  address,
  exchangeCode,
  forgetToken,
  socketAddress,
  storedToken,
  storeToken,
  takeCode,
} from "./access.ts"
import { App } from "./App.tsx"
import { Door } from "./Door.tsx"
import { createLive } from "./live/createLive.ts"
import { LiveContext } from "./live/LiveContext.ts"
import { before, endOfLog } from "./live/readLog.ts"

/** Close codes after which trying again with the same token is pointless. */
const refused = new Set([4401, 4403])

/** How much of the log a fresh page asks for, so that its timeline is not empty: some days of an ordinary home. */
const historyDepth = 2_000

const Page = () => {
  const [client, setClient] = createSignal<Client | null>(null)
  const [problem, setProblem] = createSignal<string | null>(null)
  const [entering, setEntering] = createSignal(false)

  const enter = async (token: string) => {
    setEntering(true)
    setProblem(null)
    storeToken(token)
    const end = await endOfLog()
    const opened = connect({
      url: socketAddress(),
      token,
      topics: ["*"],
      ...(end === null ? {} : { since: before(end, historyDepth) }),
    })
    opened.subscribe((change) => {
      if (
        change.type === "connection" &&
        change.connection.code !== undefined &&
        refused.has(change.connection.code)
      ) {
        forgetToken()
        opened.close()
        setClient(null)
        setProblem("The broadcaster does not accept this token.")
      }
    })
    setEntering(false)
    setClient(() => opened)
  }

  const start = async () => {
    const code = takeCode()
    const token = code === null ? storedToken() : await exchangeCode(code)
    if (token !== null) await enter(token)
  }
  setEntering(true)
  start()
    .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
    .finally(() => setEntering(false))

  return (
    <Switch fallback={<Door problem={problem()} onToken={(token) => void enter(token)} />}>
      <Match when={client()}>
        {(opened) => (
          <LiveContext.Provider value={createLive(opened())}>
            <App />
          </LiveContext.Provider>
        )}
      </Match>
      <Match when={entering()}>
        <p class="first-look" role="status">
          Opening…
        </p>
      </Match>
    </Switch>
  )
}

render(() => <Page />, document.getElementById("root")!)

if ("serviceWorker" in navigator && isSecureContext) {
  // Without it the page still works; it only can't be installed or notify.
  navigator.serviceWorker.register(address("sw.js")).catch(() => undefined)
}
