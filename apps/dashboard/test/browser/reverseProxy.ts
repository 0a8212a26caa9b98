import { createServer, type IncomingHttpHeaders, request } from "node:http"
import type { AddressInfo } from "node:net"
import { connect } from "node:net"

const strip = (url = "/") => url.replace(/^\/cameras/, "")

/** Starts a reverse proxy that forwards `/cameras/` to `target` without that prefix. */
export const startReverseProxy = async (target: string) => {
  const { hostname, port, host } = new URL(target)
  // The broadcaster checks the host and the origin: the proxy replaces both.
  const forwarded = (headers: IncomingHttpHeaders) => ({
    ...headers,
    host,
    ...(headers.origin === undefined ? {} : { origin: `http://${host}` }),
  })
  const server = createServer((incoming, outgoing) => {
    const upstreamRequest = request(
      {
        hostname,
        port,
        path: strip(incoming.url),
        method: incoming.method,
        headers: forwarded(incoming.headers),
      },
      (upstreamResponse) => {
        outgoing.writeHead(upstreamResponse.statusCode ?? 502, upstreamResponse.headers)
        upstreamResponse.pipe(outgoing)
      },
    )
    incoming.pipe(upstreamRequest)
  })
  server.on("upgrade", (incoming, socket, head) => {
    const upstream = connect(Number(port), hostname, () => {
      const lines = Object.entries(forwarded(incoming.headers)).map(
        ([name, value]) => `${name}: ${String(value)}`,
      )
      upstream.write([`GET ${strip(incoming.url)} HTTP/1.1`, ...lines, "", ""].join("\r\n"))
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on("error", () => socket.destroy())
    socket.on("error", () => upstream.destroy())
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}/cameras/`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
