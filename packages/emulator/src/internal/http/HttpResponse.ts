/** A response before faults are applied. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Record<string, string | ReadonlyArray<string>>
  readonly body: string | Uint8Array
}

type Headers = HttpResponse["headers"]

/** Some clients parse JSON only with exactly this content type. */
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

/** Response of the cloud's web server to an unknown path. */
export const notFound = html("<h1>Not Found</h1>", 404)

export const unauthorized = json({ message: "Unauthorized Access", code: 101 }, 401)

export const cameraNotFound = json({ message: "Camera not found", code: 500 }, 404)

/** Withdrawn calls return it with status 200, closed logins and outdated apps with 426. */
export const updateRequired = (status: 200 | 426): HttpResponse =>
  json({ message: "An app update is required", code: 105 }, status)
