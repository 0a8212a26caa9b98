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

/** How sure we are of a call: seen in published traffic, relied on by a kept client, declared by the app, ... */
export type Evidence = "live" | "client" | "app" | "seed" | "sibling" | "inferred"

/** `control` is the emulator's own door, which no cloud has. */
export type Dialect = "legacy" | "today" | "both" | "control"

export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  /** Segments that begin with a colon take whatever stands there. */
  readonly path: string
  readonly dialect: Dialect
  readonly evidence: Evidence
  /** Answered for legacy tokens only: today's cloud says that an app update is required, or 404. */
  readonly withdrawn: "gate" | 404 | null
  readonly handle: (ask: RouteRequest) => HttpResponse
}

interface RouteOptions {
  readonly dialect?: Dialect
  readonly evidence?: Evidence
  readonly withdrawn?: "gate" | 404
}

type Endpoint = `${Route["method"]} /${string}`

const makeRoute = (line: Endpoint, facts: RouteOptions, answer: Route["handle"]): Route => {
  const [method, path] = line.split(" ", 2)
  return {
    method: method === "GET" || method === "PATCH" || method === "DELETE" ? method : "POST",
    path: path ?? "/",
    dialect: facts.dialect ?? "today",
    evidence: facts.evidence ?? "client",
    withdrawn: facts.withdrawn ?? null,
    handle: answer,
  }
}

/** A call that needs no session. */
export const publicRoute = (
  line: Endpoint,
  facts: RouteOptions,
  answer: (ask: RouteRequest) => HttpResponse,
): Route => makeRoute(line, facts, answer)

export type AccountRequest<Extra = unknown> = RouteRequest & {
  readonly session: Session
  readonly account: Account
} & Extra

const bearerToken = (ask: RouteRequest): string | undefined =>
  /^Bearer (.+)$/i.exec(header(ask, "authorization") ?? "")?.[1] ??
  header(ask, "token_auth") ??
  header(ask, "token-auth")

const findSession = (ask: RouteRequest): Session | undefined => {
  const session = ask.world.sessions.get(bearerToken(ask) ?? "")
  return session === undefined ||
    session.revoked ||
    session.expiresAt <= ask.now ||
    session.registration.removed
    ? undefined
    : session
}

/** The app says its build; builds of before 2024 are refused, and a client does well to leave the header out. */
const isOutdatedApp = (ask: RouteRequest): boolean => {
  const build = /^ANDROID_(\d+)$/.exec(header(ask, "app-build") ?? "")?.[1]
  return build !== undefined && Number(build) < 20_000_000
}

/** Whether a withdrawn call is withdrawn for this session. */
const isWithdrawnFor = ({ world }: RouteRequest, session: Session): boolean =>
  world.settings.gate === "all" || (world.settings.gate === "today" && session.dialect === "oauth")

/** Clients of early 2020 asked for the inventory of account `None`, before they knew its number, and got their own. */
const isOwnAccount = (wanted: string | undefined, { dialect, registration }: Session): boolean =>
  wanted === undefined ||
  Number(wanted) === registration.account.id ||
  (dialect === "legacy" && Number.isNaN(Number(wanted)))

/**
 * A call of a signed-in client. Before the PIN only the `unverified` ones answer: a client of 2021 reads the inventory first.
 * Where the path names an account it must be the session's own. */
export const accountRoute = (
  line: Endpoint,
  facts: RouteOptions & { readonly allowUnverified?: true },
  answer: (ask: AccountRequest) => HttpResponse,
): Route =>
  makeRoute(line, facts, (ask) => {
    const session = findSession(ask)
    if (session === undefined) return unauthorized
    if (session.dialect === "oauth" && isOutdatedApp(ask)) return updateRequired(426)
    if (!session.registration.verified && facts.allowUnverified !== true) return unauthorized
    const { account } = session.registration
    if (!isOwnAccount(ask.params["account"], session)) return unauthorized
    if (facts.withdrawn !== undefined && isWithdrawnFor(ask, session)) {
      return facts.withdrawn === 404 ? notFound : updateRequired(200)
    }
    return answer({ ...ask, session, account })
  })

export const networkNotFound = json({ message: "Network not found", code: 404 }, 404)

/** A call about the network that the path names. */
export const networkRoute = (
  line: Endpoint,
  facts: RouteOptions,
  answer: (ask: AccountRequest<{ readonly network: Network }>) => HttpResponse,
): Route =>
  accountRoute(line, facts, (ask) => {
    const network = ask.world.networks.get(Number(ask.params["network"]))
    return network === undefined || network.account !== ask.account
      ? networkNotFound
      : answer({ ...ask, network })
  })

/**
 * The legacy lists know every device as a camera, so a client that has nothing but them may use what it was given.
 * Today's cloud finds no mini and no doorbell under a camera's path.
 */
const findCamera = (
  ask: AccountRequest<{ readonly network: Network }>,
  kind: CameraKind,
): Camera | undefined => {
  const id = Number(ask.params["camera"])
  const families: ReadonlyArray<CameraKind> =
    kind === "camera" && ask.session.dialect === "legacy" ? ["camera", "owl", "doorbell"] : [kind]
  return families
    .map((family) => ask.world.cameras.get(cameraKey(family, id)))
    .find((found) => found !== undefined)
}

/** A call about a camera, each family by its own paths. */
export const cameraRoute = (
  kind: CameraKind,
  line: Endpoint,
  facts: RouteOptions,
  answer: (ask: AccountRequest<{ readonly network: Network; readonly camera: Camera }>) => HttpResponse,
): Route =>
  networkRoute(line, facts, (ask) => {
    const camera = findCamera(ask, kind)
    return camera === undefined || camera.network !== ask.network
      ? cameraNotFound
      : answer({ ...ask, camera })
  })

export const syncModuleRoute = (
  line: Endpoint,
  facts: RouteOptions,
  answer: (
    ask: AccountRequest<{ readonly network: Network; readonly syncModule: SyncModule }>,
  ) => HttpResponse,
): Route =>
  networkRoute(line, facts, (ask) => {
    const hub = ask.world.syncModules.get(Number(ask.params["hub"]))
    return hub === undefined || hub.network !== ask.network
      ? json({ message: "Sync module not found", code: 404 }, 404)
      : answer({ ...ask, syncModule: hub })
  })

export const commandRoute = (
  line: Endpoint,
  facts: RouteOptions,
  answer: (ask: AccountRequest<{ readonly network: Network; readonly command: Command }>) => HttpResponse,
): Route =>
  networkRoute(line, facts, (ask) => {
    const command = ask.world.commands.get(Number(ask.params["command"]))
    return command === undefined || command.network !== ask.network
      ? json({ message: "Command not found", code: 404 }, 404)
      : answer({ ...ask, command })
  })
