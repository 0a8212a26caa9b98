export * from "./EventLog.ts"
export * from "./LogError.ts"
