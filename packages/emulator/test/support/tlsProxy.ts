import { connect } from "node:net"
import { createServer } from "node:tls"
import { generate } from "selfsigned"

/** TLS proxy to an emulator, for clients that support TLS only. */
export const tlsProxy = async (url: string): Promise<{ readonly port: number } & AsyncDisposable> => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "proxy.emulator.invalid" }])
  const target = Number(new URL(url).port)
  const server = createServer({ key, cert, ALPNProtocols: ["http/1.1"] }, (outer) => {
    const inner = connect(target, "127.0.0.1")
    inner.on("error", () => outer.destroy())
    outer.on("error", () => inner.destroy())
    outer.pipe(inner)
    inner.pipe(outer)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve(undefined))),
  }
}
