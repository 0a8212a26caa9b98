import { Effect, type Scope } from "effect"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { httpDate } from "../wire/time.ts"
import { PortUnavailable } from "../../PortUnavailable.ts"
import type { Delivery } from "./applyFaults.ts"
import { multiplexTls } from "./multiplexTls.ts"

const maxBodyBytes = 8 * 1024 * 1024
const dripChunks = 16

/** Longer than clients keep idle connections, because they do not repeat a POST on a connection that was closed. */
const keepAliveTimeoutMs = 75_000

export interface HttpRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage["headers"]
  readonly body: Uint8Array
}

const readBody = (request: IncomingMessage): Effect.Effect<Uint8Array | null> =>
  Effect.callback((resume) => {
    const chunks: Array<Buffer> = []
    let length = 0
    request.on("data", (chunk: Buffer) => {
      length += chunk.length
      if (length <= maxBodyBytes) chunks.push(chunk)
    })
    request.on("end", () => resume(Effect.succeed(length > maxBodyBytes ? null : Buffer.concat(chunks))))
    request.on("error", () => resume(Effect.succeed(null)))
  })

/** Writes the response at once or in chunks. A truncated response ends with a closed connection. */
const send = (request: IncomingMessage, response: ServerResponse, delivery: Delivery, now: number) =>
  Effect.gen(function* () {
    const body = Buffer.from(delivery.response.body)
    const bodyless =
      request.method === "HEAD" || delivery.response.status === 204 || delivery.response.status === 304
    response.sendDate = false
    response.writeHead(delivery.response.status, {
      date: httpDate(now),
      ...Object.fromEntries(
        Object.entries(delivery.response.headers).map(([name, value]) => [
          name,
          typeof value === "string" ? value : [...value],
        ]),
      ),
      "content-length": String(body.length),
    })
    if (bodyless) return response.end()
    if (delivery.truncate) {
      response.write(body.subarray(0, Math.floor(body.length / 2)))
      yield* Effect.sleep("20 millis") // flushes the first half before the connection closes
      return response.destroy()
    }
    if (delivery.dripMs > 0) {
      const size = Math.max(1, Math.ceil(body.length / dripChunks))
      for (let from = 0; from < body.length; from += size) {
        if (from > 0) yield* Effect.sleep(delivery.dripMs)
        response.write(body.subarray(from, from + size))
      }
      return response.end()
    }
    return response.end(body)
  })

/**
 * Runs an HTTP server on 127.0.0.1 until the scope closes. It uses `node:http` directly, because faults close sockets and send
 * less than the announced length.
 */
export const serve = (options: {
  readonly port: number
  readonly handle: (request: HttpRequest) => Delivery
  /** Receives connections that begin with a TLS handshake. */
  readonly onTls: (socket: Socket) => void
  readonly now: () => number
}): Effect.Effect<{ readonly port: number }, PortUnavailable, Scope.Scope> =>
  Effect.gen(function* () {
    const run = Effect.runForkWith(yield* Effect.context())

    const handleRequest = (request: IncomingMessage, response: ServerResponse) =>
      Effect.gen(function* () {
        const body = yield* readBody(request)
        if (body === null) return response.writeHead(413).end()
        const url = request.url ?? "/"
        const queryStart = url.indexOf("?")
        const delivery = options.handle({
          method: request.method ?? "GET",
          path: queryStart < 0 ? url : url.slice(0, queryStart),
          query: new URLSearchParams(queryStart < 0 ? "" : url.slice(queryStart + 1)),
          headers: request.headers,
          body,
        })
        if (delivery.delayMs > 0) yield* Effect.sleep(delivery.delayMs)
        if (delivery.drop) return request.socket.destroy()
        return yield* send(request, response, delivery, options.now())
      }).pipe(
        Effect.catchCause((cause) =>
          Effect.andThen(
            Effect.logError("emulator: request handler failed", cause),
            Effect.sync(() => (response.headersSent ? response.destroy() : response.writeHead(500).end())),
          ),
        ),
      )

    const http = createServer(
      { keepAliveTimeout: keepAliveTimeoutMs },
      (request, response) => void run(handleRequest(request, response)),
    )
    multiplexTls(http, options.onTls)
    const sockets = new Set<Socket>()
    http.on("connection", (socket) => {
      sockets.add(socket)
      socket.on("close", () => sockets.delete(socket))
    })
    const server = yield* Effect.acquireRelease(listen(http, options.port), (server) =>
      close(server, sockets),
    )
    const address = server.address()
    return { port: typeof address === "object" && address !== null ? address.port : options.port }
  })

const listen = (server: Server, port: number): Effect.Effect<Server, PortUnavailable> =>
  Effect.callback((resume) => {
    server.once("error", (error) =>
      resume(new PortUnavailable({ port, message: `cannot listen on port ${port}: ${error.message}` })),
    )
    server.listen(port, "127.0.0.1", () => resume(Effect.succeed(server)))
  })

const close = (server: Server, sockets: ReadonlySet<Socket>): Effect.Effect<void> =>
  Effect.callback((resume) => {
    server.close(() => resume(Effect.void))
    for (const socket of sockets) socket.destroy()
  })
