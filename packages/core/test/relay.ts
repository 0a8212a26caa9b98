import { Effect } from "effect"
import type { AddressInfo } from "node:net"
import { createServer, type TLSSocket } from "node:tls"

/** Self-signed certificate, because clients do not verify relays. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQ3V78sYojSFye6C2
15kOYPC+rxCOBMGjIBDBRmBS2SehRANCAASiHtJ+pVFoA0GNfjWHYborGu5MEuKL
2QiFc26oyso31VJfngx/9+A61d5Kn3gSdlYuyUzQx7GnTXC2PGPMwroq
-----END PRIVATE KEY-----
`
const cert = `-----BEGIN CERTIFICATE-----
MIIBkTCCATegAwIBAgIUUbZRGR9Oi70P9yLDZeOl58LHHmgwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwScmVsYXkudGVzdC5pbnZhbGlkMCAXDTI2MTEyNTE5Mzg0OVoY
DzIxMjYxMTAxMTkzODQ5WjAdMRswGQYDVQQDDBJyZWxheS50ZXN0LmludmFsaWQw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASiHtJ+pVFoA0GNfjWHYborGu5MEuKL
2QiFc26oyso31VJfngx/9+A61d5Kn3gSdlYuyUzQx7GnTXC2PGPMwroqo1MwUTAd
BgNVHQ4EFgQUOBFsaGJeGIZHLdHTcIXvC9MlcYUwHwYDVR0jBBgwFoAUOBFsaGJe
GIZHLdHTcIXvC9MlcYUwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBF
AiAvX+XwSLkR1R/3m1xju5nB7QHiKEprDR1b6Rxwb1daWAIhAOmrHBUqtjzjg6Hk
2MrAcZvwQEdHRRrrxo4zTyRHoDtG
-----END CERTIFICATE-----
`

const payload = Buffer.alloc(188 * 64, 0x47)
const head = Buffer.alloc(9)
head.writeUInt32BE(payload.length, 5)
const frame = Buffer.concat([head, payload])

/** Relay that sends as fast as it is read and counts the sent bytes. */
export const relay = Effect.acquireRelease(
  Effect.callback<{ readonly port: number; readonly sent: () => number; readonly close: () => void }>(
    (resume) => {
      let sent = 0
      const sockets = new Set<TLSSocket>()
      const serve = (socket: TLSSocket) => {
        sockets.add(socket)
        socket.on("error", () => {})
        socket.resume()
        const push = () => {
          do sent += frame.length
          while (socket.write(frame))
          socket.once("drain", push)
        }
        push()
      }
      const server = createServer({ key, cert }, serve).listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        const close = () => {
          for (const socket of sockets) socket.destroy()
          server.close()
        }
        resume(Effect.succeed({ port, sent: () => sent, close }))
      })
    },
  ),
  ({ close }) => Effect.sync(close),
)
