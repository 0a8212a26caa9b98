import { Context, Layer } from "effect"
import { randomBytes } from "node:crypto"
import { ServerConfig } from "../ServerConfig.ts"
import { MediaUrlSigner } from "./MediaUrlSigner.ts"

/** The signer of this server's media URLs. Its key is random, so a restart invalidates all URLs. */
export class MediaUrls extends Context.Service<MediaUrls, MediaUrlSigner>()(
  "@blink-streams/server/MediaUrls",
) {
  static readonly layer: Layer.Layer<MediaUrls, never, ServerConfig> = Layer.effect(
    MediaUrls,
    ServerConfig.useSync(({ prefix }) => new MediaUrlSigner(randomBytes(32), prefix)),
  )
}
