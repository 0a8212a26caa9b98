import { createHash } from "node:crypto"

export const redirectUri = "immedia-blink://applinks.blink.com/signin/callback"
export const verifier = "an-invented-verifier-of-forty-three-letters"
const challenge = createHash("sha256").update(verifier).digest("base64url")

export const authorizeQuery = (hardwareId: string): Record<string, string> => ({
  app_brand: "blink",
  app_version: "50.1",
  client_id: "ios",
  code_challenge: challenge,
  code_challenge_method: "S256",
  device_brand: "Apple",
  device_model: "iPhone16,1",
  device_os_version: "26.1",
  hardware_id: hardwareId,
  redirect_uri: redirectUri,
  response_type: "code",
  scope: "client",
})

export interface HttpReply {
  readonly status: number
  readonly type: string | null
  readonly headers: Headers
  // Tests read responses of every shape and compare what they read.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any
  readonly bytes: Buffer
}

const read = async (response: Response): Promise<HttpReply> => {
  const bytes = Buffer.from(await response.arrayBuffer())
  const type = response.headers.get("content-type")
  const text = bytes.toString("utf8")
  return {
    status: response.status,
    type,
    headers: response.headers,
    body: type === "application/json" ? JSON.parse(text) : text,
    bytes,
  }
}

const splitEndpoint = (line: string): readonly [method: string, path: string] => {
  const blank = line.indexOf(" ")
  return [line.slice(0, blank), line.slice(blank + 1)]
}

/** Returns a function that sends `METHOD /path`. An object is sent as JSON, parameters as a form. */
export const httpClient =
  (url: string, headers: Record<string, string> = {}) =>
  async (line: string, body?: object | URLSearchParams | string): Promise<HttpReply> => {
    const [method, path] = splitEndpoint(line)
    const form = body instanceof URLSearchParams || typeof body === "string"
    return read(
      await fetch(url + path, {
        method,
        redirect: "manual",
        headers: {
          ...headers,
          ...(body !== undefined && !form ? { "content-type": "application/json" } : {}),
        },
        ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
      }),
    )
  }

export type Send = ReturnType<typeof httpClient>

/** The five steps of an OAuth sign-in. Tests can keep the cookie jar. */
export const signInFlow = (url: string, hardwareId: string, jar = new Map<string, string>()) => {
  const send = async (line: string, body?: Record<string, string>): Promise<HttpReply> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ")
    const got = await httpClient(url, { cookie })(
      line,
      body === undefined ? undefined : new URLSearchParams(body),
    )
    for (const set of got.headers.getSetCookie()) {
      const [name = "", value = ""] = (set.split(";")[0] ?? "").split("=")
      jar.set(name, value)
    }
    return got
  }
  const csrf = async (): Promise<string> => {
    const page = await send("GET /oauth/v2/signin")
    const args = /<script id="oauth-args" type="application\/json">(.*?)<\/script>/.exec(page.body)?.[1]
    return JSON.parse(args ?? "{}")["csrf-token"]
  }
  return {
    jar,
    start: () =>
      send(`GET /oauth/v2/authorize?${new URLSearchParams(authorizeQuery(hardwareId)).toString()}`),
    csrf,
    password: (token: string, username: string, password: string) =>
      send("POST /oauth/v2/signin", { username, password, "csrf-token": token }),
    code: (token: string, pin: string, remember = "false") =>
      send("POST /oauth/v2/2fa/verify", { "2fa_code": pin, "csrf-token": token, remember_me: remember }),
    finish: async () => {
      const got = await send("GET /oauth/v2/authorize")
      return new URL(got.headers.get("location") ?? "missing:").searchParams.get("code") ?? ""
    },
    exchange: (code: string) =>
      httpClient(url)(
        "POST /oauth/token",
        new URLSearchParams({
          app_brand: "blink",
          client_id: "ios",
          code,
          code_verifier: verifier,
          grant_type: "authorization_code",
          hardware_id: hardwareId,
          redirect_uri: redirectUri,
          scope: "client",
        }),
      ),
  }
}

interface Credentials {
  readonly email: string
  readonly password: string
  readonly pin: string
}

/** Completes an OAuth sign-in. */
export const signIn = async (
  url: string,
  { email, password, pin }: Credentials,
  hardwareId = "6B3D8A52-0D0E-4C0B-8E55-9A1B6C1F7A10",
) => {
  const flow = signInFlow(url, hardwareId)
  await flow.start()
  const token = await flow.csrf()
  const first = await flow.password(token, email, password)
  if (first.status === 202 || first.status === 412) await flow.code(token, pin)
  const tokens = (await flow.exchange(await flow.finish())).body
  const send = httpClient(url, { authorization: `Bearer ${tokens.access_token}` })
  const { account_id: account } = (await send("GET /api/v1/users/tier_info")).body
  return { send, tokens, account: Number(account), flow }
}

/** Signs in with a form, as in the legacy API document. */
export const legacySignIn = async (url: string, { email, password }: Credentials) => {
  const got = await httpClient(url)(
    "POST /login",
    new URLSearchParams({ email, password, client_specifier: '"iPhone 9.2 | 2.2 | 222"' }),
  )
  return { send: httpClient(url, { TOKEN_AUTH: got.body.auth.token }), login: got.body }
}
