/** Writes `docs/blink-cloud.openapi.json` anew: `pnpm --filter @blink-streams/core openapi`. */
import { openApi } from "@blink-streams/core/openApi"
import { writeFileSync } from "node:fs"

const file = new URL("../../docs/blink-cloud.openapi.json", import.meta.url)
writeFileSync(file, `${JSON.stringify(openApi(), null, 2)}\n`)
