#!/usr/bin/env node
import * as module from "node:module"

// An older Node would end in a stack that names one of its missing parts.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`blink-streams: Node 22.19 or newer is needed, this is ${process.versions.node}\n`)
  process.exit(2)
}
module.enableCompileCache()
await import("../dist/main.js")
