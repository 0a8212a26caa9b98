/** Regenerates `docs/core-reference.md`: `pnpm --filter @blink-streams/core reference`. */
import { writeFileSync } from "node:fs"
import { reference } from "./test/reference.ts"

writeFileSync(new URL("../../docs/core-reference.md", import.meta.url), reference())
