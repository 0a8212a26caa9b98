import {
  type Account,
  type Camera,
  cameraKey,
  type CameraKind,
  type Command,
  type Network,
  type Session,
  type SyncModule,
} from "../world/World.ts"
import {
  type HttpResponse,
  cameraNotFound,
  json,
  notFound,
  unauthorized,
  updateRequired,
} from "./HttpResponse.ts"
import { type RouteRequest, header } from "./RouteRequest.ts"

/** Source of a call: published traffic, a maintained client, the app's declarations, the legacy API document, or an inference. */
type Evidence = "live" | "client" | "app" | "document" | "inferred"

/** Tokens that a call accepts: those of the legacy logins, those of OAuth, or both. */
type Dialect = "legacy" | "current" | "both"

export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  /** A segment that begins with a colon is a parameter. */
  readonly path: string
  readonly dialect: Dialect
  readonly evidence: Evidence
  /** Response to OAuth tokens of a call that the cloud has withdrawn; null for other calls. */
  readonly withdrawn: "update_required" | 404 | null
  readonly handle: (request: RouteRequest) => HttpResponse
}

interface RouteOptions {
  readonly dialect?: Dialect
  readonly evidence?: Evidence
  readonly withdrawn?: "update_required" | 404
}

type Endpoint = `${Route["method"]} /${string}`

const makeRoute = (endpoint: Endpoint, options: RouteOptions, handle: Route["handle"]): Route => {
  const [method, path] = endpoint.split(" ", 2)
  return {
    method: method === "GET" || method === "PATCH" || method === "DELETE" ? method : "POST",
    path: path ?? "/",
    dialect: options.dialect ?? "current",
    evidence: options.evidence ?? "client",
    withdrawn: options.withdrawn ?? null,
    handle,
  }
}

/** A call that needs no session. */
export const publicRoute = (
  endpoint: Endpoint,
  options: RouteOptions,
  handle: (request: RouteRequest) => HttpResponse,
): Route => makeRoute(endpoint, options, handle)

export type AccountRequest<Extra = unknown> = RouteRequest & {
  readonly session: Session
  readonly account: Account
} & Extra

const bearerToken = (request: RouteRequest): string | undefined =>
  /^Bearer (.+)$/i.exec(header(request, "authorization") ?? "")?.[1] ??
  header(request, "token_auth") ??
  header(request, "token-auth")

const findSession = (request: RouteRequest): Session | undefined => {
  const session = request.world.sessions.get(bearerToken(request) ?? "")
  return session === undefined ||
    session.revoked ||
    session.expiresAt <= request.now ||
    session.registration.removed
    ? undefined
    : session
}

/** The cloud refuses app builds from before 2024. A client without the `app-build` header is accepted. */
const isOutdatedApp = (request: RouteRequest): boolean => {
  const build = /^ANDROID_(\d+)$/.exec(header(request, "app-build") ?? "")?.[1]
  return build !== undefined && Number(build) < 20_000_000
}

/** Returns true when withdrawn calls are withdrawn for the tokens of this session. */
const isWithdrawnFor = ({ world }: RouteRequest, session: Session): boolean =>
  world.settings.withdrawnCalls === "closed" ||
  (world.settings.withdrawnCalls === "legacy_tokens" && session.dialect === "oauth")

/** Clients of early 2020 requested the homescreen of account `None` before they knew its id. They got their own account. */
const isOwnAccount = (accountId: string | undefined, { dialect, registration }: Session): boolean =>
  accountId === undefined ||
  Number(accountId) === registration.account.id ||
  (dialect === "legacy" && Number.isNaN(Number(accountId)))

/**
 * A call that needs a session, and the session's own account if the path names one. A client that has not entered its PIN
 * gets 401 unless `allowUnverified` is set: clients of 2021 read the homescreen before the PIN.
 */
export const accountRoute = (
  endpoint: Endpoint,
  options: RouteOptions & { readonly allowUnverified?: true },
  handle: (request: AccountRequest) => HttpResponse,
): Route =>
  makeRoute(endpoint, options, (request) => {
    const session = findSession(request)
    if (session === undefined) return unauthorized
    if (session.dialect === "oauth" && isOutdatedApp(request)) return updateRequired(426)
    if (!session.registration.verified && options.allowUnverified !== true) return unauthorized
    const { account } = session.registration
    if (!isOwnAccount(request.params["account"], session)) return unauthorized
    if (options.withdrawn !== undefined && isWithdrawnFor(request, session)) {
      return options.withdrawn === 404 ? notFound : updateRequired(200)
    }
    return handle({ ...request, session, account })
  })

const networkNotFound = json({ message: "Network not found", code: 404 }, 404)

/** A call for the network in the path. */
export const networkRoute = (
  endpoint: Endpoint,
  options: RouteOptions,
  handle: (request: AccountRequest<{ readonly network: Network }>) => HttpResponse,
): Route =>
  accountRoute(endpoint, options, (request) => {
    const network = request.world.networks.get(Number(request.params["network"]))
    return network === undefined || network.account !== request.account
      ? networkNotFound
      : handle({ ...request, network })
  })

/**
 * Legacy tokens reach owls and doorbells under the path of a camera as well, because the legacy lists call every device a
 * camera. OAuth tokens do not.
 */
const findCamera = (
  request: AccountRequest<{ readonly network: Network }>,
  kind: CameraKind,
): Camera | undefined => {
  const id = Number(request.params["camera"])
  const kinds: ReadonlyArray<CameraKind> =
    kind === "camera" && request.session.dialect === "legacy" ? ["camera", "owl", "doorbell"] : [kind]
  return kinds
    .map((each) => request.world.cameras.get(cameraKey(each, id)))
    .find((found) => found !== undefined)
}

export type CameraRequest = AccountRequest<{
  readonly network: Network
  readonly camera: Camera
  /** Kind of the path, which is `camera` for other kinds as well when a legacy token requests it. */
  readonly pathKind: CameraKind
}>

/** A call for the camera in the path. Each kind has its own paths. */
export const cameraRoute = (
  kind: CameraKind,
  endpoint: Endpoint,
  options: RouteOptions,
  handle: (request: CameraRequest) => HttpResponse,
): Route =>
  networkRoute(endpoint, options, (request) => {
    const camera = findCamera(request, kind)
    return camera === undefined || camera.network !== request.network
      ? cameraNotFound
      : handle({ ...request, camera, pathKind: kind })
  })

export const syncModuleRoute = (
  endpoint: Endpoint,
  options: RouteOptions,
  handle: (
    request: AccountRequest<{ readonly network: Network; readonly syncModule: SyncModule }>,
  ) => HttpResponse,
): Route =>
  networkRoute(endpoint, options, (request) => {
    const syncModule = request.world.syncModules.get(Number(request.params["syncModule"]))
    return syncModule === undefined || syncModule.network !== request.network
      ? json({ message: "Sync module not found", code: 404 }, 404)
      : handle({ ...request, syncModule })
  })

export const commandRoute = (
  endpoint: Endpoint,
  options: RouteOptions,
  handle: (request: AccountRequest<{ readonly network: Network; readonly command: Command }>) => HttpResponse,
): Route =>
  networkRoute(endpoint, options, (request) => {
    const command = request.world.commands.get(Number(request.params["command"]))
    return command === undefined || command.network !== request.network
      ? json({ message: "Command not found", code: 404 }, 404)
      : handle({ ...request, command })
  })
