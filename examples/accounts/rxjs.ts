/**
 * RxJS: arms and disarms all systems of a second account with those of the first one.
 *
 * Needs the sessions of both accounts, `first.json` and `second.json`, in BLINK_STREAMS_DIR or in the working directory.
 *
 *     node examples/accounts/rxjs.ts
 */
import { accountStreams, fileStore } from "@blink-streams/events/rx"
import { concatMap, filter, first } from "rxjs"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

const streamsOf = (name: string) =>
  accountStreams({
    store: fileStore(`${folder}/${name}.json`),
    log: `${folder}/${name}.db`,
    apiUrl,
    oauthUrl,
  })
const leader = streamsOf("first")
const follower = streamsOf("second")

leader.state$
  .pipe(first(({ asOf }) => asOf !== null))
  .subscribe(({ account }) => console.log("following", account))
leader.armChanges$
  .pipe(
    filter(({ data: { to } }) => to === "armed" || to === "disarmed"),
    concatMap(({ data: { to } }) =>
      follower.run(async ({ state, network }) => {
        for (const { id } of state.networks) await network(id)[to === "armed" ? "arm" : "disarm"]()
        console.log(`${state.networks.map(({ name }) => name).join()} is ${to}`)
      }),
    ),
  )
  .subscribe({ error: console.error })
