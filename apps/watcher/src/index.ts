export { recentEvents } from "./recentEvents.ts"
export { bindKeys, keysSchema } from "./input/keyBindings.ts"
export { type Appearance, type ScreenOptions, type WatchScreen, prepareScreen } from "./prepareScreen.ts"
export { type WatchResult, matchesKind, watchLines } from "./watchLines.ts"
