/** An answer before any fault has touched it. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Record<string, string | ReadonlyArray<string>>
  readonly body: string | Uint8Array
}

type Headers = HttpResponse["headers"]

/** Clients read JSON only under exactly this type. */
export const json = (body: unknown, status = 200, headers: Headers = {}): HttpResponse => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
})

export const text = (body: string, status: number): HttpResponse => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body,
})

export const html = (body: string, status = 200, headers: Headers = {}): HttpResponse => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body,
})

export const bytes = (body: Uint8Array, type: string): HttpResponse => ({
  status: 200,
  headers: { "content-type": type },
  body,
})

export const redirect = (location: string, headers: Headers = {}): HttpResponse => ({
  status: 302,
  headers: { location, ...headers },
  body: "",
})

/** What the web server before the cloud says of a path that it does not know. */
export const notFound = html("<h1>Not Found</h1>", 404)

export const unauthorized = json({ message: "Unauthorized Access", code: 101 }, 401)

export const cameraNotFound = json({ message: "Camera not found", code: 500 }, 404)

/** Withdrawn calls answer with 200, closed logins and outdated apps with 426. */
export const updateRequired = (status: 200 | 426): HttpResponse =>
  json({ message: "An app update is required", code: 105 }, status)
