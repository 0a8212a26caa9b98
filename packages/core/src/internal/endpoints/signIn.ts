import { Schema } from "effect"
import { endpoint } from "./Endpoint.ts"
import { CodeAccepted, CodeSent, TokenResponse } from "../wire/signIn.ts"

const Text = Schema.String
const optional = Schema.optionalKey

/** Each step passes on the cookies, and every form carries the CSRF token of the page. */
const step = { unauthenticated: true, host: "signIn", priority: "command" } as const

/** Steps of today's sign-in in their order. `Session` runs them. */
export const signIn = {
  authorize: endpoint("authorize", "GET", "/oauth/v2/authorize", {
    ...step,
    summary:
      "With parameters: starts a sign-in and redirects to its page. Without: ends it and redirects to the address with the code.",
    query: Schema.Struct({
      app_brand: optional(Text),
      app_version: optional(Text),
      client_id: optional(Text),
      code_challenge: optional(Text),
      code_challenge_method: optional(Text),
      device_brand: optional(Text),
      device_model: optional(Text),
      device_os_version: optional(Text),
      hardware_id: optional(Text),
      redirect_uri: optional(Text),
      response_type: optional(Text),
      scope: optional(Text),
      state: optional(Text),
      prompt: optional(Text),
      dark_mode: optional(Text),
    }),
    response: null,
    contentType: "text/html",
  }),
  page: endpoint("signInPage", "GET", "/oauth/v2/signin", {
    ...step,
    summary: "Sign-in page with the CSRF token that every form must carry.",
    response: null,
    contentType: "text/html",
  }),
  password: endpoint("signIn", "POST", "/oauth/v2/signin", {
    ...step,
    summary:
      "Submits the password. A redirect means success; this response (202, 412 before June 2026) means that a code was sent.",
    form: true,
    body: Schema.Struct({ username: Text, password: Text, "csrf-token": Text }),
    response: CodeSent,
  }),
  code: endpoint("verifyCode", "POST", "/oauth/v2/2fa/verify", {
    ...step,
    summary: "Submits the code. 201 when it is correct; the sign-in stays open after a wrong one.",
    form: true,
    body: Schema.Struct({ "2fa_code": Text, "csrf-token": Text, remember_me: Text }),
    response: CodeAccepted,
  }),
  token: endpoint("token", "POST", "/oauth/token", {
    ...step,
    summary: "Exchanges a code or a refresh token for tokens. Each is valid for one exchange.",
    form: true,
    body: Schema.Struct({
      grant_type: Schema.Literals(["authorization_code", "refresh_token"]),
      client_id: Text,
      code: optional(Text),
      code_verifier: optional(Text),
      redirect_uri: optional(Text),
      refresh_token: optional(Text),
      scope: optional(Text),
      app_brand: optional(Text),
      hardware_id: optional(Text),
    }),
    response: TokenResponse,
  }),
}
