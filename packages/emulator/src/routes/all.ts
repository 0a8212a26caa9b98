import type { Route } from "../http/Route.ts"
import { accountRoutes } from "./account.ts"
import { accountSettingsRoutes } from "./accountSettings.ts"
import { cameraRoutes } from "./cameras.ts"
import { cameraSettingsRoutes } from "./cameraSettings.ts"
import { controlPanelRoutes } from "./controlPanel.ts"
import { legacyRoutes } from "./legacy.ts"
import { legacyLoginRoutes } from "./legacyLogin.ts"
import { liveviewRoutes } from "./liveview.ts"
import { localStorageRoutes } from "./localStorage.ts"
import { mediaFileRoutes } from "./mediaFiles.ts"
import { mediaRoutes } from "./media.ts"
import { mediaV4Routes } from "./mediaV4.ts"
import { networkRoutes } from "./networks.ts"
import { oauthRoutes } from "./oauth.ts"
import { programRoutes } from "./programs.ts"

/** Every call that is emulated. */
export const routes: ReadonlyArray<Route> = [
  ...oauthRoutes,
  ...accountRoutes,
  ...accountSettingsRoutes,
  ...controlPanelRoutes,
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
