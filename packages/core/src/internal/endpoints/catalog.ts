import type { AnyEndpoint, Endpoint, EndpointInput } from "./Endpoint.ts"
import { account, controlPanel, legacyAccount } from "./account.ts"
import { cameras, doorbells, legacyCameras, owls } from "./cameras.ts"
import { commands } from "./commands.ts"
import { networks, legacyNetworks } from "./networks.ts"
import { files, legacyMedia, localStorage, media } from "./media.ts"
import { signIn } from "./signIn.ts"

/** Endpoints that today's API introduced. */
const current = {
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
}

/** Endpoints of today's API by name. */
export const oauth = {
  ...current,
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

/** Endpoints by the name that `BlinkApi.call` takes, which is their `id`. */
const calls = {
  ...current,
  legacyLogin: legacy.login,
  legacyLoginV2: legacy.loginV2,
  legacyLoginV3: legacy.loginV3,
  legacyLoginV4: legacy.loginV4,
  legacyLoginV5: legacy.loginV5,
  legacyVerifyPin: legacy.verifyPin,
  legacyVerifyPinV3: legacy.verifyPinV3,
  legacyResendPin: legacy.resendPin,
  legacyResendPinV3: legacy.resendPinV3,
  legacyRegistrations: legacy.registrations,
  legacyHealth: legacy.health,
  legacyHomescreen: legacy.homescreen,
  legacyNetworkHomescreen: legacy.networkHomescreen,
  legacyArm: legacy.arm,
  legacyDisarm: legacy.disarm,
  legacyCameras: legacy.cameras,
  legacyVideos: legacy.videos,
  legacyVideo: legacy.video,
  legacyUnwatchedVideos: legacy.unwatchedVideos,
  legacyAllUnwatchedVideos: legacy.allUnwatchedVideos,
  legacyVideoCount: legacy.videoCount,
  legacyDeleteVideo: legacy.deleteVideo,
  legacyDeleteAllVideos: legacy.deleteAllVideos,
  legacyEvents: legacy.events,
}
type Calls = typeof calls

/** Name of a request to the cloud, such as `cameraSignals`; those of the legacy API begin with `legacy`. */
export type CallName = keyof Calls

/** Type parameters of an endpoint. */
type Parts<Of> =
  Of extends Endpoint<infer Path, infer Query, infer Body, infer Output>
    ? { readonly path: Path; readonly query: Query; readonly body: Body; readonly output: Output }
    : never
type PathOf<Name extends CallName> = Parts<Calls[Name]>["path"]
type QueryOf<Name extends CallName> = Parts<Calls[Name]>["query"]
type BodyOf<Name extends CallName> = Parts<Calls[Name]>["body"]

/** Decoded response of a request. */
export type CallResult<Name extends CallName> = Parts<Calls[Name]>["output"]

/** Input of a request: the parameters of its path, `query` and `body`, as far as it has them. */
export type CallInput<Name extends CallName> = EndpointInput<PathOf<Name>, QueryOf<Name>, BodyOf<Name>>

/** Endpoint of each request; typed by name, so that input and response follow from the name. */
export const endpointByName: {
  readonly [Name in CallName]: Endpoint<PathOf<Name>, QueryOf<Name>, BodyOf<Name>, CallResult<Name>>
} = calls
