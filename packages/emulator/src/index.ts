export { ControlError } from "./ControlError.ts"
export type {
  AccountInput,
  ChangeInput,
  ClockInput,
  FaultInput,
  MediaChangeInput,
  MotionInput,
} from "./ControlInput.ts"
export { Emulator, type GroundTruth } from "./Emulator.ts"
export type { EmulatorOptions, ResetInput } from "./EmulatorOptions.ts"
export { decodeScenario } from "./internal/scenarios/loadScenario.ts"
export { PortUnavailable } from "./PortUnavailable.ts"
export { defaultPort, runEmulator } from "./runEmulator.ts"
export { Scenario } from "./Scenario.ts"
export { defaultSettings, EmulatorSettings } from "./EmulatorSettings.ts"
export { type EmulatedCloud, startEmulator } from "./startEmulator.ts"
