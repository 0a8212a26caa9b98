import { Result } from "effect"
import { type HttpResponse, notFound } from "../http/HttpResponse.ts"
import type { RouteRequest } from "../http/RouteRequest.ts"
import { type ActiveFault, applyFaults, type Delivery, type Fault, matchFault } from "../http/Fault.ts"
import { makeRouter } from "../http/makeRouter.ts"
import { timestamp } from "../wire/time.ts"
import { routes } from "../routes/routes.ts"
import { makeWorld } from "../world/makeWorld.ts"
import type { InvalidInput } from "../control/applyInput.ts"
import { type Scenario, startScenario } from "../../Scenario.ts"
import type { Settings } from "../../Settings.ts"
import type { World } from "../world/World.ts"

/** One line of what clients asked. */
export interface RequestLogEntry {
  readonly n: number
  /** Emulated time. */
  readonly time: string
  readonly time_ms: number
  readonly method: string
  readonly path: string
  readonly status: number
}

/** At least so many of the newest. */
const maxLoggedRequests = 50_000

export interface WorldConfig {
  readonly seed: number
  readonly scenario: Scenario
  readonly settings: Settings
}

export type IncomingRequest = Omit<RouteRequest, "world" | "now" | "params">

const findRoute = makeRouter(routes)

/** Some clients can change only the part before the path: `/rest-u017.immedia-semi.com/networks` is `/networks`. */
const stripHost = (path: string): string =>
  path.replace(/^\/(?:[\w.-]*\.)?(?:immedia-semi\.com|blink\.com|blinkstatus\.net)(?=\/)/, "")

/** The world with its clock, its faults and its record of requests. Emulated time follows `realNow` and nothing else. */
export class Engine {
  readonly #realNow: () => number
  readonly #relayPort: number
  #world: World
  #start: WorldConfig
  #anchorReal: number
  #anchorEmulated: number
  #speed: number
  #faults: Array<ActiveFault> = []
  #nextFault = 1
  #requests: Array<RequestLogEntry> = []
  #asked = 0

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
    this.#start = options.config
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
    return this.#start
  }

  /** The world with everything done that is due. */
  get world(): World {
    this.#world.scheduler.runDue(this.now)
    return this.#world
  }

  startScenario(): Result.Result<void, InvalidInput> {
    return startScenario(this.#world, this.now, this.#start.scenario)
  }

  /** A new world at the present instant. Faults and the record of requests go with the old one. */
  reset(config: WorldConfig): Result.Result<void, InvalidInput> {
    const old = { world: this.#world, start: this.#start }
    this.#start = config
    this.#world = this.#makeWorld(config)
    const begun = this.startScenario()
    if (Result.isFailure(begun)) {
      this.#world = old.world
      this.#start = old.start
      return begun
    }
    this.#faults = []
    this.#requests = []
    return begun
  }

  advance(ms: number): void {
    this.#anchorEmulated += ms
  }

  setSpeed(speed: number): void {
    this.#anchorEmulated = this.now
    this.#anchorReal = this.#realNow()
    this.#speed = speed
  }

  addFault(fault: Fault): number {
    const id = this.#nextFault++
    this.#faults.push({ id, fault, hits: 0, seen: 0 })
    return id
  }

  /** All of them where no id is given. Tells whether there was one. */
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

  get requestCount(): number {
    return this.#asked
  }

  expireTokens(kind: "access" | "refresh", now: number): number {
    const tokens = kind === "access" ? this.#world.sessions : this.#world.refreshTokens
    let ended = 0
    for (const token of tokens.values()) {
      if (token.expiresAt <= now) continue
      token.expiresAt = now
      ended += 1
    }
    return ended
  }

  revokeTokens(kind: "access" | "refresh"): number {
    const tokens = kind === "access" ? this.#world.sessions : this.#world.refreshTokens
    let ended = 0
    for (const token of tokens.values()) {
      if (token.revoked) continue
      token.revoked = true
      ended += 1
    }
    return ended
  }

  /** Answers as the cloud does, through whatever faults there are. */
  handle(request: IncomingRequest): Delivery {
    const path = stripHost(request.path)
    const matchedFaults = this.#faults
      .filter((active) => matchFault(this.#start.seed, active, request.method, path))
      .map(({ fault }) => fault.do)
    for (const { expire_tokens, advance_ms } of matchedFaults) {
      if (expire_tokens !== undefined) this.expireTokens(expire_tokens, this.now)
      if (advance_ms !== undefined) this.advance(advance_ms)
    }
    const delivery = applyFaults(matchedFaults, () => this.#route({ ...request, path }))
    this.#record(request.method, path, delivery.response.status)
    return delivery
  }

  #route(request: IncomingRequest): HttpResponse {
    const match = findRoute(request.method, request.path)
    if (match === undefined) return notFound
    // One instant for both: a command that is over by the later of two would not have had its effect.
    const { now } = this
    this.#world.scheduler.runDue(now)
    return match.route.handle({ ...request, params: match.params, world: this.#world, now })
  }

  #record(method: string, path: string, status: number): void {
    const now = this.now
    this.#asked += 1
    this.#requests.push({ n: this.#asked, time: timestamp(now), time_ms: now, method, path, status })
    if (this.#requests.length > 2 * maxLoggedRequests)
      this.#requests = this.#requests.slice(-maxLoggedRequests)
  }
}
