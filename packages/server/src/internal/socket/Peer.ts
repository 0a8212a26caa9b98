import { type AccountMonitors, PromptGone } from "@blink-streams/events"
import type { CommandMessage, ServerMessage } from "@blink-streams/protocol"
import { Effect, type Fiber, type Redacted, Result, SubscriptionRef } from "effect"
import type { Limits } from "../../Limits.ts"
import { type Permissions, maySeeAccount } from "../../Permissions.ts"
import type { AuthenticatedToken, Tokens } from "../../Tokens.ts"
import { type CommandService, type CommandOutcome, type CommandHandle } from "../commands/CommandService.ts"
import { makeCorrelationId } from "../errors/correlationId.ts"
import { logProtocolError } from "../errors/logProtocolError.ts"
import { toProtocolError } from "../errors/toProtocolError.ts"
import type { Stats } from "../metrics/Stats.ts"
import type { Hub } from "../replay/Hub.ts"
import type { Subscriber } from "../replay/Subscriber.ts"
import type { FrameSink } from "./FrameSink.ts"
import { initialPeerState, type PeerAction, type PeerInput, type PeerState, transition } from "./PeerState.ts"

/** Services and settings that all peers of a server share. */
export interface PeerContext {
  readonly hub: Hub
  readonly monitors: AccountMonitors["Service"]
  readonly tokens: Tokens["Service"]
  readonly commands: CommandService
  readonly limits: Limits
  readonly stats: Stats
  readonly run: (effect: Effect.Effect<void>) => Fiber.Fiber<void>
  now(): number
  onFailedAuth(address: string): void
  readonly correlationId: () => string
}

/** Permissions of a peer that is not authenticated. */
const noPermissions: Permissions = { scopes: [], accounts: [], networks: [], cameras: [] }

/** One websocket connection. Feeds inputs to the state machine in `PeerState` and performs its actions. */
export class Peer implements Subscriber {
  readonly sink: FrameSink
  cursors: Subscriber["cursors"] = []
  stateSkipped = false
  backpressured: Subscriber["backpressured"] = null
  closed = false
  readonly #context: PeerContext
  readonly address: string
  /** Running commands by request id. Created with the first one, because most peers send none. */
  #commandHandles: Map<string, CommandHandle> | null = null
  #state: PeerState = initialPeerState

  constructor(context: PeerContext, sink: FrameSink, address: string) {
    this.#context = context
    this.sink = sink
    this.address = address
  }

  get authToken(): AuthenticatedToken | null {
    return this.#state.authToken
  }

  get permissions(): Permissions {
    return this.#state.authToken?.permissions ?? noPermissions
  }

  get capabilities(): ReadonlySet<string> {
    return this.#state.capabilities
  }

  get isReady(): boolean {
    return this.#state.phase === "ready"
  }

  receive(input: PeerInput): void {
    const { limits, hub } = this.#context
    const [state, actions] = transition(this.#state, input, {
      limits,
      now: this.#context.now(),
      correlationId: this.#context.correlationId,
    })
    this.#state = state
    for (const action of actions) this.#perform(action)
    if (input.type === "closed") hub.remove(this)
  }

  /** Verifies a token. `id` is that of the `auth` message, or `null` when the upgrade request carried the token. */
  verify(id: string | null, token: Redacted.Redacted): void {
    this.#context.run(
      Effect.map(this.#context.tokens.verify(token), (authToken) => {
        if (authToken === null) this.#context.onFailedAuth(this.address)
        this.receive({ type: "verified", id, authToken })
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
        if (action.message.type === "error") run(logProtocolError(action.message.error))
        return this.send(action.message)
      case "close":
        return this.sink.close(action.code, action.reason)
      case "verify":
        return this.verify(action.id, action.token)
      case "accept":
        return this.#sendReady(action.id, action.authToken, action.capabilities)
      case "subscribe":
        return void run(hub.subscribe(this, action.request))
      case "unsubscribe":
        hub.unsubscribe(this, action.subscription)
        return this.send({ type: "unsubscribed", id: action.id, subscription: action.subscription })
      case "command":
        return void run(this.#runCommand(action.request))
      case "cancel": {
        const handle = this.#commandHandles?.get(action.command)
        if (handle !== undefined) run(handle.cancel)
        return this.send({ type: "result", id: action.id, ok: true, value: null })
      }
      case "submit_prompt":
        return void run(this.#submitPrompt(action.id, action.prompt, action.value))
    }
  }

  #sendReady(id: string | null, authToken: AuthenticatedToken, capabilities: ReadonlySet<string>): void {
    const { hub, monitors, run } = this.#context
    hub.add(this)
    run(
      Effect.map(SubscriptionRef.get(monitors.monitors), (all) =>
        this.send({
          type: "ready",
          ...(id === null ? {} : { id }),
          scopes: authToken.permissions.scopes,
          accounts: [...all.keys()].filter((account) => maySeeAccount(authToken.permissions, account)),
          capabilities: [...capabilities],
        }),
      ),
    )
  }

  #sendResult(id: string, outcome: CommandOutcome): void {
    this.send(
      Result.isSuccess(outcome)
        ? { type: "result", id, ok: true, value: outcome.success }
        : { type: "result", id, ok: false, error: outcome.failure },
    )
    this.receive({ type: "completed", id })
  }

  #runCommand(request: CommandMessage): Effect.Effect<void> {
    const { commands, stats } = this.#context
    const { id } = request
    return Effect.suspend(() => {
      const authToken = this.#state.authToken
      if (authToken === null) return Effect.void
      stats.commands += 1
      return Effect.gen({ self: this }, function* () {
        const handle = yield* commands.submit(authToken, request, (status) =>
          this.send({ type: "command.status", id, status }),
        )
        this.#commandHandles ??= new Map()
        this.#commandHandles.set(id, handle)
        const outcome = yield* handle.outcome
        this.#commandHandles.delete(id)
        this.#sendResult(id, outcome)
      })
    })
  }

  #submitPrompt(id: string, prompt: string, value: Redacted.Redacted): Effect.Effect<void> {
    const { monitors } = this.#context
    return Effect.gen({ self: this }, function* () {
      const permissions = this.#state.authToken?.permissions
      const prompts = yield* SubscriptionRef.get(monitors.prompts)
      const match = prompts.find((candidate) => candidate.id === prompt)
      const isVisible =
        match !== undefined && permissions !== undefined && maySeeAccount(permissions, match.account)
      const submitted = isVisible
        ? monitors.submitPrompt(prompt, value)
        : Effect.fail(new PromptGone({ prompt }))
      const outcome: CommandOutcome = yield* submitted.pipe(
        Effect.map((): CommandOutcome => Result.succeed(null)),
        Effect.catch((error) =>
          Effect.gen(function* () {
            const failure = toProtocolError(error, yield* makeCorrelationId)
            yield* logProtocolError(failure)
            return Result.fail(failure)
          }),
        ),
      )
      this.#sendResult(id, outcome)
    })
  }
}
