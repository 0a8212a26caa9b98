import { httpClient } from "@blink-streams/client/http"
import { pageUrl, storedToken } from "./page.ts"

/** HTTP client of the broadcaster that serves this page, with the stored token. */
export const broadcaster = httpClient({ url: pageUrl("."), token: () => storedToken() ?? "" })
