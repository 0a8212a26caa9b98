export { eventLine } from "./format/eventLine.ts"
export { fit } from "./format/fit.ts"
export { readerText } from "./format/readerText.ts"
export { stateText } from "./format/stateText.ts"
