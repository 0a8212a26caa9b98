#!/usr/bin/env node
import * as module from "node:module"

// An older Node fails with a stack trace about a missing API.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`blink-streams: Node 22.19 or newer is required, this is ${process.versions.node}\n`)
  process.exit(2)
}
module.enableCompileCache()
await import("../dist/main.js")
