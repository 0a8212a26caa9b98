import type { AnyEndpoint } from "../../Endpoint.ts"
import { account, controlPanel, legacyAccount } from "./account.ts"
import { cameras, doorbells, legacyCameras, owls } from "./cameras.ts"
import { commands } from "./commands.ts"
import { networks, legacyNetworks } from "./networks.ts"
import { files, legacyMedia, localStorage, media } from "./media.ts"
import { signIn } from "./signIn.ts"

/** Endpoints of today's API by name: `api.call(oauth.cameraSignals, { network, camera })`. */
export const oauth = {
  ...account,
  ...controlPanel,
  ...networks,
  ...commands,
  ...cameras,
  ...owls,
  ...doorbells,
  ...media,
  ...files,
  ...localStorage,
  arm: legacyNetworks.arm,
  disarm: legacyNetworks.disarm,
  videoCount: legacyMedia.videoCount,
}

/** Endpoints of the legacy API (`TOKEN_AUTH`) by name. Endpoints of both APIs are listed in both. */
export const legacy = {
  ...legacyAccount,
  ...legacyNetworks,
  ...legacyCameras,
  ...legacyMedia,
  command: commands.command,
  finishCommand: commands.finishCommand,
  enableCamera: cameras.enableCamera,
  disableCamera: cameras.disableCamera,
  cameraThumbnail: cameras.cameraThumbnail,
  cameraClip: cameras.cameraClip,
  refreshCamera: cameras.refreshCamera,
  camera: cameras.camera,
  cameraSignals: cameras.cameraSignals,
  cameraConfig: cameras.cameraConfig,
  updateCamera: cameras.updateCamera,
  cameraUsage: cameras.cameraUsage,
  networks: networks.networks,
  syncModules: networks.syncModules,
  programs: networks.programs,
  programsOfAccount: networks.programsOfAccount,
  picture: files.picture,
  clipFile: files.oldClipFile,
  regions: account.regions,
  version: account.version,
  serviceStatus: account.serviceStatus,
  user: account.user,
  logout: account.logout,
}

/** Endpoints of both APIs and of the sign-in, each once. */
export const allEndpoints: ReadonlyArray<AnyEndpoint> = [
  ...new Set<AnyEndpoint>([...Object.values(signIn), ...Object.values(oauth), ...Object.values(legacy)]),
]
