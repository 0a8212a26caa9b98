import { ClientMessage, requiredScopes, type ServerMessage, type TokenScope } from "@blink-streams/protocol"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, it, layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { HttpRouter } from "effect/http"
import { httpRoutes } from "../../src/internal/http/httpApp.ts"
import { ServerConfig } from "../../src/internal/ServerConfig.ts"
import { TestClient } from "../TestClient.ts"
import { expectedOutcome, expectedScopes } from "./expectedScopes.ts"
import { PermissionServer } from "./PermissionServer.ts"

type Server = PermissionServer["Service"]
type MessageType = ClientMessage["type"]
type RouteName = keyof typeof requiredScopes.routes

it("The permission table of the protocol equals the table that this test writes out", () => {
  assert.deepStrictEqual<unknown>(requiredScopes, expectedScopes)
})

it("Every message type of a client is in the permission table", () => {
  assert.sameMembers(Object.keys(requiredScopes.messages), Object.keys(ClientMessage.cases))
})

/** Returns the routes that a server adds to its router, as the permission table writes them. */
const addedRoutes = Effect.fnUntraced(function* (staticDir?: string) {
  const added: Array<string> = []
  const recordingRouter = Layer.effect(
    HttpRouter.HttpRouter,
    Effect.map(HttpRouter.make, (router) => {
      const addAll: typeof router.addAll = (routes) => {
        for (const { method, path } of routes)
          // The router adds `/` with `/*`: the page and its files.
          added.push(`${method} ${path.replaceAll(/:(\w+)/g, "{$1}").replace(/^\/\*$/, "/")}`)
        return router.addAll(routes)
      }
      const add: typeof router.add = (method, path, handler, options) =>
        addAll([HttpRouter.route(method, path, handler, options)])
      return HttpRouter.HttpRouter.of({ ...router, add, addAll })
    }),
  )
  const config = ServerConfig.resolve(staticDir === undefined ? {} : { staticDir })
  // What the handlers need is not used: no route is called.
  const routes = httpRoutes as Layer.Layer<never, never, HttpRouter.HttpRouter | ServerConfig>
  yield* Layer.build(
    routes.pipe(
      Layer.provide([recordingRouter, Layer.succeed(ServerConfig, config), NodeHttpServer.layerHttpServices]),
    ),
  )
  return added
})

it.effect("Every route of a server is in the permission table, with and without a web page", () =>
  Effect.gen(function* () {
    assert.sameMembers(yield* addedRoutes(), Object.keys(requiredScopes.routes))
    assert.sameMembers(yield* addedRoutes(import.meta.dirname), Object.keys(requiredScopes.routes))
  }),
)

const tokenScopes = ["none", "read", "control", "admin"] as const

/** Returns the token of each scope; `null` is no token. */
const tokensByScope = Effect.fnUntraced(function* ({ createToken }: Server) {
  const entries = yield* Effect.forEach(["read", "control", "admin"] as const, (scope) =>
    Effect.map(createToken(scope), ({ token }) => [scope, token] as const),
  )
  return { none: null, ...(Object.fromEntries(entries) as Record<TokenScope, string>) }
})

const firstResponse = (peer: TestClient, id: string) =>
  Effect.promise(async () => {
    const message = await peer.nextThat(
      (message): message is ServerMessage => "id" in message && message.id === id,
    )
    if (message.type === "error") return message.error.code
    return message.type === "result" && !message.ok ? message.error.code : message.type
  })

/** Sends a message on a new connection. Returns the code of the error, or the type of another response. */
const respondsTo = (server: Server, message: ClientMessage, token: string | null) =>
  Effect.acquireUseRelease(
    Effect.promise(async () => {
      const peer = new TestClient(
        server.socketUrl,
        "blink-streams.v1",
        token === null ? {} : { headers: { authorization: `Bearer ${token}` } },
      )
      await peer.next(token === null ? "hello" : "ready")
      return peer
    }),
    (peer) => {
      peer.send(message)
      return firstResponse(peer, message.id)
    },
    (peer) => Effect.sync(() => peer.socket.terminate()),
  )

interface MessageRow {
  readonly message: (validToken: string) => ClientMessage
  /** Responses when the scope suffices. */
  readonly allowed: ReadonlyArray<string>
}

const messageRows: Record<MessageType, MessageRow> = {
  auth: {
    message: (token) => ({ type: "auth", id: "1", token }),
    // A connection authenticates once.
    allowed: ["ready", "unsupported"],
  },
  subscribe: {
    message: () => ({ type: "subscribe", id: "1", topics: ["*"] }),
    allowed: ["snapshot"],
  },
  unsubscribe: {
    message: () => ({ type: "unsubscribe", id: "1", subscription: "none" }),
    allowed: ["not_found"],
  },
  command: {
    message: () => ({ type: "command", id: "1", name: "certainly-no-command" }),
    allowed: ["unsupported"],
  },
  cancel: {
    message: () => ({ type: "cancel", id: "1", command: "none" }),
    allowed: ["not_found"],
  },
  "prompt.submit": {
    message: () => ({ type: "prompt.submit", id: "1", prompt: "none", value: "1" }),
    allowed: ["not_found"],
  },
}

interface RouteRow {
  /** Status when the scope suffices. */
  readonly allowed: number
  readonly request: (server: Server, token: string | null) => Effect.Effect<Response>
}

const get = (path: string, allowed = 200): RouteRow => ({
  allowed,
  request: (server, token) => server.request(path, token),
})

const newToken = { name: "new", scopes: ["read"] }

const routeRows: Record<RouteName, RouteRow> = {
  "GET /": get("/"),
  "GET /healthz": get("/healthz"),
  "GET /readyz": get("/readyz"),
  "GET /metrics": get("/metrics"),
  "GET /schema/v1/{name}": get("/schema/v1/asyncapi.json"),
  "GET /v1/docs": get("/v1/docs"),
  "GET /v1/media/{account}/{file}": {
    allowed: 200,
    request: (server, token) =>
      Effect.gen(function* () {
        const admin = yield* server.createToken("admin")
        const state = yield* server.request("/v1/state", admin.token)
        const [, url = ""] = /"url":"([^"]+)"/.exec(yield* Effect.promise(() => state.text())) ?? []
        return yield* server.request(url, token)
      }),
  },
  "POST /v1/session": {
    allowed: 200,
    request: (server, token) =>
      Effect.flatMap(server.tokens.createCode(), (code) =>
        server.post("/v1/session", token, { code: Redacted.value(code) }),
      ),
  },
  "GET /v1/state": get("/v1/state"),
  "GET /v1/events": get("/v1/events?limit=1"),
  "POST /v1/commands": {
    allowed: 422,
    request: (server, token) => server.post("/v1/commands", token, { name: "certainly-no-command" }),
  },
  "GET /v1/live/{account}/{kind}/{camera}": get("/v1/live/1/mini/1", 404),
  "GET /v1/tokens": get("/v1/tokens"),
  "POST /v1/tokens": {
    allowed: 201,
    request: (server, token) => server.post("/v1/tokens", token, newToken),
  },
  "DELETE /v1/tokens/{id}": {
    allowed: 204,
    request: (server, token) =>
      Effect.flatMap(server.createToken("read"), ({ id }) =>
        server.request(`/v1/tokens/${id}`, token, { method: "DELETE" }),
      ),
  },
}

/** Sends a request. Returns the status and, of a failure, the error code. */
const respondsWith = Effect.fnUntraced(function* (server: Server, row: RouteRow, token: string | null) {
  const response = yield* row.request(server, token)
  const body = yield* Effect.promise(() => response.text())
  return { status: response.status, code: /"code":"(\w+)"/.exec(body)?.[1] }
})

const rejections = {
  unauthenticated: { status: 401, code: "unauthenticated" },
  forbidden: { status: 403, code: "forbidden" },
}

layer(PermissionServer.layer, { excludeTestServices: true, timeout: "30 seconds" })((it) => {
  for (const [type, required] of Object.entries(expectedScopes.messages))
    it.effect(`The message \`${type}\` requires the scope ${required}`, () =>
      Effect.gen(function* () {
        const server = yield* PermissionServer
        const tokens = yield* tokensByScope(server)
        const { message, allowed } = messageRows[type as MessageType]
        for (const scope of tokenScopes) {
          const response = yield* respondsTo(server, message(tokens.read), tokens[scope])
          const outcome = expectedOutcome(required, scope)
          if (outcome === "allowed") assert.include(allowed, response, `with the scope ${scope}`)
          else assert.strictEqual(response, outcome, `with the scope ${scope}`)
        }
      }),
    )

  for (const [name, required] of Object.entries(expectedScopes.routes))
    it.effect(`The route \`${name}\` requires the scope ${required}`, () =>
      Effect.gen(function* () {
        const server = yield* PermissionServer
        const tokens = yield* tokensByScope(server)
        const row = routeRows[name as RouteName]
        for (const scope of tokenScopes) {
          const response = yield* respondsWith(server, row, tokens[scope])
          const outcome = expectedOutcome(required, scope)
          if (outcome === "allowed")
            assert.strictEqual(response.status, row.allowed, `with the scope ${scope}`)
          else assert.deepStrictEqual(response, rejections[outcome], `with the scope ${scope}`)
        }
        const wrong = yield* respondsWith(server, row, "certainly-wrong")
        assert.strictEqual(wrong.status, required === "none" ? row.allowed : 401, "with a wrong token")
      }),
    )

  it.effect("An event stream requires the scope read, like a page", () =>
    Effect.gen(function* () {
      const server = yield* PermissionServer
      const { read } = yield* tokensByScope(server)
      const open = (token: string | null) =>
        Effect.promise(async () => {
          const leaving = new AbortController()
          const headers = token === null ? {} : { authorization: `Bearer ${token}` }
          const response = await fetch(`${server.url}v1/events`, { headers, signal: leaving.signal })
          leaving.abort()
          return response.status
        })
      assert.deepStrictEqual([yield* open(null), yield* open(read)], [401, 200])
    }),
  )

  it.effect("A token without a scope opens no websocket and no protected route", () =>
    Effect.gen(function* () {
      const server = yield* PermissionServer
      const permissions = { scopes: [], accounts: null, networks: null, cameras: null }
      const created = yield* server.tokens.create({ name: "nothing", permissions })
      const token = Redacted.value(created.token)
      const peer = new TestClient(server.socketUrl)
      yield* Effect.promise(() => peer.next("hello"))
      peer.send({ type: "auth", id: "a", token })
      assert.strictEqual(yield* firstResponse(peer, "a"), "unauthenticated")
      assert.deepInclude(yield* Effect.promise(() => peer.closed), { code: 4401 })
      for (const [name, required] of Object.entries(expectedScopes.routes))
        if (required !== "none")
          assert.deepStrictEqual(
            yield* respondsWith(server, routeRows[name as RouteName], token),
            rejections.forbidden,
            name,
          )
    }),
  )
})
