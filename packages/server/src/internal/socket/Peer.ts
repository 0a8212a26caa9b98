import { AccountMonitors } from "@blink-streams/events"
import type { CommandMessage, ServerMessage } from "@blink-streams/protocol"
import { Effect, type Fiber, type Redacted, Result, SubscriptionRef } from "effect"
import type { Limits } from "../../Limits.ts"
import { maySeeAccount, noPermissions, type Permissions } from "../../Permissions.ts"
import { type AuthenticatedToken, Tokens } from "../../Tokens.ts"
import type { RecordedOutcome } from "../commands/CommandRecords.ts"
import { type CommandHandle, CommandService } from "../commands/CommandService.ts"
import { submitPrompt } from "../commands/submitPrompt.ts"
import { logProtocolError } from "../errors/logProtocolError.ts"
import type { Hub } from "../hub/Hub.ts"
import type { Subscriber } from "../hub/Subscriber.ts"
import type { Admission } from "../listen/Admission.ts"
import { ServerMetrics } from "../metrics/ServerMetrics.ts"
import type { FrameSink } from "./FrameSink.ts"
import { initialPeerState, type PeerAction, type PeerInput, type PeerState } from "./PeerState.ts"
import { transition } from "./transition.ts"

/** Services that the effects of a peer use. */
export type PeerServices = AccountMonitors | CommandService | ServerMetrics | Tokens

/** Shared by all peers of a server: one object, because there may be many peers. */
export interface PeerContext {
  readonly hub: Hub["Service"]
  readonly admission: Admission["Service"]
  readonly limits: Limits
  readonly run: (effect: Effect.Effect<void, never, PeerServices>) => Fiber.Fiber<void>
  now(): number
  readonly correlationId: () => string
}

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
    const { admission, run } = this.#context
    run(
      Effect.map(
        Tokens.use((tokens) => tokens.verify(token)),
        (authToken) => {
          if (authToken === null) admission.failedAuth(this.address)
          this.receive({ type: "verified", id, authToken })
        },
      ),
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
    const { hub, run } = this.#context
    hub.add(this)
    run(
      AccountMonitors.useSync(({ monitors }) => {
        const accounts = [...SubscriptionRef.getUnsafe(monitors).keys()]
        this.send({
          type: "ready",
          ...(id === null ? {} : { id }),
          scopes: authToken.permissions.scopes,
          accounts: accounts.filter((account) => maySeeAccount(authToken.permissions, account)),
          capabilities: [...capabilities],
        })
      }),
    )
  }

  #sendResult(id: string, outcome: RecordedOutcome): void {
    this.send(
      Result.isSuccess(outcome)
        ? { type: "result", id, ok: true, value: outcome.success }
        : { type: "result", id, ok: false, error: outcome.failure },
    )
    this.receive({ type: "completed", id })
  }

  #runCommand(request: CommandMessage): Effect.Effect<void, never, PeerServices> {
    const { id } = request
    return Effect.gen({ self: this }, function* () {
      const authToken = this.#state.authToken
      if (authToken === null) return
      const metrics = yield* ServerMetrics
      const commands = yield* CommandService
      metrics.commands += 1
      const handle = yield* commands.submit(authToken, request, (status) =>
        this.send({ type: "command.status", id, status }),
      )
      this.#commandHandles ??= new Map()
      this.#commandHandles.set(id, handle)
      const outcome = yield* handle.outcome
      this.#commandHandles.delete(id)
      this.#sendResult(id, outcome)
    })
  }

  #submitPrompt(
    id: string,
    prompt: string,
    value: Redacted.Redacted,
  ): Effect.Effect<void, never, PeerServices> {
    return Effect.map(submitPrompt(this.permissions, prompt, value), (outcome) =>
      this.#sendResult(id, outcome),
    )
  }
}
