export * from "./fromObservable.ts"
export * from "./shareEvents.ts"
export * from "./shareState.ts"
export * from "./toObservable.ts"
