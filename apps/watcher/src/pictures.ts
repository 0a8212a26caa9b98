export { decodeJpeg } from "./pictures/decodeJpeg.ts"
export { drawPicture } from "./pictures/drawPicture.ts"
export { pictureProtocol, pictureProtocols } from "./pictures/pictureProtocol.ts"
export { queryTerminal } from "./pictures/queryTerminal.ts"
