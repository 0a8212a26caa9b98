import { Schema } from "effect"
import { endpoint } from "../Endpoint.ts"
import { Homescreen } from "../wire/homescreen.ts"
import {
  LegacyHomescreen,
  Networks,
  OneNetwork,
  Programs,
  ProgramUpdate,
  Sirens,
  SyncModules,
} from "../wire/network.ts"
import { Message, Receipt } from "../wire/receipt.ts"

const Settings = Schema.Record(Schema.String, Schema.Json)
const Snooze = Schema.Struct({ snooze_time: Schema.Int })
const ofAccount = "/api/v1/accounts/{account}/networks/{network}/programs"

/** Networks, sync modules and everything on the account in one document. */
export const home = {
  homescreen: endpoint("homescreen", "GET", "/api/v3/accounts/{account}/homescreen", {
    summary: "Everything on the account: networks, sync modules, cameras, Minis, doorbells.",
    priority: "poll",
    answer: Homescreen,
  }),
  homescreenV4: endpoint("homescreenV4", "GET", "/api/v4/accounts/{account}/homescreen", {
    summary: "The homescreen with the members that newer apps read.",
    priority: "poll",
    answer: Homescreen,
  }),
  networks: endpoint("networks", "GET", "/networks", {
    dialect: "both",
    summary: "All networks in full.",
    priority: "poll",
    answer: Networks,
  }),
  network: endpoint("network", "GET", "/network/{network}", {
    summary: "One network in full.",
    answer: OneNetwork,
  }),
  updateNetwork: endpoint("updateNetwork", "POST", "/network/{network}/update", {
    summary: "Changes name, time zone and the like at once, without a command.",
    body: Settings,
    answer: OneNetwork,
  }),
  syncModules: endpoint("syncModules", "GET", "/network/{network}/syncmodules", {
    dialect: "both",
    summary: "The sync module of a network. Empty or 404 where there is none.",
    answer: SyncModules,
  }),
  setArmed: endpoint("setArmed", "POST", "/api/v1/accounts/{account}/networks/{network}/state/{state}", {
    summary: "Arms (`arm`) or disarms (`disarm`) a network. Code 304 is success with no camera listening.",
    answer: Receipt,
  }),
  snoozeNetwork: endpoint("snoozeNetwork", "POST", "/api/v1/accounts/{account}/networks/{network}/snooze", {
    summary: "Silences notifications of a network, for minutes.",
    body: Snooze,
    answer: Message,
  }),
  unsnoozeNetwork: endpoint(
    "unsnoozeNetwork",
    "POST",
    "/api/v1/accounts/{account}/networks/{network}/unsnooze",
    {
      summary: "Ends the silence.",
      answer: Message,
    },
  ),
  sirens: endpoint("sirens", "GET", "/api/v1/networks/{network}/sirens", {
    summary: "Sirens of a network; nearly always none.",
    answer: Sirens,
  }),
  allSirens: endpoint("allSirens", "GET", "/api/v1/sirens", {
    summary: "Sirens of the account; nearly always none.",
    answer: Sirens,
  }),
  activateSiren: endpoint("activateSiren", "POST", "/api/v1/networks/{network}/sirens/{siren}/activate/", {
    summary: "Sounds a siren, for seconds.",
    body: Schema.Struct({ duration: Schema.Int }),
    answer: Receipt,
  }),
  silenceSiren: endpoint("silenceSiren", "POST", "/api/v1/networks/{network}/sirens/{siren}/deactivate/", {
    summary: "Silences a siren.",
    answer: Receipt,
  }),
  programs: endpoint("programs", "GET", "/api/v1/networks/{network}/programs", {
    dialect: "both",
    summary: "Schedules that arm and disarm by themselves; times are UTC.",
    answer: Programs,
  }),
  createProgram: endpoint("createProgram", "POST", "/api/v1/networks/{network}/programs/create", {
    summary: "Adds a schedule.",
    body: Settings,
    answer: ProgramUpdate,
  }),
  updateProgram: endpoint("updateProgram", "POST", "/api/v1/networks/{network}/programs/{program}/update", {
    summary: "Changes a schedule.",
    body: Settings,
    answer: ProgramUpdate,
  }),
  enableProgram: endpoint("enableProgram", "POST", "/api/v1/networks/{network}/programs/{program}/enable", {
    summary: "Switches a schedule on (802).",
    answer: Message,
  }),
  disableProgram: endpoint(
    "disableProgram",
    "POST",
    "/api/v1/networks/{network}/programs/{program}/disable",
    {
      summary: "Switches a schedule off (803).",
      answer: Message,
    },
  ),
  deleteProgram: endpoint("deleteProgram", "POST", "/api/v1/networks/{network}/programs/{program}/delete", {
    summary: "Removes a schedule.",
    answer: Message,
  }),
  programsOfAccount: endpoint("programsOfAccount", "GET", ofAccount, {
    dialect: "both",
    summary: "`programs` by account.",
    answer: Programs,
  }),
  createProgramOfAccount: endpoint("createProgramOfAccount", "POST", `${ofAccount}/create`, {
    summary: "`createProgram` by account.",
    body: Settings,
    answer: ProgramUpdate,
  }),
  updateProgramOfAccount: endpoint("updateProgramOfAccount", "POST", `${ofAccount}/{program}/update`, {
    summary: "`updateProgram` by account.",
    body: Settings,
    answer: ProgramUpdate,
  }),
  enableProgramOfAccount: endpoint("enableProgramOfAccount", "POST", `${ofAccount}/{program}/enable`, {
    summary: "`enableProgram` by account.",
    answer: Message,
  }),
  disableProgramOfAccount: endpoint("disableProgramOfAccount", "POST", `${ofAccount}/{program}/disable`, {
    summary: "`disableProgram` by account.",
    answer: Message,
  }),
  deleteProgramOfAccount: endpoint("deleteProgramOfAccount", "POST", `${ofAccount}/{program}/delete`, {
    summary: "`deleteProgram` by account.",
    answer: Message,
  }),
}

/** The seed's calls for the same; the cloud of today turns some of them away. */
export const legacyHome = {
  homescreen: endpoint("legacyHomescreen", "GET", "/homescreen", {
    dialect: "legacy",
    summary: "One network with its devices, without the network's id. Prefer `networks` and `cameras`.",
    priority: "poll",
    answer: LegacyHomescreen,
  }),
  networkHomescreen: endpoint("legacyNetworkHomescreen", "GET", "/network/{network}/homescreen", {
    dialect: "legacy",
    summary: "One network with its devices: the one that is named.",
    priority: "poll",
    answer: LegacyHomescreen,
  }),
  arm: endpoint("legacyArm", "POST", "/network/{network}/arm", {
    dialect: "both",
    summary: "Arms a network. Today's cloud still takes it; prefer `setArmed` there.",
    answer: Receipt,
  }),
  disarm: endpoint("legacyDisarm", "POST", "/network/{network}/disarm", {
    dialect: "both",
    summary: "Disarms a network. Today's cloud still takes it; prefer `setArmed` there.",
    answer: Receipt,
  }),
}
