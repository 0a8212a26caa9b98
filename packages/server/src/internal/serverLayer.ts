import { Layer } from "effect"
import { CommandService } from "./commands/CommandService.ts"
import { Hub } from "./hub/Hub.ts"
import { Admission } from "./listen/Admission.ts"
import { MediaCache } from "./media/MediaCache.ts"
import { MediaUrls } from "./media/MediaUrls.ts"
import { observeBudget } from "./metrics/observeBudget.ts"
import { ServerMetrics } from "./metrics/ServerMetrics.ts"
import { Peers } from "./socket/Peers.ts"

/** The services of a server, without its configuration. */
export const serverLayer = Layer.mergeAll(Peers.layer, MediaCache.layer, observeBudget).pipe(
  Layer.provideMerge([Admission.layer, CommandService.layer, Hub.layer]),
  Layer.provideMerge([MediaUrls.layer, ServerMetrics.layer]),
)
