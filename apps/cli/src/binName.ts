/** Command to print in hints: `npx blink-streams` when npm started this process, `blink-streams` otherwise. */
export const binName = (): string =>
  process.env["npm_lifecycle_event"] === undefined ? "blink-streams" : "npx blink-streams"
