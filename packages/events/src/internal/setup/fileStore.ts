import { TokenStore } from "@blink-streams/core"
import type { Layer } from "effect"

/** Stores the session in a file of mode 0600. */
export const fileStore = (path: string): Layer.Layer<TokenStore> => TokenStore.layerFile(path)
