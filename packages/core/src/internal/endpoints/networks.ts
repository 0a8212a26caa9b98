import { Schema } from "effect"
import { endpoint } from "./Endpoint.ts"
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
import { Message, Receipt } from "../wire/command.ts"

const Settings = Schema.Record(Schema.String, Schema.Json)
const Snooze = Schema.Struct({ snooze_time: Schema.Int })
const accountPrograms = "/api/v1/accounts/{account}/networks/{network}/programs"

/** Networks, sync modules, and the homescreen with everything on the account. */
export const networks = {
  homescreen: endpoint("homescreen", "GET", "/api/v3/accounts/{account}/homescreen", {
    summary: "Everything on the account: networks, sync modules, cameras, Minis, doorbells.",
    priority: "poll",
    response: Homescreen,
  }),
  homescreenV4: endpoint("homescreenV4", "GET", "/api/v4/accounts/{account}/homescreen", {
    summary: "Homescreen with the fields that newer apps read.",
    priority: "poll",
    response: Homescreen,
  }),
  networks: endpoint("networks", "GET", "/networks", {
    dialect: "both",
    summary: "All networks in full.",
    priority: "poll",
    response: Networks,
  }),
  network: endpoint("network", "GET", "/network/{network}", {
    summary: "One network in full.",
    response: OneNetwork,
  }),
  updateNetwork: endpoint("updateNetwork", "POST", "/network/{network}/update", {
    summary: "Changes name, time zone and so on at once, without a command.",
    body: Settings,
    response: OneNetwork,
  }),
  syncModules: endpoint("syncModules", "GET", "/network/{network}/syncmodules", {
    dialect: "both",
    summary: "Sync module of a network. Empty or 404 when there is none.",
    response: SyncModules,
  }),
  setArmed: endpoint("setArmed", "POST", "/api/v1/accounts/{account}/networks/{network}/state/{state}", {
    summary:
      "Arms (`arm`) or disarms (`disarm`) a network. Code 304: success, but no camera has motion detection enabled.",
    response: Receipt,
  }),
  snoozeNetwork: endpoint("snoozeNetwork", "POST", "/api/v1/accounts/{account}/networks/{network}/snooze", {
    summary: "Mutes notifications of a network for some minutes.",
    body: Snooze,
    response: Message,
  }),
  unsnoozeNetwork: endpoint(
    "unsnoozeNetwork",
    "POST",
    "/api/v1/accounts/{account}/networks/{network}/unsnooze",
    {
      summary: "Unmutes notifications.",
      response: Message,
    },
  ),
  sirens: endpoint("sirens", "GET", "/api/v1/networks/{network}/sirens", {
    summary: "Sirens of a network; nearly always empty.",
    response: Sirens,
  }),
  allSirens: endpoint("allSirens", "GET", "/api/v1/sirens", {
    summary: "Sirens of the account; nearly always empty.",
    response: Sirens,
  }),
  activateSiren: endpoint("activateSiren", "POST", "/api/v1/networks/{network}/sirens/{siren}/activate/", {
    summary: "Sounds a siren for some seconds.",
    body: Schema.Struct({ duration: Schema.Int }),
    response: Receipt,
  }),
  silenceSiren: endpoint("silenceSiren", "POST", "/api/v1/networks/{network}/sirens/{siren}/deactivate/", {
    summary: "Silences a siren.",
    response: Receipt,
  }),
  programs: endpoint("programs", "GET", "/api/v1/networks/{network}/programs", {
    dialect: "both",
    summary: "Schedules that arm and disarm; times are UTC.",
    response: Programs,
  }),
  createProgram: endpoint("createProgram", "POST", "/api/v1/networks/{network}/programs/create", {
    summary: "Adds a schedule.",
    body: Settings,
    response: ProgramUpdate,
  }),
  updateProgram: endpoint("updateProgram", "POST", "/api/v1/networks/{network}/programs/{program}/update", {
    summary: "Changes a schedule.",
    body: Settings,
    response: ProgramUpdate,
  }),
  enableProgram: endpoint("enableProgram", "POST", "/api/v1/networks/{network}/programs/{program}/enable", {
    summary: "Enables a schedule (802).",
    response: Message,
  }),
  disableProgram: endpoint(
    "disableProgram",
    "POST",
    "/api/v1/networks/{network}/programs/{program}/disable",
    {
      summary: "Disables a schedule (803).",
      response: Message,
    },
  ),
  deleteProgram: endpoint("deleteProgram", "POST", "/api/v1/networks/{network}/programs/{program}/delete", {
    summary: "Removes a schedule.",
    response: Message,
  }),
  programsOfAccount: endpoint("programsOfAccount", "GET", accountPrograms, {
    dialect: "both",
    summary: "`programs` by account.",
    response: Programs,
  }),
  createProgramOfAccount: endpoint("createProgramOfAccount", "POST", `${accountPrograms}/create`, {
    summary: "`createProgram` by account.",
    body: Settings,
    response: ProgramUpdate,
  }),
  updateProgramOfAccount: endpoint("updateProgramOfAccount", "POST", `${accountPrograms}/{program}/update`, {
    summary: "`updateProgram` by account.",
    body: Settings,
    response: ProgramUpdate,
  }),
  enableProgramOfAccount: endpoint("enableProgramOfAccount", "POST", `${accountPrograms}/{program}/enable`, {
    summary: "`enableProgram` by account.",
    response: Message,
  }),
  disableProgramOfAccount: endpoint(
    "disableProgramOfAccount",
    "POST",
    `${accountPrograms}/{program}/disable`,
    {
      summary: "`disableProgram` by account.",
      response: Message,
    },
  ),
  deleteProgramOfAccount: endpoint("deleteProgramOfAccount", "POST", `${accountPrograms}/{program}/delete`, {
    summary: "`deleteProgram` by account.",
    response: Message,
  }),
}

/** Networks in the legacy API. Today's cloud rejects some of these requests. */
export const legacyNetworks = {
  homescreen: endpoint("legacyHomescreen", "GET", "/homescreen", {
    dialect: "legacy",
    summary: "One network with its devices, without the network's id. Prefer `networks` and `cameras`.",
    priority: "poll",
    response: LegacyHomescreen,
  }),
  networkHomescreen: endpoint("legacyNetworkHomescreen", "GET", "/network/{network}/homescreen", {
    dialect: "legacy",
    summary: "The given network with its devices.",
    priority: "poll",
    response: LegacyHomescreen,
  }),
  arm: endpoint("legacyArm", "POST", "/network/{network}/arm", {
    dialect: "both",
    summary: "Arms a network. Today's cloud still accepts it; prefer `setArmed` there.",
    response: Receipt,
  }),
  disarm: endpoint("legacyDisarm", "POST", "/network/{network}/disarm", {
    dialect: "both",
    summary: "Disarms a network. Today's cloud still accepts it; prefer `setArmed` there.",
    response: Receipt,
  }),
}
