export * from "./broadcast.ts"
