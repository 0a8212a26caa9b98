export * from "./accountServices.ts"
export * from "./broadcast.ts"
export * from "./signIn.ts"
export * from "./StateFolder.ts"
