// An entry point of its own, without the schemas, so that screens start fast and web pages stay small.
export { describeEvent } from "./presentation/describeEvent.ts"
export { severityOf } from "./presentation/severityOf.ts"
export { sourceText } from "./presentation/sourceText.ts"
