import { fileURLToPath } from "node:url"

/** Absolute path of the built page (`index.html` and its assets), for a static file server. Created by the `bundle` script. */
export const pageDirectory: string = fileURLToPath(new URL("../page/", import.meta.url))
