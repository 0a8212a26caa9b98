import type { Route } from "../http/Route.ts"
import { accountRoutes } from "./account.ts"
import { cameraRoutes } from "./cameras.ts"
import { legacyRoutes } from "./legacy.ts"
import { legacyLoginRoutes } from "./legacyLogin.ts"
import { mediaFileRoutes } from "./mediaFiles.ts"
import { mediaRoutes } from "./media.ts"
import { networkRoutes } from "./networks.ts"
import { oauthRoutes } from "./oauth.ts"

/** Every call that is emulated. */
export const routes: ReadonlyArray<Route> = [
  ...oauthRoutes,
  ...accountRoutes,
  ...networkRoutes,
  ...cameraRoutes,
  ...mediaRoutes,
  ...mediaFileRoutes,
  ...legacyLoginRoutes,
  ...legacyRoutes,
]
