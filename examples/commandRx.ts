/**
 * The same with RxJS: the services of one account as observables. Sign in first with `blink-streams login`.
 *
 *     node commandRx.ts
 */
import {
  BlinkAccount,
  BlinkApi,
  BlinkError,
  Budget,
  Commands,
  Session,
  TokenStore,
} from "@blink-streams/core"
import { toObservable } from "@blink-streams/rx"
import { Context, Layer, ManagedRuntime, Stream, SubscriptionRef } from "effect"
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
const services = await runtime.context()
const commands = Context.get(services, Commands)

// State: the present value at once, then every change.
const session$ = toObservable(SubscriptionRef.changes(Context.get(services, Session).state), services)
const budget$ = toObservable(SubscriptionRef.changes(Context.get(services, Budget).state), services)
const look$ = toObservable(Stream.fromEffect(Context.get(services, BlinkApi).snapshot), services)

const watching = session$.pipe(map(({ state }) => state)).subscribe((state) => console.log("session:", state))
watching.add(
  budget$
    .pipe(
      map(({ callsLeft }) => callsLeft),
      distinctUntilChanged(),
    )
    .subscribe((callsLeft) => console.log("calls left this hour:", callsLeft)),
)

// Unsubscribing from a command stops the waiting; what was sent still happens.
const steps$ = look$.pipe(
  concatMap(({ networks }) => from(networks).pipe(take(1))),
  concatMap(({ id, name, arm }) => {
    const there = arm === "armed" ? "disarm" : "arm"
    const both = [there, there === "arm" ? "disarm" : "arm"] as const
    return from(both).pipe(
      concatMap((wish) =>
        toObservable(commands.run({ name: wish, network: id }), services).pipe(
          tap(({ status }) => console.log(`${wish} ${name}:`, status)),
        ),
      ),
    )
  }),
)

await lastValueFrom(steps$, { defaultValue: null }).catch((error: unknown) =>
  console.error(error instanceof BlinkError ? error.advice : error),
)
watching.unsubscribe()
