import type { Route } from "../http/Route.ts"
import { accountRoutes } from "./account/account.ts"
import { accountSettingsRoutes } from "./account/accountSettings.ts"
import { cameraRoutes } from "./devices/cameras.ts"
import { cameraSettingsRoutes } from "./devices/cameraSettings.ts"
import { clientListRoutes } from "./account/clientList.ts"
import { legacyRoutes } from "./legacy.ts"
import { legacyLoginRoutes } from "./signIn/legacyLogin.ts"
import { liveviewRoutes } from "./devices/liveview.ts"
import { localStorageRoutes } from "./devices/localStorage.ts"
import { mediaFileRoutes } from "./media/mediaFiles.ts"
import { mediaRoutes } from "./media/media.ts"
import { mediaV4Routes } from "./media/mediaV4.ts"
import { networkRoutes } from "./devices/networks.ts"
import { oauthRoutes } from "./signIn/oauth.ts"
import { programRoutes } from "./devices/programs.ts"

/** All emulated calls. */
export const routes: ReadonlyArray<Route> = [
  ...oauthRoutes,
  ...accountRoutes,
  ...accountSettingsRoutes,
  ...clientListRoutes,
  ...networkRoutes,
  ...cameraRoutes,
  ...cameraSettingsRoutes,
  ...mediaRoutes,
  ...mediaV4Routes,
  ...mediaFileRoutes,
  ...localStorageRoutes,
  ...liveviewRoutes,
  ...programRoutes,
  ...legacyLoginRoutes,
  ...legacyRoutes,
]
