export { cleanText } from "./format/cleanText.ts"
export { httpUrl } from "./http/httpUrl.ts"
export { colourDepth } from "./terminal/colourDepth.ts"
