import { FetchHttpClient } from "effect/http"
import { OtlpMetrics, OtlpSerialization, OtlpTracer } from "effect/observability"
import { Layer, Logger, References } from "effect"
import type { Settings } from "./settings/Settings.ts"
import { version } from "./version.ts"

const minimumLevels = { debug: "Debug", info: "Info", warn: "Warn", error: "Error", none: "None" } as const

/** What the program says of itself goes to standard error: events and JSON have standard output for themselves. */
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

/** Seconds that the last spans may take on their way out: Ctrl-C does not wait for a collector that is gone. */
const shutdownTimeout = "1 second"

/** Traces and metrics, where OpenTelemetry's own variable says that somebody collects them. */
const telemetryLayer = (endpoint: string) => {
  const base = endpoint.replace(/\/+$/, "")
  const resource = { serviceName: "blink-streams", serviceVersion: version }
  return Layer.mergeAll(
    OtlpTracer.layer({ url: `${base}/v1/traces`, resource, shutdownTimeout }),
    OtlpMetrics.layer({ url: `${base}/v1/metrics`, resource, shutdownTimeout }),
  ).pipe(Layer.provide(OtlpSerialization.layerJson), Layer.provide(FetchHttpClient.layer))
}

/** What a program that runs for long tells of itself, as the settings say. */
export const observability = (settings: Pick<Settings, "logLevel" | "logFormat">) => {
  const endpoint = process.env["OTEL_EXPORTER_OTLP_ENDPOINT"]
  return endpoint ? Layer.merge(loggerLayer(settings), telemetryLayer(endpoint)) : loggerLayer(settings)
}
