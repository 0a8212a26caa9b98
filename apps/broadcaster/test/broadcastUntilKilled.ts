/** A broadcaster in its own process, for tests that kill it. Arguments: cloud URL, folder, port, token. */
import { Effect, Redacted } from "effect"
import { flushCompileCache } from "node:module"
import { join } from "node:path"
import { accountServices } from "../src/accountServices.ts"
import { broadcast } from "../src/broadcast.ts"

const [cloud = "", folder = "", port = "0", token = ""] = process.argv.slice(2)

const program = Effect.scoped(
  Effect.gen(function* () {
    yield* broadcast({
      accounts: [
        {
          services: accountServices({
            cloud: { apiUrl: cloud, oauthUrl: cloud },
            sessionFile: join(folder, "session.json"),
          }),
        },
      ],
      monitorOptions: { stateInterval: "400 millis", clipInterval: "200 millis" },
      log: join(folder, "log.sqlite"),
      tokens: null,
      admin: Redacted.make(token),
      host: "127.0.0.1",
      port: Number(port),
      dashboardDir: null,
      allowedHosts: [],
      allowedOrigins: [],
      certificate: null,
      version: "0.0.0",
    })
    console.log("ready")
    flushCompileCache()
    return yield* Effect.never
  }),
)
await Effect.runPromise(program)
