export * from "./ClientMessage.ts"
export * from "./ProtocolError.ts"
export * from "./ServerMessage.ts"
