import { Session, TokenStore } from "../src/index.ts"
import { Effect } from "effect"
import { anotherProgram } from "./cloud.ts"

/** Separate program for the tests: uses the session in `path` at `url` once and exits. */
const [url = "", path = "", crashPoint] = process.argv.slice(2)

if (crashPoint === "die-before-save") {
  // The cloud has responded and nothing is stored yet: the worst time for a crash.
  const fetchFirst = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const response = await fetchFirst(input, init)
    if (String(input instanceof Request ? input.url : input).endsWith("/oauth/token")) {
      process.kill(process.pid, "SIGKILL")
    }
    return response
  }
}

const program = Session.use((session) => session.current).pipe(
  Effect.provide(anotherProgram({ apiUrl: url, oauthUrl: url }, TokenStore.layerFile(path))),
)
await Effect.runPromise(program)
