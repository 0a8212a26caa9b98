import { contractFiles } from "@blink-streams/protocol"
import { Effect, Schema } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { problem } from "../errors/Problem.ts"
import { route } from "./route.ts"

/** The parts of OpenAPI that the page shows. */
const Document = Schema.Struct({
  paths: Schema.Record(
    Schema.String,
    Schema.Record(
      Schema.String,
      Schema.Struct({
        summary: Schema.String,
        parameters: Schema.optionalKey(
          Schema.Array(
            Schema.Struct({ name: Schema.String, description: Schema.optionalKey(Schema.String) }),
          ),
        ),
      }),
    ),
  ),
})

const escapeHtml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

const renderInlineCode = (text: string) =>
  escapeHtml(text).replaceAll(/`([^`]*)`/g, (_, inner: string) => `<code>${inner}</code>`)

const page = ({ paths }: typeof Document.Type): string => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary, parameters = [] }]) => {
      const rows = parameters.map(
        ({ name, description = "" }) =>
          `<dt><code>${escapeHtml(name)}</code></dt><dd>${renderInlineCode(description)}</dd>`,
      )
      const list = rows.length === 0 ? "" : `<dl>${rows.join("")}</dl>`
      return `<h2><code>${method.toUpperCase()} ${escapeHtml(path)}</code></h2><p>${renderInlineCode(summary)}</p>${list}`
    }),
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>blink-streams: API</title><body><h1>blink-streams</h1>
<p>The websocket at this server's root uses the sub-protocol <code>blink-streams.v1</code>: <a href="../schema/v1/asyncapi.json">AsyncAPI</a>,
JSON Schema of <a href="../schema/v1/client-message.schema.json">what a client sends</a> and of
<a href="../schema/v1/server-message.schema.json">what a server sends</a>. HTTP API:
<a href="../schema/v1/openapi.json">OpenAPI</a>, with <code>Authorization: Bearer TOKEN</code>.</p>
${operations.join("\n")}</body></html>
`
}

const files = contractFiles()

/** Responds with a schema file of the protocol. */
const getSchema = Effect.gen(function* () {
  const { name } = yield* HttpRouter.schemaPathParams(Schema.Struct({ name: Schema.String }))
  const found = Object.hasOwn(files, name) ? files[name] : undefined
  if (found === undefined) return yield* problem("not_found", `known files: ${Object.keys(files).join(", ")}`)
  return HttpServerResponse.jsonUnsafe(found, { headers: { "cache-control": "max-age=3600" } })
})

/** Responds with the HTTP API as a web page. */
const getDocs = Effect.gen(function* () {
  const document = yield* Schema.decodeUnknownEffect(Document)(files["openapi.json"])
  return HttpServerResponse.html(page(document))
})

export const schemaRoutes = [
  route("GET /schema/v1/{name}", getSchema),
  route("GET /v1/docs", getDocs),
] as const
