import { BlinkConfig, isLoopback } from "@blink-streams/core"
import type { AccountState } from "@blink-streams/model"
import { Context, Duration, Effect, Layer } from "effect"
import type { AccountMonitorOptions, TemperatureLimits } from "../../AccountMonitorContract.ts"
import {
  defaultStateInterval,
  localStorageInterval,
  mediaPollInterval,
  minimumIntervals,
  withinBudget,
} from "../pollers/pollInterval.ts"

/** Sources of one account that are polled, and the interval of each. */
export class PollSettings extends Context.Service<
  PollSettings,
  {
    readonly state: boolean
    readonly clips: boolean
    readonly legacyEvents: boolean
    readonly usbStorage: boolean
    /** Polls USB storage also when the cloud has clips of the account. */
    readonly alwaysUsbStorage: boolean
    readonly history: Duration.Duration
    readonly temperatureLimits: TemperatureLimits
    readonly stateInterval: (state: AccountState) => Duration.Duration
    /** `activeAt` is the time of the last event, in milliseconds since the Unix epoch. */
    readonly clipInterval: (state: AccountState, now: number, activeAt: number) => Duration.Duration
    readonly usbStorageInterval: (state: AccountState) => Duration.Duration
  }
>()("@blink-streams/events/PollSettings") {
  static readonly layer = (options: AccountMonitorOptions): Layer.Layer<PollSettings, never, BlinkConfig> =>
    Layer.effect(
      PollSettings,
      Effect.gen(function* () {
        const { apiUrl, dialect } = yield* BlinkConfig
        const atLeast = (minimum: Duration.Duration, requested: Duration.Input) =>
          isLoopback(apiUrl)
            ? Duration.fromInputUnsafe(requested)
            : Duration.max(minimum, Duration.fromInputUnsafe(requested))
        const stateInterval = atLeast(
          minimumIntervals.homescreen,
          options.stateInterval ?? defaultStateInterval,
        )
        return {
          state: options.state ?? true,
          clips: options.clips ?? true,
          legacyEvents: options.legacyEvents ?? dialect === "legacy",
          usbStorage: options.usbStorage ?? dialect === "oauth",
          alwaysUsbStorage: options.usbStorage === true,
          history: Duration.fromInputUnsafe(options.history ?? "30 days"),
          temperatureLimits: options.temperatureLimits ?? { lowestCelsius: 5, highestCelsius: 35 },
          stateInterval: ({ budget }) => withinBudget(stateInterval, budget),
          clipInterval: (state, now, activeAt) =>
            withinBudget(
              atLeast(
                minimumIntervals.media,
                options.clipInterval ?? mediaPollInterval(state, activeAt, now),
              ),
              state.budget,
            ),
          usbStorageInterval: ({ budget }) => withinBudget(localStorageInterval, budget),
        }
      }),
    )
}
