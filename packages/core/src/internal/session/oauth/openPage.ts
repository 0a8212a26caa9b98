import { Effect, Redacted } from "effect"
import { BlinkConfig } from "../../../BlinkConfig.ts"
import { blinkError } from "../../../BlinkError.ts"
import { UnexpectedResponse } from "../../../Reason.ts"
import { signIn } from "../../endpoints/signIn.ts"
import { ensureSuccess } from "../../http/ensureSuccess.ts"
import { Transport } from "../../http/Transport.ts"
import { signInThrottleWait } from "../../rateLimit/retryPolicy.ts"
import { authorizeUrl, isRedirect, locationHeader, pageRequest, signInUrl } from "./pageRequest.ts"
import { challengeOf, randomText } from "./pkce.ts"
import { csrfOf, type SignInFlow, withCookies } from "./signInFlow.ts"

const operation = "open sign-in page"
const maxRedirects = 5

const unexpected = (status: number, detail: string) =>
  blinkError(operation, new UnexpectedResponse({ status, detail }), "yes")

/** Follows the redirects of `start`, manually and only within the sign-in host. Returns the cookies. */
const followRedirects = Effect.fnUntraced(function* (start: string) {
  const settings = yield* BlinkConfig
  const transport = yield* Transport
  let cookies: SignInFlow["cookies"] = {}
  let url = start
  for (let redirects = 0; redirects < maxRedirects; redirects++) {
    const response = yield* transport.execute(pageRequest(settings, operation, url, cookies))
    cookies = withCookies(cookies, response)
    const target = locationHeader(response)
    if (!isRedirect(response) || target === null) {
      yield* ensureSuccess(operation, response, signInThrottleWait)
      break
    }
    const next = new URL(target, url)
    if (next.origin !== new URL(start).origin)
      return yield* unexpected(response.status, "a redirect to another host")
    url = next.href
  }
  return cookies
})

/** Opens the sign-in page: the first step of a sign-in by password. */
export const openPage = Effect.fnUntraced(function* (hardwareId: string) {
  const settings = yield* BlinkConfig
  const transport = yield* Transport
  const verifier = yield* randomText
  const challenge = yield* challengeOf(verifier)
  const cookies = yield* followRedirects(authorizeUrl(settings, settings.identity, hardwareId, challenge, {}))
  const response = yield* transport.execute(
    pageRequest(settings, operation, signInUrl(settings, signIn.page), cookies),
  )
  yield* ensureSuccess(operation, response, signInThrottleWait)
  const pageCookies = withCookies(cookies, response)
  const csrf = csrfOf(response.text, pageCookies)
  if (csrf === null) return yield* unexpected(response.status, "the sign-in page has no CSRF token")
  return { verifier: Redacted.make(verifier), csrf, cookies: pageCookies } satisfies SignInFlow
})
