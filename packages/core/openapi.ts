/** Regenerates `docs/blink-cloud.openapi.json`: `pnpm --filter @blink-streams/core openapi`. */
import { openApi } from "./src/internal/endpoints/openApi.ts"
import { writeFileSync } from "node:fs"

const file = new URL("../../docs/blink-cloud.openapi.json", import.meta.url)
writeFileSync(file, `${JSON.stringify(openApi(), null, 2)}\n`)
