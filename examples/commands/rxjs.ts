/**
 * RxJS: toggles the arm state of the first system and back, and prints the command status, the session state and the
 * request budget.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/commands/rxjs.ts
 */
import { BlinkAccount, BlinkError, TokenStore } from "@blink-streams/core"
import { cloudStreams } from "@blink-streams/core/rx"
import { Duration, Layer, ManagedRuntime } from "effect"
import { FetchHttpClient } from "effect/http"
import { concatMap, distinctUntilChanged, from, lastValueFrom, map, take, tap } from "rxjs"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

await using runtime = ManagedRuntime.make(
  BlinkAccount.layer({
    config: {
      ...(apiUrl === undefined ? {} : { apiUrl }),
      ...(oauthUrl === undefined ? {} : { oauthUrl }),
    },
    store: TokenStore.layerFile(`${folder}/session.json`),
  }).pipe(Layer.provide(FetchHttpClient.layer)),
)
const { session$, budget$, snapshots, command } = cloudStreams(await runtime.context())
const { snapshot$ } = snapshots(Duration.minutes(1))

const subscriptions = session$
  .pipe(map(({ state }) => state))
  .subscribe((state) => console.log("session:", state))
subscriptions.add(
  budget$
    .pipe(
      map(({ callsLeft }) => callsLeft),
      distinctUntilChanged(),
    )
    .subscribe((callsLeft) => console.log("calls left this hour:", callsLeft)),
)

// Unsubscribing stops waiting for the command; a command that was sent still takes effect.
const statuses$ = snapshot$.pipe(
  take(1),
  concatMap(({ networks }) => from(networks).pipe(take(1))),
  concatMap(({ id, name: systemName, arm }) => {
    const first = arm === "armed" ? "disarm" : "arm"
    const names = [first, first === "arm" ? "disarm" : "arm"] as const
    return from(names).pipe(
      concatMap((name) =>
        command({ name, network: id }).pipe(
          tap(({ status }) => console.log(`${name} ${systemName}:`, status)),
        ),
      ),
    )
  }),
)

await lastValueFrom(statuses$, { defaultValue: null }).catch((error: unknown) =>
  console.error(error instanceof BlinkError ? error.hint : error),
)
subscriptions.unsubscribe()
