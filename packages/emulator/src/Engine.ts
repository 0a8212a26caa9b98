import { Result } from "effect"
import { type Answer, notFound } from "./http/Answer.ts"
import type { Ask } from "./http/Ask.ts"
import { type ActiveFault, deliver, type Delivery, type Fault, strikes } from "./http/Fault.ts"
import { routeTable } from "./http/RouteTable.ts"
import { ts } from "./wire/time.ts"
import { routes } from "./routes/all.ts"
import { makeWorld } from "./world/makeWorld.ts"
import type { BadOrder } from "./world/orders.ts"
import { type Scenario, startScenario } from "./world/Scenario.ts"
import type { Settings } from "./world/Settings.ts"
import type { World } from "./world/World.ts"

/** One line of what clients asked. */
export interface Asked {
  readonly n: number
  /** Emulated time. */
  readonly time: string
  readonly time_ms: number
  readonly method: string
  readonly path: string
  readonly status: number
}

/** At least so many of the newest. */
const requestsKept = 50_000

export interface Start {
  readonly seed: number
  readonly scenario: Scenario
  readonly settings: Settings
}

export type Request = Omit<Ask, "world" | "now" | "params">

const find = routeTable(routes)

/** Some clients can change only the part before the path: `/rest-u017.immedia-semi.com/networks` is `/networks`. */
const withoutHost = (path: string): string =>
  path.replace(/^\/(?:[\w.-]*\.)?(?:immedia-semi\.com|blink\.com|blinkstatus\.net)(?=\/)/, "")

/** The world with its clock, its faults and its record of requests. Emulated time follows `realNow` and nothing else. */
export class Engine {
  readonly #realNow: () => number
  readonly #relayPort: number
  #world: World
  #start: Start
  #anchorReal: number
  #anchorEmulated: number
  #speed: number
  #faults: Array<ActiveFault> = []
  #nextFault = 1
  #requests: Array<Asked> = []
  #asked = 0

  constructor(options: {
    readonly realNow: () => number
    readonly startAt: number | null
    readonly relayPort: number
    readonly speed: number
    readonly start: Start
  }) {
    this.#realNow = options.realNow
    this.#relayPort = options.relayPort
    this.#anchorReal = options.realNow()
    this.#anchorEmulated = options.startAt ?? this.#anchorReal
    this.#speed = options.speed
    this.#start = options.start
    this.#world = this.#makeWorld(options.start)
  }

  #makeWorld(start: Start): World {
    return makeWorld({
      seed: start.seed,
      now: this.now,
      settings: start.settings,
      relayPort: this.#relayPort,
    })
  }

  get now(): number {
    return Math.floor(this.#anchorEmulated + (this.#realNow() - this.#anchorReal) * this.#speed)
  }

  get speed(): number {
    return this.#speed
  }

  get start(): Start {
    return this.#start
  }

  /** The world with everything done that is due. */
  get world(): World {
    this.#world.agenda.settle(this.now)
    return this.#world
  }

  begin(): Result.Result<void, BadOrder> {
    return startScenario(this.#world, this.now, this.#start.scenario)
  }

  /** A new world at the present instant. Faults and the record of requests go with the old one. */
  reset(start: Start): Result.Result<void, BadOrder> {
    const old = { world: this.#world, start: this.#start }
    this.#start = start
    this.#world = this.#makeWorld(start)
    const begun = this.begin()
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
    const left = id === null ? [] : this.#faults.filter((fault) => fault.id !== id)
    const removed = left.length < this.#faults.length
    this.#faults = left
    return removed
  }

  get faults(): ReadonlyArray<ActiveFault> {
    return this.#faults
  }

  requests(since: number): ReadonlyArray<Asked> {
    return this.#requests.filter(({ n }) => n > since)
  }

  get asked(): number {
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
  answer(request: Request): Delivery {
    const path = withoutHost(request.path)
    const struck = this.#faults
      .filter((active) => strikes(this.#start.seed, active, request.method, path))
      .map(({ fault }) => fault.do)
    for (const { expire_tokens, advance_ms } of struck) {
      if (expire_tokens !== undefined) this.expireTokens(expire_tokens, this.now)
      if (advance_ms !== undefined) this.advance(advance_ms)
    }
    const delivery = deliver(struck, () => this.#route({ ...request, path }))
    this.#record(request.method, path, delivery.answer.status)
    return delivery
  }

  #route(request: Request): Answer {
    const found = find(request.method, request.path)
    if (found === undefined) return notFound
    // One instant for both: a command that is over by the later of two would not have had its effect.
    const { now } = this
    this.#world.agenda.settle(now)
    return found.route.answer({ ...request, params: found.params, world: this.#world, now })
  }

  #record(method: string, path: string, status: number): void {
    const now = this.now
    this.#asked += 1
    this.#requests.push({ n: this.#asked, time: ts(now), time_ms: now, method, path, status })
    if (this.#requests.length > 2 * requestsKept) this.#requests = this.#requests.slice(-requestsKept)
  }
}
