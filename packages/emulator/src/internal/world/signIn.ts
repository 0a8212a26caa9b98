import { seededText } from "./seed.ts"
import type { Account, RefreshToken, Registration, Session, World } from "./World.ts"

const minute = 60_000
const firstRegistration = 9_120_001

export const findAccount = (world: World, email: string): Account | undefined =>
  [...world.accounts.values()].find((account) => account.email.toLowerCase() === email.toLowerCase())

const dropBefore = (times: Array<number>, before: number): void => {
  while (times[0] !== undefined && times[0] <= before) times.shift()
}

/** Whether the account takes no sign-in at all now: locked after wrong passwords, or asked for too often. */
export const isThrottled = (world: World, account: Account, now: number): boolean => {
  dropBefore(account.successfulSignIns, now - 60 * minute)
  return account.lockedUntil > now || account.successfulSignIns.length >= world.settings.signInsPerHour
}

/** Compares the password and keeps the books that lock an account. */
export const checkPassword = (world: World, account: Account, password: string, now: number): boolean => {
  if (account.password === password) {
    account.successfulSignIns.push(now)
    account.failedSignIns.length = 0
    return true
  }
  dropBefore(account.failedSignIns, now - 10 * minute)
  account.failedSignIns.push(now)
  if (account.failedSignIns.length >= world.settings.wrongPasswordsAllowed)
    account.lockedUntil = now + 60 * minute
  return false
}

/** One registration per install, found again by the id that the install chose for itself. */
export const registerClient = (
  world: World,
  now: number,
  account: Account,
  options: { readonly uniqueId: string; readonly name: string; readonly dialect: Registration["dialect"] },
): Registration => {
  const known = account.registrations.find(
    ({ uniqueId, dialect, removed }) =>
      uniqueId === options.uniqueId && dialect === options.dialect && !removed,
  )
  if (known !== undefined) {
    known.updatedAt = now
    return known
  }
  const registration: Registration = {
    id: firstRegistration + world.counters.registration++,
    account,
    uniqueId: options.uniqueId,
    name: options.name,
    createdAt: now,
    updatedAt: now,
    verified: false,
    trusted: false,
    removed: false,
    removedByUser: false,
    controlPanel: false,
    notificationKey: null,
    dialect: options.dialect,
    failedPinAttempts: 0,
    options: "{}",
  }
  account.registrations.push(registration)
  return registration
}

const base64urlJson = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/** Looks like the cloud's tokens and says as little: only its signature tells one from another. */
const jwt = (world: World, kind: string, registration: Registration, now: number): string => {
  const index = world.counters.token++
  const header = base64urlJson({ alg: "RS256", typ: "JWT" })
  const payload = base64urlJson({
    sub: String(registration.account.userId),
    iat: Math.floor(now / 1000),
    typ: kind,
  })
  return `${header}.${payload}.${seededText(world.seed, `${kind}/${index}`, 43)}`
}

export const startLegacySession = (world: World, registration: Registration, now: number): Session => {
  const session: Session = {
    token: seededText(world.seed, `legacy/${world.counters.token++}`, 22),
    registration,
    dialect: "legacy",
    family: `legacy-${registration.id}`,
    expiresAt: now + world.settings.legacyTokenSeconds * 1000,
    revoked: false,
  }
  world.sessions.set(session.token, session)
  return session
}

/** A pair of tokens. Pairs of one family descend from one sign-in. */
export const issueTokens = (
  world: World,
  registration: Registration,
  family: string,
  now: number,
): { readonly access: Session; readonly refresh: RefreshToken } => {
  const access: Session = {
    token: jwt(world, "access", registration, now),
    registration,
    dialect: "oauth",
    family,
    expiresAt: now + world.settings.accessTokenSeconds * 1000,
    revoked: false,
  }
  const refresh: RefreshToken = {
    token: jwt(world, "refresh", registration, now),
    family,
    registration,
    expiresAt: now + world.settings.refreshTokenSeconds * 1000,
    used: false,
    revoked: false,
  }
  world.sessions.set(access.token, access)
  world.refreshTokens.set(refresh.token, refresh)
  return { access, refresh }
}

/** A refresh token that comes a second time ends everything that descends from its sign-in. */
export const revokeFamily = (world: World, family: string): void => {
  for (const session of world.sessions.values()) if (session.family === family) session.revoked = true
  for (const token of world.refreshTokens.values()) if (token.family === family) token.revoked = true
}

/** The account's list no longer shows this install, and nothing it holds works. */
export const removeRegistration = (world: World, registration: Registration): void => {
  registration.removed = true
  for (const session of world.sessions.values())
    if (session.registration === registration) session.revoked = true
  for (const token of world.refreshTokens.values())
    if (token.registration === registration) token.revoked = true
}
