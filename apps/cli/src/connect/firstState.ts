import type { Client } from "@blink-streams/client"
import type { BlinkState } from "@blink-streams/model"
import { binName } from "../binName.ts"
import { CliError } from "../errors/CliError.ts"

/** Default timeout of the first snapshot, in milliseconds. */
const defaultTimeoutMillis = 30_000

const signInStates = new Set(["signed_out", "awaiting_pin", "blocked"])

/**
 * Returns the error of the first poll when no account has a snapshot yet; `null` when there is a snapshot or the first
 * poll may still succeed.
 */
const stateError = ({ accounts }: BlinkState): CliError | null => {
  if (hasSnapshot({ accounts })) return null
  for (const { session, sources } of accounts) {
    // An abandoned browser sign-in leaves the previous session valid: the first poll decides.
    if (signInStates.has(session.state) && session.channel !== "browser")
      return new CliError("signInNeeded", `${session.reason ?? "signed out"}: run ${binName()} login`)
    const failed = Object.values(sources).find(({ state, reason }) => state !== "ok" && reason !== null)
    if (failed) return new CliError("noConnection", failed.reason ?? "the cloud does not respond")
  }
  return null
}

/** True when an account has a snapshot, or there are no accounts. */
const hasSnapshot = ({ accounts }: BlinkState): boolean =>
  accounts.length === 0 || accounts.some(({ asOf }) => asOf !== null)

/**
 * Resolves with the first state that contains a snapshot. Rejects with a `CliError` when the first poll fails, the
 * connection is closed or `timeout` milliseconds (default 30 s) pass.
 */
export const firstState = (client: Client, timeout: number = defaultTimeoutMillis): Promise<BlinkState> =>
  new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer)
      unsubscribe()
    }
    const check = (): void => {
      const { status, failure, reason } = client.connection
      const error = client.state === null ? null : stateError(client.state)
      if (client.state !== null && hasSnapshot(client.state)) {
        finish()
        resolve(client.state)
      } else if (error !== null) {
        finish()
        reject(error)
      } else if (status === "closed") {
        finish()
        reject(
          failure === "unauthorized" || failure === "forbidden"
            ? new CliError("signInNeeded", `the broadcaster rejected the token${reason ? `: ${reason}` : ""}`)
            : new CliError("noConnection", `no connection${reason ? `: ${reason}` : ""}`),
        )
      }
    }
    const timer = setTimeout(() => {
      finish()
      const { reason } = client.connection
      reject(new CliError("noConnection", `the broadcaster does not respond${reason ? `: ${reason}` : ""}`))
    }, timeout)
    const unsubscribe = client.subscribe(check)
    check()
  })
