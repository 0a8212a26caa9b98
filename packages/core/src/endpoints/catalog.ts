import type { AnyEndpoint } from "../Endpoint.ts"
import { account, legacyAccount } from "./account.ts"
import { cameras, doorbells, legacyCameras, owls } from "./cameras.ts"
import { commands } from "./commands.ts"
import { home, legacyHome } from "./home.ts"
import { legacyMedia, localStorage, media } from "./media.ts"

/** Every call of today's API, by name: `api.call(oauth.cameraSignals, { network, camera })`. */
export const oauth = {
  ...account,
  ...home,
  ...commands,
  ...cameras,
  ...owls,
  ...doorbells,
  ...media,
  ...localStorage,
}

/** Every call of the `TOKEN_AUTH` API, by name. Those that both dialects share stand in both. */
export const legacy = {
  ...legacyAccount,
  ...legacyHome,
  ...legacyCameras,
  ...legacyMedia,
  ...commands,
  ...cameras,
  networks: home.networks,
  syncModules: home.syncModules,
  programs: home.programs,
  regions: account.regions,
  version: account.version,
  user: account.user,
  logout: account.logout,
}

/** All calls of both, each once. */
export const allEndpoints: ReadonlyArray<AnyEndpoint> = [
  ...new Set<AnyEndpoint>([...Object.values(oauth), ...Object.values(legacy)]),
]
