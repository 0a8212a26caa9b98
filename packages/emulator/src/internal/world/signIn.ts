import { seededText } from "./seed.ts"
import type { Account, RefreshToken, Registration, Session, World } from "./World.ts"

const minute = 60_000
const firstRegistration = 9_120_001

export const findAccount = (world: World, email: string): Account | undefined =>
  [...world.accounts.values()].find((account) => account.email.toLowerCase() === email.toLowerCase())

const dropBefore = (times: Array<number>, limit: number): void => {
  while (times[0] !== undefined && times[0] <= limit) times.shift()
}

/** Returns true while the account is locked after wrong passwords or has too many sign-ins within the hour. */
export const isThrottled = (world: World, account: Account, now: number): boolean => {
  dropBefore(account.successfulSignIns, now - 60 * minute)
  return account.lockedUntil > now || account.successfulSignIns.length >= world.settings.signInsPerHour
}

/** Compares the password and records the attempt, which may lock the account. */
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

/** Finds the registration of an install by the id that the install has chosen, or creates it. */
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

/** A token in the format of the cloud. Only the signature part makes it unique. */
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

/** Issues an access token and a refresh token of the given family. */
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

/** Revokes all tokens of one sign-in, as the second use of a refresh token does. */
export const revokeFamily = (world: World, family: string): void => {
  for (const session of world.sessions.values()) if (session.family === family) session.revoked = true
  for (const token of world.refreshTokens.values()) if (token.family === family) token.revoked = true
}

/** Removes an install from the account's list and revokes its tokens. */
export const removeRegistration = (world: World, registration: Registration): void => {
  registration.removed = true
  for (const session of world.sessions.values())
    if (session.registration === registration) session.revoked = true
  for (const token of world.refreshTokens.values())
    if (token.registration === registration) token.revoked = true
}
