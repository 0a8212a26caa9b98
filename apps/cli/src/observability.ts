import { FetchHttpClient } from "effect/http"
import { OtlpMetrics, OtlpSerialization, OtlpTracer } from "effect/observability"
import { Layer, Logger, References } from "effect"
import type { Settings } from "./settings/Settings.ts"
import { version } from "./version.ts"

const minimumLevels = { debug: "Debug", info: "Info", warn: "Warn", error: "Error", none: "None" } as const

/** Logs go to standard error; standard output is reserved for events and JSON. */
const loggerLayer = ({ logLevel, logFormat }: Pick<Settings, "logLevel" | "logFormat">) => {
  const isPretty = logFormat === null ? process.stderr.isTTY : logFormat === "pretty"
  return Layer.mergeAll(
    Logger.layer([
      isPretty ? Logger.consolePretty({ mode: "tty" }) : Logger.withConsoleError(Logger.formatJson),
    ]),
    Layer.succeed(Logger.LogToStderr, true),
    Layer.succeed(References.MinimumLogLevel, minimumLevels[logLevel]),
  )
}

/** Timeout of the last export, so that Ctrl-C does not wait for a collector that is down. */
const shutdownTimeout = "1 second"

/** Exports traces and metrics over OTLP/HTTP as JSON. */
const telemetryLayer = (endpoint: string) => {
  const base = endpoint.replace(/\/+$/, "")
  const resource = { serviceName: "blink-streams", serviceVersion: version }
  return Layer.mergeAll(
    OtlpTracer.layer({ url: `${base}/v1/traces`, resource, shutdownTimeout }),
    OtlpMetrics.layer({ url: `${base}/v1/metrics`, resource, shutdownTimeout }),
  ).pipe(Layer.provide(OtlpSerialization.layerJson), Layer.provide(FetchHttpClient.layer))
}

/** Logging of the long-running commands, and telemetry when `OTEL_EXPORTER_OTLP_ENDPOINT` is set. */
export const observability = (settings: Pick<Settings, "logLevel" | "logFormat">) => {
  const endpoint = process.env["OTEL_EXPORTER_OTLP_ENDPOINT"]
  return endpoint ? Layer.merge(loggerLayer(settings), telemetryLayer(endpoint)) : loggerLayer(settings)
}
