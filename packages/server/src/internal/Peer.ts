import type { Homes } from "@blink-streams/events/Homes"
import { PromptGone } from "@blink-streams/events/Prompt"
import type { Command } from "@blink-streams/protocol/ClientMessage"
import type { ServerMessage } from "@blink-streams/protocol/ServerMessage"
import { Effect, type Fiber, type Redacted, Result, SubscriptionRef } from "effect"
import { type CommandDesk, makeCorrelationId, type Outcome, type Submission } from "../CommandDesk.ts"
import { type Grant, maySeeAccount } from "../Grant.ts"
import type { Limits } from "../Limits.ts"
import type { Bearer, Tokens } from "../Tokens.ts"
import { toProtocolError } from "./commandErrors.ts"
import type { Hub } from "./Hub.ts"
import type { Line, Outlet } from "./Line.ts"
import { logProblem } from "./logProblem.ts"
import { newPeer, type PeerAction, type PeerInput, type PeerState, step } from "./PeerState.ts"
import type { Stats } from "./Stats.ts"

/** What all peers of a server share. */
export interface PeerContext {
  readonly hub: Hub
  readonly homes: Homes["Service"]
  readonly tokens: Tokens["Service"]
  readonly desk: CommandDesk
  readonly limits: Limits
  readonly stats: Stats
  readonly run: (effect: Effect.Effect<void>) => Fiber.Fiber<void>
  now(): number
  onFailedAuth(address: string): void
  readonly correlationId: () => string
}

/** Before the token. */
const nothing: Grant = { scopes: [], accounts: [], networks: [], cameras: [] }

/** One connection: does what its state machine says. */
export class Peer implements Line {
  readonly outlet: Outlet
  readers: Line["readers"] = []
  missedState = false
  stuck: Line["stuck"] = null
  closed = false
  readonly #context: PeerContext
  readonly address: string
  /** Commands under way; made with the first. */
  #submissions: Map<string, Submission> | null = null
  #state: PeerState = newPeer

  constructor(context: PeerContext, outlet: Outlet, address: string) {
    this.#context = context
    this.outlet = outlet
    this.address = address
  }

  get bearer(): Bearer | null {
    return this.#state.bearer
  }

  get grant(): Grant {
    return this.#state.bearer?.grant ?? nothing
  }

  get capabilities(): ReadonlySet<string> {
    return this.#state.capabilities
  }

  get isReady(): boolean {
    return this.#state.phase === "ready"
  }

  receive(input: PeerInput): void {
    const { limits, hub } = this.#context
    const [state, actions] = step(this.#state, input, {
      limits,
      now: this.#context.now(),
      correlationId: this.#context.correlationId,
    })
    this.#state = state
    for (const action of actions) this.#perform(action)
    if (input.type === "closed") hub.remove(this)
  }

  /** Checks a token; `id` is that of the `auth` message, `null` when the upgrade carried it. */
  verify(id: string | null, token: Redacted.Redacted): void {
    this.#context.run(
      Effect.map(this.#context.tokens.verify(token), (bearer) => {
        if (bearer === null) this.#context.onFailedAuth(this.address)
        this.receive({ type: "verified", id, bearer })
      }),
    )
  }

  send(message: ServerMessage): void {
    this.#context.hub.send(this, message)
  }

  #perform(action: PeerAction): void {
    const { hub, run } = this.#context
    switch (action.type) {
      case "send":
        if (action.message.type === "error") run(logProblem(action.message.error))
        return this.send(action.message)
      case "close":
        return this.outlet.close(action.code, action.reason)
      case "verify":
        return this.verify(action.id, action.token)
      case "accept":
        return this.#accept(action.id, action.bearer, action.capabilities)
      case "subscribe":
        return void run(hub.subscribe(this, action.request))
      case "unsubscribe":
        hub.unsubscribe(this, action.subscription)
        return this.send({ type: "unsubscribed", id: action.id, subscription: action.subscription })
      case "command":
        return void run(this.#command(action.request))
      case "cancel": {
        const submission = this.#submissions?.get(action.command)
        if (submission !== undefined) run(submission.cancel)
        return this.send({ type: "result", id: action.id, ok: true, value: null })
      }
      case "answer":
        return void run(this.#answer(action.id, action.prompt, action.value))
    }
  }

  #accept(id: string | null, bearer: Bearer, capabilities: ReadonlySet<string>): void {
    const { hub, homes, run } = this.#context
    hub.add(this)
    run(
      Effect.map(SubscriptionRef.get(homes.all), (all) =>
        this.send({
          type: "ready",
          ...(id === null ? {} : { id }),
          scopes: bearer.grant.scopes,
          accounts: [...all.keys()].filter((account) => maySeeAccount(bearer.grant, account)),
          capabilities: [...capabilities],
        }),
      ),
    )
  }

  #result(id: string, outcome: Outcome): void {
    this.send(
      Result.isSuccess(outcome)
        ? { type: "result", id, ok: true, value: outcome.success }
        : { type: "result", id, ok: false, error: outcome.failure },
    )
    this.receive({ type: "answered", id })
  }

  #command(request: Command): Effect.Effect<void> {
    const { desk, stats } = this.#context
    const { id } = request
    return Effect.suspend(() => {
      const bearer = this.#state.bearer
      if (bearer === null) return Effect.void
      stats.commands += 1
      return Effect.gen({ self: this }, function* () {
        const submission = yield* desk.submit(bearer, request, (status) =>
          this.send({ type: "command.status", id, status }),
        )
        this.#submissions ??= new Map()
        this.#submissions.set(id, submission)
        const outcome = yield* submission.outcome
        this.#submissions.delete(id)
        this.#result(id, outcome)
      })
    })
  }

  #answer(id: string, prompt: string, value: Redacted.Redacted): Effect.Effect<void> {
    const { homes } = this.#context
    return Effect.gen({ self: this }, function* () {
      const grant = this.#state.bearer?.grant
      const prompts = yield* SubscriptionRef.get(homes.prompts)
      const known = prompts.find((candidate) => candidate.id === prompt)
      const visible = known !== undefined && grant !== undefined && maySeeAccount(grant, known.account)
      const answered = visible ? homes.answer(prompt, value) : Effect.fail(new PromptGone({ prompt }))
      const outcome: Outcome = yield* answered.pipe(
        Effect.map((): Outcome => Result.succeed(null)),
        Effect.catch((error) =>
          Effect.gen(function* () {
            const problem = toProtocolError(error, yield* makeCorrelationId)
            yield* logProblem(problem)
            return Result.fail(problem)
          }),
        ),
      )
      this.#result(id, outcome)
    })
  }
}
