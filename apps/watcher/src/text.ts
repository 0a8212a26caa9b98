export { cleanText } from "./format/cleanText.ts"
export { colourDepth } from "./terminal/colourDepth.ts"
