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
import { type Answer, cameraNotFound, json, notFound, unauthorized, updateRequired } from "./Answer.ts"
import { type Ask, header } from "./Ask.ts"

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
  readonly answer: (ask: Ask) => Answer
}

interface Facts {
  readonly dialect?: Dialect
  readonly evidence?: Evidence
  readonly withdrawn?: "gate" | 404
}

type Line = `${Route["method"]} /${string}`

const makeRoute = (line: Line, facts: Facts, answer: Route["answer"]): Route => {
  const [method, path] = line.split(" ", 2)
  return {
    method: method === "GET" || method === "PATCH" || method === "DELETE" ? method : "POST",
    path: path ?? "/",
    dialect: facts.dialect ?? "today",
    evidence: facts.evidence ?? "client",
    withdrawn: facts.withdrawn ?? null,
    answer,
  }
}

/** A call that needs no session. */
export const open = (line: Line, facts: Facts, answer: (ask: Ask) => Answer): Route =>
  makeRoute(line, facts, answer)

export type Asked<Extra = unknown> = Ask & { readonly session: Session; readonly account: Account } & Extra

const tokenOf = (ask: Ask): string | undefined =>
  /^Bearer (.+)$/i.exec(header(ask, "authorization") ?? "")?.[1] ??
  header(ask, "token_auth") ??
  header(ask, "token-auth")

const sessionOf = (ask: Ask): Session | undefined => {
  const session = ask.world.sessions.get(tokenOf(ask) ?? "")
  return session === undefined ||
    session.revoked ||
    session.expiresAt <= ask.now ||
    session.registration.removed
    ? undefined
    : session
}

/** The app says its build; builds of before 2024 are refused, and a client does well to leave the header out. */
const isOutdated = (ask: Ask): boolean => {
  const build = /^ANDROID_(\d+)$/.exec(header(ask, "app-build") ?? "")?.[1]
  return build !== undefined && Number(build) < 20_000_000
}

/** Whether a withdrawn call is withdrawn for this session. */
const isGated = ({ world }: Ask, session: Session): boolean =>
  world.settings.gate === "all" || (world.settings.gate === "today" && session.dialect === "oauth")

/** Clients of early 2020 asked for the inventory of account `None`, before they knew its number, and got their own. */
const isOwn = (wanted: string | undefined, { dialect, registration }: Session): boolean =>
  wanted === undefined ||
  Number(wanted) === registration.account.id ||
  (dialect === "legacy" && Number.isNaN(Number(wanted)))

/**
 * A call of a signed-in client. Before the PIN only the `unverified` ones answer: a client of 2021 reads the inventory first.
 * Where the path names an account it must be the session's own. */
export const account = (
  line: Line,
  facts: Facts & { readonly unverified?: true },
  answer: (ask: Asked) => Answer,
): Route =>
  makeRoute(line, facts, (ask) => {
    const session = sessionOf(ask)
    if (session === undefined) return unauthorized
    if (session.dialect === "oauth" && isOutdated(ask)) return updateRequired(426)
    if (!session.registration.verified && facts.unverified !== true) return unauthorized
    const { account } = session.registration
    if (!isOwn(ask.params["account"], session)) return unauthorized
    if (facts.withdrawn !== undefined && isGated(ask, session)) {
      return facts.withdrawn === 404 ? notFound : updateRequired(200)
    }
    return answer({ ...ask, session, account })
  })

export const networkNotFound = json({ message: "Network not found", code: 404 }, 404)

/** A call about the network that the path names. */
export const network = (
  line: Line,
  facts: Facts,
  answer: (ask: Asked<{ readonly network: Network }>) => Answer,
): Route =>
  account(line, facts, (ask) => {
    const network = ask.world.networks.get(Number(ask.params["network"]))
    return network === undefined || network.account !== ask.account
      ? networkNotFound
      : answer({ ...ask, network })
  })

/**
 * The legacy lists know every device as a camera, so a client that has nothing but them may use what it was given.
 * Today's cloud finds no mini and no doorbell under a camera's path.
 */
const findCamera = (ask: Asked<{ readonly network: Network }>, kind: CameraKind): Camera | undefined => {
  const id = Number(ask.params["camera"])
  const families: ReadonlyArray<CameraKind> =
    kind === "camera" && ask.session.dialect === "legacy" ? ["camera", "owl", "doorbell"] : [kind]
  return families
    .map((family) => ask.world.cameras.get(cameraKey(family, id)))
    .find((found) => found !== undefined)
}

/** A call about a camera, each family by its own paths. */
export const camera = (
  kind: CameraKind,
  line: Line,
  facts: Facts,
  answer: (ask: Asked<{ readonly network: Network; readonly camera: Camera }>) => Answer,
): Route =>
  network(line, facts, (ask) => {
    const camera = findCamera(ask, kind)
    return camera === undefined || camera.network !== ask.network
      ? cameraNotFound
      : answer({ ...ask, camera })
  })

export const syncModule = (
  line: Line,
  facts: Facts,
  answer: (ask: Asked<{ readonly network: Network; readonly hub: SyncModule }>) => Answer,
): Route =>
  network(line, facts, (ask) => {
    const hub = ask.world.syncModules.get(Number(ask.params["hub"]))
    return hub === undefined || hub.network !== ask.network
      ? json({ message: "Sync module not found", code: 404 }, 404)
      : answer({ ...ask, hub })
  })

export const command = (
  line: Line,
  facts: Facts,
  answer: (ask: Asked<{ readonly network: Network; readonly command: Command }>) => Answer,
): Route =>
  network(line, facts, (ask) => {
    const command = ask.world.commands.get(Number(ask.params["command"]))
    return command === undefined || command.network !== ask.network
      ? json({ message: "Command not found", code: 404 }, 404)
      : answer({ ...ask, command })
  })
