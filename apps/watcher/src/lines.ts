export { eventLine } from "./format/eventLine.ts"
export { fit } from "./format/fit.ts"
export { stateText } from "./format/stateText.ts"
