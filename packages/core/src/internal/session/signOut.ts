import { Effect } from "effect"
import type { AuthContext } from "../../AuthContext.ts"
import { BlinkConfig } from "../../BlinkConfig.ts"
import type { StoredSession } from "../../StoredSession.ts"
import { Transport } from "../http/Transport.ts"
import { authorizationHeader } from "./authorization.ts"
import { budgeted } from "./budgeted.ts"
import { fetchRegistration } from "./clientRegistration.ts"
import { toAuthContext } from "./grants.ts"
import { SessionStateStore } from "./store/SessionStateStore.ts"

const signOutAtCloud = Effect.fnUntraced(function* (context: AuthContext) {
  const { jsonTimeout } = yield* BlinkConfig
  const transport = yield* Transport
  const id = context.registrationId ?? (yield* fetchRegistration(context)).id
  if (id === null) return
  yield* transport.send({
    operation: "sign out",
    method: "POST",
    url: `${context.baseUrl}/api/v4/account/${context.accountId}/client/${id}/logout`,
    headers: authorizationHeader(context),
    timeout: jsonTimeout,
  })
})

const endStored = Effect.fnUntraced(function* (stored: StoredSession) {
  const settings = yield* BlinkConfig
  const sessionState = yield* SessionStateStore
  if (stored.grant?.location) {
    const context = toAuthContext(settings, stored.grant, stored.grant.location)
    // The session is deleted locally in any case, even when the cloud is unreachable.
    yield* Effect.ignore(budgeted(signOutAtCloud(context)))
  }
  const { lost: _, ...others } = stored
  yield* sessionState.persist({ ...others, grant: null, pending: null })
  yield* sessionState.clearLost
})

/** Ends the session in the cloud, if it can be reached, and deletes it locally. */
export const signOut = SessionStateStore.use(({ withLock }) => withLock(endStored))
