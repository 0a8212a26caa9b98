import { Result } from "effect"
import { type HttpResponse, notFound } from "../http/HttpResponse.ts"
import { type ActiveFault, applyFaults, type Delivery, matchFault } from "../http/applyFaults.ts"
import { makeRouter } from "../http/makeRouter.ts"
import { timestamp } from "../wire/time.ts"
import { routes } from "../routes/routes.ts"
import { makeWorld } from "../world/makeWorld.ts"
import type { InvalidInput } from "../control/applyInput.ts"
import type { FaultInput } from "../../ControlInput.ts"
import type { Scenario } from "../../Scenario.ts"
import type { HttpRequest } from "../http/serve.ts"
import { startScenario } from "../scenarios/startScenario.ts"
import type { EmulatorSettings } from "../../EmulatorSettings.ts"
import type { World } from "../world/World.ts"

/** One request of a client, as the request log keeps it. */
export interface RequestLogEntry {
  /** Increases by one per request. */
  readonly n: number
  /** Emulated time. */
  readonly time: string
  readonly time_ms: number
  readonly method: string
  readonly path: string
  readonly status: number
}

/** Minimum number of log entries that are kept; the oldest are dropped. */
const maxLoggedRequests = 50_000

/** Everything that determines a new world, besides its start time. */
export interface WorldConfig {
  readonly seed: number
  readonly scenario: Scenario
  readonly settings: EmulatorSettings
}

const findRoute = makeRouter(routes)

/** Removes a host at the start of the path, for clients that can configure only a base URL: `/rest-u017.immedia-semi.com/networks`. */
const stripHost = (path: string): string =>
  path.replace(/^\/(?:[\w.-]*\.)?(?:immedia-semi\.com|blink\.com|blinkstatus\.net)(?=\/)/, "")

/** The world with its clock, faults and request log. Emulated time depends on `realNow` only. */
export class Engine {
  readonly #realNow: () => number
  readonly #relayPort: number
  #world: World
  #config: WorldConfig
  #anchorReal: number
  #anchorEmulated: number
  #speed: number
  #faults: Array<ActiveFault> = []
  #nextFaultId = 1
  #requests: Array<RequestLogEntry> = []
  #requestCount = 0

  constructor(options: {
    readonly realNow: () => number
    readonly startAt: number | null
    readonly relayPort: number
    readonly speed: number
    readonly config: WorldConfig
  }) {
    this.#realNow = options.realNow
    this.#relayPort = options.relayPort
    this.#anchorReal = options.realNow()
    this.#anchorEmulated = options.startAt ?? this.#anchorReal
    this.#speed = options.speed
    this.#config = options.config
    this.#world = this.#makeWorld(options.config)
  }

  #makeWorld(config: WorldConfig): World {
    return makeWorld({
      seed: config.seed,
      now: this.now,
      settings: config.settings,
      relayPort: this.#relayPort,
    })
  }

  get now(): number {
    return Math.floor(this.#anchorEmulated + (this.#realNow() - this.#anchorReal) * this.#speed)
  }

  get speed(): number {
    return this.#speed
  }

  get config(): WorldConfig {
    return this.#config
  }

  /** Runs all due tasks, then returns the world. */
  get world(): World {
    this.#world.scheduler.runDue(this.now)
    return this.#world
  }

  /** Schedules the steps of the configured scenario. */
  startScenario(): Result.Result<void, InvalidInput> {
    return startScenario(this.#world, this.now, this.#config.scenario)
  }

  /** Replaces the world, faults and request log at the present instant. Keeps all of them when the scenario is invalid. */
  reset(config: WorldConfig): Result.Result<void, InvalidInput> {
    const previous = { world: this.#world, config: this.#config }
    this.#config = config
    this.#world = this.#makeWorld(config)
    const started = this.startScenario()
    if (Result.isFailure(started)) {
      this.#world = previous.world
      this.#config = previous.config
      return started
    }
    this.#faults = []
    this.#requests = []
    return started
  }

  advance(ms: number): void {
    this.#anchorEmulated += ms
  }

  setSpeed(speed: number): void {
    this.#anchorEmulated = this.now
    this.#anchorReal = this.#realNow()
    this.#speed = speed
  }

  addFault(fault: FaultInput): number {
    const id = this.#nextFaultId++
    this.#faults.push({ id, fault, hits: 0, matches: 0 })
    return id
  }

  /** Removes one fault, or all when `id` is null. Returns false when there was none. */
  removeFault(id: number | null): boolean {
    const remaining = id === null ? [] : this.#faults.filter((fault) => fault.id !== id)
    const removed = remaining.length < this.#faults.length
    this.#faults = remaining
    return removed
  }

  get faults(): ReadonlyArray<ActiveFault> {
    return this.#faults
  }

  requests(since: number): ReadonlyArray<RequestLogEntry> {
    return this.#requests.filter(({ n }) => n > since)
  }

  /** Number of requests since the start, which is `n` of the newest log entry. */
  get requestCount(): number {
    return this.#requestCount
  }

  expireTokens(kind: "access" | "refresh", now: number): number {
    const tokens = kind === "access" ? this.#world.sessions : this.#world.refreshTokens
    let count = 0
    for (const token of tokens.values()) {
      if (token.expiresAt <= now) continue
      token.expiresAt = now
      count += 1
    }
    return count
  }

  revokeTokens(kind: "access" | "refresh"): number {
    const tokens = kind === "access" ? this.#world.sessions : this.#world.refreshTokens
    let count = 0
    for (const token of tokens.values()) {
      if (token.revoked) continue
      token.revoked = true
      count += 1
    }
    return count
  }

  /** Returns the response of the cloud with all matching faults applied. */
  handle(request: HttpRequest): Delivery {
    const path = stripHost(request.path)
    const matchedFaults = this.#faults
      .filter((active) => matchFault(this.#config.seed, active, request.method, path))
      .map(({ fault }) => fault.do)
    for (const { expire_tokens, advance_ms } of matchedFaults) {
      if (expire_tokens !== undefined) this.expireTokens(expire_tokens, this.now)
      if (advance_ms !== undefined) this.advance(advance_ms)
    }
    const delivery = applyFaults(matchedFaults, () => this.#route({ ...request, path }))
    this.#logRequest(request.method, path, delivery.response.status)
    return delivery
  }

  #route(request: HttpRequest): HttpResponse {
    const match = findRoute(request.method, request.path)
    if (match === undefined) return notFound
    // One instant for both, or a command could be complete without its effect.
    const { now } = this
    this.#world.scheduler.runDue(now)
    return match.route.handle({ ...request, params: match.params, world: this.#world, now })
  }

  #logRequest(method: string, path: string, status: number): void {
    const now = this.now
    this.#requestCount += 1
    this.#requests.push({ n: this.#requestCount, time: timestamp(now), time_ms: now, method, path, status })
    if (this.#requests.length > 2 * maxLoggedRequests)
      this.#requests = this.#requests.slice(-maxLoggedRequests)
  }
}
