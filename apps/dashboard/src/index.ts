import { fileURLToPath } from "node:url"

/** Folder of the built page (`index.html` and its assets), for a server of static files. Made by the `bundle` script. */
export const pageDirectory: string = fileURLToPath(new URL("../page/", import.meta.url))
