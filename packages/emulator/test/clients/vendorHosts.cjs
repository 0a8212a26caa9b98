// Preloaded before a client: redirects connections to the vendor's hosts to the emulator. The client itself is unchanged.
const tls = require("node:tls")

const connect = tls.connect
const vendor = /(?:immedia-semi\.com|blink\.com|blinkstatus\.net)$/

tls.connect = (...given) => {
  const options = given.find((one) => typeof one === "object" && one !== null) ?? {}
  const host = options.servername || options.host || options.hostname || ""
  if (!vendor.test(host)) throw new Error(`the client connects to a host that is not the vendor's: ${host}`)
  const then = given.find((one) => typeof one === "function")
  return connect(
    { ...options, host: "127.0.0.1", port: Number(process.env.EMULATOR_TLS_PORT), rejectUnauthorized: false },
    then,
  )
}
