/** How this program is called from where the user stands: what it advises has to work there. */
export const binName = (): string =>
  process.env["npm_lifecycle_event"] === undefined ? "blink-streams" : "npx blink-streams"
