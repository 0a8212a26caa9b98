import { assert, it } from "@effect/vitest"
import { gzipSync } from "node:zlib"
import { build } from "vite"

it("The client is smaller than 6 kB when minified and compressed", async () => {
  const built = await build({
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@blink-streams/source"] },
    build: {
      write: false,
      minify: true,
      // Not as a library, in which vite leaves white space for the bundler of the application.
      rolldownOptions: {
        input: new URL("../src/index.ts", import.meta.url).pathname,
        preserveEntrySignatures: "strict",
      },
    },
  })
  const outputs = [built].flat().flatMap((result) => ("output" in result ? result.output : []))
  const code = outputs.map((output) => (output.type === "chunk" ? output.code : "")).join("")
  assert.isAbove(code.length, 1_000)
  assert.isBelow(gzipSync(code).length, 6_000)
})
