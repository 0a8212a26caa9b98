/** How this program is called from where the user stands: what it advises has to work there. */
export const ownName = (): string =>
  process.env["npm_lifecycle_event"] === undefined ? "blink-streams" : "npx blink-streams"
