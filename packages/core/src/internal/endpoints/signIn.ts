import { Schema } from "effect"
import { endpoint } from "../../Endpoint.ts"
import { CodeAccepted, CodeSent, Tokens } from "../wire/signIn.ts"

const Text = Schema.String
const optional = Schema.optionalKey

/** Cookies of the pages go from one step to the next, and the token of the form with every form. */
const step = { unauthenticated: true, host: "signIn", priority: "command" } as const

/** The steps of today's sign-in, which `Session` takes: they make sense in their order only. */
export const signIn = {
  authorize: endpoint("authorize", "GET", "/oauth/v2/authorize", {
    ...step,
    summary:
      "With parameters: begins a sign-in and leads to its page. With none: ends it, and leads to the address with the code.",
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
    summary: "The sign-in page; holds the token that every form has to carry.",
    response: null,
    contentType: "text/html",
  }),
  password: endpoint("signIn", "POST", "/oauth/v2/signin", {
    ...step,
    summary:
      "The password. A redirect lets in; this answer (202, 412 before June 2026) means that a code was sent.",
    form: true,
    body: Schema.Struct({ username: Text, password: Text, "csrf-token": Text }),
    response: CodeSent,
  }),
  code: endpoint("verifyCode", "POST", "/oauth/v2/2fa/verify", {
    ...step,
    summary: "The code that was sent. 201 when it is right; a wrong one leaves the sign-in open.",
    form: true,
    body: Schema.Struct({ "2fa_code": Text, "csrf-token": Text, remember_me: Text }),
    response: CodeAccepted,
  }),
  token: endpoint("token", "POST", "/oauth/token", {
    ...step,
    summary: "Trades a code or a refresh token for tokens; either is good for one trade.",
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
    response: Tokens,
  }),
}
