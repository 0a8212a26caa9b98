import { type AccountState, timestampFromMillis } from "@blink-streams/model"
import { expect, it } from "vitest"
import {
  type PreparedCommand,
  armCommand,
  motionCommand,
  refreshCommand,
  thumbnailCommand,
} from "../../src/model/screenCommands.ts"
import { type ScreenModel, initialModel } from "../../src/model/ScreenModel.ts"
import { now, sampleState } from "../fixtures.ts"

const model: ScreenModel = { ...initialModel(now), state: sampleState() }
const empty: ScreenModel = { ...initialModel(now), state: { accounts: [] } }
const [account] = sampleState().accounts
const withAccount = (changes: Partial<AccountState>): ScreenModel => ({
  ...model,
  state: { accounts: [{ ...account!, ...changes }] },
})
const withArmState = (state: AccountState["networks"][number]["arm"]["state"]): ScreenModel =>
  withAccount({ networks: account!.networks.map((each) => ({ ...each, arm: { state, asOf: null } })) })

const commandOf = (prepared: PreparedCommand) => {
  if ("problem" in prepared) throw new Error(prepared.problem)
  return prepared.command
}

it("armCommand targets the selected system", () => {
  expect(armCommand(model, "arm")).toEqual({
    command: { name: "arm", target: { account: 1234, network: 11 }, label: "arm Home" },
  })
  expect(commandOf(armCommand({ ...model, systemIndex: 1 }, "arm")).target).toEqual({
    account: 1234,
    network: 12,
  })
})

it.each(["Cabin", "cabin", "CABIN"])("armCommand finds a system by its name %s, in any case", (name) => {
  expect(commandOf(armCommand(model, "disarm", name))).toMatchObject({
    target: { network: 12 },
    label: "disarm Cabin",
  })
})

it("armCommand expects the arm state on the screen when it disarms", () => {
  expect(commandOf(armCommand(withArmState("armed"), "disarm")).expect).toEqual({ armed: true })
  expect(commandOf(armCommand(withArmState("disarmed"), "disarm")).expect).toEqual({ armed: false })
})

it.each(["unknown", "arming", "disarming"] as const)(
  "armCommand expects nothing about an arm state that is %s",
  (state) => {
    expect(commandOf(armCommand(withArmState(state), "disarm"))).not.toHaveProperty("expect")
  },
)

it("armCommand arms whatever the screen shows", () => {
  for (const state of ["armed", "disarmed", "arming", "disarming", "unknown"] as const)
    expect(commandOf(armCommand(withArmState(state), "arm"))).not.toHaveProperty("expect")
})

it.each([
  ["on", "disable", "motion off Porch"],
  ["off", "enable", "motion on Porch"],
  // Recording too much is better than recording nothing.
  ["unknown", "enable", "motion on Porch"],
] as const)("motionCommand toggles detection that is %s with %s", (detection, name, label) => {
  const [porch, ...others] = account!.cameras
  const prepared = motionCommand(withAccount({ cameras: [{ ...porch!, detection }, ...others] }), null)
  expect(prepared).toEqual({
    command: { name, target: { account: 1234, network: 11, camera: 1, kind: "camera" }, label },
  })
})

it("motionCommand sets what is asked for, whatever the detection is", () => {
  expect(commandOf(motionCommand(model, true, "porch")).name).toBe("enable")
  expect(commandOf(motionCommand(model, false, "garden")).name).toBe("disable")
})

it("A camera is found by its name in any system, and by the selection without one", () => {
  expect(commandOf(thumbnailCommand(model, "desk"))).toEqual({
    name: "thumbnail",
    target: { account: 1234, network: 12, camera: 4, kind: "mini" },
    label: "picture of Desk",
  })
  expect(commandOf(thumbnailCommand({ ...model, cameraIndex: 2 })).target).toEqual({
    account: 1234,
    network: 11,
    camera: 3,
    kind: "doorbell",
  })
})

it.each([
  [() => armCommand(model, "arm", "Boat"), 'No system is called "Boat"'],
  [() => motionCommand(model, true, "Boat"), 'No camera is called "Boat"'],
  [() => thumbnailCommand(model, "Boat"), 'No camera is called "Boat"'],
  [() => armCommand(empty, "disarm"), "No system selected"],
  [() => motionCommand(empty, null), "No camera selected"],
  [() => thumbnailCommand(empty), "No camera selected"],
])("A command without its target is the problem %#", (prepare, problem) => {
  expect(prepare()).toEqual({ problem })
})

it("refreshCommand refreshes the account of the selected system", () => {
  expect(refreshCommand(model, now)).toEqual({
    command: { name: "refresh", target: { account: 1234 }, label: "refresh" },
  })
  expect(commandOf(refreshCommand(empty, now)).target).toEqual({})
})

it("refreshCommand is not sent while Blink throttles the account", () => {
  const throttledUntil = timestampFromMillis(now + 60_000)
  const throttled = withAccount({ budget: { callsLeft: 0, throttledUntil } })
  expect(refreshCommand(throttled, now)).toEqual({ problem: "Throttled by Blink until 14:31" })
  expect(commandOf(refreshCommand(throttled, now + 60_000)).name).toBe("refresh")
})
